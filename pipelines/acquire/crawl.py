"""What is asked of the web in a run, and in which order: lists that are followed, pages that they name, pages seen before.

Everything is decided from raw.fetches and raw.entries alone, so that a run that was killed goes on where it stood:

* every list is asked for in every run, with the validators of the copy that was read last (RFC 9110);
* a page is asked for once; a failure that may pass is tried again in later runs, four times at most; one that will not
  (404, robots.txt, a PDF) is not;
* a page that came is asked for again after 24 hours and after 7 days: a third of a week's silent edits show by then.
  What came changed is a new version, what did not is a row that says so.

Hosts are asked side by side, one request at a time each.
"""

from __future__ import annotations

import hashlib
import queue
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import polars as pl

from pipelines.acquire.feeds import parse_feed
from pipelines.acquire.files import Attempt, FetchedDocument, web_document_id
from pipelines.acquire.http import LISTS, Fetched, Fetcher, FetcherClosedError
from pipelines.acquire.listings import Listed, ListingError
from pipelines.acquire.sitemaps import parse_sitemap
from pipelines.acquire.sources import Source
from pipelines.retries import PASSING
from pipelines.tables import ENTRIES, FETCHES, stable_id

#: What of raw.fetches decides.
KNOWN_FETCHES: Final = (
    "source_id", "url", "method", "run_id", "requested_at", "status", "http_status", "etag", "last_modified", "content_sha256",
)  # fmt: skip
#: Parameters that only tell a site where its reader came from: no page differs by them.
_TRACKING: Final = re.compile(
    r"(?:utm_\w+|at_(?:medium|campaign|custom\d|link_\w+|format|ptr_\w+|bbc_team)|mc_[ce]id|mtm_\w+|pk_\w+|ns_\w+|hsa_\w+|_hs\w+"
    r"|vero_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|yclid|igshid|igsh|cmp|cmpid|xtor|ftag|soc_src|soc_trk"
    r"|guccounter|guce_\w+|__twitter_impression|feature=rss)",
    re.IGNORECASE,
)
_FROM_FEEDS: Final = re.compile(r"(?:ref|source|src|from|partner|cid)=(?:rss|feed|atom|sitemap|newsfeed)", re.IGNORECASE)
_MAX_LIST_LINES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Policy:
    """How much is asked for in a run."""

    refetch_hours: tuple[float, ...] = (24.0, 168.0)
    """A page is asked for again once it is so long after it first came; not any more after twice the longest.

    Or up to ``host_seconds`` earlier: a daily run begins a little before the moment at which it got the page the day before,
    and would otherwise come back after two days.
    """
    retry_hours: tuple[float, ...] = (1.0, 4.0, 24.0, 72.0)
    """How long after the first, second, ... failure that may pass a page is tried again; after the last it is given up."""
    max_age_days: float = 30.0
    """A page that was older than this when it was first listed is not asked for: that would be a backfill."""
    pages_per_host: int = 200
    host_seconds: float = 1_800.0
    hosts_at_once: int = 16
    sitemaps_per_index: int = 20
    sitemap_depth: int = 2
    batch_attempts: int = 50
    batch_bytes: int = 32_000_000
    batch_seconds: float = 10.0

    @property
    def memory(self) -> timedelta:
        """What was asked for last so long ago is settled: a month, or longer where pages are asked for again so late."""
        return max(timedelta(days=30), 2 * timedelta(hours=max(self.refetch_hours, default=0.0)))


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs left: of raw.fetches the columns :data:`KNOWN_FETCHES`, and raw.entries.

    Of a long past only what can decide is needed: see :attr:`Policy.memory`.
    """

    fetches: pl.DataFrame
    entries: pl.DataFrame

    @classmethod
    def nothing(cls) -> Known:
        """Of a warehouse without rows."""
        return cls(FETCHES.empty().select(KNOWN_FETCHES), ENTRIES.empty())


@dataclass(slots=True)
class Batch:
    """What belongs into one transaction: attempts, and rows of raw.entries whose lists are among them."""

    attempts: list[Attempt] = field(default_factory=list)
    entries: list[dict[str, object]] = field(default_factory=list)

    def add(self, other: Batch) -> None:
        """Take ``other`` in."""
        self.attempts += other.attempts
        self.entries += other.entries

    @property
    def size(self) -> int:
        """Bytes of its documents."""
        return sum(len(attempt.document.payload) for attempt in self.attempts if attempt.document)


@dataclass(frozen=True, slots=True)
class _Validators:
    etag: str | None = None
    last_modified: str | None = None


class Crawl:
    """One run over ``sources``.

    Args:
        sources: what is followed; folders are not the web's and are left to the reader of files.
        known: what earlier runs left.
        fetcher: asks; it is closed when the run ends early.
        policy: how much.
        now: the moment by which is decided what is due, UTC.
        recall: gives, once the lists are read and kept, what is known of the pages that may be due; without it ``known``
            says that too.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        known: Known,
        fetcher: Fetcher,
        policy: Policy | None = None,
        *,
        now: datetime,
        recall: Callable[[], Known] | None = None,
    ) -> None:
        self._sources = [source for source in sources if source.kind != "folder"]
        self._known, self._fetcher, self._policy, self._now = known, fetcher, policy or Policy(), now
        self._recall = recall
        self._new_entries: list[dict[str, object]] = []
        #: Pages that are due and were left to a later run, by host: its share of this run was used up.
        self.postponed: Counter[str] = Counter()
        #: Pages that are listed and are not asked for, as they were old when they were first listed.
        self.too_old = 0
        self._guard = threading.Lock()

    def batches(self) -> Iterator[Batch]:
        """Everything that is due, as it comes in; a batch whose rows are not kept is due again in the next run."""
        yield from self._run(self._list_jobs())
        known = self._known if self._recall is None else self._recall()
        entries = known.entries
        if self._recall is None and self._new_entries:
            fresh = ENTRIES.frame(self._new_entries).join(entries, on="entry_id", how="anti")
            entries = pl.concat([entries, fresh.unique("entry_id", keep="first", maintain_order=True)])
        entries = entries.filter(pl.col("source_id").is_in([source.source_id for source in self._sources]))
        plan, too_old = plan_pages(entries, known.fetches, self._policy, self._now)
        self.too_old += too_old
        yield from self._run(self._page_jobs(plan))

    # -- lists --------------------------------------------------------------------------------------------------------

    def _list_jobs(self) -> dict[str, list[_Job]]:
        validators = list_validators(self._known.fetches)
        jobs: dict[str, list[_Job]] = defaultdict(list)
        for source in {source.source_id: source for source in self._sources}.values():
            host = _host(source.address) if source.kind != "urls" or source.is_remote else ""
            jobs[host].append(_ListJob(self, source, validators))
        return jobs

    def read_list(self, source: Source, validators: Mapping[str, _Validators]) -> Iterator[Batch]:
        """Ask for one list and, of an index of sitemaps, for those it names."""
        if source.kind == "urls" and not source.is_remote:
            yield self._local_list(source)
            return
        parents: list[tuple[str, int]] = [(source.address, 0)]
        seen: set[str] = set()
        while parents:
            url, depth = parents.pop(0)
            if url in seen:
                continue
            seen.add(url)
            batch, children = self._one_list(source, url, validators.get(url, _Validators()))
            yield batch
            if depth < self._policy.sitemap_depth:
                parents += [(child, depth + 1) for child in children]

    def _one_list(self, source: Source, url: str, old: _Validators) -> tuple[Batch, list[str]]:
        fetched = self._fetcher.get(url, etag=old.etag, last_modified=old.last_modified, accept=LISTS[source.kind])
        digest = hashlib.sha256(fetched.body).hexdigest() if fetched.status == "ok" else None
        status, error = fetched.status, fetched.error
        entries: list[Listed] = []
        children: list[str] = []
        if status == "ok":
            try:
                entries, children, error = self._listed(source, fetched)
                status = "parse_error" if error else "ok"
            except ListingError as problem:
                status, error = "parse_error", str(problem)
            except Exception as problem:  # a list that trips a library must not stop the run
                status, error = (
                    "parse_error",
                    f"{url}: unexpected {type(problem).__name__}: {' '.join(str(problem).split())[:300]}",
                )
        if children:
            # An index is read anew every time: unchanged, it would not say which sitemaps to ask for, and a run that was
            # killed may not have asked for all of them.
            fetched = replace(fetched, etag=None, last_modified=None)
        attempt = _attempt(fetched, source.source_id, source.kind, status=status, error=error, content_sha256=digest)
        batch = Batch([*self._around(fetched, source.source_id, source.kind), attempt])
        batch.entries = self._entry_rows(source, entries, attempt.fetch_id, fetched.requested_at)
        return batch, children

    def _listed(self, source: Source, fetched: Fetched) -> tuple[list[Listed], list[str], str | None]:
        """The pages and sitemaps that a list names, and what could not be read of it."""
        url = fetched.final_url or fetched.url
        if source.kind == "feed":
            return list(parse_feed(fetched.body, url).entries), [], None
        if source.kind == "urls":
            return _lines(fetched.body), [], None
        sitemap = parse_sitemap(fetched.body, url)
        oldest = self._now - timedelta(days=self._policy.max_age_days)
        # A sitemap may hold a site's whole past: what it says has not been touched for long is not followed.
        pages = [p for p in sitemap.entries if (p.published_at or p.modified_at or self._now) >= oldest]
        recent = [s for s in sitemap.sitemaps if (s.modified_at or self._now) >= oldest]
        recent.sort(key=lambda s: s.modified_at or self._now, reverse=True)
        left = len(recent) - self._policy.sitemaps_per_index
        with self._guard:
            self.too_old += len(sitemap.entries) - len(pages)
            if left > 0:
                self.postponed[f"{_host(url)} (sitemaps)"] += left
        return pages, [s.url for s in recent[: self._policy.sitemaps_per_index]], sitemap.problem

    def _local_list(self, source: Source) -> Batch:
        """A list of addresses on this machine: a file, or lines of the sources file."""
        if source.path is None:
            content, name = "\n".join(source.listed).encode(), source.address
        else:
            name = source.path.as_uri()
            try:
                content = source.path.read_bytes()
            except OSError as problem:
                reason = f"{source.path}: {problem.strerror or problem}"
                return Batch([_local_attempt(source, name, None, reason)])
        attempt = _local_attempt(source, name, content, None)
        return Batch([attempt], self._entry_rows(source, _lines(content), attempt.fetch_id, self._now))

    def _entry_rows(
        self, source: Source, listed: Sequence[Listed], fetch_id: str, listed_at: datetime
    ) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = [
            {
                "entry_id": stable_id("entry", source.source_id, url),
                "source_id": source.source_id,
                "outlet": source.outlet,
                "url": url,
                "title": page.title,
                "publisher": page.publisher,
                "publisher_url": page.publisher_url,
                "published_at": page.published_at,
                "language": page.language,
                "listed_at": listed_at,
                "fetch_id": fetch_id,
            }
            for page in listed
            for url in (fetch_url(page.url),)
        ]
        if self._recall is None:
            with self._guard:
                self._new_entries += rows
        return rows

    # -- pages --------------------------------------------------------------------------------------------------------

    def _page_jobs(self, plan: pl.DataFrame) -> dict[str, list[_Job]]:
        jobs: dict[str, list[_Job]] = defaultdict(list)
        for page in plan.iter_rows(named=True):
            jobs[_host(page["url"])].append(_PageJob(self, page))
        for host, waiting in jobs.items():
            if (left := len(waiting) - self._policy.pages_per_host) > 0:
                self.postponed[host] += left
                del waiting[self._policy.pages_per_host :]
        return jobs

    def read_page(self, page: Mapping[str, Any]) -> Batch:
        """Ask for one page."""
        fetched = self._fetcher.get(page["url"], etag=page["etag"], last_modified=page["last_modified"])
        source_id, method = page["source_id"], page["source_id"].split(":", 1)[0]
        attempt = _attempt(fetched, source_id, method, document=_document(fetched, page))
        return Batch([*self._around(fetched, source_id, method), attempt])

    # -- both ---------------------------------------------------------------------------------------------------------

    def _around(self, fetched: Fetched, source_id: str, method: str) -> list[Attempt]:
        """The attempts beside the one that counts: tries before it, and robots.txt."""
        tries = [_attempt(earlier, source_id, method) for earlier in fetched.earlier]
        for robots_id, robots in self._fetcher.take_robots_fetches():
            tries += [_attempt(one, robots_id, "url") for one in (*robots.earlier, robots)]
        return tries

    def _run(self, jobs: Mapping[str, list[_Job]]) -> Iterator[Batch]:
        """Do the jobs of each host one after the other, hosts side by side, and hand on what comes in batches."""
        policy = self._policy
        # Bounded: what nobody has written yet must not pile up.
        done: queue.Queue[Batch | BaseException | None] = queue.Queue(maxsize=8)
        stopped = threading.Event()

        def hand_on(item: Batch | BaseException | None) -> bool:
            while not stopped.is_set():
                try:
                    done.put(item, timeout=0.5)
                    return True
                except queue.Full:
                    continue
            return False

        def work(host: str, waiting: list[_Job]) -> None:
            try:
                ends_at = monotonic() + policy.host_seconds
                for number, job in enumerate(waiting):
                    if stopped.is_set():
                        return
                    if monotonic() + self._fetcher.wait_seconds(job.url) > ends_at:
                        with self._guard:
                            self.postponed[host] += len(waiting) - number
                        return
                    for batch in job.run():
                        if not hand_on(batch):
                            return
            except FetcherClosedError:
                pass
            except BaseException as problem:  # a defect of ours must not look like a finished run
                hand_on(problem)
            finally:
                hand_on(None)

        if not jobs:
            return
        # The longest first: they decide when the run ends.
        order = sorted(jobs.items(), key=lambda item: -len(item[1]))
        pool = ThreadPoolExecutor(policy.hosts_at_once, thread_name_prefix="fetch")
        try:
            for host, waiting in order:
                pool.submit(work, host, waiting)
            yield from _gathered(done, len(order), policy)
        except BaseException:
            stopped.set()
            self._fetcher.close()
            raise
        finally:
            stopped.set()
            pool.shutdown(wait=True, cancel_futures=True)


