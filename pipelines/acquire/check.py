"""Which sources answer: each list is asked for once, politely, and read as a run would read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from pipelines.acquire.discover import newest
from pipelines.acquire.feeds import parse_feed
from pipelines.acquire.files import list_files
from pipelines.acquire.http import LISTS, Fetched, Fetcher
from pipelines.acquire.listings import Listed, ListingError
from pipelines.acquire.sitemaps import parse_sitemap
from pipelines.acquire.sources import Source, SourceKind, url_problem

#: A list whose newest entry is older is probably abandoned.
STALE_AFTER: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Answer:
    """How asking for one source ended. ``status`` is one of raw.fetches; ``error`` is None only where it is ok.

    ``entries`` is how much it lists, ``newest`` the date of its latest entry, ``note`` what is odd about a list that
    answers: it is empty, has moved, or has had nothing new for a long time.
    """

    source: Source
    status: str
    entries: int | None = None
    newest: datetime | None = None
    error: str | None = None
    note: str | None = None


def check_sources(sources: Sequence[Source], fetcher: Fetcher, *, workers: int = 16) -> Iterator[Answer]:
    """Ask for every source once, several hosts at a time; gives the answers as they come."""
    by_host: dict[str, list[Source]] = {}
    for source in sources:
        host = (urlsplit(source.address).hostname or "") if source.is_remote else ""
        by_host.setdefault(host, []).append(source)
    # One task a source, hosts in turn: threads wait for a host only when nothing else is left to ask.
    in_turn = [
        group[at] for at in range(max(map(len, by_host.values()), default=0)) for group in by_host.values() if at < len(group)
    ]
    with ThreadPoolExecutor(workers, thread_name_prefix="check") as pool:
        tasks = [pool.submit(check_source, source, fetcher) for source in in_turn]
        try:
            for task in as_completed(tasks):
                yield task.result()
        except BaseException:
            fetcher.close()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def check_source(source: Source, fetcher: Fetcher) -> Answer:
    """Ask for one source, or look at it where it lies on this machine."""
    if not source.is_remote:
        return _local(source)
    got = fetcher.get(source.address, accept=LISTS[source.kind])
    if got.status != "ok":
        return Answer(source, got.status, error=got.error)
    try:
        entries = _listed(source.kind, got)
    except ListingError as problem:
        return Answer(source, "parse_error", error=str(problem))
    return _answer(source, entries, got)


def _listed(kind: SourceKind, got: Fetched) -> Sequence[Listed]:
    url = got.final_url or got.url
    if kind == "feed":
        return parse_feed(got.body, url).entries
    if kind == "sitemap":
        sitemap = parse_sitemap(got.body, url)
        if sitemap.problem:
            raise ListingError(sitemap.problem)
        return sitemap.entries or sitemap.sitemaps
    return [Listed(line) for line in addresses_in(got.body.decode("utf-8-sig", "replace"))]


def _answer(source: Source, entries: Sequence[Listed], got: Fetched) -> Answer:
    latest = newest(entries)
    note = None
    if not entries:
        note = "lists nothing"
    elif latest is not None and datetime.now(UTC) - latest > STALE_AFTER:
        note = f"nothing new since {latest:%Y-%m-%d}"
    elif got.final_url and urlsplit(got.final_url).hostname != urlsplit(source.address).hostname:
        note = f"now at {got.final_url}"
    return Answer(source, "ok", len(entries), latest, note=note)


def _local(source: Source) -> Answer:
    if source.path is None:
        return Answer(source, "ok", len(source.listed))
    if source.kind == "folder":
        if not source.path.is_dir():
            return Answer(source, "parse_error", error=f"{source.path}: no such folder")
        count = len(list_files([source.path]))
        return Answer(source, "ok", count, note=None if count else "holds no files")
    try:
        entries = addresses_in(source.path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "not UTF-8"
        return Answer(source, "parse_error", error=f"{source.path}: {reason}")
    return Answer(source, "ok", len(entries), note=None if entries else "lists nothing")


def addresses_in(text: str) -> list[str]:
    """The addresses of a list: one a line; blank lines, comments after ``#`` at the start and what is no URL are left out."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#") and url_problem(line) is None]
