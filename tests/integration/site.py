"""A small web for tests: one server on loopback that answers for any host name, and keeps a log of who asked what when.

:class:`World` gives names public addresses and takes every connection to such an address to the server, so that the
fetcher runs with its defaults: an address that it must not ask would show in :attr:`World.dialled`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore2

#: What every page of the test's outlets holds, beside its own words: enough for an article.
FILLER = (
    "The harbour master of Port Alma said on Tuesday that the ferry Orsa would not sail before the end of the week. Crews"
    " had worked through the night on the second engine, he told reporters on the quay, and passengers were given rooms in"
    " the town at the company's cost. The next boat to Halmar leaves on Saturday morning, weather permitting."
)


@dataclass(slots=True)
class Answer:
    """What a path answers. ``pieces`` come one by one, ``pause`` seconds apart; ``validators`` make 304s."""

    body: bytes = b""
    code: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Iterable[bytes] | None = None
    pause: float = 0.0
    etag: str | None = None
    last_modified: str | None = None


@dataclass(slots=True)
class Asked:
    """One request as the server saw it; times are of the monotonic clock."""

    host: str
    path: str
    headers: dict[str, str]
    asked_at: float
    code: int = 0
    answered_at: float = 0.0

    @property
    def url(self) -> str:
        return f"{self.host}{self.path}"


Route = Answer | Callable[[Asked], Answer]


class Site:
    """The server; ``routes`` are by host and path: ``"north.example/feed.xml"``."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.log: list[Asked] = []
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                pass  # who asked has hung up: a body was too long for him

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        host = handler.headers.get("Host", "").removesuffix(f":{self.port}")
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(host, handler.path, headers, time.monotonic())
        with self._lock:
            self.log.append(asked)
        route = self.routes.get(asked.url, Answer(code=404))
        reply = route if isinstance(route, Answer) else route(asked)
        same = (reply.etag and headers.get("if-none-match") == reply.etag) or (
            reply.last_modified and headers.get("if-modified-since") == reply.last_modified
        )
        asked.code = 304 if same else reply.code
        handler.send_response(asked.code)
        if reply.etag:
            handler.send_header("ETag", reply.etag)
        if reply.last_modified:
            handler.send_header("Last-Modified", reply.last_modified)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        body = b"" if same else reply.body
        if reply.pieces is None:
            handler.send_header("Content-Length", str(len(body)))
        else:
            handler.send_header("Connection", "close")
        # Before the headers leave: whoever has them may ask again before this thread goes on.
        asked.answered_at = time.monotonic()
        handler.end_headers()
        if reply.pieces is None or same:
            handler.wfile.write(body)
            return
        handler.close_connection = True
        for piece in reply.pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(reply.pause)

    def asked_for(self, url: str) -> list[Asked]:
        """The requests for ``host/path``, in order."""
        return [asked for asked in self.log if asked.url == url]


class World(httpcore2.NetworkBackend):
    """Names and addresses: every name that is not in ``names`` is a public address that leads to the site."""

    def __init__(self, site: Site, names: Mapping[str, str] | None = None) -> None:
        self._site, self._names = site, dict(names or {})
        self._network = httpcore2.SyncBackend()
        self.dialled: list[str] = []

    def resolve(self, host: str, _: int) -> list[str]:
        if host.replace(".", "").isdigit() or ":" in host:
            return [host]
        if host in self._names:
            return [self._names[host]]
        if not host.endswith(".example"):
            raise OSError(f"{host} is not known")
        return [f"93.184.{len(host)}.{sum(host.encode()) % 250 + 1}"]

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:  # fmt: skip
        self.dialled.append(host)
        assert host.startswith("93.184."), f"connected to {host}"
        return self._network.connect_tcp("127.0.0.1", self._site.port, timeout, local_address, socket_options)


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    try:
        yield site
    finally:
        site.close()


def page(title: str, text: str = "", *, head: str = "") -> bytes:
    """An article's page."""
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>{head}</head><body><nav>Home</nav>"
        f"<article><h1>{title}</h1><p>{text}</p><p>{FILLER}</p></article></body></html>"
    ).encode()


def rss(*items: tuple[str, str], extra: str = "") -> bytes:
    """A feed of (link, title)."""
    listed = "".join(
        f"<item><title>{title}</title><link>{link.replace('&', '&amp;')}</link>{extra}</item>" for link, title in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>{listed}</channel></rss>'.encode()
