"""Servers that break the protocol: each answer is an outcome with a reason, in bounded time."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from pipelines.acquire.http import Fetched, Fetcher, Limits

LIMITS = Limits(delay_seconds=0, total_seconds=10.0, read_seconds=5.0, max_tries=1, max_bytes=200_000, backoff_seconds=0)
CHUNK = b"1000\r\n" + b"<p>x" * 1_024 + b"\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@contextmanager
def speaking(pieces: Iterable[bytes]) -> Iterator[int]:
    """A server that says the same to everybody, whatever is asked, and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    connection.settimeout(5)
                    connection.recv(65_536)
                    for piece in pieces:
                        connection.sendall(piece)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def ask(pieces: Iterable[bytes], limits: Limits = LIMITS) -> Fetched:
    with speaking(pieces) as port, Fetcher(limits, allow_private=True) as fetcher:
        return fetcher.get(f"http://127.0.0.1:{port}/", obey_robots=False)


@pytest.mark.parametrize(
    ("pieces", "status", "reason"),
    [
        ([], "http_error", "RemoteProtocolError"),
        ([b"\0\1\2 garbage\r\n\r\n"], "http_error", "RemoteProtocolError"),
        ([b"HTTP/1.1 999 What\r\n\r\n"], "http_error", "999"),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], "http_error", "204"),
        ([b"HTTP/1.1 304 Not Modified\r\n\r\n"], "http_error", "304"),
        ([b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"], "http_error", "302 without a Location"),
        ([b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n"], "parse_error", "which is no web address"),
        ([OK + b"X: " + b"a" * 200_000 + b"\r\n\r\n"], "http_error", "RemoteProtocolError"),
        (itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n", 10_000_000), "timeout", "in all"),
        (itertools.chain([OK], itertools.repeat(b"X: a\r\n", 10_000_000)), "http_error", "RemoteProtocolError"),
        ([OK + b"Content-Length: 500\r\n\r\n<p>cut"], "http_error", "RemoteProtocolError"),
        ([OK + b"Content-Length: nonsense\r\n\r\n<p>x"], "http_error", "RemoteProtocolError"),
        ([OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"], "http_error", "RemoteProtocolError"),
        (
            itertools.chain(
                [OK + b"Transfer-Encoding: chunked\r\n\r\n"], itertools.repeat(b"1000\r\n" + b"<p>x" * 1_024 + b"\r\n", 10_000)
            ),
            "too_large",
            "more than 200,000 bytes",
        ),
        ([OK + b"Content-Encoding: gzip, gzip, gzip\r\nContent-Length: 4\r\n\r\nabcd"], "parse_error", "content encoding"),
        ([OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd"], "parse_error", "gzip body is damaged"),
        ([OK + b"ETag: " + b"e" * 5_000 + b"\r\nContent-Length: 9\r\n\r\n<p>ok</p>"], "ok", None),
        ([b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\xff\xfe\r\nContent-Length: 9\r\n\r\n<p>ok</p>"], "ok", None),
        ([b"HTTP/1.1 200 OK\r\n\r\n<p>until the end</p>"], "ok", None),
    ],
)
def test_whatever_a_server_says_is_an_outcome(pieces: Iterable[bytes], status: str, reason: str | None) -> None:
    # What never ends is given a second; whatever else, the time that a busy machine may take.
    fetched = ask(pieces, replace(LIMITS, total_seconds=1.0) if status == "timeout" else LIMITS)
    assert fetched.status == status, fetched.error
    assert fetched.error is None if reason is None else reason in (fetched.error or "")


def test_a_validator_too_long_to_send_back_is_not_kept() -> None:
    assert ask([OK + b"ETag: " + b"e" * 5_000 + b"\r\nContent-Length: 9\r\n\r\n<p>ok</p>"]).etag is None


def test_a_port_without_a_server_is_an_outcome() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with Fetcher(LIMITS, allow_private=True) as fetcher:
        fetched = fetcher.get(f"http://127.0.0.1:{port}/", obey_robots=False)
    assert (fetched.status, fetched.http_status) == ("http_error", None)
    assert "ConnectError" in (fetched.error or "")


def test_a_server_without_tls_is_an_outcome() -> None:
    with speaking([b"HTTP/1.1 400 Bad Request\r\n\r\n"]) as port, Fetcher(LIMITS, allow_private=True) as fetcher:
        fetched = fetcher.get(f"https://127.0.0.1:{port}/", obey_robots=False)
    assert fetched.status == "http_error"
    assert "SSL" in (fetched.error or "")


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask([OK + b"Content-Length: 9\r\n\r\n<p>ok</p>"]).status == "ok"


@pytest.mark.parametrize("validator", [b'"caf\xe9"', "„x“".encode(), b'"a\x01b"'])
def test_a_validator_that_no_header_can_hold_is_not_kept(validator: bytes) -> None:
    fetched = ask([OK + b"ETag: " + validator + b"\r\nLast-Modified: " + validator + b"\r\nContent-Length: 9\r\n\r\n<p>ok</p>"])
    assert fetched.etag is None
    assert fetched.last_modified is None


def answering(rules: bytes, codes: dict[str, bytes]) -> Callable[[bytes], bytes]:
    def answer(request: bytes) -> bytes:
        path = request.split(b" ", 2)[1].decode()
        body, status = (rules, b"200 OK") if path == "/robots.txt" else (b"<p>ok</p>", codes.get(path, b"200 OK"))
        return b"HTTP/1.1 " + status + b"\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body

    return answer


@contextmanager
def answered(answer: Callable[[bytes], bytes], log: list[bytes]) -> Iterator[int]:
    """A server whose answer depends on the request; ``log`` gets every request."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    log.append(connection.recv(65_536))
                    connection.sendall(answer(log[-1]))

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


@pytest.mark.parametrize("delay", [b"3600", b"1e300"])
def test_a_crawl_delay_beyond_patience_holds_up_neither_a_redirect_nor_whoever_asks_next(
    delay: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.acquire.http._LONGEST_FIRST_DELAY", 0.05)
    rules = b"User-agent: *\nCrawl-delay: " + delay + b"\n"
    moved = b"302 Found\r\nLocation: /there"
    log: list[bytes] = []
    limits = replace(LIMITS, max_turn_seconds=60, max_tries=2)
    with (
        answered(answering(rules, {"/here": moved}), log) as port,
        Fetcher(limits, allow_private=True) as fetcher,
    ):
        first = fetcher.get(f"http://127.0.0.1:{port}/here")
        second = fetcher.get(f"http://127.0.0.1:{port}/other")
    assert (first.status, first.final_url) == ("ok", f"http://127.0.0.1:{port}/there"), first.error
    assert (second.status, second.http_status) == ("http_error", None)
    assert "robots.txt asks for" in (second.error or "")
    assert not [request for request in log if b"/other" in request]


def test_a_crawl_delay_beyond_patience_does_not_hold_up_a_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.acquire.http._LONGEST_FIRST_DELAY", 0.05)
    log: list[bytes] = []
    with (
        answered(answering(b"User-agent: *\nCrawl-delay: 3600\n", {"/busy": b"503 Busy"}), log) as port,
        Fetcher(replace(LIMITS, max_tries=2), allow_private=True) as fetcher,
    ):
        fetched = fetcher.get(f"http://127.0.0.1:{port}/busy")
    assert (fetched.status, fetched.http_status, len(fetched.earlier)) == ("http_error", 503, 1)
