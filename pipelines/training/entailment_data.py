"""What the cross-encoder is trained on, as arrays: public pairs, hand-labelled pairs, what the search meets, unlabelled pairs.

Everything is read from a folder laid out as the shared data are (``relations/``, ``contradictions/``, ``stories/``) and from
labels that name their words by article and offsets. Dev files are read only to keep their texts out of training.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, permutations
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from tokenizers import Tokenizer

from pipelines.compare.proposed import pair_id
from pipelines.read.sentences import split_sentences

Embed = Callable[[Sequence[str]], np.ndarray]

NLI_LABELS: Final = ("entailment", "neutral", "contradiction")
NEWS_LABELS: Final = ("contradiction", "update", "corroboration", "compatible", "unrelated")
#: What stands for a label where nobody gave one, and where nobody did though the pair may well be a contradiction.
NO_LABEL, UNSURE = -1, -2
#: Licences that do not allow shipping what was trained on them: non-commercial or research only.
LEFT_OUT: Final = frozenset({"SICK", "AVeriTeC", "GLUE-RTE", "RTE-3", "NegNLI-RTE", "MRPC", "CheckThat2020-T2"})
#: Pairs taken per label of a source that has more than it teaches, and how often those of a small one are seen in an epoch.
_MOST: Final[Mapping[str, int]] = {
    "CANNOT-wikifactcheck": 3000, "CANNOT-sentiment": 500, "ScoNe": 1000, "MoNLI": 600, "DNC-megaveridicality": 1000,
    "DNC-factuality": 1500, "FNC-1": 2500, "COVID-Fact": 1200, "Climate-FEVER": 2000,
}  # fmt: skip
_TIMES: Final[Mapping[str, int]] = {"Emergent": 4, "ClaimDiff": 2, "CommitmentBank": 2}
#: A premise of more characters is cut where its beginning decides, left out where it need not.
_LONG, _LEAD = 700, 450
_CUT: Final = frozenset({"FNC-1"})
#: Words in a sentence that is worth pairing, tokens kept of one.
_FEWEST_WORDS, _MOST_WORDS, _MOST_TOKENS = 5, 70, 110
_CAPTION: Final = re.compile(r"(?i)file photo|getty images|\(@\w+\)|pic\.twitter|photo (?:by|credit)|media caption")


_DIFFER: Final = frozenset({"contradiction", "update"})


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON-lines file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream if line.strip()]


class Table:
    """Texts as rows of token ids, each text once. The tokenizer neither pads nor adds special tokens."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._rows: dict[str, int] = {}

    def row(self, text: str) -> int:
        """The row of a text; -1 for none."""
        return self._rows.setdefault(text, len(self._rows)) if text else -1

    def arrays(self) -> dict[str, np.ndarray]:
        """``tokens`` (uint16) and ``offsets`` (rows + 1)."""
        encoded = self._tokenizer.encode_batch(list(self._rows), add_special_tokens=False)
        ids = [one.ids[:_MOST_TOKENS] for one in encoded]
        offsets = np.zeros(len(ids) + 1, np.int32)
        offsets[1:] = np.cumsum([len(one) for one in ids])
        return {"tokens": np.concatenate([np.asarray(one, np.uint16) for one in ids]), "offsets": offsets}


