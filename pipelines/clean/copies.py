"""Copies: wire reports and reposts that repeat another article's text, pointed at the article that they repeat.

Two articles are copies where the shorter shares three tenths of its 5-word shingles with the other: containment, not
Jaccard, since a wire report is cut to a third or merged with another (measured over nine simulated edits and one natural
kind: recall 0.996 with no false pair of 135,150, where MinHash at 0.5 finds 0.789 and Simhash 0.591). Shingles are sampled
by their own hash (Manber 1994; Broder 1997), so that the same ones are kept in every article; the pairs that the sample
proposes are then compared whole.

What is common to two own reports is left out of the comparison: quotations and tweets, which are in every report of a
speech, and shingles on many articles of the same days, which are boilerplate. What is common must also be spread over the
paragraphs: a caption, a list of names or a paragraph of background that an outlet pastes under every report is no copy of it.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import polars as pl

from pipelines.clean.text import key
from pipelines.clean.wire import agency_name, wire_credit

#: What places an article among copies; the number counts up whenever other origins come of the same articles.
RELATED_BY: Final = "shingles 2"
#: Words in a shingle, and one in how many shingles is kept.
SHINGLE: Final = 5
SAMPLE: Final = 8
#: Articles further apart are no copies of each other.
MAX_DAYS: Final = 7
#: Shingles on more articles of one week than this are boilerplate ("sign up to our newsletter").
MAX_ARTICLES: Final = 40

#: Weeks are counted from the epoch, in seconds; MAX_DAYS reaches into the next one at most.
_WEEK: Final = 7 * 86_400
#: Weeks of new articles that are read at once, with the weeks beside them.
_WEEKS_AT_ONCE: Final = 4

#: What the sample must show for two articles to be compared whole.
_PROPOSED_SHARE: Final = 0.12
_PROPOSED_COMMON: Final = 3
#: An article with fewer shingles is proposed by all of them: a sample of so few would be a lottery.
DENSE_BELOW: Final = 40 * SAMPLE
_PROPOSED_COMMON_DENSE: Final = 12

#: Share of the shorter article's own words that a copy has in common with the other, and the share of its paragraphs (by their
#: words) that repeat most of theirs.
CONTAINMENT: Final = 0.3
PARAGRAPHS_CREDITED: Final = 0.3
#: Of paragraphs, this much where neither names the agency or the author that the other does.
PARAGRAPHS: Final = 0.4
#: There, below this share, so many paragraphs must repeat: a long tweet, a transcript or a statement that both paste in is one to
#: three.
CONTAINMENT_MOSTLY: Final = 0.7
MIN_PARAGRAPHS: Final = 4
#: And some must be edited, or more must repeat: an excerpt is verbatim and short, a rewritten report is touched here and there.
#: Of the paragraphs that repeat, this share repeats less than _VERBATIM.
EDITED: Final = 0.25
MIN_VERBATIM: Final = 5
CONTAINMENT_VERBATIM: Final = 0.45
_VERBATIM: Final = 0.9
#: The same between articles of one outlet or site: its background paragraphs recur, its reposts repeat nearly all.
CONTAINMENT_WITHIN: Final = 0.6
PARAGRAPHS_WITHIN: Final = 0.66
#: Shingles in common at least: fewer are a phrase.
MIN_COMMON: Final = 16
#: A paragraph repeats another's where this share of its shingles is in the other article; short ones are headings.
_REPEATED: Final = 0.4
_MIN_PARAGRAPH: Final = 8
#: A paragraph counts by its words, but by no more than these: a page-long list of names is one paragraph among many.
_MAX_PARAGRAPH: Final = 80

#: Articles are cut into words this many at a time, which bounds memory.
_BATCH: Final = 2_000
#: Words of a text that can decide: a copy of a longer one is found by its beginning.
_MAX_CHARS: Final = 60_000

#: A word, or a single character of scripts that put no space between words.
_TOKEN: Final = (
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
    r"|[\w&&[^\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]+"
)
#: What people said is in every report of it: only an outlet's own words tell copying.
_QUOTES: Final = r"[“„«][^”“»\n]{15,}[”“»]|\"[^\"\n]{15,}\""
#: A quotation that runs over paragraphs opens each anew and closes the last only.
_OPEN_QUOTES: Final = r"\n[ \t]*[“„«\"][^”“»\"\n]{15,}(?:\n|$)"
#: A tweet pasted in ends with its author's handle.
_TWEETS: Final = r"[^\n]*\(@\w+\)[^\n]*"
_MULTIPLIER: Final = 0x9E3779B97F4A7C15
_PARENTHESES: Final = re.compile(r"\(([^()\n]{2,40})\)")
_BYLINE_PARTS: Final = re.compile(r"[|/,;:()–—-]|\b(?:by|for|and|of|via|from|with|source)\b", re.IGNORECASE)
#: How far into a text its dateline may stand.
_DATELINE_CHARS: Final = 200
#: A byline longer than this many names is what else stood on the page.
_MAX_NAMES: Final = 4

_RESULT: Final = pl.Schema({"article_id": pl.String(), "origin_id": pl.String()})
_PAIRS: Final = pl.Schema({"a": pl.UInt32(), "b": pl.UInt32(), "share_a": pl.Float64(), "share_b": pl.Float64()})
_CREDITS: Final = ("canonical_url", "published_at", "outlet_credit", "byline", "wire_credit")


def find_origins(articles: pl.DataFrame) -> pl.DataFrame:
    """Point every article at the one whose text it repeats, or at itself.

    An origin moves only when a better one arrives: an agency's own article, or an earlier one; ids never change.

    Of copies, the origin is the agency's own article, else the one whose outlet another credits in its byline or dateline
    (``(Northwire)``), else the earliest published (unknown last), else the smallest id; a copy of a copy points at the first
    of the line. An article that merges two reports comes after both and points at the first. Versions of one canonical URL
    are no copies of each other; reposts by the same outlet are.

    Args:
        articles: ``article_id, canonical_url, published_at, text`` and, if there, ``outlet_credit``, ``byline`` and
            ``wire_credit``; ``fetched_at`` stands in for an unknown ``published_at`` where days are counted.

    Returns:
        ``article_id, origin_id``, a row an article, in the order given.
    """
    if articles.is_empty():
        return pl.DataFrame(schema=_RESULT)
    numbered = articles.with_row_index("at")
    pairs = find_pairs(numbered)
    origins = _origins(numbered, pairs)
    ids = articles["article_id"]
    return pl.DataFrame({"article_id": ids, "origin_id": ids.gather(origins)}, schema=_RESULT)


def find_new_origins(new_at: Iterable[datetime], load: Callable[[datetime, datetime], pl.DataFrame]) -> pl.DataFrame:
    """Origins of new articles and of every article whose origin they may change, as :func:`find_origins` gives them over all.

    Only the weeks around the new articles are read: those that hold them, and on either side as many as a chain of copies
    reaches back, which is one or two; the past beyond costs nothing. The order in which articles arrive makes no difference.

    Args:
        new_at: ``published_at`` (``fetched_at`` where unknown) of every new article.
        load: gives the articles from a moment on and before another, as in :func:`find_origins`, with ``origin_id`` as it stands.

    Returns:
        ``article_id, origin_id``.
    """
    found = [_of_weeks(first, last, load) for first, last in _runs({int(moment.timestamp() // _WEEK) for moment in new_at})]
    # Chains of two runs may meet: what both give is the same.
    return pl.concat([pl.DataFrame(schema=_RESULT), *found]).unique("article_id", maintain_order=True)


def _runs(weeks: set[int]) -> list[tuple[int, int]]:
    """First and last of each run of weeks that are no further than two apart, a long run in parts: memory is bounded."""
    runs: list[tuple[int, int]] = []
    for week in sorted(weeks):
        if runs and week - runs[-1][1] <= 2 and week - runs[-1][0] < _WEEKS_AT_ONCE:
            runs[-1] = (runs[-1][0], week)
        else:
            runs.append((week, week))
    return runs


def _of_weeks(first: int, last: int, load: Callable[[datetime, datetime], pl.DataFrame]) -> pl.DataFrame:
    """The origins of all articles of the weeks ``first`` to ``last``, and of those that hang together with them."""
    below, above = first - 1, last + 1
    while True:
        articles = load(_start(below), _start(above + 1))
        numbered = articles.with_row_index("at")
        weeks = numbered.select(_when(numbered) // _WEEK).to_series().to_list()
        pairs = find_pairs(numbered)
        groups = _groups(numbered, pairs)
        inside = {groups[at] for at, week in enumerate(weeks) if first <= week <= last}
        members = [at for at, group in enumerate(groups) if group in inside]
        # What stands in the outermost week read may have copies beyond it.
        lowest, highest = min((weeks[at] for at in members), default=first), max((weeks[at] for at in members), default=last)
        if lowest > below and highest < above:
            break
        below, above = min(below, lowest - 1), max(above, highest + 1)
    kept = pairs.filter(pl.col("a").is_in(members))
    origins = _origins(numbered, kept)
    ids = numbered["article_id"]
    return pl.DataFrame(
        {"article_id": ids.gather(members), "origin_id": ids.gather([origins[at] for at in members])}, schema=_RESULT
    )


def _groups(numbered: pl.DataFrame, pairs: pl.DataFrame) -> list[int]:
    """A number for each row, the same for rows that hang together by copies or by the origins that they had until now."""
    parent = list(range(numbered.height))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    links = list(pairs.select("a", "b").iter_rows())
    if "origin_id" in numbered.columns:
        had = numbered.select("at", "article_id", "origin_id").filter(pl.col("article_id") != pl.col("origin_id"))
        links += (
            had.join(numbered.select(pl.col("article_id").alias("origin_id"), pl.col("at").alias("of")), on="origin_id")
            .select("at", "of")
            .iter_rows()
        )
    for one, other in links:
        parent[root(one)] = root(other)
    return [root(at) for at in range(numbered.height)]


def _when(numbered: pl.DataFrame) -> pl.Expr:
    """Seconds since the epoch of publication, of fetching where that is unknown."""
    stamps = [pl.col(name) for name in ("published_at", "fetched_at") if name in numbered.columns]
    return pl.coalesce(stamps).dt.epoch("s")


def _start(week: int) -> datetime:
    return datetime.fromtimestamp(week * _WEEK, UTC)


def find_pairs(numbered: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows that are copies of each other.

    Args:
        numbered: articles as in :func:`find_origins`, with ``at``, the number of the row (UInt32).

    Returns:
        ``a, b`` (a < b) and ``share_a, share_b``: the share of each one's own words that is in the other, 0 to 1.
    """
    proposed, boilerplate = _propose(numbered)
    if proposed.is_empty():
        return pl.DataFrame(schema=_PAIRS)
    involved = pl.concat([proposed["a"], proposed["b"]]).unique()
    names = [name for name in _CREDITS if name in numbered.columns]
    read = numbered.filter(pl.col("at").is_in(involved.implode())).select("at", "text", *names)
    dropped: defaultdict[int, set[int]] = defaultdict(set)
    for at, hashed in boilerplate.join(read.select("at"), on="at", how="semi").iter_rows():
        dropped[at].add(hashed)
    whole = _whole(read)
    rows: list[tuple[int, int, float, float]] = []
    for a, b in proposed.iter_rows():
        compared = _compare(whole[a], whole[b], dropped[a] | dropped[b])
        if compared is not None:
            rows.append((a, b, *compared))
    return pl.DataFrame(rows, schema=_PAIRS, orient="row")


