"""Acquire: what can be read becomes documents in the page store; every attempt becomes a row."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import dagster as dg
import polars as pl
from pydantic import Field

from pipelines.acquire.files import Attempt, batched, list_files, read_files
from pipelines.acquire.keep import keep
from pipelines.acquire.pages import PageStore
from pipelines.acquire.sources import SourcesError, load_sources
from pipelines.orchestration.assets._common import WRITER_POOL, check_specs, materialize, say_problems, specs
from pipelines.orchestration.follow import follow_into, kept_of, make_fetcher
from pipelines.orchestration.partitions import FETCH_DAYS
from pipelines.orchestration.resources import WarehouseResource
from pipelines.progress import say, track
from pipelines.settings import SAMPLE_PAGES, Settings
from pipelines.tables import DOCUMENTS, ENTRIES, FETCHES
from pipelines.warehouse import Warehouse

#: Metadata of raw/fetches in runs that follow: what was fetched and what was left, a line each, to end the run with.
SUMMARY: Final = "summary"


class AcquireConfig(dg.Config):
    """What to read in this run; whatever is not given is that of the settings."""

    #: Files and folders; empty: those of the settings.
    inputs: list[str] = Field(default_factory=list)
    #: Whether to follow the outlets of the sources file.
    follow: bool | None = None
    #: The sources file; empty: that of the settings.
    sources: str = ""
    #: Whether private and loopback addresses may be asked.
    allow_private: bool | None = None


@dg.multi_asset(
    name="acquire",
    specs=specs("acquire", FETCHES, ENTRIES, DOCUMENTS),
    check_specs=check_specs(FETCHES, ENTRIES, DOCUMENTS),
    partitions_def=FETCH_DAYS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=WRITER_POOL,
)
def acquire(
    context: dg.AssetExecutionContext, config: AcquireConfig, store: WarehouseResource
) -> Iterator[dg.MaterializeResult[None]]:
    """Read the inputs and, where told to, follow outlets; what was read before, byte for byte, is left as it is."""
    settings, warehouse = store.settings, store.warehouse
    follow = settings.follow if config.follow is None else config.follow
    inputs = [Path(path) for path in config.inputs]
    if not inputs:
        has_own = keeps_own(warehouse)
        inputs = default_inputs(settings, follow=follow, has_own=has_own)
        if has_own and not inputs and not follow:
            say("acquire: nothing is named to read (--input, --follow), and this home holds more than the sample: left at that")
    said: dict[str, object] = {"inputs": "\n".join(map(str, inputs))}
    left: list[str] = []
    if follow:
        about, left = _follow(warehouse, settings, config, inputs, context.run_id)
        said |= about
    read_into(warehouse, settings, inputs, context.run_id)
    # Counted in the warehouse: of an earlier try of this run too. A site without a robots.txt is no problem, and
    # what one that cannot be had keeps from being asked says so itself.
    new = warehouse.read(
        "select status, url, error from raw.fetches where run_id = ? and source_id not like 'robots:%' order by status, url",
        [context.run_id],
    )
    counts = dict(new.group_by("status", maintain_order=True).len().iter_rows())
    outcome = ", ".join(f"{count:,} {status}" for status, count in counts.items()) or "nothing new"
    say(f"acquire: {outcome}")
    if follow:
        said[SUMMARY] = "\n".join([f"Acquired: {outcome}", *left])
    unusable = new.filter(~pl.col("status").is_in(["ok", "not_modified"])).sort("url")
    say_problems("acquire", unusable["error"].drop_nulls().to_list())
    yield from materialize(warehouse, (FETCHES, ENTRIES, DOCUMENTS), {**said, "attempts by status": counts})


def default_inputs(settings: Settings, *, follow: bool, has_own: bool = False) -> list[Path]:
    """What a run reads that names no input: the settings' inputs.

    The sample with its made-up outlets is none of them where outlets are followed, nor where a warehouse holds its user's own
    articles (``has_own``).
    """
    return [] if (follow or has_own) and settings.inputs == (SAMPLE_PAGES,) else list(settings.inputs)


def keeps_own(warehouse: Warehouse) -> bool:
    """Whether a warehouse holds anything that is not of the sample, which may have been read from another checkout."""
    sample = "/".join(SAMPLE_PAGES.parts[-3:])
    others = "select 1 from raw.fetches where status = 'ok' and source_id not like 'robots:%' and not contains(url, ?) limit 1"
    return not warehouse.read(others, [f"/{sample}/"]).is_empty()


def _follow(
    warehouse: Warehouse, settings: Settings, config: AcquireConfig, inputs: list[Path], run_id: str
) -> tuple[dict[str, object], list[str]]:
    """Follow the sources file; its folders become inputs. Gives what there is to say about it, and of what was left in lines."""
    path = Path(config.sources) if config.sources else settings.sources
    try:
        sources = load_sources(path)
    except SourcesError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    inputs += [source.path for source in sources if source.kind == "folder" and source.path is not None]
    outlets = len({source.outlet for source in sources})
    say(f"acquire: following {outlets:,} outlet{'' if outlets == 1 else 's'} of {path}")
    if not settings.contact:
        say("acquire: no contact is set (COUNTERCLAIM_CONTACT): sites cannot tell who asks")
    with make_fetcher(settings, allow_private=config.allow_private) as fetcher:
        followed = follow_into(warehouse, settings, sources, run_id, fetcher=fetcher)
    left = []
    if followed.postponed:
        hosts = sorted(followed.postponed.items(), key=lambda item: (-item[1], item[0]))
        named = ", ".join(f"{host} {count:,}" for host, count in hosts[:5])
        more = f" and {len(hosts) - 5:,} more hosts" if len(hosts) > 5 else ""
        left.append(f"{sum(followed.postponed.values()):,} pages are left to the next run: {named}{more}")
    if followed.too_old:
        left.append(f"{followed.too_old:,} listed pages are older than {settings.max_listed_age_days:g} days and left alone")
    for line in left:
        say(f"acquire: {line}")
    about = {
        "sources file": str(path),
        "attempts by outlet": followed.tally,
        "left to the next run, by host": followed.postponed,
        "listed but too old": followed.too_old,
    }
    return about, left


def read_into(warehouse: Warehouse, settings: Settings, inputs: list[Path], run_id: str) -> dict[str, int]:
    """Read ``inputs`` into raw.fetches, raw.documents and the page store; gives the new attempts by status."""
    pages = PageStore(settings.home)
    counts: dict[str, int] = {}
    attempts = read_files(inputs, max_bytes=settings.max_document_bytes)
    total = len(list_files(inputs))
    for batch in track(
        ((_files_of(batch), batch) for batch in batched(attempts, settings.batch_documents)), "acquire: files", total
    ):
        asked = pl.DataFrame({"fetch_id": [attempt.fetch_id for attempt in batch]}, schema={"fetch_id": pl.String()})
        tried = warehouse.read("select fetch_id from raw.fetches semi join asked using (fetch_id)", asked=asked)["fetch_id"]
        known = set(tried)
        new = [attempt for attempt in batch if attempt.fetch_id not in known]
        if not new:
            continue
        rows, documents = keep(new, kept_of(warehouse, new), pages, run_id, datetime.now(UTC))
        with warehouse.transaction() as transaction:
            transaction.insert_new(FETCHES, rows)
            transaction.insert_new(DOCUMENTS, documents)
        for status, count in rows.group_by("status").len().iter_rows():
            counts[status] = counts.get(status, 0) + count
    return counts


def _files_of(batch: list[Attempt]) -> int:
    """How many files the batch ends: the records of one file count as one, when its first comes by; archives as none."""
    return sum(1 for attempt in batch if attempt.method == "file" and ("#" not in attempt.url or attempt.url.endswith("#1")))