class _Job:
    """Something to ask of a host: what stands at ``url``."""

    @property
    def url(self) -> str:
        raise NotImplementedError

    def run(self) -> Iterator[Batch]:
        """Ask, and give what came of it."""
        raise NotImplementedError


@dataclass(slots=True)
class _ListJob(_Job):
    crawl: Crawl
    source: Source
    validators: Mapping[str, _Validators]

    @property
    def url(self) -> str:
        return self.source.address

    def run(self) -> Iterator[Batch]:
        return self.crawl.read_list(self.source, self.validators)


@dataclass(slots=True)
class _PageJob(_Job):
    crawl: Crawl
    page: Mapping[str, Any]

    @property
    def url(self) -> str:
        return str(self.page["url"])

    def run(self) -> Iterator[Batch]:
        yield self.crawl.read_page(self.page)


def _gathered(done: queue.Queue[Batch | BaseException | None], workers: int, policy: Policy) -> Iterator[Batch]:
    """What workers hand on, in batches; ends when each of them has said that it is done (None)."""
    batch, due = Batch(), monotonic() + policy.batch_seconds
    while workers:
        try:
            item = done.get(timeout=max(0.01, due - monotonic()))
        except queue.Empty:
            item = Batch()
        if item is None:
            workers -= 1
        elif isinstance(item, BaseException):
            raise item
        else:
            batch.add(item)
        full = len(batch.attempts) >= policy.batch_attempts or batch.size >= policy.batch_bytes
        if full or not workers or monotonic() >= due:
            if batch.attempts:
                yield batch
            batch, due = Batch(), monotonic() + policy.batch_seconds


