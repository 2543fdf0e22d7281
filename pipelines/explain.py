"""Why a pair is called a contradiction: both sentences in context, who vouches for each, and what was weighed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipelines.compare.signals import meaning_of
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse, WarehouseError, query_published

#: A run that writes is not waited for: the sentences around are then taken from the claims.
_PATIENCE_SECONDS: Final = 2.0
#: Signals shown on a terminal; `--json` has all.
_MOST_SIGNALS: Final = 12

_PAIR: Final = """
    select c.*, s.title as story_title
    from fct_contradictions as c join dim_stories as s using (story_id)
    where c.contradiction_id = ?
"""
_SIDES: Final = """
    select
        c.claim_id, c.article_id, c.text, c.sentence, c.char_start, c.char_end, c.polarity, c.modality, c.asserted_by,
        c.attribution_path, o.name as outlet, c.outlet_id, a.title, a.url, a.published_at, a.published_on
    from fct_claims as c
    join fct_articles as a using (article_id)
    join dim_outlets as o on c.outlet_id = o.outlet_id
    where c.claim_id in (?, ?)
"""
_HOPS: Final = """
    select claim_id, hop_no, actor, actor_kind, is_anonymous, cue, cue_kind from fct_attributions where claim_id in (?, ?)
    order by claim_id, hop_no
"""
_SIGNALS: Final = "select signal, value, share from fct_contradiction_signals where contradiction_id = ?"
_SENTENCES: Final = """
    select s.article_id, s.char_start, s.char_end, substr(a.text, s.char_start + 1, s.char_end - s.char_start) as text
    from raw.sentences as s join raw.articles as a using (article_id)
    where s.article_id in (?, ?)
"""
_CLAIMED_SENTENCES: Final = """
    select article_id, min(char_start) as char_start, max(char_end) as char_end, sentence as text
    from fct_claims where article_id in (?, ?) group by article_id, sentence
"""
_ELSEWHERE: Final = """
    select 'corroboration' as relation from fct_corroborations where corroboration_id = ?
    union all select 'update' from fct_updates where update_id = ?
