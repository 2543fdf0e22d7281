"""Fetching from the web: politely, safely, and with a reason for whatever did not work.

:class:`Fetcher` obeys robots.txt (RFC 9309), asks one thing at a time of a host and waits in between, sends validators
(RFC 9110) and honours Retry-After; it follows redirects itself, so that each hop is checked anew: its scheme, its
address after name resolution, the rules of its host. Nothing that a server sends can cost more than :class:`Limits` say.
"""

from __future__ import annotations

import random
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import Message
from importlib.metadata import PackageNotFoundError, version
from typing import Final, Self
from urllib.parse import urljoin

import httpcore2
import httpx2
import stamina
from stamina.instrumentation import set_on_retry_hooks

from pipelines.acquire.addresses import DEADLINE, OutOfTimeError, RefusedAddressError, Resolver, VettedBackend, resolve
from pipelines.acquire.media import SNIFF_BYTES, InflateError, Inflater, sniff
from pipelines.acquire.robots import MAX_ROBOTS_BYTES, Robots, opt_out_of, parse_robots
from pipelines.retries import PASSING, parse_retry_after

#: The product token (RFC 9309, 2.2.1): what robots.txt calls us.
AGENT: Final = "Counterclaim"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
#: A robots.txt that cannot be had now is asked for again after this long.
_ROBOTS_RETRY_SECONDS: Final = 600.0
_LOWEST_FREE_PORT: Final = 1024
#: A host that asks for an hour between requests may be asked for a page soon after its robots.txt all the same; so for what its
#: answer points at, and again where that failed: it is one wish.
_LONGEST_FIRST_DELAY: Final = 30.0

set_on_retry_hooks(())  # stamina would log each retry, which is a row already


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may cost, and how patient and how polite the fetcher is. Times in seconds, sizes in bytes."""

    delay_seconds: float = 1.0
    """Between two requests to a host, at least; robots.txt may ask for more. Up to a quarter is added at random."""
    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    """Longest silence while an answer comes."""
    total_seconds: float = 60.0
    """From asking to the last byte: a body that trickles in ends here."""
    max_bytes: int = 20_000_000
    """Of a body, unpacked."""
    max_redirects: int = 5
    max_tries: int = 3
    """Of one request, where the failure may be a passing one."""
    backoff_seconds: float = 1.0
    """Before the second try; doubles with each."""
    max_retry_after_seconds: float = 120.0
    """A host that asks for more patience is left alone until a later run."""
    max_turn_seconds: float = 1_800.0
    """Longest wait for a host's turn by its Crawl-delay: one that asks for more is not asked now."""
    robots_hours: float = 24.0
    """How long a robots.txt is believed."""


@dataclass(frozen=True, slots=True)
class Accept:
    """What is asked for: the Accept header, and the media types (as :func:`~pipelines.acquire.media.sniff` names them) taken.

    ``media_types`` None takes anything.
    """

    what: str
    header: str
    media_types: frozenset[str] | None = None


PAGE: Final = Accept("a page", "text/html, application/xhtml+xml, text/plain;q=0.5", frozenset({"text/html", "text/plain"}))
#: HTML in place of a feed is for the feed's parser to refuse: its reason is the better one.
_LISTS: Final = frozenset({"application/xml", "application/json", "text/html", "text/plain"})
FEED: Final = Accept(
    "a feed",
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9,"
    " application/json;q=0.8, */*;q=0.1",
    _LISTS,
)
SITEMAP: Final = Accept(
    "a sitemap", "application/xml, text/xml, application/gzip;q=0.9, */*;q=0.1", _LISTS | {"application/gzip"}
)
URL_LIST: Final = Accept("a list of addresses", "text/plain, */*;q=0.1", frozenset({"text/plain"}))
#: Kind of a source (:mod:`~pipelines.acquire.sources`) -> what is asked for.
LISTS: Final[Mapping[str, Accept]] = {"feed": FEED, "sitemap": SITEMAP, "urls": URL_LIST}
_ROBOTS: Final = Accept("robots.txt", "text/plain, */*;q=0.1")


