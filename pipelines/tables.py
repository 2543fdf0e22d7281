"""Registry of every table that Python writes: columns, types, key, grain, description.

One declaration makes the DDL (:func:`create_statement`), the polars schema (:attr:`Table.schema`), the blocking schema
check of Dagster and the check of the dbt source file, so that they cannot drift apart. The names are a contract with
everyone who queries the warehouse: columns may be added at the end, never renamed.

Spans are half-open offsets in Unicode code points into ``raw.articles.text``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import polars as pl

UTC_TIMESTAMP: Final = pl.Datetime("us", "UTC")

#: polars type -> DuckDB type. Tables are always created from these: a frame of nulls would otherwise make a column of
#: type "NULL" in DuckDB 2.0.
_DUCKDB_TYPES: Final[dict[pl.DataType, str]] = {
    pl.String(): "varchar",
    pl.Int64(): "bigint",
    pl.Int32(): "integer",
    pl.Float64(): "double",
    pl.Boolean(): "boolean",
    pl.Binary(): "blob",
    pl.Date(): "date",
    UTC_TIMESTAMP: "timestamptz",
    pl.List(pl.String()): "varchar[]",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, polars type, meaning, and, where only some values may stand in it, which."""

    name: str
    dtype: pl.DataType
    description: str
    nullable: bool = False
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: ``schema.name``, the columns that make a row unique, and what one row stands for."""

    schema_name: str
    name: str
    key: tuple[str, ...]
    grain: str
    columns: tuple[Column, ...]

    @property
    def relation(self) -> str:
        """``schema.table``, as DuckDB, dbt and (with a slash) Dagster name it."""
        return f"{self.schema_name}.{self.name}"

    @property
    def schema(self) -> pl.Schema:
        """The polars schema, in the order of the columns."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    def empty(self) -> pl.DataFrame:
        """A frame of no rows with the table's schema."""
        return pl.DataFrame(schema=self.schema)

    def frame(self, rows: list[dict[str, object]]) -> pl.DataFrame:
        """Rows given as dicts, as a frame with the table's schema; a missing column becomes null.

        Raises:
            ValueError: a row has a column that the table does not.
        """
        unknown = {name for row in rows for name in row} - set(self.schema)
        if unknown:
            raise ValueError(f"{self.relation} has no column {sorted(unknown)}")
        return pl.DataFrame(rows, schema=self.schema, orient="row") if rows else self.empty()

    def create_statement(self) -> str:
        """The DDL, with the primary key; ``if not exists``, so that it can run before every write."""
        lines = [f"    {c.name} {_DUCKDB_TYPES[c.dtype]}{'' if c.nullable else ' not null'}" for c in self.columns]
        lines.append(f"    primary key ({', '.join(self.key)})")
        return f"create table if not exists {self.relation} (\n" + ",\n".join(lines) + "\n)"

    def add_column_statements(self, present: int) -> list[str]:
        """The DDL that adds every column after the first ``present``; DuckDB adds none as ``not null``, so a default fills it.

        A default is the first accepted value, else the empty value of the type.
        """
        return [
            f"alter table {self.relation} add column {c.name} {_DUCKDB_TYPES[c.dtype]}"
            + ("" if c.nullable else f" default {_default(c)}")
            for c in self.columns[present:]
        ]


def _default(column: Column) -> str:
    """A value for the rows that were there before a column that cannot be null."""
    if column.accepted:
        return f"'{column.accepted[0]}'"
    return {"varchar": "''", "boolean": "false", "varchar[]": "[]"}.get(_DUCKDB_TYPES[column.dtype], "0")