def prepare(
    data: Path,
    tokenizer: Tokenizer,
    labels: Sequence[Path],
    embed: Embed | None,
    *,
    seed: int = 1,
    search: Path | None = None,
    in_sentences: bool = False,
    most_public: int | None = None,
    most_free: int = 90_000,
) -> dict[str, np.ndarray]:
    """All arrays that :mod:`pipelines.training.entailment_core` trains on.

    Args:
        data: the folder with ``relations/``, ``contradictions/`` and ``stories/``.
        tokenizer: of the encoder, without padding.
        labels: files of hand-labelled pairs given by article and offsets, or of invented groups.
        embed: texts -> unit vectors, for proposing pairs that nobody has labelled; None: none are.
        seed: of what is drawn.
        search: a file of pairs that the search proposes on the labelled articles (:func:`search_pairs`).
        in_sentences: whether pairs of clauses come a second time, as the sentences that hold them (:func:`as_sentences`).
        most_public: at most so many public pairs (for trying things out).
        most_free: at most so many unlabelled pairs.

    Returns:
        ``tokens, offsets`` and for each set (``public, sibling, news, search, free``) ``<set>_left, _right``; of public pairs
        ``_label`` and ``_source``; of the last three ``_label`` (:data:`NO_LABEL`, :data:`UNSURE`), ``_group`` and ``_title``
        (rows of the titles, -1 for none); ``news_hand``: 1 for pairs labelled from proposals; ``news_id``, ``search_id``: of each
        pair, :func:`id_of`.

    Raises:
        ValueError: a file lacks what it should have, or an offset points outside its article.
    """
    table = Table(tokenizer)
    rng = random.Random(seed)
    made: dict[str, np.ndarray] = {}
    made |= _public(data / "relations", table, most_public)
    made |= siblings(made, seed=seed)
    news, articles = news_pairs(data, labels)
    if in_sentences:
        news += as_sentences(news, articles)
    made |= pair_arrays("news", table, news)
    made["news_hand"] = np.asarray([pair["is_proposed"] for pair in news], np.int8)
    made["news_id"] = np.asarray([id_of(pair) for pair in news])
    if search is not None:
        searched = search_pairs(search, articles, news)
        made |= pair_arrays("search", table, searched)
        made["search_id"] = np.asarray([id_of(pair) for pair in searched])
    if embed is not None:
        labelled = {key_of(pair) for pair in news}
        free = [pair for pair in propose(story_articles(data), embed) if key_of(pair) not in labelled]
        rng.shuffle(free)
        made |= pair_arrays("free", table, free[:most_free])
    return made | table.arrays()


def pair_arrays(name: str, table: Table, pairs: Sequence[Mapping[str, Any]]) -> dict[str, np.ndarray]:
    """Columns of a set of pairs of news sentences, as :func:`prepare` names them."""
    columns: dict[str, list[Any]] = defaultdict(list)
    groups: dict[str, int] = {}
    for pair in pairs:
        columns["left"].append(table.row(pair["a"]))
        columns["right"].append(table.row(pair["b"]))
        label = NEWS_LABELS.index(pair["relation"]) if pair.get("relation") else NO_LABEL
        columns["label"].append(UNSURE if pair.get("is_unsure") else label)
        columns["group"].append(groups.setdefault(pair["group"], len(groups)))
        columns["title"].append([table.row(_shown(pair.get(f"title_{s}"))) for s in "ab"])
    shapes = {"left": np.int32, "right": np.int32, "label": np.int8, "group": np.int32, "title": np.int32}
    made = {f"{name}_{c}": np.asarray(columns[c], t) for c, t in shapes.items()}
    made[f"{name}_groups"] = np.asarray(list(groups), dtype=np.str_)
    return made


def siblings(public: Mapping[str, np.ndarray], *, most: int = 120_000, seed: int = 1) -> dict[str, np.ndarray]:
    """Pairs without a label that resemble the public ones: two hypotheses of one premise, and a hypothesis with its premise.

    A teacher's opinion of them is worth almost as much as more labelled pairs. Gives ``sibling_left, sibling_right``.
    """
    by_premise: dict[int, list[int]] = defaultdict(list)
    for left, right in dict.fromkeys(zip(public["public_left"].tolist(), public["public_right"].tolist(), strict=True)):
        by_premise[left].append(right)
    made = [pair for told in by_premise.values() for pair in permutations(told[:4], 2)]
    made += [(right, left) for left, told in by_premise.items() for right in told[:1]]
    kept = np.sort(np.random.default_rng(seed).permutation(len(made))[:most])
    pairs = np.asarray(made, np.int32).reshape(-1, 2)[kept]
    return {"sibling_left": pairs[:, 0], "sibling_right": pairs[:, 1]}