@dataclass(frozen=True, slots=True)
class Fetched:
    """How asking for ``url`` ended; ``status`` is one of FETCH_STATUSES, ``error`` says why it is not ok.

    ``body`` is unpacked but otherwise as it came; ``media_type`` is what it is, ``charset`` what the server said.
    ``bytes`` is the body's size, of what was read of it where it was refused. ``earlier`` holds the tries before.
    """

    url: str
    status: str
    requested_at: datetime
    http_status: int | None = None
    final_url: str | None = None
    body: bytes = b""
    media_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    opt_out: str | None = None
    error: str | None = None
    bytes: int | None = None
    earlier: tuple[Fetched, ...] = ()


class _PassingError(Exception):
    """A failure that may be a passing one."""

    def __init__(self, outcome: Fetched, retry_after: float | None = None) -> None:
        super().__init__(outcome.error)
        self.outcome, self.retry_after = outcome, retry_after


class _RedirectError(Exception):
    """The answer is elsewhere."""

    def __init__(self, outcome: Fetched, location: str | None) -> None:
        super().__init__(location)
        self.outcome, self.location = outcome, location


class FetcherClosedError(RuntimeError):
    """The fetcher was closed while somebody waited for his turn."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for, on every hop. ``cut_at``: take so many bytes and leave the rest (robots.txt)."""

    accept: Accept
    validators: Mapping[str, str] = field(default_factory=dict)
    obey_robots: bool = True
    cut_at: int | None = None


@dataclass(slots=True)
class _Host:
    """One host: who holds ``lock`` may ask it, not before ``next_at`` nor ``held_until`` (monotonic clock).

    ``delay`` in seconds is kept between requests; ``held_until`` is what Retry-After asked for.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0
    held_until: float = 0.0
    delay: float = 0.0


@dataclass(slots=True)
class _Origin:
    """The robots.txt of one origin (scheme, host, port): its rules, or why it cannot be had."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    expires_at: float = 0.0
    robots: Robots | None = None
    problem: Fetched | None = None


def user_agent(agent: str = AGENT, contact: str = "") -> str:
    """The User-Agent header: product token, version, and where to find whoever runs it."""
    try:
        release = version("counterclaim")
    except PackageNotFoundError:  # run from a checkout that is not installed
        release = "0"
    return f"{agent}/{release} (+{contact})" if contact else f"{agent}/{release}"


