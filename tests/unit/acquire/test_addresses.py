"""Addresses: what is not the public web is not asked, however it is written and whatever a name resolves to later."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.acquire.addresses import RefusedAddressError, VettedBackend, refusal, vetted
from pipelines.acquire.http import Fetcher, Limits

PUBLIC = ("93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8", "2002:808:808::1")
#: Refused by default, let pass by allow_private.
PRIVATE = (
    *("127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1"),
    *("192.0.2.1", "198.51.100.7", "203.0.113.9", "0.1.2.3", "::1", "fc00::1", "fd12:3456::1", "fec0::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "::127.0.0.1"),
)
#: Refused whatever is allowed.
NEVER = (
    *("169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"),
    *("2002:a9fe:a9fe::", "224.0.0.1", "239.255.255.250", "ff02::1", "0.0.0.0", "::", "255.255.255.255", "240.0.0.1"),
    *("100.100.100.200", "168.63.129.16", "fd00:ec2::254", "nonsense", ""),
)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_asked(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize("address", PRIVATE)
def test_private_and_loopback_addresses_are_asked_only_where_allowed(address: str) -> None:
    assert refusal(address) is not None
    assert refusal(address, allow_private=True) is None


@pytest.mark.parametrize("address", NEVER)
def test_link_local_and_reserved_addresses_and_metadata_services_are_never_asked(address: str) -> None:
    assert refusal(address) is not None
    assert refusal(address, allow_private=True) is not None


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_asked_by_default(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not ip.is_global or ip.is_multicast:
        embedded = isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or ip.sixtofour or ip.teredo)
        assert embedded or refusal(str(ip)) is not None


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_ipv6_form(ip: ipaddress.IPv4Address) -> None:
    for form in (f"::ffff:{ip}", f"64:ff9b::{ip}", f"2002:{int(ip) >> 16:x}:{int(ip) & 0xFFFF:x}::"):
        for allow in (False, True):
            assert (refusal(form, allow_private=allow) is None) == (refusal(str(ip), allow_private=allow) is None), form


def test_of_several_addresses_only_those_that_may_be_asked_are_used() -> None:
    assert vetted("x.example", 80, allow_private=False, resolver=lambda *_: ["10.0.0.1", "8.8.8.8"]) == ["8.8.8.8"]
    with pytest.raises(RefusedAddressError, match=r"x\.example: 10\.0\.0\.1 is private; ::1 is loopback"):
        vetted("x.example", 80, allow_private=False, resolver=lambda *_: ["10.0.0.1", "::1"])


class Dialler(httpcore2.NetworkBackend):
    def __init__(self, dead: Iterable[str] = ()) -> None:
        self.dialled: list[str] = []
        self.dead = set(dead)

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore2.NetworkStream:
        self.dialled.append(host)
        if host in self.dead:
            raise httpcore2.ConnectError("refused")
        return httpcore2.NetworkStream()


def test_the_address_that_was_checked_is_the_one_connected_to() -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])  # DNS rebinding: another answer a moment later
    dialler = Dialler()
    backend = VettedBackend(allow_private=False, resolver=lambda *_: next(answers), backend=dialler)
    backend.connect_tcp("rebind.example", 80)
    assert dialler.dialled == ["8.8.8.8"]
    with pytest.raises(RefusedAddressError, match=r"127\.0\.0\.1 is loopback"):
        backend.connect_tcp("rebind.example", 80)
    assert dialler.dialled == ["8.8.8.8"]


def test_the_next_address_is_tried_where_the_first_does_not_answer() -> None:
    dialler = Dialler(dead=["8.8.8.8"])
    VettedBackend(allow_private=False, resolver=lambda *_: ["8.8.8.8", "10.0.0.1", "8.8.4.4"], backend=dialler).connect_tcp(
        "x", 80
    )
    assert dialler.dialled == ["8.8.8.8", "8.8.4.4"]


def test_a_name_that_is_not_known_says_so() -> None:
    def unknown(*_: Any) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(httpcore2.ConnectError, match=r"x\.example cannot be resolved: no such name"):
        VettedBackend(allow_private=False, resolver=unknown).connect_tcp("x.example", 80)


def test_tls_checks_the_name_and_not_the_address() -> None:
    names: list[str | None] = []

    class Stream(httpcore2.NetworkStream):
        def start_tls(self, context: ssl.SSLContext, name: str | None = None, timeout: float | None = None) -> Any:
            names.append(name)
            assert context.check_hostname
            raise httpcore2.ConnectError("far enough")

        def close(self) -> None:
            pass

    class Listening(Dialler):
        def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore2.NetworkStream:
            self.dialled.append(f"{host}:{port}")
            return Stream()

    dialler = Listening()
    with Fetcher(Limits(max_tries=1), resolver=lambda *_: ["8.8.8.8"], backend=dialler) as fetcher:
        fetcher.get("https://north.example/", obey_robots=False)
    assert (dialler.dialled, names) == (["8.8.8.8:443"], ["north.example"])