@dataclass(frozen=True, slots=True)
class _Whole:
    """One article as it is compared whole: its own words' shingles by paragraph, and whom it names."""

    paragraphs: list[tuple[int, set[int]]]
    shingles: set[int]
    agency: str | None
    names: frozenset[str]
    houses: frozenset[str]


def _propose(numbered: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs (a, b) of row numbers, a < b, that the sample proposes; and the shingles (at, hash) that are boilerplate."""
    shingles = pl.concat(
        [_shingles(numbered.slice(start, _BATCH).select("at", "text")) for start in range(0, numbered.height, _BATCH)]
    )
    when = numbered.select("at", _when(numbered).alias("when"))
    boilerplate = _boilerplate(shingles, when)
    shingles = shingles.join(boilerplate, on=["at", "hash"], how="anti")
    sizes = shingles.group_by("at").agg(
        pl.len().alias("all"), (pl.col("hash") % SAMPLE == 0).sum().alias("sampled"), pl.col("is_dense").first()
    )
    sampled = shingles.filter(pl.col("hash") % SAMPLE == 0, ~pl.col("is_dense"))
    dense = shingles.filter("is_dense")
    candidates = pl.concat(
        [
            _common(sampled, sampled).with_columns(pl.lit(False).alias("by_all")),
            # A short article is looked for in all of every other, long or short.
            _common(dense, shingles.join(dense.select("hash").unique(), on="hash", how="semi")).with_columns(
                pl.lit(True).alias("by_all")
            ),
        ]
    )
    size = pl.when("by_all").then(pl.min_horizontal("all", "all_b")).otherwise(pl.min_horizontal("sampled", "sampled_b"))
    least = pl.when("by_all").then(pl.min_horizontal(_PROPOSED_COMMON_DENSE, pl.col("all") // 2)).otherwise(_PROPOSED_COMMON)
    about = when.join(numbered.select("at", "canonical_url"), on="at")
    apart = (pl.col("when") - pl.col("when_b")).abs()
    proposed = (
        candidates.join(sizes, left_on="a", right_on="at")
        .join(sizes, left_on="b", right_on="at", suffix="_b")
        .filter(pl.col("common") / size >= _PROPOSED_SHARE, pl.col("common") >= least)
        .join(about, left_on="a", right_on="at")
        .join(about, left_on="b", right_on="at", suffix="_b")
        .filter(
            ~pl.col("canonical_url").eq(pl.col("canonical_url_b")).fill_null(False),
            (apart <= MAX_DAYS * 86_400).fill_null(True),
        )
        .select("a", "b")
        .unique()
        .sort("a", "b")
    )
    return proposed, boilerplate


def _boilerplate(shingles: pl.DataFrame, when: pl.DataFrame) -> pl.DataFrame:
    """``at, hash`` of shingles that more than MAX_ARTICLES articles of the same week have.

    Counted by week and not over all there is: what an article is compared by depends on its own week alone, whatever else has
    been or will be gathered.
    """
    often = shingles.group_by("hash").len().filter(pl.col("len") > MAX_ARTICLES).select("hash")
    week = when.select("at", (pl.col("when") // _WEEK).alias("week"))
    some = shingles.select("at", "hash").join(often, on="hash", how="semi").join(week, on="at", how="left")
    return some.filter(pl.len().over("hash", "week") > MAX_ARTICLES).select("at", "hash")


def _common(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """How many shingles each pair of articles has in common, each pair once (a < b)."""
    return (
        left.select("hash", pl.col("at").alias("one"))
        .join(right.select("hash", pl.col("at").alias("other")), on="hash")
        .filter(pl.col("one") != pl.col("other"))
        .select("hash", pl.min_horizontal("one", "other").alias("a"), pl.max_horizontal("one", "other").alias("b"))
        .unique()
        .group_by("a", "b")
        .agg(pl.len().alias("common"))
    )


def _shingles(batch: pl.DataFrame) -> pl.DataFrame:
    """``at, hash, is_dense``: the distinct shingles of each article; ``is_dense`` where it has too few to sample."""
    return (
        _hashed(batch.select("at", _own_words()), "at")
        .unique(maintain_order=True)
        .with_columns((pl.len().over("at") < DENSE_BELOW).alias("is_dense"))
    )


def _own_words() -> pl.Expr:
    """``text`` without what people said or tweeted."""
    text = pl.col("text").str.head(_MAX_CHARS)
    text = text.str.replace_all(_QUOTES, " ").str.replace_all(_OPEN_QUOTES, "\n")
    return pl.when(text.str.contains("(@", literal=True)).then(text.str.replace_all(_TWEETS, "")).otherwise(text).alias("text")


def _hashed(own: pl.DataFrame, part: str) -> pl.DataFrame:
    """``<part>, hash``: the shingles of ``text``, which run over no end of a ``part``, in order."""
    words = own.select(part, pl.col("text").str.to_lowercase().str.extract_all(_TOKEN).alias("word")).explode(
        "word", empty_as_null=True
    )
    # CRC-32 of each distinct word: the same on every machine and in every release, which polars' own hash is not.
    vocabulary = words.select(pl.col("word").drop_nulls().unique())
    vocabulary = vocabulary.with_columns(
        pl.Series("code", [zlib.crc32(word.encode("utf-8", "replace")) for word in vocabulary["word"]], dtype=pl.UInt64)
    )
    code = pl.col("code")
    mixed = code
    for step in range(1, SHINGLE):
        mixed = mixed * pl.lit(_MULTIPLIER, dtype=pl.UInt64) + code.shift(-step).over(part)
    coded = words.join(vocabulary, on="word", how="left", maintain_order="left")
    return (
        coded.select(part, mixed.alias("hash"))
        .drop_nulls()
        # The low bits of a product depend on the low bits of the words alone: fold the high ones in before sampling.
        .with_columns((pl.col("hash") // (1 << 29)).xor(pl.col("hash")) * pl.lit(_MULTIPLIER, dtype=pl.UInt64) // (1 << 3))
    )


def _whole(read: pl.DataFrame) -> dict[int, _Whole]:
    """The articles as they are compared whole, by row number."""
    paragraphs = read.select("at", _own_words().str.split("\n")).explode("text", empty_as_null=True).with_row_index("paragraph")
    hashed = _hashed(paragraphs, "paragraph").join(paragraphs.select("paragraph", "at"), on="paragraph")
    parts: defaultdict[int, list[tuple[int, set[int]]]] = defaultdict(list)
    for at, codes in hashed.group_by("at", "paragraph", maintain_order=True).agg("hash").select("at", "hash").iter_rows():
        parts[at].append((len(codes), set(codes)))
    made: dict[int, _Whole] = {}
    for row in read.iter_rows(named=True):
        own = parts[row["at"]]
        made[row["at"]] = _Whole(
            paragraphs=own,
            shingles=set().union(*(codes for _, codes in own)),
            agency=_agency(row),
            names=_authors(row.get("byline")),
            houses=_houses(row),
        )
    return made


def _compare(one: _Whole, other: _Whole, dropped: set[int]) -> tuple[float, float] | None:
    """The share of each one's own words that is in the other where the two are copies, else None."""
    ours, theirs = one.shingles - dropped, other.shingles - dropped
    common = len(ours & theirs)
    if common < min(MIN_COMMON, max(len(ours), 1), max(len(theirs), 1)):
        return None
    shares = common / len(ours), common / len(theirs)
    shorter, longer = (one, theirs) if len(ours) <= len(theirs) else (other, ours)
    repeated, count, edited, of = _repeated(shorter, longer, dropped)
    share = max(shares)
    if one.houses & other.houses:
        is_copy = share >= CONTAINMENT_WITHIN and repeated >= PARAGRAPHS_WITHIN
    else:
        is_credited = bool((one.agency and one.agency == other.agency) or one.names & other.names)
        is_edited = edited >= EDITED * count or (count >= MIN_VERBATIM and share >= CONTAINMENT_VERBATIM)
        is_rewritten = is_edited and count >= min(MIN_PARAGRAPHS, of - 1)
        is_surer = is_credited or share >= CONTAINMENT_MOSTLY or is_rewritten
        is_spread = repeated >= (PARAGRAPHS_CREDITED if is_credited else PARAGRAPHS)
        is_copy = share >= CONTAINMENT and is_spread and is_surer
    return shares if is_copy else None


def _repeated(shorter: _Whole, longer: set[int], dropped: set[int]) -> tuple[float, int, int, int]:
    """The share of ``shorter``'s paragraphs, by their words, that repeat most of theirs from ``longer``.

    Also how many do, how many of those are edited, and of how many paragraphs.
    """
    total = same = count = edited = of = 0
    for _, codes in shorter.paragraphs:
        kept = codes - dropped
        if len(kept) < _MIN_PARAGRAPH:
            continue
        weight = min(len(kept), _MAX_PARAGRAPH)
        common = len(kept & longer) / len(kept)
        is_same = common >= _REPEATED
        total, same = total + weight, same + weight * is_same
        count, edited, of = count + is_same, edited + (is_same and common < _VERBATIM), of + 1
    return (same / total if total else 1.0), count, edited, of


def _origins(numbered: pl.DataFrame, pairs: pl.DataFrame) -> list[int]:
    """The row number of each row's origin."""
    origins = list(range(numbered.height))
    if not pairs.is_empty():
        names = [name for name in _CREDITS if name in numbered.columns]
        involved = pl.concat([pairs["a"], pairs["b"]]).unique()
        rows = {row["at"]: row for row in numbered.filter(pl.col("at").is_in(involved.implode()))
                .select("at", "article_id", *names, "text").iter_rows(named=True)}  # fmt: skip
        _point(pairs, rows, origins)
    return origins


def _point(pairs: pl.DataFrame, rows: Mapping[int, dict[str, Any]], origins: list[int]) -> None:
    """Point each article at the origin of what it copies, from the likeliest original on.

    An article that merges two reports comes after both: it points at the first and does not make the two one.
    """
    copies: dict[int, dict[int, float]] = {at: {} for at in rows}
    for a, b, share_a, share_b in pairs.iter_rows():
        copies[a][b] = share_b
        copies[b][a] = share_a
    outlets = {at: _name(row.get("outlet_credit")) for at, row in rows.items()}
    credited = {at: _credited(row) for at, row in rows.items()}
    agencies = {at: agency_name(row.get("outlet_credit")) for at, row in rows.items()}

    def rank(at: int) -> tuple[bool, bool, bool, object, str]:
        is_agency = any(outlets[at] and outlets[at] in credited[other] and outlets[other] != outlets[at] for other in copies[at])
        is_agency = is_agency or (agencies[at] is not None and any(agencies[other] != agencies[at] for other in copies[at]))
        published_at = rows[at]["published_at"]
        return not is_agency, _merges(at, copies), published_at is None, published_at or 0, rows[at]["article_id"]

    place = {at: number for number, at in enumerate(sorted(rows, key=rank))}
    for at, own in place.items():
        before = [other for other in copies[at] if place[other] < own]
        if not before:
            continue
        # A direct copy of an original is surer than a copy of a copy.
        origin = origins[min(before, key=lambda other: (origins[other] != other, place[other]))]
        address = rows[at].get("canonical_url")
        if address is None or address != rows[origin].get("canonical_url"):
            origins[at] = origin


def _merges(at: int, copies: Mapping[int, Mapping[int, float]]) -> bool:
    """Whether an article took parts of two others that are no copies of each other and hold much that it does not have."""
    parts = [other for other, share in copies[at].items() if share < 0.75]
    return any(second not in copies[first] for n, first in enumerate(parts) for second in parts[n + 1 :])


def _agency(row: Mapping[str, Any]) -> str | None:
    """The agency whose report an article is, by its column or its own words."""
    if row.get("wire_credit"):
        return str(row["wire_credit"])
    _, _, body = (row["text"] or "").partition("\n\n")
    byline = row.get("byline") or ""
    return wire_credit(byline, body, byline.split(","), publishers=[row.get("outlet_credit")])


def _authors(byline: str | None) -> frozenset[str]:
    """Names of two words or more in a byline; none of a list that cannot be one."""
    names = [name for name in (part.strip() for part in _BYLINE_PARTS.split(byline or "")) if name]
    if len(names) > _MAX_NAMES:
        return frozenset()
    return frozenset(key(name) for name in names if len(name.split()) >= 2 and agency_name(name) is None)


@lru_cache(maxsize=20_000)
def _host(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _houses(row: Mapping[str, Any]) -> frozenset[str]:
    """What tells whose page it is: the outlet's name and the site's address."""
    return frozenset(filter(None, (_name(row.get("outlet_credit")), _host(row.get("canonical_url")))))


def _credited(row: Mapping[str, Any]) -> set[str]:
    """Names that an article credits in its byline, its dateline or as its agency."""
    _, _, body = (row["text"] or "").partition("\n\n")
    names = _PARENTHESES.findall(body[:_DATELINE_CHARS]) + _BYLINE_PARTS.split(row.get("byline") or "")
    return {_name(name) for name in (*names, row.get("wire_credit"))} - {""}


def _name(text: str | None) -> str:
    """An outlet's name to compare by; the names of one agency are one."""
    return key(agency_name(text) or re.sub(r"(?i)^\s*the\s+", "", text or ""))