class Fetcher:
    """Fetches from many threads at once; use it as a context manager.

    Args:
        limits: what a request may cost.
        agent: the product token, for the User-Agent and for the rules of robots.txt.
        contact: a web or mail address of whoever runs this, for the User-Agent.
        allow_private: let private and loopback addresses pass; link-local ones never.
        resolver: names to addresses (tests).
        backend: opens connections to vetted addresses (tests).
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        agent: str = AGENT,
        contact: str = "",
        allow_private: bool = False,
        resolver: Resolver = resolve,
        backend: httpcore2.NetworkBackend | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.agent = agent
        self._headers = {"User-Agent": user_agent(agent, contact), "Accept-Encoding": "gzip, deflate", "Accept-Language": "*"}
        timeout = httpx2.Timeout(self.limits.read_seconds, connect=self.limits.connect_seconds, pool=None)
        self._client = httpx2.Client(
            transport=_Transport(VettedBackend(allow_private=allow_private, resolver=resolver, backend=backend)),
            timeout=timeout,
            trust_env=False,
            follow_redirects=False,
        )
        self._closing = threading.Event()
        self._guard = threading.Lock()
        self._hosts: dict[str, _Host] = {}
        self._origins: dict[str, _Origin] = {}
        self._robots_fetches: list[tuple[str, Fetched]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ask nothing any more; who waits for a turn is sent away."""
        self._closing.set()
        self._client.close()

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: Accept = PAGE,
        obey_robots: bool = True,
    ) -> Fetched:
        """Ask for ``url`` and follow its redirects; raises nothing for whatever a server does.

        Args:
            url: an http or https address.
            etag: validators of the copy that is there: an unchanged one ends as not_modified.
            last_modified: likewise.
            accept: what is wanted; anything else ends as unsupported_type.
            obey_robots: ask robots.txt first.

        Raises:
            FetcherClosedError: the fetcher was closed meanwhile.
        """
        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        wish = _Wish(accept, {name: value for name, value in validators.items() if value}, obey_robots)
        return self._follow(url, wish)

    def robots(self, url: str) -> Robots | None:
        """The rules of the origin of ``url``; None where its robots.txt cannot be had now, so that nothing may be asked."""
        try:
            return self._robots_of(_checked(url)).robots
        except (RefusedAddressError, ValueError):
            return None

    def wait_seconds(self, url: str) -> float:
        """How long :meth:`get` would wait for the host of ``url`` to be due, as far as it is known by now."""
        try:
            name = _checked(url).host
        except (RefusedAddressError, ValueError):
            return 0.0
        with self._guard:
            host = self._hosts.get(name)
        return 0.0 if host is None else max(0.0, max(host.next_at, host.held_until) - time.monotonic())

    def take_robots_fetches(self) -> list[tuple[str, Fetched]]:
        """The robots.txt fetches since this was asked last: (source_id, how it ended)."""
        with self._guard:
            taken, self._robots_fetches = self._robots_fetches, []
        return taken

    def _follow(self, url: str, wish: _Wish) -> Fetched:
        """The outcome of the last hop, as that of ``url``."""
        earlier: list[Fetched] = []
        outcome = self._hops(url, wish, earlier)
        return replace(outcome, url=url, final_url=outcome.url if outcome.url != url else None, earlier=tuple(earlier))

    def _hops(self, url: str, wish: _Wish, earlier: list[Fetched]) -> Fetched:
        """The outcome of the last hop; tries on the way that failed for the moment are added to ``earlier``."""
        current, seen, asked = url, set[str](), ""
        while True:
            seen.add(current)
            try:
                return self._hop(current, wish, earlier, asked)
            except _RedirectError as redirect:
                outcome, asked = redirect.outcome, httpx2.URL(current).host
                if not redirect.location:
                    return _failed(outcome, "http_error", f"{current}: {outcome.http_status} without a Location")
                try:
                    current = urljoin(current, redirect.location.strip()).split("#", 1)[0]
                except ValueError:
                    reason = f"{current}: redirects to {_shown(redirect.location)!r}, which is no web address"
                    return _failed(outcome, "parse_error", reason)
                if current in seen:
                    return _failed(outcome, "http_error", f"{url}: redirects go in a circle, back to {_shown(current)}")
                if len(seen) > self.limits.max_redirects:
                    return _failed(outcome, "http_error", f"{url}: more than {self.limits.max_redirects} redirects")
            except RefusedAddressError as problem:
                return Fetched(current, "refused_address", datetime.now(UTC), error=f"{_shown(current)}: {problem}")
            except ValueError as problem:
                return Fetched(current, "parse_error", datetime.now(UTC), error=f"{_shown(current)}: {problem}")

    def _hop(self, url: str, wish: _Wish, earlier: list[Fetched], asked: str) -> Fetched:
        """One address: its robots.txt, then itself; ``asked`` is the host that has sent us there."""
        target = _checked(url)
        robots = None
        if wish.obey_robots:
            origin = self._robots_of(target)
            if origin.problem is not None:
                return _held_back(url, origin.problem)
            robots = origin.robots
            if robots is not None and not robots.allows(url, self.agent):
                return Fetched(url, "robots_disallowed", datetime.now(UTC), error=f"{url}: robots.txt disallows it")
        return self._ask(target, wish, robots, earlier, goes_on=target.host == asked)

    def _ask(self, target: httpx2.URL, wish: _Wish, robots: Robots | None, earlier: list[Fetched], *, goes_on: bool) -> Fetched:
        """Ask one address, again where the failure may be a passing one; the host is ours until it has answered.

        ``goes_on``: the same host has just pointed there.
        """
        limits = self.limits
        with self._turn(target.host, robots) as host:
            if not goes_on and (wait := host.next_at - time.monotonic()) > limits.max_turn_seconds:
                reason = f"{target}: not asked, as robots.txt asks for {host.delay:,.0f} s between requests"
                return Fetched(str(target), "http_error", datetime.now(UTC), error=reason)
            if (wait := host.held_until - time.monotonic()) > limits.max_retry_after_seconds:
                reason = f"{target}: not asked, as {target.host} asked for another {wait:.0f} s of patience"
                return Fetched(str(target), "http_error", datetime.now(UTC), error=reason)

            def patience(problem: Exception) -> bool | float:
                """Seconds to wait as the server asks, or True: as stamina backs off; False where that is too long."""
                if not isinstance(problem, _PassingError):
                    return False
                if problem.retry_after is None:
                    return True
                host.held_until = time.monotonic() + problem.retry_after
                # The wait itself is in :meth:`_wait_for`, where closing the fetcher can end it.
                return 0.0 if problem.retry_after <= limits.max_retry_after_seconds else False

            try:
                for attempt in stamina.retry_context(
                    on=patience,
                    attempts=limits.max_tries,
                    timeout=None,
                    wait_initial=limits.backoff_seconds,
                    wait_max=limits.backoff_seconds * 8,
                    wait_jitter=limits.backoff_seconds / 4,
                ):
                    with attempt:
                        if goes_on or attempt.num > 1:
                            host.next_at = min(host.next_at, time.monotonic() + _LONGEST_FIRST_DELAY)
                        self._wait_for(host)
                        try:
                            return self._once(target, wish, robots)
                        except _PassingError as problem:
                            earlier.append(problem.outcome)
                            raise
                        finally:
                            host.next_at = time.monotonic() + host.delay * random.uniform(1, 1.25)
            except _PassingError as problem:
                earlier.pop()
                tries = f" ({attempt.num} tries)" if attempt.num > 1 else ""
                return replace(problem.outcome, error=f"{problem.outcome.error}{tries}")
        raise AssertionError("unreachable")

    @contextmanager
    def _turn(self, name: str, robots: Robots | None) -> Iterator[_Host]:
        """Hold the host: nobody else asks it anything meanwhile."""
        with self._guard:
            host = self._hosts.setdefault(name, _Host())
        while not host.lock.acquire(timeout=0.5):
            if self._closing.is_set():
                raise FetcherClosedError
        try:
            asked = robots.crawl_delay(self.agent) if robots is not None else None
            delay = max(self.limits.delay_seconds, asked or 0.0)
            if delay > host.delay:
                if host.next_at:  # robots.txt itself, asked for before its delay was known, counts too
                    host.next_at += min(delay, _LONGEST_FIRST_DELAY) - min(host.delay, _LONGEST_FIRST_DELAY)
                host.delay = delay
            yield host
        finally:
            host.lock.release()

    def _wait_for(self, host: _Host) -> None:
        if self._closing.wait(max(0.0, max(host.next_at, host.held_until) - time.monotonic())):
            raise FetcherClosedError

    def _robots_of(self, target: httpx2.URL) -> _Origin:
        """The robots.txt of the target's origin, asked for where it is not known or no longer believed.

        RFC 9309: none (4xx) means everything is allowed; one that cannot be had (5xx, no answer) means nothing is, for now.

        Raises:
            RefusedAddressError: the host is not asked.
        """
        name = str(target.copy_with(raw_path=b"/robots.txt", fragment=None))
        with self._guard:
            origin = self._origins.setdefault(name, _Origin())
        with origin.lock:
            if time.monotonic() < origin.expires_at:
                return origin
            outcome = self._follow(name, _Wish(_ROBOTS, obey_robots=False, cut_at=MAX_ROBOTS_BYTES))
            with self._guard:
                self._robots_fetches.append((f"robots:{target.netloc.decode('ascii')}", outcome))
            code = outcome.http_status
            if outcome.status == "ok":
                origin.robots, origin.problem = parse_robots(outcome.body), None
            elif code is not None and (300 <= code < 429 or 430 <= code < 500) and outcome.status == "http_error":
                origin.robots, origin.problem = Robots(), None
            else:
                origin.robots, origin.problem = None, outcome
            lasting = origin.problem is None
            seconds = self.limits.robots_hours * 3600 if lasting else min(_ROBOTS_RETRY_SECONDS, self.limits.robots_hours * 3600)
            origin.expires_at = time.monotonic() + seconds
            return origin

    def _once(self, target: httpx2.URL, wish: _Wish, robots: Robots | None) -> Fetched:
        """One request, one answer.

        Raises:
            _PassingError: it failed, perhaps for the moment only.
            _RedirectError: the answer is elsewhere.
            RefusedAddressError: the host's addresses are not asked.
        """
        url = str(target)
        begun = Fetched(url, "http_error", datetime.now(UTC))
        ends_at = time.monotonic() + self.limits.total_seconds
        deadline = DEADLINE.set(ends_at)
        try:
            headers = {**self._headers, "Accept": wish.accept.header, **wish.validators}
            with self._client.stream("GET", target, headers=headers) as response:
                return self._read(begun, response, wish, robots)
        except (OutOfTimeError, httpx2.TimeoutException) as problem:
            if isinstance(problem, OutOfTimeError) or time.monotonic() >= ends_at:
                return _failed(begun, "timeout", f"{url}: took longer than {self.limits.total_seconds:g} s in all")
            kind = "no connection" if isinstance(problem, httpx2.ConnectTimeout) else "no answer"
            raise _PassingError(_failed(begun, "timeout", f"{url}: {kind} in time {problem}".rstrip())) from problem
        except httpx2.TransportError as problem:
            outcome = _failed(begun, "http_error", f"{url}: {type(problem).__name__}: {problem}")
            if _is_certificate_problem(problem) or isinstance(problem, httpx2.LocalProtocolError | httpx2.UnsupportedProtocol):
                return outcome
            raise _PassingError(outcome) from problem
        except (httpx2.InvalidURL, UnicodeError) as problem:
            return _failed(begun, "parse_error", f"{url}: {problem}")
        finally:
            DEADLINE.reset(deadline)

    def _read(self, begun: Fetched, response: httpx2.Response, wish: _Wish, robots: Robots | None) -> Fetched:
        """What the answer is; raises as :meth:`_once`."""
        url, code = begun.url, response.status_code
        seen = replace(begun, http_status=code, etag=_short(response.headers.get("etag")),
                       last_modified=_short(response.headers.get("last-modified")))  # fmt: skip
        if code in _REDIRECTS:
            raise _RedirectError(seen, response.headers.get("location"))
        if code == 304 and wish.validators:
            return _failed(seen, "not_modified", f"{url}: not modified")
        if code in PASSING:
            retry_after = parse_retry_after(response.headers.get("retry-after"), datetime.now(UTC))
            asked = f", asks to wait {retry_after:.0f} s" if retry_after is not None else ""
            raise _PassingError(
                _failed(seen, "http_error", f"{url}: {code} {response.reason_phrase}".rstrip() + asked), retry_after
            )
        if code != 200:
            return _failed(seen, "http_error", f"{url}: {code} {response.reason_phrase}".rstrip())
        return self._read_body(seen, response, wish, robots)

    def _read_body(self, seen: Fetched, response: httpx2.Response, wish: _Wish, robots: Robots | None) -> Fetched:
        """The answer with its body, or why it cannot be used."""
        declared, charset = _content_type(response.headers.get("content-type"))
        seen = replace(seen, charset=charset)
        accept, url, most = wish.accept, seen.url, wish.cut_at or self.limits.max_bytes
        length = response.headers.get("content-length", "")
        if wish.cut_at is None and length.isdigit() and int(length[:15]) > most:
            return _failed(seen, "too_large", f"{url}: {int(length[:15]):,} bytes, at most {most:,} are read")
        encoding = response.headers.get("content-encoding", "identity").strip().lower().removeprefix("x-")
        if encoding not in ("identity", "gzip", "deflate", ""):
            return _failed(seen, "parse_error", f"{url}: content encoding {encoding[:50]!r}, which was not asked for")
        inflater = Inflater(encoding) if encoding in ("gzip", "deflate") else None
        body, media_type = bytearray(), None
        try:
            for piece in _pieces(response, inflater, most):
                body += piece
                if media_type is None and len(body) >= SNIFF_BYTES and accept.media_types is not None:
                    media_type = sniff(bytes(body[:SNIFF_BYTES]), declared)
                    if media_type not in accept.media_types:
                        break
                if len(body) > most:
                    if wish.cut_at is not None:  # of robots.txt the first part counts
                        return replace(seen, status="ok", body=bytes(body[:most]), bytes=most)
                    return _failed(seen, "too_large", f"{url}: more than {most:,} bytes{_packed(inflater)}", len(body))
        except InflateError as problem:
            return _failed(seen, "parse_error", f"{url}: {encoding} body is {problem}", len(body))
        content = bytes(body)
        if not content.strip() and wish.cut_at is None:
            return _failed(seen, "parse_error", f"{url}: an empty body", len(content))
        media_type = media_type or sniff(content, declared)
        if accept.media_types is not None and media_type not in accept.media_types:
            said = f", declared as {declared}" if declared != media_type else ""
            reason = f"{url}: {media_type}{said}, not {accept.what}"
            return replace(_failed(seen, "unsupported_type", reason, len(content)), media_type=media_type)
        opt_out = opt_out_of(robots, url, response.headers, content)
        return replace(seen, status="ok", body=content, media_type=media_type, opt_out=opt_out, bytes=len(content))


