"""Servers that break the protocol: each answer is an outcome with a reason, in bounded time."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import pytest

from pipelines.acquire.http import Fetched, Fetcher, Limits

LIMITS = Limits(delay_seconds=0, total_seconds=1.0, read_seconds=0.5, max_tries=1, max_bytes=200_000, backoff_seconds=0)
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


def ask(pieces: Iterable[bytes]) -> Fetched:
    with speaking(pieces) as port, Fetcher(LIMITS, allow_private=True) as fetcher:
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
    fetched = ask(pieces)
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