def fetch_url(url: str) -> str:
    """``url`` as it is asked for: host in lower case, without fragment, standard port and tracking parameters.

    Everything else stays: a site may tell pages apart by whatever remains. An address that cannot be taken apart is left
    as it is, for the fetcher to refuse.
    """
    try:
        parts = urlsplit(url)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return url
        scheme, netloc = parts.scheme.lower(), parts.netloc
        user, at, host = netloc.rpartition("@")
        host = host.lower().removesuffix({"http": ":80", "https": ":443"}[scheme])
        kept = [
            part
            for part in parts.query.split("&")
            if part and not _TRACKING.fullmatch(part.partition("=")[0]) and not _FROM_FEEDS.fullmatch(part)
        ]
        return urlunsplit((scheme, f"{user}{at}{host}", parts.path or "/", "&".join(kept), ""))
    except ValueError:
        return url


def list_validators(fetches: pl.DataFrame) -> dict[str, _Validators]:
    """By address, the validators of the copy of each list that was read last.

    Args:
        fetches: columns :data:`KNOWN_FETCHES` of raw.fetches. A copy that could not be read is no copy.
    """
    if fetches.is_empty():
        return {}
    lists = (
        fetches.filter((pl.col("status") == "ok") & pl.col("content_sha256").is_not_null() & (pl.col("method") != "file"))
        .filter(pl.col("etag").is_not_null() | pl.col("last_modified").is_not_null())
        .sort("requested_at")
        .group_by("url", maintain_order=True)
        .last()
    )
    return {row["url"]: _Validators(row["etag"], row["last_modified"]) for row in lists.iter_rows(named=True)}


