"""Fitting what decides over pairs: the ranking of pairs worth asking about, and the final models of given and of found pairs.

All three are logistic regressions over named signals whose weights ship as plain numbers. The encoder's opinions are cross-fitted
(it never saw the stories whose pairs it judges here), and so is the ranking; what is said of each model is cross-validated over
stories, and so are the thresholds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve
from sklearn.model_selection import GroupKFold

from pipelines.compare.entailment import Entailed, Judge, odds_of, value_of
from pipelines.compare.proposed import GivenPairs, Searched, pair_id
from pipelines.compare.search import MOST_ASKED, Proposal, among_others, same_slot

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_STRENGTHS: Final = (0.003, 0.01, 0.03)
_FOLDS: Final = 5
#: Of the ranking: one strength, as the pairs are many and the next stage mends what it gets wrong.
_OF_RANKING: Final = 0.005
#: Of every two articles so many contradictions are told on average: 31 of 462 pairs of train articles. Precision falls with every
#: one that is told more.
TOLD_OF_TWO: Final = 31 / 462
#: Probability of a contradiction, read in one order, from which a pair is read in both: one in five of those asked about.
BACK_FROM: Final = 0.15
#: The strength of the penalty of the model of found pairs. Cross-validation cannot choose it: two of its signals are themselves
#: odds of cross-validated models, and with little penalty the model learns from how those of two folds differ (average precision
#: by cross-validation 0.15 at 1.0 and 0.07 at 0.01, on other articles 0.06 and 0.17).
OF_FOUND: Final = 0.02
#: Probability by the final model of found pairs from which a contradiction that the rules see is told too, by kind. Numbers are
#: seldom of one thing where nobody picked the pair: in four runs on months of news those that the rules see stand mostly below
#: 0.25, and of the eight there that readers judged none is right. Of two days judged from 0.1 to 0.25 neither is.
RULES_FROM: Final[Mapping[str, float]] = {"date": 0.1, "denial": 0.2, "negation": 0.2, "number": 0.25, "semantic": 0.2}
#: Probability by the final model of given pairs from which a found pair is told that is no matter of values of one slot. Of 204
#: found pairs, of the dev events and of 192 stories that the encoder had not learnt from, two readers took with it, and with what
#: :mod:`pipelines.compare.other_slots` strikes, 16 of the model's 27 for right instead of 17 of 49.
LEAST_GIVEN: Final = 0.5
#: Probability by the final model of found pairs from which one that it calls a contradiction is told, by kind; others from the
#: threshold. It sees numbers and days that differ and cannot tell whether they are of one thing: in 1,191 articles that nothing
#: had learnt from, two readers took 1 of its 17 there for right, and of denials 17 of 39.
TOLD_FROM: Final[Mapping[str, float]] = {"date": 0.6, "number": 0.6, "semantic": 0.6}
#: Where readers' verdicts set the threshold: how many of the pairs from it on are right, by cross-validation.
RIGHT_OF_TOLD: Final = 0.6
#: Of two articles at most so many quarrels are told.
MOST_TOLD: Final = 4


def fit_decision(
    rows: Sequence[Mapping[str, float]] | tuple[Sequence[str], npt.NDArray[Any]],
    truth: Sequence[bool],
    groups: Sequence[str],
    *,
    least_precision: float | None = None,
    strengths: Sequence[float] = _STRENGTHS,
    goodness: Callable[[Flags, Floats], float] = average_precision_score,
    weight: Floats | None = None,
) -> tuple[dict[str, Any], Floats]:
    """Weights on the signals as they are, the threshold, and the cross-validated probability of each row.

    Args:
        rows: the signals of each pair, all with the same names; or ``(names, table)``.
        truth: whether each is a contradiction.
        groups: the story of each, kept together in cross-validation.
        strengths: of the penalty, the best of which is taken (scikit-learn's ``C``).
        least_precision: the threshold is the lowest with at least this cross-validated precision; None: the one of the best F1.
        goodness: of cross-validated probabilities, by which a strength is chosen.
        weight: of each pair; one where it is not given.

    Returns:
        ``{"weights": {signal: weight, "constant": ...}, "from": threshold, ...}`` and the probabilities.
    """
    names, table = rows if isinstance(rows, tuple) else tabled(rows)
    known = np.asarray(truth, bool)
    table = np.asarray(table, float)
    weight = np.ones(len(known)) if weight is None else weight
    scaled, _, _ = _scaled(table)
    tried = {strength: _cross_validated(scaled, known, groups, strength, weight) for strength in strengths}
    best = max(tried, key=lambda strength: goodness(known, tried[strength]))
    weights = _plain(names, table, known, best, weight)
    threshold = threshold_of(known, tried[best], least_precision)
    judged = tried[best] >= threshold
    made: dict[str, Any] = {
        "weights": weights,
        "from": round(threshold, 4),
        "pairs": len(table),
        "strength": best,
        "cross_validated": {
            "average_precision": round(float(average_precision_score(known, tried[best])), 4),
            "precision": round(float(known[judged].mean()) if judged.any() else 0.0, 4),
            "recall": round(float(judged[known].mean()), 4),
        },
    }
    return made, tried[best]


def _scaled(table: Floats) -> tuple[Floats, Floats, Floats]:
    """A table with mean zero and spread one, and both as they were; the spread of a signal that never changes is infinite."""
    mean, spread = table.mean(0), table.std(0)
    spread[spread < 1e-6] = np.inf
    return (table - mean) / spread, mean, spread


def _plain(
    names: Sequence[str], table: Floats, truth: Sequence[bool] | Flags, strength: float, weight: Floats
) -> dict[str, float]:
    """The weights of a model fitted on all rows, for signals as they are."""
    scaled, mean, spread = _scaled(np.asarray(table, float))
    model = LogisticRegression(C=strength, max_iter=2000).fit(scaled, np.asarray(truth, bool), weight)
    weights = model.coef_[0] / spread
    constant = float(model.intercept_[0] - (weights * mean).sum())
    return {"constant": round(constant, 5)} | {n: round(float(w), 5) for n, w in zip(names, weights, strict=True) if w}


def tabled(rows: Sequence[Mapping[str, float]]) -> tuple[list[str], Floats]:
    """Names and a table of rows with the same names."""
    names = sorted(rows[0])
    return names, np.asarray([[row[name] for name in names] for row in rows], float)


def _cross_validated(table: Floats, truth: Flags, groups: Sequence[str], strength: float, weight: Floats) -> Floats:
    found = np.zeros(len(truth))
    for train, held in GroupKFold(_FOLDS).split(table, truth, groups):
        model = LogisticRegression(C=strength, max_iter=2000).fit(table[train], truth[train], weight[train])
        found[held] = model.predict_proba(table[held])[:, 1]
    return found


def threshold_of(truth: Flags, score: Floats, least_precision: float | None) -> float:
    """The threshold of the best F1, or the lowest with a precision; 0.99 where there is none."""
    precision, recall, thresholds = precision_recall_curve(truth, score)
    precision, recall = precision[:-1], recall[:-1]
    if least_precision is None:
        return float(thresholds[np.argmax(2 * precision * recall / np.maximum(1e-9, precision + recall))])
    good = np.flatnonzero(precision >= least_precision)
    return float(thresholds[good[np.argmax(recall[good])]]) if len(good) else 0.99


# --- pairs that the search finds --------------------------------------------------------------------------------------


def fit_ranking(
    names: Sequence[str], table: npt.NDArray[Any], truth: Sequence[bool], groups: Sequence[str]
) -> tuple[dict[str, Any], Floats]:
    """The ranking of pairs by what is cheap to see, and the cross-validated log-odds of each pair."""
    made, probability = fit_decision((names, table), truth, groups, strengths=(_OF_RANKING,))
    del made["from"]
    made["cross_validated"] = {"average_precision": made["cross_validated"]["average_precision"]}
    clipped = np.clip(probability, 1e-9, 1 - 1e-9)
    return made, np.log(clipped / (1 - clipped))


def best_of_two(odds: Floats, between: npt.NDArray[np.int64], most: int) -> npt.NDArray[np.int64]:
    """The rows of the ``most`` likeliest pairs of every two articles, two articles after two articles, likeliest first."""
    order = np.lexsort((-odds.round(9), between))
    starts = np.r_[0, np.flatnonzero(np.diff(between[order])) + 1]
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    return np.asarray(order[rank < most], np.int64)


def told(score: Floats, between: npt.NDArray[np.int64], shares_slot: Callable[[int, int], bool], least: float = 0.0) -> list[int]:
    """The rows that are told, likeliest first: one a slot, at most :data:`MOST_TOLD` of two articles.

    Args:
        score: of each pair.
        between: the number of the two articles of each.
        shares_slot: whether two rows of the same two articles are about one slot.
        least: score from which a pair is told.
    """
    kept: dict[int, list[int]] = {}
    for at in np.argsort(-score, kind="stable").tolist():
        if score[at] < least:
            break
        mine = kept.setdefault(int(between[at]), [])
        if len(mine) < MOST_TOLD and not any(shares_slot(at, other) for other in mine):
            mine.append(at)
    return sorted((at for mine in kept.values() for at in mine), key=lambda at: -score[at])


def curve(rows: Sequence[int], golds: Sequence[tuple[int, ...]], total: int) -> tuple[Floats, Floats]:
    """Precision and recall after each of ``rows``; ``golds`` are the gold contradictions that a row matches."""
    right, found = 0, set[int]()
    precision, recall = [], []
    for count, at in enumerate(rows, start=1):
        right += bool(golds[at])
        found.update(golds[at])
        precision.append(right / count)
        recall.append(len(found) / total)
    return np.array(precision), np.array(recall)


#: The encoder's opinion of a pair of sides ``(article, start, end)``, None of one that it was not asked about.
Opinion = Callable[[Any, Any], Entailed | None]


def fit_search(
    searched: Searched, opinion: Opinion, given: Known, *, tell: float = TOLD_OF_TWO, most: int = MOST_ASKED,
    strength: float = OF_FOUND,
) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
    """The ranking of pairs and the final model of found pairs: ``(asked, found)``, as ``decision.json`` holds them.

    The ranking learns from all stories that were read whole, the final model from the gold alone: with the others beside it, it
    is worse by gold.

    Args:
        searched: what the search proposes on train articles, unranked.
        opinion: what an encoder that never saw the story of a pair says of it.
        given: the labelled pairs, from which the model of given pairs is fitted without the event of each pair.
        tell: contradictions told (:func:`told`) of every two articles on average, which sets the threshold.
        most: pairs of two articles that are asked about.
        strength: of the penalty.
    """
    is_quarrel = np.array([relation == "contradiction" for relation in searched.relation])
    asked, odds = fit_ranking(searched.names, searched.seen, is_quarrel.tolist(), searched.event)
    truth = is_quarrel & np.array(searched.in_gold)
    rows, seen = judged_rows(searched, odds, opinion, given, most)
    golds = [searched.golds[at] if truth[at] else () for at in rows]
    between = searched.between[rows]
    found, score = fit_decision(seen, truth[rows].tolist(), [searched.event[at] for at in rows], strengths=(strength,))
    kept = told(score, between, slots_of(searched, rows))
    precision, recall = curve(kept, golds, searched.total)
    count = max(1, min(len(kept), round(tell * len(np.unique(between)))))
    found["from"] = round(float(score[kept[count - 1]]), 4)
    found["cross_validated"] = {
        "average_precision": found["cross_validated"]["average_precision"], "told": count,
        "precision": round(float(precision[count - 1]), 4), "recall": round(float(recall[count - 1]), 4),
    }  # fmt: skip
    asked["most"] = most
    asked["cross_validated"]["recall"] = round(
        float(is_quarrel[best_of_two(odds, searched.between, most)].sum() / is_quarrel.sum()), 4
    )
    return asked, found


def judged_rows(
    searched: Searched, odds: Floats, opinion: Opinion, given: Known, most: int
) -> tuple[npt.NDArray[np.int64], list[dict[str, float]]]:
    """The rows that are asked about, and all that the final model sees of each, as :func:`pipelines.compare.relations.ask`.

    Only those of the events of gold are looked at.
    """
    events = {event for event, is_gold in zip(given.event, given.of_gold(), strict=True) if is_gold}
    opinions = [opinion(*sides) if event in events else None for sides, event in zip(searched.sides, searched.event, strict=True)]
    known = np.flatnonzero([one is not None for one in opinions])
    rows = known[best_of_two(odds[known], searched.between[known], most)]
    said = {at: one for at in rows.tolist() if (one := opinions[at]) is not None}
    signals = [_with_opinion(searched, at, said[at]) for at in said]
    of_given = _odds_as_given(given, signals, [searched.event[at] for at in said])
    return rows, _beside(searched, rows, odds, said, dict(zip(said, of_given, strict=True)))


def _bare(searched: Searched, at: int) -> dict[str, float]:
    return dict(zip(searched.names, searched.seen[at].tolist(), strict=True))


def _with_opinion(searched: Searched, at: int, said: Entailed) -> dict[str, float]:
    return {**_bare(searched, at), **said.features()}


def _beside(
    searched: Searched, rows: npt.NDArray[np.int64], odds: Floats, said: Mapping[int, Entailed] | Sequence[Entailed],
    of_given: Mapping[int, float] | Sequence[float],
) -> list[dict[str, float]]:  # fmt: skip
    """All that the final model sees of each of ``rows`` beside the others of the same two articles, likeliest first."""
    seen: list[dict[str, float]] = []
    for group in np.split(rows, np.flatnonzero(np.diff(searched.between[rows])) + 1):
        proposals = [
            Proposal(i, j, _bare(searched, at), float(odds[at])) for at in group.tolist() for i, j in (searched.numbers[at],)
        ]
        beside = among_others(proposals, [said[at].likely for at in group.tolist()], [of_given[at] for at in group.tolist()])
        seen += [
            replace(said[at], seen={**proposal.seen, **others}).features()
            for at, proposal, others in zip(group.tolist(), proposals, beside, strict=True)
        ]
    return seen


def fit_found(searched: Searched, said: Sequence[Entailed], judged: Sequence[int], given: Mapping[str, float]) -> dict[str, Any]:
    """The final model of found pairs from what readers said of pairs that a search asks about.

    Gold names one pair of sentences a quarrel, so that most of what it calls nothing is the same quarrel in other words; readers
    judged each pair by itself. Of pairs that nobody judged only the odds count, which the judged ones are seen beside.

    Args:
        searched: what a search asks about in the stories of those pairs, ranked; ``relation`` is the readers'.
        said: the opinion of each.
        judged: the rows that readers judged, of which an encoder speaks that has not learnt from their story.
        given: the weights of the model of given pairs.
    """
    of_given = [odds_of(_with_opinion(searched, at, one), given) for at, one in enumerate(said)]
    seen = _beside(searched, np.arange(len(said)), searched.odds, said, of_given)
    truth = [searched.relation[at] == "contradiction" for at in judged]
    made, _ = fit_decision(
        [seen[at] for at in judged], truth, [searched.event[at] for at in judged], least_precision=RIGHT_OF_TOLD
    )
    return made | {"contradictions": sum(truth)}


def _odds_as_given(given: Known, rows: Sequence[Mapping[str, float]], events: Sequence[str]) -> list[float]:
    """The log-odds of found pairs by the model of given pairs, fitted on other events than each pair's."""
    of = np.asarray(events)
    odds, weight = np.zeros(len(rows)), given.weight()
    unique = sorted(set(events))
    for part in range(_FOLDS):
        held = {event for number, event in enumerate(unique) if number % _FOLDS == part}
        mine = [at for at, event in enumerate(given.event) if event not in held]
        rows_of = [_crossed(given.rows[at]) for at in mine]
        model = _plain(*tabled(rows_of), [given.truth[at] for at in mine], _OF_GIVEN, weight[mine])
        for at in np.flatnonzero(np.isin(of, sorted(held))).tolist():
            odds[at] = odds_of(rows[at], model)
    return odds.tolist()


def slots_of(searched: Searched, rows: npt.NDArray[np.int64]) -> Callable[[int, int], bool]:
    """Whether two of ``rows`` (by their place in it) are about one slot."""

    def share(one: int, other: int) -> bool:
        first, second = int(rows[one]), int(rows[other])
        return same_slot(searched.numbers[first], searched.words[first], searched.numbers[second], searched.words[second])

    return share


def opinions_of(said: Mapping[str, npt.NDArray[Any]], name: str) -> Opinion:
    """The opinions that ``counterclaim train entailment --folds`` keeps (log-probabilities), by the sides of their pairs.

    Args:
        said: arrays ``<name>_id, <name>_nli, <name>_back, <name>_news, <name>_found``.
        name: of the set, such as ``search``.
    """
    place = rows_said(said, name)

    def opinion(a: Any, b: Any) -> Entailed | None:
        if a is None or b is None:
            return None
        for is_turned, sides in ((False, (a, b)), (True, (b, a))):
            at = place.get(pair_id(*sides))
            if at is not None:
                return opinion_at(said, name, at, is_turned=is_turned)
        return None

    return opinion


def rows_said(said: Mapping[str, npt.NDArray[Any]], name: str) -> dict[str, int]:
    """Id of a pair -> its row in the arrays of a set, of each pair of which something was said."""
    is_known = ~np.isnan(said[f"{name}_news"]).any(axis=1)
    return {one: at for at, one in enumerate(said[f"{name}_id"].tolist()) if is_known[at]}


def opinion_at(said: Mapping[str, npt.NDArray[Any]], name: str, at: int, *, is_turned: bool = False) -> Entailed:
    """The opinion of pair ``at`` of a set, as :class:`~pipelines.compare.entailment.Judge` gives it."""
    nli, back, news, found = (tuple(np.exp(said[f"{name}_{head}"][at].astype(np.float64)).tolist()) for head in _HEADS)
    return Entailed(*((back, nli) if is_turned else (nli, back)), news=news, found=found[1])


@dataclass(frozen=True)
class Known:
    """Labelled pairs with all that the model of given pairs sees of them, whether they contradict each other, and their events.

    ``is_gold`` tells those of the gold from other labels of whole stories; None: all are.
    """

    rows: Sequence[Mapping[str, float]]
    truth: Sequence[bool]
    event: Sequence[str]
    is_gold: Sequence[bool] | None = None

    def of_gold(self) -> Flags:
        """Whether each is of the gold."""
        return np.ones(len(self.truth), bool) if self.is_gold is None else np.asarray(self.is_gold, bool)

    def weight(self) -> Floats:
        """What each weighs where a model is fitted."""
        weight = np.where(self.of_gold(), _WEIGHT_OF_GOLD, 1.0)
        # As much as if each weighed one, so that a penalty means the same whatever the mix.
        return np.asarray(weight / weight.mean(), float)


def fit_given(known: Known) -> dict[str, Any]:
    """The final model of given pairs, with the products of signals that speak together; the threshold by best F1.

    F1 hardly moves around its best: the middle is taken of all thresholds that come near it. Threshold and cross-validated
    figures are those of the gold pairs, the rest teaches only.
    """
    crossed = [_crossed(row) for row in known.rows]
    made, score = fit_decision(crossed, known.truth, known.event, strengths=(_OF_GIVEN,), weight=known.weight())
    gold = known.of_gold()
    truth, score = np.asarray(known.truth, bool)[gold], score[gold]
    made["gold"] = int(gold.sum())
    made["cross_validated"]["average_precision"] = round(float(average_precision_score(truth, score)), 4)
    made["from"] = round(steady_threshold(truth, score), 4)
    judged = score >= made["from"]
    made["cross_validated"]["precision"] = round(float(truth[judged].mean()), 4)
    made["cross_validated"]["recall"] = round(float(judged[truth].mean()), 4)
    return made


def _crossed(row: Mapping[str, float]) -> dict[str, float]:
    return {**row, **{name: value_of(row, name) for name in TOGETHER}}


#: A pair of gold weighs as much as so many of the other labels, of which there are more and whose annotators are others: on 1,978
#: pairs that nothing had learned from average precision 0.602 (0.590 from gold alone, 0.605 with all weighing one), on dev 0.677
#: (0.676, 0.670).
_WEIGHT_OF_GOLD: Final = 4.0
#: The strength of the penalty of the model of given pairs: of 0.01, 0.03, 0.1 and 0.3 the best by cross-validation.
_OF_GIVEN: Final = 0.03
#: The encoder's word counts differently by what else is seen.
TOGETHER: Final = tuple(
    f"news_contradiction*{name}"
    for name in ("reader_denies", "one_contests", "same_speaker", "two_speakers", "number_conflict", "cosine", "one_expects")
)
#: Thresholds whose F1 is this near the best are as good.
_NEAR_BEST: Final = 0.01


def steady_threshold(truth: Flags, score: Floats) -> float:
    """The middle of the thresholds whose F1 is near the best."""
    precision, recall, thresholds = precision_recall_curve(truth, score)
    f1 = 2 * precision[:-1] * recall[:-1] / np.maximum(1e-9, precision[:-1] + recall[:-1])
    good = thresholds[f1 >= f1.max() - _NEAR_BEST]
    return float((good.min() + good.max()) / 2)


def fit_kinds(rows: Sequence[Mapping[str, float]], kinds: Sequence[str], groups: Sequence[str]) -> dict[str, Any]:
    """Weights by which the kind of a contradiction is told, for every kind but those too rare to learn.

    Those, and how often the likeliest kind is the one of gold by cross-validation (rare ones are always missed).
    """
    names, table = tabled(rows)
    known = np.asarray(kinds)
    learnt = np.array([kind for kind in sorted(set(kinds)) if np.sum(known == kind) >= _FEWEST_OF_KIND])
    scaled, mean, spread = _scaled(table)
    right = np.zeros(len(known), bool)
    for train, held in GroupKFold(_FOLDS).split(scaled, known, groups):
        train = train[np.isin(known[train], learnt)]
        right[held] = (
            LogisticRegression(C=_OF_KINDS, max_iter=2000).fit(scaled[train], known[train]).predict(scaled[held]) == known[held]
        )
    used = np.isin(known, learnt)
    model = LogisticRegression(C=_OF_KINDS, max_iter=2000).fit(scaled[used], known[used])
    weights = {}
    for kind, slope, start in zip(model.classes_.tolist(), model.coef_ / spread, model.intercept_, strict=True):
        weights[kind] = {"constant": round(float(start - (slope * mean).sum()), 5)}
        weights[kind] |= {name: round(float(w), 5) for name, w in zip(names, slope, strict=True) if w}
    return {"weights": weights, "pairs": len(known), "cross_validated": {"accuracy": round(float(right.mean()), 4)}}


#: A kind of fewer contradictions is not learnt; and the strength of the penalty.
_FEWEST_OF_KIND, _OF_KINDS = 15, 0.03


# --- all of it --------------------------------------------------------------------------------------------------------


def read_said(path: Path, prefix: str = "") -> dict[str, npt.NDArray[Any]]:
    """The arrays of what encoders said out of fold, by their names less ``prefix``.

    Raises:
        ValueError: one of the arrays is missing, or is not as long as the others of its set.
    """
    with np.load(path) as file:
        said = {name.removeprefix(prefix): file[name] for name in file.files if name.startswith(prefix)}
    for name in ("news", "search"):
        wanted = [f"{name}_{part}" for part in ("id", *_HEADS)]
        if missing := [one for one in wanted if one not in said]:
            raise ValueError(f"{path} lacks {', '.join(prefix + one for one in missing)}")
        if len({len(said[one]) for one in wanted}) > 1:
            raise ValueError(f"{path}: the arrays {prefix}{name}_* are not of one length")
    return said


_HEADS: Final = ("nli", "back", "news", "found")


def write_decision(
    searched: Searched, given: GivenPairs, said: Mapping[str, npt.NDArray[Any]], out: Path,
    *, thresholds: Mapping[str, float | None] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Fit the ranking and both final models and write them to ``decision.json`` in ``out``.

    Args:
        searched: what the search proposes on train articles, unranked.
        given: the labelled pairs of train articles, chosen by annotators who read the stories whole: with pairs that a
            model chose, the model of given pairs is worse (average precision by cross-validation 0.56 for 0.62).
        said: what encoders said out of fold, by the ids of pairs: ``search_*`` of the search's, ``news_*`` of the labelled
            ones. Labels of which they said nothing are left out.
        out: the encoder's folder.
        thresholds: of ``given`` and ``found``, where somebody has chosen them; the others are those of cross-validation.

    Raises:
        ValueError: nothing was said of a pair of the gold.
    """
    place = rows_said(said, "news")
    judged = [at for at, one in enumerate(given.ids) if one in place]
    if silent := sum(given.is_gold) - sum(given.is_gold[at] for at in judged):
        raise ValueError(f"encoders said nothing of {silent:,} of {sum(given.is_gold):,} pairs of the gold")
    rows = [{**given.signals[at], **opinion_at(said, "news", place[given.ids[at]]).features()} for at in judged]
    known = Known(
        rows, [given.relation[at] == "contradiction" for at in judged], [given.event[at] for at in judged],
        [given.is_gold[at] for at in judged],
    )  # fmt: skip
    asked, found = fit_search(searched, opinions_of(said, "search"), known)
    made: dict[str, Any] = {
        "asked": asked,
        "found": found | _limits(),
        "given": fit_given(known),
    }
    for model, chosen in (thresholds or {}).items():
        if chosen is not None:
            made[model] |= {"from": chosen, "from_cross_validation": made[model]["from"]}
    made["back_from"] = BACK_FROM
    quarrels = [at for at in judged if given.relation[at] == "contradiction" and given.is_gold[at]]
    made["kind"] = fit_kinds(
        [given.signals[at] for at in quarrels], [str(given.kind[at]) for at in quarrels], [given.event[at] for at in quarrels]
    )
    (out / "decision.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return made


def heard_of(searched: Searched, said: Path, judge: Judge) -> tuple[list[Entailed], list[int]]:
    """What is said of each pair of a search, and the rows that readers judged of which somebody speaks who has not learnt them.

    Args:
        searched: the pairs.
        said: ``news_*`` arrays of :func:`pipelines.training.entailment.train_further`, by ``pair_id``.
        judge: the encoder that ships, for the other pairs: it has learnt from no pair without a label.

    Raises:
        ValueError: nothing was said of any judged pair.
    """
    with np.load(said) as file:
        opinion = opinions_of({name: file[name] for name in file.files}, "news")
    heard = [opinion(*sides) for sides in searched.sides]
    judged = [at for at, one in enumerate(heard) if one is not None and searched.relation[at] is not None]
    if not judged:
        raise ValueError(f"{said}: encoders said nothing of any pair that readers judged")
    others = [at for at, one in enumerate(heard) if one is None]
    made = dict(zip(others, judge.judge([searched.texts[at] for at in others]), strict=True))
    return [one or made[at] for at, one in enumerate(heard)], judged


def write_found(searched: Searched, said: Sequence[Entailed], judged: Sequence[int], out: Path) -> dict[str, Any]:
    """Fit the final model of found pairs anew (:func:`fit_found`) and put it into ``decision.json``, whose rest stays."""
    path = out / "decision.json"
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    made["found"] = fit_found(searched, said, judged, made["given"]["weights"]) | _limits()
    path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return made


def _limits() -> dict[str, Any]:
    """What bounds the model of found pairs beside its threshold."""
    return {"rules_from": dict(RULES_FROM), "told_from": dict(TOLD_FROM), "least_given": LEAST_GIVEN}
