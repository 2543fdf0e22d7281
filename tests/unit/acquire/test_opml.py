"""OPML: subscriptions of a feed reader become outlets to follow."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.acquire.opml import OpmlError, outlets_of, parse_opml, read_opml, write_opml
from pipelines.acquire.sources import Outlet
from pipelines.acquire.sources_edit import new_sources

HERE = Path("reader.opml")


def opml(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0"><head/><body>\n{body}\n</body></opml>'.encode()


def outline(**given: str) -> str:
    return "<outline " + " ".join(f'{name}="{value}"' for name, value in given.items()) + "/>"


def test_feeds_in_folders_of_folders_are_found_and_those_of_one_site_are_one_outlet() -> None:
    found, skipped = parse_opml(
        opml(
            '<outline text="News"><outline text="Europe">'
            + outline(
                text="Herald: World", type="rss", xmlUrl="https://herald.example/world", htmlUrl="https://www.herald.example/"
            )
            + outline(text="Herald: Home", type="rss", xmlUrl="https://feeds.herald.example/home", language="en")
            + "</outline></outline>"
            + outline(title="Post", xmlUrl="http://feeds.feedburner.com/post", htmlUrl="https://post.example/")
            + outline(title="Nameless", XMLURL="feed://feeds.feedburner.com/x")
        ),
        HERE,
    )
    assert skipped == []
    outlets = outlets_of(found)
    assert [(outlet.name, outlet.domain, outlet.language) for outlet in outlets] == [
        ("Herald", "herald.example", "en"),
        ("Post", "post.example", None),
        ("Nameless", None, None),
    ]
    assert [[source.address for source in outlet.sources] for outlet in outlets] == [
        ["https://herald.example/world", "https://feeds.herald.example/home"],
        ["http://feeds.feedburner.com/post"],
        ["https://feeds.feedburner.com/x"],
    ]


def test_what_is_skipped_is_said_with_line_and_reason() -> None:
    lines = [
        outline(text="ok", xmlUrl="https://a.example/rss"),
        outline(text="twice", xmlUrl="http://A.example/rss"),
        outline(text="ftp", xmlUrl="ftp://a.example/rss"),
        outline(text="site", htmlUrl="https://b.example/"),
        outline(text="list", type="include", url="https://b.example/more.opml"),
        outline(text="login", xmlUrl="https://me:pw@b.example/rss"),
    ]
    found, skipped = parse_opml(opml("\n".join(lines)), HERE)
    assert [feed.title for feed in found] == ["ok"]
    assert [(skip.line, skip.title, skip.reason) for skip in skipped] == [
        (4, "twice", "http://A.example/rss stands twice (line 3)"),
        (5, "ftp", "'ftp://a.example/rss' is no http or https URL"),
        (6, "site", "no feed: it has no xmlUrl"),
        (7, "list", "a link to another list, which is not followed"),
        (8, "login", "'https://me:pw@b.example/rss' holds a login, which would end in the warehouse"),
    ]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "' + f"&a{n - 1 or ''};" * 10 + '">' for n in range(1, 12))
    + ']><opml><body><outline text="&a11;" xmlUrl="https://a.example/rss"/></body></opml>'
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "reader.opml: the file is empty"),
        (b"name,feed\n", "reader.opml:1: no XML: "),
        (b"<opml>\n<body>\n<outline text='a & b'/></body></opml>", "reader.opml:3: no XML: "),
        (b"<opml><body>", "reader.opml:1: no XML: "),
        (b"<rss><channel/></rss>", "reader.opml:1: no OPML: the document is <rss>, not <opml>"),
        (b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml/>', "reader.opml: defines XML entities"),
        (BOMB.encode(), "reader.opml: defines XML entities"),
        (BOMB.encode("utf-16"), "reader.opml: defines XML entities"),
        (b"<opml>" + b"<outline>" * 100_000, "reader.opml:1: no XML: "),
    ],
)
def test_a_file_that_is_no_opml_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(OpmlError) as refused:
        parse_opml(content, HERE)
    assert str(refused.value).startswith(reason)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OpmlError, match=r"nowhere\.opml: No such file"):
        read_opml(tmp_path / "nowhere.opml")


def test_what_is_exported_is_what_is_imported() -> None:
    outlets = [
        Outlet(
            "Fenwick & Herald", domain="herald.example", language="en", sources=new_sources("", ["https://herald.example/a?b&c"])
        ),
        Outlet("Post", domain="post.example", sources=new_sources("", ["https://post.example/1", "https://post.example/2"])),
        Outlet("Only a sitemap", domain="map.example", sources=new_sources("", [], ["https://map.example/news.xml"])),
    ]
    found, skipped = parse_opml(write_opml(outlets, "Ours"), HERE)
    again = outlets_of(found)
    assert skipped == []
    assert [(o.name, o.domain, o.language) for o in again] == [(o.name, o.domain, o.language) for o in outlets[:2]]
    assert [[s.address for s in o.sources] for o in again] == [[s.address for s in o.sources] for o in outlets[:2]]


attributes = st.dictionaries(
    st.sampled_from(["text", "title", "xmlUrl", "htmlUrl", "type", "language"]),
    st.text(max_size=15)
    | st.sampled_from(["https://a.example/rss", "https://b.example", "feed:https://c.example/f", "http://[x"]),
)


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=100) | st.lists(attributes, max_size=5).map(lambda lines: "\n".join(_escaped(a) for a in lines)).map(opml)
)
def test_any_bytes_give_outlets_or_say_what_is_wrong(content: bytes) -> None:
    try:
        found, skipped = parse_opml(content, HERE)
    except OpmlError as refused:
        found, skipped, message = [], [], str(refused)
        assert message.startswith("reader.opml")
    assert sum(len(outlet.sources) for outlet in outlets_of(found)) == len(found)
    assert all(skip.reason for skip in skipped)


def _escaped(given: dict[str, str]) -> str:
    return "<outline " + " ".join(f"{name}={quoteattr(value)}" for name, value in given.items()) + "/>"