def plan_pages(entries: pl.DataFrame, fetches: pl.DataFrame, policy: Policy, now: datetime) -> tuple[pl.DataFrame, int]:
    """The pages to ask for now, the newest first, and how many are left alone as they were old when first listed.

    Args:
        entries: rows of raw.entries; an address that several lists name is asked for once.
        fetches: columns :data:`KNOWN_FETCHES` of raw.fetches.
        policy: what is due when.
        now: UTC.

    Returns:
        A frame of one row a page: ``url``, ``reason`` (new, retry, again), ``etag`` and ``last_modified`` of the copy that
        is there, and the columns of the entry that listed it first.
    """
    moment = pl.lit(now).cast(pl.Datetime("us", "UTC"))
    pages = entries.sort("listed_at", "entry_id").unique("url", keep="first", maintain_order=True)
    history = _histories(fetches, pages["url"])
    pages = pages.join(history, on="url", how="left")
    old = pl.col("published_at") < pl.col("listed_at") - pl.duration(hours=policy.max_age_days * 24)
    is_new = pl.col("last_at").is_null()
    too_old = pages.filter(is_new & old.fill_null(False)).height
    waits = [timedelta(hours=hours) for hours in policy.retry_hours]
    is_retry = (pl.col("failures") > 0) & pl.any_horizontal(
        pl.lit(False),
        *[(pl.col("failures") == number) & (pl.col("last_at") + wait <= moment) for number, wait in enumerate(waits, start=1)],
    )
    early = timedelta(seconds=policy.host_seconds)
    ages = [timedelta(hours=hours) for hours in policy.refetch_hours]
    dues = [age - min(early, age / 24) for age in ages]
    is_again = (
        (pl.col("failures") == 0)
        & ~pl.col("is_gone")
        & pl.any_horizontal(
            pl.lit(False),
            *[(pl.col("first_at") + due <= moment) & (pl.col("settled_at") < pl.col("first_at") + due) for due in dues],
        )
        & (moment <= pl.col("first_at") + 2 * max(ages, default=timedelta()))
    )
    reason = (
        pl.when(is_new & ~old.fill_null(False))
        .then(pl.lit("new"))
        .when(is_retry.fill_null(False))
        .then(pl.lit("retry"))
        .when(is_again.fill_null(False))
        .then(pl.lit("again"))
    )
    plan = pages.with_columns(reason.alias("reason")).filter(pl.col("reason").is_not_null())
    plan = plan.sort(
        pl.col("reason") != "new", "published_at", "listed_at", "url", descending=[False, True, True, False], nulls_last=True
    )
    return plan.select(*ENTRIES.schema, "reason", "etag", "last_modified"), too_old


