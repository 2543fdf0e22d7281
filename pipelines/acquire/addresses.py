"""Addresses that a page may lead to: public ones only, checked after name resolution, and then the very ones connected to.

A feed, a redirect or a name server that somebody else controls must not make this machine ask its own network (server-side
request forgery). So names are resolved here, each address is judged by :func:`refusal`, and the connection is opened to a
judged address: a name that resolves to something else a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from ssl import SSLContext
from typing import Any, Final

import httpcore2

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
#: Name and port to addresses, as text; raises OSError where the name has none.
Resolver = Callable[[str, int], Sequence[str]]

#: Where clouds hand out credentials, outside the link-local range: never asked, whatever is allowed.
_METADATA: Final = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")))
#: IPv6 ranges whose last 32 bits are an IPv4 address: mapped, compatible, translated (RFC 4291, 6052, 2765).
_EMBEDDING: Final = tuple(map(ipaddress.IPv6Network, ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "::ffff:0:0:0/96")))
_SITE_LOCAL: Final = ipaddress.IPv6Network("fec0::/10")

#: When the request that this thread is making must be over (monotonic clock); None: never.
DEADLINE: ContextVar[float | None] = ContextVar("deadline", default=None)


class RefusedAddressError(Exception):
    """An address, scheme or port that is not asked; the message names it and says why."""


class OutOfTimeError(Exception):
    """A request has taken longer in all than it may."""


def refusal(address: str, *, allow_private: bool = False) -> str | None:
    """Why ``address`` (IPv4 or IPv6 as text) is not asked; None where it may be.

    Args:
        address: as a resolver gives it; a zone (``%eth0``) is ignored.
        allow_private: let private, loopback and shared addresses pass (tests, an intranet). Link-local, multicast,
            unspecified and reserved ones, and the metadata services of clouds, are refused all the same.
    """
    try:
        ip: IPAddress = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return "no IP address"
    return _refusal(ip, allow_private)


def _refusal(ip: IPAddress, allow_private: bool) -> str | None:
    for rule, why in (
        (ip.is_unspecified, "unspecified"),
        (ip in _METADATA, "a cloud's metadata service"),
        (ip.is_link_local, "link-local"),
        (ip.is_multicast, "multicast"),
    ):
        if rule:
            return why
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _embedded(ip)
        if inner is not None:
            within = _refusal(inner, allow_private)
            return f"{inner} within it is {within}" if within else None
        if ip in _SITE_LOCAL:
            return None if allow_private else "private"
    if ip.is_loopback:
        return None if allow_private else "loopback"
    # The class E range counts as private in Python: it is neither.
    if ip.is_reserved:
        return "reserved"
    if not ip.is_global:
        return None if allow_private else "private"
    return None


def _embedded(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, translated, or a tunnel's (6to4, Teredo)."""
    if int(ip) <= 1:
        return None
    if any(ip in network for network in _EMBEDDING):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip.sixtofour is not None:
        return ip.sixtofour
    return ip.teredo[1] if ip.teredo is not None else None


def resolve(host: str, port: int) -> list[str]:
    """The addresses of ``host`` as the system's resolver gives them.

    Raises:
        OSError: the name has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as problem:
        raise OSError(f"{host!r} is no host name: {problem}") from problem
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def vetted(host: str, port: int, *, allow_private: bool, resolver: Resolver = resolve) -> list[str]:
    """The addresses of ``host`` that may be asked.

    Raises:
        OSError: the name has no address.
        RefusedAddressError: it has some, and none may be asked; the message names each with the reason.
    """
    addresses = resolver(host, port)
    refused = {address: why for address in addresses if (why := refusal(address, allow_private=allow_private))}
    allowed = [address for address in addresses if address not in refused]
    if not allowed:
        reasons = "; ".join(f"{address} is {why}" for address, why in refused.items()) or "it has no address"
        raise RefusedAddressError(reasons if host in refused else f"{host}: {reasons}")
    return allowed


class VettedBackend(httpcore2.NetworkBackend):
    """Opens connections to vetted addresses only, and ends each wait at the thread's deadline.

    TLS still checks the certificate against the name: the name is what httpcore hands to :meth:`Stream.start_tls`.
    """

    def __init__(
        self, *, allow_private: bool, resolver: Resolver = resolve, backend: httpcore2.NetworkBackend | None = None
    ) -> None:
        self._allow_private, self._resolver = allow_private, resolver
        self._backend = backend or httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first vetted address of ``host`` that answers.

        Raises:
            RefusedAddressError: no address of it may be asked.
            httpcore2.ConnectError: it has no address, or none answers.
        """
        try:
            addresses = self._vetted_in_time(host, port, timeout)
        except OSError as problem:
            raise httpcore2.ConnectError(f"{host} cannot be resolved: {problem.strerror or problem}") from problem
        error: Exception | None = None
        for address in addresses:
            try:
                stream = self._backend.connect_tcp(address, port, _within_deadline(timeout), local_address, socket_options)
                return _Stream(stream)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as problem:
                error = problem
        assert error is not None
        raise error

    def _vetted_in_time(self, host: str, port: int, timeout: float | None) -> list[str]:
        """:func:`vetted`, but no longer than ``timeout``: the system's resolver takes none."""
        outcome: list[list[str] | BaseException] = []

        def look_up() -> None:
            try:
                outcome.append(vetted(host, port, allow_private=self._allow_private, resolver=self._resolver))
            except BaseException as problem:  # handed to the thread that waits
                outcome.append(problem)

        thread = threading.Thread(target=look_up, name=f"resolve {host}", daemon=True)
        thread.start()
        thread.join(_within_deadline(timeout))
        if not outcome:
            raise httpcore2.ConnectTimeout(f"{host} was not resolved in time")
        if isinstance(outcome[0], BaseException):
            raise outcome[0]
        return outcome[0]

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        """Never: a socket file is no web server.

        Raises:
            RefusedAddressError: always.
        """
        raise RefusedAddressError(f"{path}: a socket file")


class _Stream(httpcore2.NetworkStream):
    """A connection on which no read, write or handshake outlasts the deadline of the thread that uses it."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _within_deadline(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _within_deadline(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _within_deadline(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _within_deadline(timeout: float | None) -> float | None:
    """``timeout`` in seconds, cut to what is left before the deadline.

    Raises:
        OutOfTimeError: nothing is left.
    """
    deadline = DEADLINE.get()
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise OutOfTimeError
    return left if timeout is None else min(left, timeout)