def stable_id(*parts: object) -> str:
    """A text id that is the same on every machine and in every run: 16 hex digits of SHA-256 over the parts.

    64 bits: among ten million rows the chance of any collision is about 3 in a million. ``None`` and the empty string
    count as different parts.
    """
    joined = "\x1f".join("\x00" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


_S, _I, _F, _B, _D, _T = pl.String(), pl.Int64(), pl.Float64(), pl.Boolean(), pl.Date(), UTC_TIMESTAMP
_STRINGS, _BYTES = pl.List(pl.String()), pl.Binary()

FETCH_METHODS: Final = ("feed", "sitemap", "url", "file", "warc")
FETCH_STATUSES: Final = (
    "ok", "not_modified", "robots_disallowed", "http_error", "timeout", "too_large",
    "unsupported_type", "refused_address", "parse_error", "duplicate", "too_thin",
)  # fmt: skip
ARTICLE_FORMS: Final = ("article", "live_blog", "gallery", "video")
MENTION_KINDS: Final = ("person", "organization", "place", "other")
ACTOR_KINDS: Final = ("outlet", "person", "organization", "document", "anonymous")
CUE_KINDS: Final = (
    "says", "denies", "confirms", "expects", "orders", "questions", "doubts", "promises", "accuses", "reports", "proposes",
)  # fmt: skip
POLARITIES: Final = ("affirmed", "negated")
MODALITIES: Final = ("asserted", "denied", "expected", "possible", "conditional", "proposed", "questioned")
DIMENSIONS: Final = (
    "count", "duration", "money", "percentage", "percentage_points", "distance", "area", "mass", "volume", "speed",
    "temperature", "energy", "power", "age", "ordinal", "number",
)  # fmt: skip
APPROXIMATIONS: Final = ("exact", "approximate", "at_least", "at_most", "range", "vague")
TIME_PRECISIONS: Final = ("minute", "hour", "day", "week", "month", "season", "year", "period")
#: ``inherited``: the article has no date of its own and took that of the page that pastes it, so that its own day may
#: lie before: relative times in it ("yesterday") are uncertain by a day.
PUBLISHED_PRECISIONS: Final = ("second", "minute", "day", "inherited", "unknown")
RELATIONS: Final = ("contradiction", "corroboration", "update", "compatible", "unrelated")
KINDS: Final = ("number", "date", "place", "actor", "denial", "negation", "semantic")
LEVELS: Final = ("outlet", "source")
STORY_CHANGE_KINDS: Final = ("merged", "split", "ended")

FETCHES = Table(
    "raw", "fetches", ("fetch_id",), "One row for every attempt to get a document, failed ones too.",
    (
        Column("fetch_id", _S, "Stable id of the attempt; reading the same file again is the same attempt."),
        Column("run_id", _S, "Id of the run that made the attempt first."),
        Column("source_id", _S, "What was followed: the feed, sitemap or input path that led here."),
        Column("url", _S, "Address of what was asked for; file:// for files, with #n for record n of a file."),
        Column("method", _S, "How it was reached.", accepted=FETCH_METHODS),
        Column("requested_at", _T, "When the attempt was made."),
        Column("status", _S, "How it ended; everything but ok has its reason in error.", accepted=FETCH_STATUSES),
        Column("http_status", _I, "HTTP status code, where there was an answer over HTTP.", nullable=True),
        Column("bytes", _I, "Size of what came, in bytes.", nullable=True),
        Column("error", _S, "Why it could not be used, naming the file or URL.", nullable=True),
        Column("final_url", _S, "Where redirects led, where they led elsewhere.", nullable=True),
        Column("etag", _S, "The answer's ETag, sent back as If-None-Match (RFC 9110).", nullable=True),
        Column("last_modified", _S, "The answer's Last-Modified as it came, sent back as If-Modified-Since.", nullable=True),
        Column("content_sha256", _S, "SHA-256 of the bytes as they came.", nullable=True),
        Column("opt_out", _S, "The opt-out of AI training or text and data mining that came with it, and where it was declared.",
               nullable=True),
    ),
)  # fmt: skip
ENTRIES = Table(
    "raw", "entries", ("entry_id",), "One row for every page that a feed, sitemap or list of a source has named.",
    (
        Column("entry_id", _S, "Stable id: source and address of the page."),
        Column("source_id", _S, "The feed, sitemap or list that named it first."),
        Column("outlet", _S, "The outlet of sources.yml that is followed there.", nullable=True),
        Column("url", _S, "Address of the page, as normalised for fetching."),
        Column("title", _S, "Headline as listed.", nullable=True),
        Column("publisher", _S, "The real publisher behind an aggregator's feed (RSS <source>).", nullable=True),
        Column("publisher_url", _S, "That publisher's address.", nullable=True),
        Column("published_at", _T, "When it was published, as listed.", nullable=True),
        Column("language", _S, "Language as listed.", nullable=True),
        Column("listed_at", _T, "When it was first seen listed."),
        Column("fetch_id", _S, "The attempt that brought the list."),
    ),
)  # fmt: skip
DOCUMENTS = Table(
    "raw", "documents", ("document_id",), "One row for every distinct document kept.",
    (
        Column("document_id", _S, "Stable id: a hash of address, credit and content."),
        Column("fetch_id", _S, "The attempt that brought it."),
        Column("url", _S, "Address of the document: of the page where known, else of the file."),
        Column("media_type", _S, "text/html or text/plain."),
        Column("fetched_at", _T, "When it was fetched."),
        Column("content_sha256", _S, "SHA-256 of the bytes as they came."),
        Column("stored_at", _S, "Where the bytes are kept: Parquet file under the home folder."),
    ),
)  # fmt: skip
ARTICLES = Table(
    "raw", "articles", ("article_id",), "One row for every version of every article.",
    (
        Column("article_id", _S, "Stable id: a hash of the canonical URL (or document and position) and the text."),
        Column("document_id", _S, "The document it was found in."),
        Column("position", _I, "0 for the first article of a document, counting up in a digest."),
        Column("url", _S, "Where it was found; null for a file that names no address.", nullable=True),
        Column("canonical_url", _S, "The address that the page gives for itself.", nullable=True),
        Column("outlet_credit", _S, "The outlet as credited: by the record, the digest's credit line or the site name.",
               nullable=True),
        Column("byline", _S, "The byline as it stands.", nullable=True),
        Column("authors", _STRINGS, "Names of the authors, in order; empty where none is given."),
        Column("title", _S, "Headline."),
        Column("published_at", _T, "When it was published; midnight UTC where only the day is known.", nullable=True),
        Column("published_precision", _S, "How exactly that is known.", accepted=PUBLISHED_PRECISIONS),
        Column("language", _S, "ISO 639-1 code, detected from the text.", nullable=True),
        Column("text", _S, "Headline, blank line, body: what every span is an offset into."),
        Column("text_sha256", _S, "SHA-256 of text."),
        Column("word_count", _I, "Words of text."),
        Column("version_no", _I, "1 for the first text seen at a canonical URL, counting up."),
        Column("origin_id", _S, "The article this one copies (a wire report), or its own article_id."),
        Column("extractor", _S, "What made the row, with its version."),
        Column("site_name", _S, "The site's own name, as the page declares it.", nullable=True),
        Column("modified_at", _T, "When the page says it was last changed.", nullable=True),
        Column("is_current", _B, "Whether this is the latest version of its canonical URL."),
        Column("published_on", _D, "The day of publication on the publisher's own calendar.", nullable=True),
        Column("form", _S, "What kind of page it is; an entry of a live blog is not an article.", accepted=ARTICLE_FORMS),
        Column("wire_credit", _S, "The news agency that byline, dateline or text credits.", nullable=True),
        Column("related_by", _S, "What placed it among versions and copies, with its version; null until then.", nullable=True),
    ),
)  # fmt: skip
SENTENCES = Table(
    "raw", "sentences", ("article_id", "sentence_no"), "One row for every sentence of an article.",
    (
        Column("article_id", _S, "The article."),
        Column("sentence_no", _I, "From 0; the headline is sentence 0."),
        Column("char_start", _I, "First code point of the sentence in raw.articles.text."),
        Column("char_end", _I, "One past its last code point."),
        Column("reader", _S, "Version of the readers that made it and every row read from the article."),
    ),
)  # fmt: skip
MENTIONS = Table(
    "raw", "mentions", ("mention_id",), "One row for every mention of an entity.",
    (
        Column("mention_id", _S, "Stable id: article and span."),
        Column("article_id", _S, "The article."),
        Column("sentence_no", _I, "The sentence."),
        Column("char_start", _I, "First code point."),
        Column("char_end", _I, "One past the last."),
        Column("surface", _S, "The words, exactly as they stand."),
        Column("kind", _S, "What is named.", accepted=MENTION_KINDS),
    ),
)  # fmt: skip
CLAIMS = Table(
    "raw", "claims", ("claim_id",), "One row for every claim: a span in one sentence that states a proposition.",
    (
        Column("claim_id", _S, "Stable id: article, span and the chain that vouches for it."),
        Column("article_id", _S, "The article."),
        Column("sentence_no", _I, "The sentence."),
        Column("char_start", _I, "First code point."),
        Column("char_end", _I, "One past the last."),
        Column("text", _S, "The words of the claim, exactly as they stand."),
        Column("polarity", _S, "Whether the claim affirms or negates its proposition.", accepted=POLARITIES),
        Column("modality", _S, "How it is put forward.", accepted=MODALITIES),
    ),
)  # fmt: skip
ATTRIBUTIONS = Table(
    "raw", "attributions", ("claim_id", "hop_no"),
    "One row for every hop between the outlet and a claim; a claim in the outlet's own voice has none.",
    (
        Column("claim_id", _S, "The claim that is attributed."),
        Column("hop_no", _I, "1 for the actor whom the outlet cites, 2 for whom that one cites, and so on."),
        Column("actor", _S, "Who vouches for it, in the words of the article."),
        Column("actor_kind", _S, "What the actor is.", accepted=ACTOR_KINDS),
        Column("cue", _S, "The words that attribute (said, according to, citing); null where none stands.", nullable=True),
        Column("cue_kind", _S, "What the actor does with the content.", accepted=CUE_KINDS),
        Column("char_start", _I, "First code point of the actor's words."),
        Column("char_end", _I, "One past their last."),
        Column("antecedent", _S, "The name that a pronoun or description stands for within the article (he -> Dmitry Peskov).",
               nullable=True),
        Column("is_anonymous", _B, "Whether the actor is not named (unnamed officials, sources)."),
        Column("cue_start", _I, "First code point of the cue.", nullable=True),
        Column("cue_end", _I, "One past its last.", nullable=True),
    ),
)  # fmt: skip
QUANTITIES = Table(
    "raw", "quantities", ("claim_id", "quantity_no"), "One row for every value in a claim.",
    (
        Column("claim_id", _S, "The claim."),
        Column("quantity_no", _I, "From 0, in the order of the text."),
        Column("dimension", _S, "What is measured.", accepted=DIMENSIONS),
        Column("lower", _F, "Least value it can mean, in unit; null where unbounded.", nullable=True),
        Column("upper", _F, "Greatest value it can mean, in unit; null where unbounded.", nullable=True),
        Column("unit", _S, "SI or customary base unit (s, m, kg, USD, percent); null for counts.", nullable=True),
        Column("approximation", _S, "How exactly the value is put.", accepted=APPROXIMATIONS),
        Column("counted", _S, "The thing counted or measured, lower-cased head noun (people, meeting).", nullable=True),
        Column("char_start", _I, "First code point."),
        Column("char_end", _I, "One past the last."),
    ),
)  # fmt: skip
TIMES = Table(
    "raw", "times", ("claim_id", "time_no"), "One row for every date or period in a claim.",
    (
        Column("claim_id", _S, "The claim."),
        Column("time_no", _I, "From 0, in the order of the text."),
        Column("start_at", _T, "Earliest moment it can mean."),
        Column("end_at", _T, "First moment after it."),
        Column("precision", _S, "Size of what is named.", accepted=TIME_PRECISIONS),
        Column("char_start", _I, "First code point."),
        Column("char_end", _I, "One past the last."),
    ),
)  # fmt: skip
STORY_ARTICLES = Table(
    "analysis", "story_articles", ("article_id",), "One row for every article in a story.",
    (
        Column("story_id", _S, "The story: articles of one event."),
        Column("article_id", _S, "The article."),
    ),
)  # fmt: skip
STORY_CHANGES = Table(
    "analysis", "story_changes", ("change_id",), "One row for every time that a story merged into another, split or ended.",
    (
        Column("change_id", _S, "Stable id: what happened, to which stories, and the article that showed it."),
        Column("kind", _S, "merged: all went to the other story; split: some did; ended: no article is left.",
               accepted=STORY_CHANGE_KINDS),
        Column("story_id", _S, "The story that it happened to."),
        Column("other_story_id", _S, "Where its articles went; null where it ended.", nullable=True),
        Column("articles", _I, "How many of the articles compared then went there."),
        Column("shown_by", _S, "The article that showed it; null where it ended.", nullable=True),
        Column("shown_at", _T, "When that article was published (fetched, where unknown).", nullable=True),
    ),
)  # fmt: skip
STORY_FEATURES = Table(
    "analysis", "story_features", ("article_id",),
    "One row for every article of the last days: its counted words, kept so that placing others need not cut them again.",
    (
        Column("article_id", _S, "The article."),
        Column("made_by", _S, "What made it, with its version; it can be made anew from the text at any time."),
        Column("terms", _BYTES, "Numbers and counts of the words of headline and text."),
        Column("details", _BYTES, "The same of lead and adjacent words."),
    ),
)  # fmt: skip
CLAIM_RELATIONS = Table(
    "analysis", "claim_relations", ("claim_a_id", "claim_b_id"), "One row for every pair of claims compared.",
    (
        Column("claim_a_id", _S, "The earlier claim; at a tie the smaller id."),
        Column("claim_b_id", _S, "The other claim."),
        Column("relation", _S, "How the two stand to each other.", accepted=RELATIONS),
        Column("kind", _S, "What they contradict each other about; null but for contradictions.", nullable=True, accepted=KINDS),
        Column("level", _S, "Who contradicts whom: the outlets, or sources they relay; null but for contradictions.",
               nullable=True, accepted=LEVELS),
        Column("score", _F, "Confidence in the relation, 0 to 1."),
        Column("detector", _S, "What decided, with its version."),
        Column("slot", _S, "Key of the attribute both claims fill; one row a slot and article pair is published.", nullable=True),
        Column("value_a", _S, "Side a's value in the slot, in words or normalised.", nullable=True),
        Column("value_b", _S, "Side b's value in the slot.", nullable=True),
        Column("similarity", _F, "Similarity of the two claims, 0 to 1.", nullable=True),
        Column("signals", _S, "What was weighed, of contradictions: a JSON object of signal -> [value, share of the log-odds]; a"
               " share is null where rules decided.", nullable=True),
        Column("p_contradiction", _F, "How likely the two contradict each other, whatever the relation is, 0 to 1.",
               nullable=True),
        Column("comparison_id", _S, "The comparison it came of: a story, or an address whose versions were compared.",
               nullable=True),
    ),
)  # fmt: skip
COMPARISONS = Table(
    "analysis", "comparisons", ("comparison_id",),
    "One row for every story, and every address with several versions, whose claims have been compared.",
    (
        Column("comparison_id", _S, "The story (story_id), or the address (canonical_url) whose versions were compared."),
        Column("inputs", _S, "Hash of all that was compared and of what compared it; when it changes, all is compared anew."),
    ),
)  # fmt: skip
OPINIONS = Table(
    "analysis", "opinions", ("comparison_id", "opinion_id"),
    "One row for every pair of sentences that the cross-encoder has read for a story of the last days: it reads none twice.",
    (
        Column("comparison_id", _S, "The story."),
        Column("opinion_id", _S, "Stable id: both sentences with their titles, and in which orders they were read."),
        Column("made_by", _S, "Which cross-encoder, by what is in its files."),
        Column("opinion", _BYTES, "Its numbers, as 32-bit floats; it gives the same of the same pair at any time."),
    ),
)  # fmt: skip
RULINGS = Table(
    "analysis", "rulings", ("claim_a_id", "claim_b_id"),
    "One row for every pair of claims of which the comparison was unsure while an arbiter (an endpoint) was set.",
    (
        Column("claim_a_id", _S, "Side a, as in analysis.claim_relations."),
        Column("claim_b_id", _S, "Side b."),
        Column("arbiter", _S, "Who was to be asked: endpoint, model, and version of the instructions."),
        Column("relation", _S, "How the two stand to each other as the arbiter has it; null where it was not asked, the budget"
               " being spent, or gave no usable answer: the comparison's own verdict stands.", nullable=True, accepted=RELATIONS),
        Column("kind", _S, "What they contradict each other about.", nullable=True, accepted=KINDS),
        Column("level", _S, "Who contradicts whom.", nullable=True, accepted=LEVELS),
        Column("score", _F, "How sure the arbiter is of the relation, 0 to 1.", nullable=True),
        Column("detector", _S, "What decided: endpoint:MODEL.", nullable=True),
        Column("slot", _S, "Key of the attribute both claims fill, where the comparison had none.", nullable=True),
    ),
)  # fmt: skip

TABLES: Final[tuple[Table, ...]] = (
    FETCHES, ENTRIES, DOCUMENTS, ARTICLES, SENTENCES, MENTIONS, CLAIMS, ATTRIBUTIONS, QUANTITIES, TIMES, STORY_ARTICLES,
    STORY_CHANGES, STORY_FEATURES, CLAIM_RELATIONS, COMPARISONS, OPINIONS, RULINGS,
)  # fmt: skip
#: What a comparison of claims reads beside the claims themselves.
COMPARED_FACTS: Final[tuple[Table, ...]] = (ATTRIBUTIONS, QUANTITIES, TIMES, MENTIONS)
BY_RELATION: Final[dict[str, Table]] = {table.relation: table for table in TABLES}