def _histories(fetches: pl.DataFrame, urls: pl.Series) -> pl.DataFrame:
    """What became of each address: when it first came, when it was last settled, how many runs have failed since."""
    tried = fetches.filter((pl.col("method") != "file") & pl.col("url").is_in(urls.implode())).sort("requested_at")
    came = pl.col("content_sha256").is_not_null()
    code = pl.col("http_status")
    passing = ~came & (
        (pl.col("status") == "timeout")
        | ((pl.col("status") == "http_error") & (code.is_null() | code.is_in(sorted(PASSING))))
        | ((pl.col("status") == "robots_disallowed") & code.is_not_null())
    )
    settled = pl.col("requested_at").filter(~passing).max()
    gone = ~came & ~pl.col("status").is_in(["not_modified", "ok", "duplicate"])
    return (
        tried.with_columns(passing.alias("is_passing"), gone.alias("gone"), came.alias("came"))
        .with_columns(pl.col("requested_at").filter(~pl.col("is_passing")).max().over("url").alias("settled_at"))
        .group_by("url", maintain_order=True)
        .agg(
            pl.col("requested_at").filter(pl.col("came")).min().alias("first_at"),
            pl.col("requested_at").max().alias("last_at"),
            settled.alias("settled_at"),
            pl.col("run_id")
            .filter(pl.col("is_passing") & (pl.col("settled_at").is_null() | (pl.col("requested_at") > pl.col("settled_at"))))
            .n_unique()
            .cast(pl.Int64)
            .alias("failures"),
            pl.col("gone").filter(~pl.col("is_passing")).last().fill_null(False).alias("is_gone"),
            pl.col("etag").filter(pl.col("came")).last().alias("etag"),
            pl.col("last_modified").filter(pl.col("came")).last().alias("last_modified"),
        )
    )