def search_pairs(
    path: Path, articles: Mapping[str, Mapping[str, Any]], labelled: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Pairs that the search proposed on labelled articles, by article and offsets, with the relation that gold gives them.

    A line is ``article_a, start_a, end_a, article_b, start_b, end_b, story_id, gold`` (null where gold does not name the pair:
    gold is thorough, so nearly all of these are no contradictions). Gold has one pair for what two articles contradict each
    other in, though either may say it twice: a pair without a relation that shares a sentence with a contradiction or an update
    of the same two articles ``is_unsure``. A pair that is also one of ``labelled`` has the relation that it has there. Gives
    pairs as :func:`news_pairs` does.

    Raises:
        ValueError: an offset points outside its article.
    """
    known = {key_of(pair): pair["relation"] for pair in labelled}
    rows = [row | {"gold": row["gold"] or known.get(key_of(row))} for row in read_lines(path)]
    told = {key for row in rows if row["gold"] in _DIFFER for key in _ends(row)}
    pairs = []
    for number, row in enumerate(rows, 1):
        sides = _sides(row, articles, f"{path}, line {number}")
        unsure = row["gold"] is None and not told.isdisjoint(_ends(row))
        group = articles[row["article_a"]]["story_id"]
        pairs.append(sides | {"group": group, "relation": row["gold"], "is_unsure": unsure})
    return pairs


def key_of(row: Mapping[str, Any]) -> frozenset[tuple[str, int, int]]:
    """What tells a pair of sentences from others, whichever comes first."""
    return frozenset((row[f"article_{side}"], row[f"start_{side}"], row[f"end_{side}"]) for side in "ab")


def id_of(row: Mapping[str, Any]) -> str:
    """The ``pair_id`` of a label; of a pair without one :func:`pair_id` of its sides."""
    one, other = ((row[f"article_{side}"], row[f"start_{side}"], row[f"end_{side}"]) for side in "ab")
    return str(row.get("pair_id") or pair_id(one, other))


def _ends(row: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """Each of a pair's sentences, with the article that it is set against."""
    for side, other in (("a", "b"), ("b", "a")):
        yield row[f"article_{other}"], row[f"article_{side}"], row[f"start_{side}"]


def _sides(row: Mapping[str, Any], articles: Mapping[str, Mapping[str, Any]], where: str) -> dict[str, Any]:
    sides: dict[str, Any] = {}
    for side in "ab":
        article = articles.get(row[f"article_{side}"])
        if article is None:
            raise ValueError(f"{where}: names article {row[f'article_{side}']}, which is not among the data")
        if not 0 <= row[f"start_{side}"] < row[f"end_{side}"] <= len(article["text"]):
            raise ValueError(f"{where}: points outside article {article['article_id']}")
        sides |= _side(article, row[f"start_{side}"], row[f"end_{side}"], side)
    return sides


def _shown(text: str | None) -> str:
    """How what stands around a sentence is given to the encoder: in brackets after it."""
    return f"[ {text} ]" if text else ""


def _public(folder: Path, table: Table, most: int | None) -> dict[str, np.ndarray]:
    train = pl.read_parquet(folder / "train.parquet", columns=["premise", "hypothesis", "label", "source"])
    dev = pl.read_parquet(folder / "dev.parquet", columns=["premise", "hypothesis", "source"])
    known = pl.concat([dev["premise"], dev.filter(pl.col("source").is_in(["Emergent", "FNC-1"]))["hypothesis"]]).unique()
    frame = (
        train.filter(pl.col("label").is_in(NLI_LABELS) & ~pl.col("source").is_in(list(LEFT_OUT)))
        .filter(~(pl.col("source").is_in(["FNC-1", "Emergent"]) & (pl.col("hypothesis").is_in(known.implode()))))
        .with_columns(
            premise=pl.when(pl.col("source").is_in(list(_CUT))).then(pl.col("premise").str.slice(0, _LEAD)).otherwise("premise")
        )
        .filter(pl.col("premise").str.len_chars() <= _LONG)
        .unique(["premise", "hypothesis", "source"], keep="first", maintain_order=True)
        .with_columns(draw=pl.struct("premise", "hypothesis").hash(seed=7))
        .sort("source", "label", "draw")
        .with_columns(number=pl.int_range(pl.len()).over("source", "label"))
        .with_columns(
            most=pl.col("source").replace_strict(dict(_MOST), default=1_000_000, return_dtype=pl.Int64),
            times=pl.col("source").replace_strict(dict(_TIMES), default=1, return_dtype=pl.Int64),
        )
        .filter(pl.col("number") < pl.col("most"))
    )
    if most is not None:
        frame = frame.sort("draw").head(most)
    frame = frame.with_columns(pl.int_ranges(0, "times").alias("again")).explode("again")
    sources = sorted(frame["source"].unique().to_list())
    return {
        "public_left": np.asarray([table.row(text) for text in frame["premise"]], np.int32),
        "public_right": np.asarray([table.row(text) for text in frame["hypothesis"]], np.int32),
        "public_label": np.asarray([NLI_LABELS.index(label) for label in frame["label"]], np.int8),
        "public_source": np.asarray([sources.index(source) for source in frame["source"]], np.int16),
        "public_sources": np.asarray(sources, dtype=np.str_),
    }


def news_pairs(data: Path, labels: Sequence[Path]) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Hand-labelled pairs of sentences with the titles of their articles, and the articles that they are from.

    A pair: ``a, b, title_a, ..., relation, kind, level, group`` (the story, which cross-validation keeps together),
    ``article_a, start_a, end_a, ..., published_a, ..., is_proposed``.

    Raises:
        ValueError: a quote or an offset does not stand in its article.
    """
    articles = {record["article_id"]: record for record in read_lines(data / "contradictions" / "train_articles.jsonl.gz")}
    pairs = []
    for pair in read_lines(data / "contradictions" / "train_pairs.jsonl"):
        sides: dict[str, Any] = {}
        for side in "ab":
            article = articles[pair[side]["article"]]
            start = article["text"].find(pair[side]["quote"])
            if start < 0:
                raise ValueError(f"a quote of event {pair['event']} does not stand in article {article['article_id']}")
            sides |= _side(article, start, start + len(pair[side]["quote"]), side)
        group = articles[pair["a"]["article"]]["story_id"]
        pairs.append(
            sides | {name: pair[name] for name in ("relation", "kind", "level")} | {"group": group, "is_proposed": False}
        )
    rows_of = {path: read_lines(path) for path in labels}
    named = labelled_articles(data, (row for row in chain(*rows_of.values()) if "pairs" not in row), articles)
    articles |= {article["article_id"]: article for article in named}
    for path, rows in rows_of.items():
        for row in rows:
            if "pairs" in row:
                pairs += _invented(row)
                continue
            sides = _sides(row, articles, f"{path}, pair {row['pair_id']}")
            names = {name: row.get(name) for name in ("pair_id", "relation", "kind", "level")}
            pairs.append(sides | names | {"group": row["story_id"], "is_proposed": True})
    return pairs, articles


def _invented(group: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The pairs of a statement that somebody invented, whose text stands in the label itself; each side is its own article."""
    name = group["group_id"]
    for number, pair in enumerate(group["pairs"]):
        made = {"pair_id": f"{name}/{number}", "group": name, "relation": pair["relation"], "kind": pair["kind"] or None}
        for side, part, text in (("a", "a", group["a"]), ("b", number, pair["b"])):
            made |= {side: text, f"article_{side}": f"{name}/{part}", f"start_{side}": 0, f"end_{side}": len(text)}
            made |= {f"title_{side}": "", f"published_{side}": ""}
        yield made | {"level": None, "is_proposed": True}


def as_sentences(pairs: Sequence[Mapping[str, Any]], articles: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Pairs a side of which is part of a sentence, with the whole sentences in their place: what a search meets.

    A pair keeps its relation: who labelled it read the sentences too. Its id gets ``/sentences``.
    """
    known: dict[str, list[tuple[int, int]]] = {}
    made = []
    for pair in pairs:
        whole = dict(pair)
        for side in "ab":
            article = articles.get(pair[f"article_{side}"])
            if article is None:
                continue
            if (name := article["article_id"]) not in known:
                known[name] = [(one.start, one.end) for one in split_sentences(article["text"])]
            start, end = pair[f"start_{side}"], pair[f"end_{side}"]
            around = next(((s, e) for s, e in known[name] if s <= start < e), (start, end))
            whole |= {f"start_{side}": min(start, around[0]), f"end_{side}": max(end, around[1])}
            whole[side] = article["text"][whole[f"start_{side}"] : whole[f"end_{side}"]]
        if (whole["a"], whole["b"]) != (pair["a"], pair["b"]):
            made.append(whole | {"pair_id": f"{id_of(pair)}/sentences"})
    return made


#: The corpus of whole articles from which stories were labelled, in the folder of the data.
CORPUS: Final = Path("corpora") / "us_politics_2016_2020.parquet"


def labelled_articles(data: Path, labels: Iterable[Mapping[str, Any]], known: Collection[str] = ()) -> list[dict[str, Any]]:
    """The articles that labels name and that are not ``known``, each once, from the round-ups (train part) and the corpus.

    With at least ``article_id, outlet, published_on, title, text``. An article that is nowhere is left out.
    """
    wanted = {row[f"article_{side}"] for row in labels for side in "ab"}.difference(known)
    if not wanted:
        return []
    found = {a["article_id"]: a for a in read_lines(data / "stories" / "allsides_train.jsonl.gz") if a["article_id"] in wanted}
    missing = sorted(wanted - found.keys())
    if missing:
        frame = pl.scan_parquet(data / CORPUS).filter(pl.col("article_id").is_in(missing))
        columns = ("article_id", "outlet", pl.col("published_on").cast(pl.String), "title", "text")
        found |= {article["article_id"]: article for article in frame.select(*columns).collect().iter_rows(named=True)}
    return list(found.values())


def _side(article: Mapping[str, Any], start: int, end: int, side: str) -> dict[str, Any]:
    text = article["text"]
    return {
        side: text[start:end], f"title_{side}": article["title"],
        f"article_{side}": article["article_id"], f"start_{side}": start, f"end_{side}": end,
        f"published_{side}": article["published_on"],
    }  # fmt: skip


def story_articles(data: Path) -> dict[str, list[dict[str, Any]]]:
    """Train articles by story: those of the labelled stories and all others, none whose text is near a dev article's."""
    dev_texts = [
        a["text"] for name in ("contradictions/articles", "stories/allsides_dev") for a in read_lines(data / f"{name}.jsonl.gz")
    ]
    held = set[int]().union(*map(_shingles, dev_texts))
    stories: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for name in ("contradictions/train_articles", "stories/allsides_train"):
        for article in read_lines(data / f"{name}.jsonl.gz"):
            stories[article["story_id"]].setdefault(article["article_id"], article)
    kept = {}
    for story_id, articles in sorted(stories.items()):
        made = [_shingles(article["text"]) for article in articles.values()]
        if not any(one and len(one & held) > 0.1 * len(one) for one in made):
            kept[story_id] = list(articles.values())
    return kept


def _shingles(text: str) -> set[int]:
    words = re.findall(r"\w+", text.casefold())
    return {hash(tuple(words[at : at + 8])) for at in range(max(0, len(words) - 8))}


def sentences_to_pair(text: str, most: int = 28) -> list[tuple[int, int]]:
    """Spans of the sentences of an article's beginning that are worth comparing."""
    spans = []
    for sentence in split_sentences(text[:7000]):
        words = len(text[sentence.start : sentence.end].split())
        if _FEWEST_WORDS <= words <= _MOST_WORDS and not _CAPTION.search(text[sentence.start : sentence.end]):
            spans.append((sentence.start, sentence.end))
    return spans[:most]


def propose(
    stories: Mapping[str, list[dict[str, Any]]],
    embed: Embed,
    *,
    near: int = 4,
    least: float = 0.42,
) -> Iterator[dict[str, Any]]:
    """Pairs across outlets within a story: for each sentence the nearest few of each other article.

    Args:
        stories: story id -> its articles.
        embed: texts -> unit vectors.
        near: partners of a sentence in one other article.
        least: cosine from which a pair is proposed.
    """
    for story_id, articles in stories.items():
        spans = {a["article_id"]: sentences_to_pair(a["text"]) for a in articles}
        texts = {a["article_id"]: [a["text"][s:e] for s, e in spans[a["article_id"]]] for a in articles}
        vectors = {article_id: embed(listed) if listed else None for article_id, listed in texts.items()}
        for one, other in combinations(articles, 2):
            p, q = vectors[one["article_id"]], vectors[other["article_id"]]
            if one["outlet"] == other["outlet"] or p is None or q is None:
                continue
            cosines = p @ q.T
            keep = np.zeros(cosines.shape, bool)
            np.put_along_axis(keep, np.argsort(-cosines, axis=1)[:, :near], True, axis=1)
            np.put_along_axis(keep, np.argsort(-cosines, axis=0)[:near], True, axis=0)
            for i, j in zip(*np.nonzero(keep & (cosines >= least) & (cosines < 0.97)), strict=True):
                left, right = spans[one["article_id"]][i], spans[other["article_id"]][j]
                yield (
                    _side(one, left[0], left[1], "a")
                    | _side(other, right[0], right[1], "b")
                    | {"group": story_id, "cosine": float(cosines[i, j])}
                )