"""

#: Why the rules call a pair a contradiction, by its kind, and what their score says.
_RULES: Final = {
    "number": "Rules decided: both claims give a value of one slot, and the two cannot both hold, bounds and approximations"
    " allowed for. The score is how surely both fill that slot.",
    "date": "Rules decided: both claims give a time of one event, and the two do not meet. The score is how surely both are of"
    " that event.",
    "denial": "Rules decided: one side denies something said, and the other states it. The score grows with how much of what is"
    " denied the other side states.",
    "negation": "Rules decided: one side affirms nearly all that the other negates, of the same subject. The score grows with how"
    " much the two share.",
}
_RULES_ELSE: Final = "Rules decided, by the words of the two."
_ENDPOINT: Final = (
    "The model behind the endpoint decided: the comparison itself was unsure. The score is how sure the model says it is."
)
_MODEL: Final = (
    "The final model decided: a logistic regression over the signals below. Their shares add up to log-odds of {odds:+.2f}, which"
    " is a probability of {score:.2f}."
)


class UnknownContradictionError(LookupError):
    """There is no such contradiction; the message says where ids are found."""


def explain(settings: Settings, contradiction_id: str) -> dict[str, Any]:
    """Everything that stands behind a published contradiction.

    Returns:
        The row of ``fct_contradictions`` (but for what the sides have) with ``story_title``; ``decided_by`` (``rules``,
        ``model`` or ``endpoint``) and ``because``, a sentence; ``sides``, the earlier first, each with its claim, sentence, the
        sentences ``before`` and ``after``, article, value and ``hops``; ``signals``, the weightiest first, each with ``meaning``,
        ``value`` and ``share`` of the ``log_odds``; None for shares where nothing was added up.

    Raises:
        UnknownContradictionError: no contradiction has that id.
        WarehouseError: nothing has been published yet, or by a version that kept no signals.
    """
    pair = _rows(settings, _PAIR, contradiction_id)
    if not pair:
        elsewhere = _rows(settings, _ELSEWHERE, contradiction_id, contradiction_id)
        what = f"is the id of a {elsewhere[0]['relation']}, not of a contradiction" if elsewhere else "is no contradiction_id"
        raise UnknownContradictionError(
            f"{contradiction_id} {what} in {settings.published}; ids stand in fct_contradictions:"
            ' counterclaim sql "select contradiction_id, kind, text_a, text_b from fct_contradictions"'
        )
    (row,) = pair
    claims = row["claim_a_id"], row["claim_b_id"]
    by_claim = {side["claim_id"]: side for side in _rows(settings, _SIDES, *claims)}
    hops = _rows(settings, _HOPS, *claims)
    around = _sentences(settings, row["article_a_id"], row["article_b_id"])
    sides = []
    for letter, claim_id in zip("ab", claims, strict=True):
        side = by_claim[claim_id]
        listed = [{k: v for k, v in hop.items() if k != "claim_id"} for hop in hops if hop["claim_id"] == claim_id]
        sides.append({"side": letter} | side | _context(side, around) | {"value": row[f"value_{letter}"], "hops": listed})
    signals = [
        {"signal": one["signal"], "meaning": meaning_of(one["signal"]), "value": one["value"], "share": one["share"]}
        for one in _rows(settings, _SIGNALS, contradiction_id)
    ]
    signals.sort(key=lambda one: (-abs(one["share"] if one["share"] is not None else 0.0), one["signal"]))
    shares = [one["share"] for one in signals if one["share"] is not None]
    told = {name: value for name, value in row.items() if not name.endswith(("_a", "_b", "_a_id", "_b_id"))}
    log_odds = sum(shares) if shares else None
    decided_by, because = _because(row, log_odds)
    return told | {
        "decided_by": decided_by,
        "because": because,
        "sides": sides,
        "log_odds": log_odds,
        "signals": signals,
    }


def print_explanation(made: dict[str, Any], console: Console) -> None:
    """Print what :func:`explain` gives."""
    console.print(Text(f"{made['kind']}, {made['level']} level: {made['story_title']}", style="bold"))
    review = {"unreviewed": "not reviewed", "dismissed": "dismissed, and counted nowhere"}.get(
        made["review_status"], made["review_status"]
    )
    remarks = ["a shared dispute: both articles report both sides"] if made["is_shared_dispute"] else []
    facts = [made["contradiction_id"], str(made["published_on"]), f"score {made['score']:.2f}", review, *remarks]
    console.print(Text(", ".join(facts), style="dim"))
    for side in made["sides"]:
        console.print()
        day = f"{side['published_at']:%Y-%m-%d %H:%M} UTC" if side["published_at"] else "day unknown"
        console.print(Text.assemble((side["outlet"], "bold"), f", {day}: {side['title']}"))
        if side["url"]:
            console.print(Text(side["url"], style="dim"), soft_wrap=True)
        words = [
            Text(side["before"] or "", style="dim"),
            _marked(side["sentence"], side["text"]),
            Text(side["after"] or "", style="dim"),
        ]
        console.print(Padding(Text(" ").join(part for part in words if part), (0, 2)))
        held = "".join(f", {side[name]}" for name in ("modality", "polarity") if side[name] not in ("asserted", "affirmed"))
        console.print(Text(f"On the word of: {side['attribution_path']}{held}"))
        for hop in side["hops"]:
            cue = f"{hop['cue']} ({hop['cue_kind']})" if hop["cue"] else hop["cue_kind"]
            named = (
                f"{hop['actor_kind']}, not named"
                if hop["is_anonymous"] and hop["actor_kind"] != "anonymous"
                else hop["actor_kind"]
            )
            console.print(Padding(Text(f"{hop['hop_no']}. {hop['actor']} ({named}): {cue}"), (0, 2)))
        if side["value"]:
            console.print(Text(f"Value: {side['value']}"))
    console.print()
    console.print(Text(f"Slot: {made['slot']}"))
    console.print(Text(f"{made['because']} ({made['detector']})"))
    if made["signals"]:
        console.print(_table(made["signals"], weighed=made["log_odds"] is not None))


def _rows(settings: Settings, sql: str, *parameters: str) -> list[dict[str, Any]]:
    return query_published(settings.published, sql, parameters).to_dicts()


def _because(row: dict[str, Any], log_odds: float | None) -> tuple[str, str]:
    """Who decided, and why in a sentence."""
    if str(row["detector"]).startswith("endpoint:"):
        return "endpoint", _ENDPOINT
    if log_odds is not None:
        return "model", _MODEL.format(odds=log_odds, score=1 / (1 + math.exp(-log_odds)))
    return "rules", _RULES.get(row["kind"], _RULES_ELSE)


def _sentences(settings: Settings, *articles: str) -> pl.DataFrame:
    """The sentences of both articles: all of them where the working warehouse is free, else those that hold claims."""
    if settings.warehouse.exists():
        warehouse = Warehouse(settings.warehouse, lock_timeout_seconds=_PATIENCE_SECONDS)
        with suppress(WarehouseError):
            found = warehouse.read(_SENTENCES, articles)
            if set(articles) <= set(found["article_id"]):
                return found
    return query_published(settings.published, _CLAIMED_SENTENCES, articles)


def _context(side: dict[str, Any], sentences: pl.DataFrame) -> dict[str, str | None]:
    """The sentences before and after that of a claim; the headline, which is told anyway, is none."""
    its = sentences.filter(pl.col("article_id") == side["article_id"]).sort("char_start").to_dicts()
    at = next((n for n, one in enumerate(its) if one["char_start"] <= side["char_start"] < one["char_end"]), None)
    if at is None:
        return {"before": None, "after": None}
    before = its[at - 1]["text"] if at > 0 and its[at - 1]["char_start"] > 0 else None
    return {"before": before, "after": its[at + 1]["text"] if at + 1 < len(its) else None}


def _marked(sentence: str, claim: str) -> Text:
    marked = Text(sentence)
    at = sentence.find(claim)
    if at >= 0:
        marked.stylize("bold", at, at + len(claim))
    return marked


def _table(signals: Sequence[dict[str, Any]], *, weighed: bool) -> Table:
    table = Table("signal", "value", *(["share"] if weighed else []), "what it is", box=SIMPLE_HEAD, header_style="bold")
    table.columns[1].justify = "right"
    if weighed:
        table.columns[2].justify = "right"
    for one in signals[:_MOST_SIGNALS]:
        share = [f"{one['share']:+.2f}"] if weighed else []
        table.add_row(one["signal"], f"{one['value']:.2f}", *share, one["meaning"] or "")
    rest = signals[_MOST_SIGNALS:]
    if rest and weighed:
        table.add_row(f"{len(rest)} more", "", f"{sum(one['share'] for one in rest):+.2f}", "each of less weight; --json has all")
    return table