_METHODS: Final = {"feed": "feed", "sitemap": "sitemap", "urls": "url", "url": "url"}


def _attempt(
    fetched: Fetched,
    source_id: str,
    method: str,
    *,
    status: str | None = None,
    error: str | None = None,
    content_sha256: str | None = None,
    document: FetchedDocument | None = None,
) -> Attempt:
    return Attempt(
        # Asking again is another attempt.
        fetch_id=stable_id("fetch", source_id, fetched.url, fetched.requested_at.isoformat()),
        source_id=source_id,
        url=fetched.url,
        status=status or fetched.status,
        bytes=fetched.bytes,
        error=error or fetched.error,
        document=document,
        method=_METHODS[method],
        requested_at=fetched.requested_at,
        http_status=fetched.http_status,
        final_url=fetched.final_url,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        content_sha256=content_sha256,
        opt_out=fetched.opt_out,
    )


def _local_attempt(source: Source, name: str, content: bytes | None, error: str | None) -> Attempt:
    digest = None if content is None else hashlib.sha256(content).hexdigest()
    status = "ok" if error is None else "parse_error"
    # Reading the same list again is the same attempt.
    fetch_id = stable_id("list", source.source_id, status, digest)
    size = None if content is None else len(content)
    return Attempt(fetch_id, source.source_id, name, status, size, error, method="url", content_sha256=digest)


def _document(fetched: Fetched, page: Mapping[str, Any]) -> FetchedDocument | None:
    """What came, with what its list said about it: that is no part of its id, so that lists may disagree."""
    if fetched.status != "ok":
        return None
    url = fetch_url(fetched.final_url or fetched.url)
    digest = hashlib.sha256(fetched.body).hexdigest()
    published_at = page["published_at"]
    said = {
        "publisher": page["publisher"],
        "publisher_url": page["publisher_url"],
        "listed_title": page["title"],
        "listed_published": published_at.isoformat() if published_at else None,
        "followed_outlet": page["outlet"],
        "charset": fetched.charset,
    }
    return FetchedDocument(
        document_id=web_document_id(url, digest),
        url=url,
        is_page_url=True,
        media_type=fetched.media_type or "text/html",
        payload=fetched.body,
        content_sha256=digest,
        meta={name: value for name, value in said.items() if value is not None},
    )


def _lines(content: bytes) -> list[Listed]:
    """A list of addresses: one a line; blank lines and those that start with # say nothing."""
    lines = content.decode("utf-8-sig", "replace").splitlines()[:_MAX_LIST_LINES]
    return [Listed(line) for line in dict.fromkeys(map(str.strip, lines)) if line and not line.startswith("#")]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