class _Transport(httpx2.BaseTransport):
    """httpx2's client on connections that :class:`VettedBackend` opens."""

    def __init__(self, backend: httpcore2.NetworkBackend) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(),
            max_connections=None,
            max_keepalive_connections=64,
            keepalive_expiry=30.0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        core = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            extensions=request.extensions,
        )
        with _mapped_errors():
            answer = self._pool.handle_request(core)
        return httpx2.Response(
            status_code=answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _mapped_errors():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@contextmanager
def _mapped_errors() -> Iterator[None]:
    """Errors of httpcore as httpx2's of the same name."""
    try:
        yield
    except (
        httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol
    ) as problem:  # fmt: skip
        raise getattr(httpx2, type(problem).__name__, httpx2.TransportError)(str(problem)) from problem


def _pieces(response: httpx2.Response, inflater: Inflater | None, most: int) -> Iterator[bytes]:
    """The body in pieces as it comes, unpacked; ends once more than ``most`` bytes have come packed.

    Raises:
        OutOfTimeError: the deadline has passed (unpacking takes time too).
        InflateError: the packed body is damaged or cut off.
    """
    came = 0
    for packed in response.iter_raw():
        came += len(packed)
        for piece in inflater.feed(packed) if inflater else (packed,):
            deadline = DEADLINE.get()
            if deadline is not None and time.monotonic() > deadline:
                raise OutOfTimeError
            yield piece
        if came > most:
            if inflater:
                raise InflateError(f"more than {most:,} bytes even packed")
            return
    if inflater:
        inflater.finish()


def _checked(url: str) -> httpx2.URL:
    """``url`` parsed.

    Raises:
        RefusedAddressError: its scheme, port or form is not asked.
        ValueError: it is no address.
    """
    try:
        target = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError, TypeError) as problem:
        raise ValueError(f"no web address: {problem}") from problem
    if target.scheme not in ("http", "https"):
        raise RefusedAddressError(f"{target.scheme or 'no scheme'}: only http and https are asked")
    if not target.host:
        raise ValueError("no web address: it names no host")
    if target.userinfo:
        raise RefusedAddressError("an address with a user name or password is not asked")
    port = target.port if target.port is not None else 80
    if not 0 <= port < 65_536:
        raise ValueError(f"no web address: there is no port {port}")
    if port not in (80, 443) and port < _LOWEST_FREE_PORT:
        raise RefusedAddressError(f"port {port} is not the web's")
    return target


def _held_back(url: str, problem: Fetched) -> Fetched:
    """What a page's fetch ends as when robots.txt cannot be had."""
    # A server that answers, but not with its rules, is not asked (RFC 9309); a host that cannot be had at all is said to be so.
    if problem.status == "refused_address":
        return Fetched(url, problem.status, datetime.now(UTC), error=f"{url}: {(problem.error or '').split(': ', 1)[-1]}")
    status = "robots_disallowed" if problem.http_status is not None else problem.status
    return Fetched(
        url,
        status,
        datetime.now(UTC),
        http_status=problem.http_status,
        error=f"{url}: not asked, as robots.txt cannot be had: {problem.error}",
    )


def _failed(outcome: Fetched, status: str, reason: str, size: int | None = None) -> Fetched:
    return replace(outcome, status=status, error=reason, bytes=size)


def _content_type(header: str | None) -> tuple[str | None, str | None]:
    """Media type and charset of a Content-Type header."""
    if not header:
        return None, None
    message = Message()
    message["content-type"] = header[:500].replace("\r", " ").replace("\n", " ")
    try:
        charset = message.get_content_charset()
    except (LookupError, UnicodeError):
        charset = None
    declared = header.split(";", 1)[0].strip().lower()[:100]
    return declared or None, charset


def _is_certificate_problem(problem: BaseException | None) -> bool:
    while problem is not None:
        if isinstance(problem, ssl.SSLCertVerificationError):
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def _packed(inflater: Inflater | None) -> str:
    return " once unpacked" if inflater else ""


def _short(value: str | None) -> str | None:
    """A validator that can be sent back: printable ASCII (RFC 9110, 5.5), and not absurdly long."""
    return value if value and len(value) <= 1_000 and value.isascii() and value.isprintable() else None


def _shown(url: str) -> str:
    return url if len(url) <= 300 else url[:299] + "…"
