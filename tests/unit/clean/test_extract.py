"""Pages: title, body, byline, dates and addresses as a reader of the page would name them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from pipelines.clean import body as body_module
from pipelines.clean.body import page_paragraphs
from pipelines.clean.extract import CleanError, extract_page
from pipelines.clean.text import unescaped
from pipelines.clean.trees import load_tree

BODY = (
    "<p>The port of Easthaven will stay shut until Friday, its director Mara Lindqvist said on Tuesday, after a crane fell "
    "on two ships that lay at the northern quay with a cargo of timber.</p>"
    "<p>Nobody was hurt in the accident, she told reporters, and the insurers have promised to pay for the repairs within the "
    "month, which the owners of the ships doubt.</p>"
    "<p>The mayor called it a warning to everyone who had put off the inspection of the older cranes, of which nine are left in "
    "the harbour and the yards behind it.</p>"
)
TITLE = "Crane falls on two ships in Easthaven"


def page(head: str = "", top: str = f"<h1>{TITLE}</h1>", body: str = BODY, lang: str = "en-GB") -> str:
    return f"<html lang='{lang}'><head>{head}</head><body><article>{top}{body}</article></body></html>"


def ld(**fields: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **fields}
    return f"<script type='application/ld+json'>{json.dumps(node)}</script>"


def test_a_page_of_news() -> None:
    head = (
        f"<title>{TITLE} | Harbour Times</title><link rel='canonical' href='/news/crane#top'>"
        "<meta property='og:site_name' content='Harbour Times'>"
        + ld(
            author={"@type": "Person", "name": "Jane Doe"},
            datePublished="2024-05-03T23:30:00-05:00",
            dateModified="2024-05-04T08:00:00Z",
        )
    )
    found = extract_page(page(head), "https://harbour.example/news/crane?utm_source=x")
    assert found.title == TITLE
    assert found.body.startswith("The port of Easthaven")
    assert found.body.count("\n\n") == 2
    assert found.authors == ["Jane Doe"]
    assert found.published_on == date(2024, 5, 3)  # the publisher's day
    assert found.published_at == datetime(2024, 5, 4, 4, 30, tzinfo=UTC)  # the moment
    assert found.published_precision == "second"
    assert found.modified_at == datetime(2024, 5, 4, 8, tzinfo=UTC)
    assert found.canonical_url == "https://harbour.example/news/crane"
    assert (found.site_name, found.language) == ("Harbour Times", "en")


def test_bytes_and_text_give_the_same() -> None:
    html = page("<meta charset='utf-8'>", top="<h1>Müller öffnet die Brücke über die Asp</h1>", lang="de")
    assert extract_page(html.encode()) == extract_page(html)


def test_declared_encoding_is_believed() -> None:
    html = page("<meta charset='windows-1250'>", top="<h1>Příliš žluťoučký kůň úpěl ďábelské ódy</h1>")
    assert extract_page(html.encode("windows-1250")).title == "Příliš žluťoučký kůň úpěl ďábelské ódy"


@pytest.mark.parametrize(
    "title",
    [f"{TITLE} | Harbour Times", f"{TITLE} - Harbour Times", f"Harbour Times – {TITLE}", f"{TITLE} - World - Harbour Times",
     f"{TITLE} | harbour.example", f"{TITLE} :: Harbour Times"],
)  # fmt: skip
def test_the_site_s_name_is_no_part_of_the_title(title: str) -> None:
    head = f"<title>{title}</title><meta property='og:site_name' content='Harbour Times'>"
    assert extract_page(page(head, top=""), "https://www.harbour.example/a").title in (TITLE, f"{TITLE} - World")


def test_a_dash_within_the_title_stays() -> None:
    head = "<title>Easthaven - a port without cranes</title><meta property='og:site_name' content='Harbour Times'>"
    assert extract_page(page(head, top="")).title == "Easthaven - a port without cranes"


def test_the_headline_is_what_the_page_shows_not_the_one_for_search_engines() -> None:
    head = "<title>Easthaven crane accident: two ships hit, port shut</title>" + ld(
        headline="Easthaven crane accident: two ships hit, port shut"
    )
    assert (
        extract_page(page(head, top=f"<div class='logo'><h1 class='site-title'>Harbour Times</h1></div><h1>{TITLE}</h1>")).title
        == TITLE
    )


@pytest.mark.parametrize(
    "trail",
    [
        "<nav><ol><li><a href='/'>News</a></li><li><h1>SEARCHED</h1></li></ol></nav>",
        "<ul class='breadcrumb__list'><li class='item'><h1>SEARCHED</h1></li></ul>",
        "<h1 class='seotitle'>SEARCHED</h1>",
    ],
)
def test_a_heading_in_the_trail_of_links_is_not_the_headline(trail: str) -> None:
    searched = "Easthaven crane accident: two ships hit"
    head = f"<meta property='og:title' content='{TITLE}'>" + ld(headline=searched)
    top = trail.replace("SEARCHED", searched)
    assert extract_page(page(head, top=f"{top}<h2><span>Harbours</span> <span>{TITLE}</span></h2>")).title == TITLE
    # Where nothing else is shown, the trail is as good as any.
    assert extract_page(page(head, top=f"{top}<h2>More from the harbours of the north</h2>")).title == searched


def test_the_article_s_own_json_ld_among_others() -> None:
    other = {"@type": "NewsArticle", "headline": "Another story altogether about a mill", "datePublished": "2020-01-01T10:00:00Z"}
    own = {"@type": ["Article", "NewsArticle"], "headline": TITLE, "datePublished": "2024-05-03T10:00:00Z"}
    teaser = {"@type": "NewsArticle", "headline": "Teaser of a third story", "author": "Teaser Author"}
    nodes = [
        {"@type": "Organization", "@id": "#org", "name": "Harbour Times"},
        {"@type": "Person", "@id": "#jane", "name": "Jane Doe"},
        other | {"author": {"@type": "Person", "name": "Wrong Person"}, "url": "https://harbour.example/mill"},
        own
        | {"author": [{"@id": "#jane"}, "John Roe"], "publisher": {"@id": "#org"}}
        | {"mainEntityOfPage": {"@id": "https://harbour.example/crane"}},
        {"@type": "ItemList", "itemListElement": [teaser]},
    ]
    graph = {"@context": "https://schema.org", "@graph": nodes}
    found = extract_page(
        page(f"<script type='application/ld+json'>{json.dumps(graph)}</script>"), "https://harbour.example/crane"
    )
    assert found.authors == ["Jane Doe", "John Roe"]
    assert found.published_on == date(2024, 5, 3)
    assert found.site_name == "Harbour Times"


@pytest.mark.parametrize(
    "broken",
    ["{", '{"@type": "NewsArticle", "author": }', "[" * 5_000, '{"@graph": "x"}', "null", "3", '{"@type": 7, "@id": {}}'],
)
def test_broken_json_ld_is_passed_over(broken: str) -> None:
    head = f"<script type='application/ld+json'>{broken}</script><meta name='author' content='Jane Doe'>"
    found = extract_page(page(head))
    assert (found.title, found.authors) == (TITLE, ["Jane Doe"])


def test_json_ld_with_comments_and_commas_too_many() -> None:
    node = '{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "TITLE", "author": {"name": "Jane Doe",},}'
    script = f"<script type='application/ld+json'><!-- {node.replace('TITLE', TITLE)} --></script>"
    assert extract_page(page(script)).authors == ["Jane Doe"]


@pytest.mark.parametrize(
    ("markup", "authors"),
    [
        ("<p class='byline'>By <a rel='author' href='/jane'>Jane Doe</a></p>", ["Jane Doe"]),
        ("<p>By Jane Doe and John Roe, Political Editors</p>", ["Jane Doe", "John Roe"]),
        ("<span class='author vcard'>marc</span>", ["marc"]),
        ("<div>by <a href='https://harbour.example/author/jane-doe'>Jane Doe</a></div>", ["Jane Doe"]),
        ("<p class='meta'>3 min read</p>", []),
    ],
)
def test_visible_bylines(markup: str, authors: list[str]) -> None:
    assert extract_page(page(top=f"<h1>{TITLE}</h1>{markup}")).authors == authors


def test_the_publisher_is_an_author_only_where_nobody_else_is() -> None:
    house = ld(
        author={"@type": "Organization", "name": "Harbour Times"}, publisher={"@type": "Organization", "name": "Harbour Times"}
    )
    assert extract_page(page(house)).authors == ["Harbour Times"]
    assert extract_page(page(house, top=f"<h1>{TITLE}</h1><p class='byline'>By Jane Doe</p>")).authors == ["Jane Doe"]


def test_byline_is_kept_as_it_stands() -> None:
    head = ld(author={"@type": "Person", "name": "Jane Doe"})
    found = extract_page(page(head, top=f"<h1>{TITLE}</h1><div class='byline'>By Jane Doe in Easthaven</div>"))
    assert found.byline == "By Jane Doe in Easthaven"


@pytest.mark.parametrize(
    ("stamp", "day", "moment", "precision"),
    [
        ("2024-05-03T10:15:30Z", date(2024, 5, 3), datetime(2024, 5, 3, 10, 15, 30, tzinfo=UTC), "second"),
        ("2024-05-03T10:15+02:00", date(2024, 5, 3), datetime(2024, 5, 3, 8, 15, tzinfo=UTC), "minute"),
        ("2024-05-03", date(2024, 5, 3), datetime(2024, 5, 3, tzinfo=UTC), "day"),
        ("2024-05-03T00:00:00+00:00", date(2024, 5, 3), datetime(2024, 5, 3, tzinfo=UTC), "day"),
        ("Fri, 03 May 2024 10:15:30 GMT", date(2024, 5, 3), datetime(2024, 5, 3, 10, 15, 30, tzinfo=UTC), "second"),
        ("May 3, 2024", date(2024, 5, 3), datetime(2024, 5, 3, tzinfo=UTC), "day"),
    ],
)
def test_stamps(stamp: str, day: date, moment: datetime, precision: str) -> None:
    found = extract_page(page(ld(datePublished=stamp)))
    assert (found.published_on, found.published_at, found.published_precision) == (day, moment, precision)


@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "soon", "9999-99-99"])
def test_a_date_that_cannot_be_true_is_unknown(stamp: str) -> None:
    found = extract_page(page(ld(datePublished=stamp)), fetched_at=datetime(2024, 5, 3, tzinfo=UTC))
    assert (found.published_at, found.published_on, found.published_precision) == (None, None, "unknown")


def test_a_stamp_in_utc_takes_the_day_that_the_page_shows() -> None:
    top = f"<h1>{TITLE}</h1><time datetime='2024-05-03'>3 May 2024</time>"
    head = "<meta property='article:published_time' content='2024-05-04T02:30:00+00:00'>"
    found = extract_page(page(head, top=top), "https://harbour.example/2024/05/03/crane")
    assert found.published_on == date(2024, 5, 3)
    assert found.published_at == datetime(2024, 5, 4, 2, 30, tzinfo=UTC)


def test_the_first_line_does_not_repeat_the_title() -> None:
    assert not extract_page(page(body=f"<p>{TITLE}</p>{BODY}")).body.startswith("Crane falls")


def test_invitations_and_links_to_other_stories_are_no_body() -> None:
    extra = (
        "<p>Read more: The mill of Westmoor is sold again</p><p>Sign up for our newsletter and never miss a crane.</p>"
        "<p><a href='/other'>Why the engineers of Tarn had warned of the river</a></p>"
    )
    assert extract_page(page(body=BODY + extra + BODY.replace("Easthaven", "Southhaven"))).body.count("\n\n") == 5


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("https://harbour.example/a?id=7#comments", "https://harbour.example/a?id=7"),
        ("//harbour.example/a", "https://harbour.example/a"),
        ("HTTPS://Harbour.Example:443/a", "https://harbour.example/a"),
        ("javascript:alert(1)", None),
        ("ftp://harbour.example/a", None),
        ("https://harbour.example/", None),
        ("https://[bad", None),
        ("", None),
    ],
)
def test_canonical_addresses(href: str, canonical: str | None) -> None:
    found = extract_page(page(f"<link rel='canonical' href='{href}'>"), "https://www.harbour.example/x")
    assert found.canonical_url == canonical


def test_a_body_hidden_in_the_json_ld_is_found() -> None:
    stated = " ".join(["The port stays shut until Friday, its director said, and nine cranes are left in the harbour."] * 8)
    html = f"<html><head>{ld(articleBody=stated)}</head><body><h1>{TITLE}</h1><div id='app'></div></body></html>"
    assert extract_page(html).body == stated


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"", "empty"),
        (b"   \n ", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 100, "binary"),
        (b"<p>x</p>" * 2_600_000, "too large"),
        ("<div>" * 100_000 + "deep" + "</div>" * 100_000, "nested too deeply"),
        ("<p>" + "<i>x</i>" * 60_000, "too large"),
        ("<p>" + "word " * 300_000, "too long"),
    ],
)  # fmt: skip
def test_what_is_no_page_says_why(html: bytes | str, reason: str) -> None:
    with pytest.raises(CleanError, match=reason):
        extract_page(html)


def test_a_character_reference_of_thousands_of_digits_is_one_character_that_is_none() -> None:
    assert unescaped("a&#" + "9" * 5_000 + ";b &amp; &#8220;c") == "a\ufffdb & “c"


def paragraph(n: int) -> str:
    return f"<p>Crane number {n} of the harbour was built in the year {1900 + n} by the Tarn works and stands to this day.</p>"


def test_a_body_cut_into_parts_by_advertisements_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = "".join(
        f"<div class='body__part'>{''.join(paragraph(5 * part + n) for n in range(5))}</div>"
        "<div class='ad-slot'><span>Advertisement</span>"
        "</div>"
        for part in range(4)
    )
    other = "".join(f"<div class='box'>{paragraph(n)}</div>" for n in range(90, 93))
    first = "\n".join(p.removeprefix("<p>").removesuffix("</p>") for p in map(paragraph, range(5)))
    monkeypatch.setattr(body_module, "_extract", lambda *_, **__: first)  # it takes one of several containers
    found = extract_page(page(body=f"<div>{parts}</div>{other}")).body
    assert all(f"number {n} of" in found for n in range(20))
    assert "number 91 of" not in found


def test_paragraphs_are_those_outside_menus_and_sidebars() -> None:
    aside = "".join(
        f"<{tag}>{paragraph(n)}</{tag.split()[0]}>"
        for n, tag in enumerate(("nav", "footer", "div class='related-stories'", "section id='comments'", "table"), 50)
    )
    inner = f"<div><div class='widget'><div>{paragraph(60)}</div></div>{paragraph(1)}</div>"
    tree = load_tree(page(body=f"{paragraph(0)}{aside}{inner}<p>Too short.</p>"))
    found = page_paragraphs(tree)
    assert [text.split()[2] for _, text in found.texts[-2:]] == ["0", "1"]
    assert len(found.texts) == 2
    assert found.length == sum(len(text) for _, text in found.texts)


@pytest.mark.parametrize("separator", ["<br><br>", "</div><div>"])
def test_a_body_without_paragraphs_is_found(separator: str) -> None:
    text = separator.join(paragraph(n).removeprefix("<p>").removesuffix("</p>") for n in range(8))
    body = extract_page(page(body=f"<div><div>{text}</div></div>")).body
    assert all(f"number {n} of" in body for n in range(8))


def test_the_date_that_readers_see_wins_over_dates_in_the_text() -> None:
    text = "<p>The last such crane, the oldest of the nine, fell on 4 July 1998 in a storm that nobody in town has forgotten.</p>"
    top = (
        f"<h1>{TITLE}</h1><div><div><div><div><p class='posted-at'>Posted by the desk, May 3rd, 2024</p></div></div></div></div>"
    )
    assert extract_page(page(top=top, body=text + BODY), "https://harbour.example/crane").published_on == date(2024, 5, 3)


def test_what_stands_above_and_below_the_text_is_no_part_of_it() -> None:
    top = f"<h1>{TITLE}</h1>"
    head = ld(author={"@type": "Person", "name": "Jane Doe"}, headline=TITLE)
    text = (
        f"<p>Harbour {TITLE}</p><p>By Jane Doe</p><p>3 May 2024</p>{''.join(map(paragraph, range(8)))}"
        "<p>Jane Doe is a reporter in Easthaven and writes about harbours.</p>"
        "<p>Sign up for our weekly newsletter on harbours.</p>"
        "<p>© 2024 Harbour Times. All rights reserved.</p>"
    )
    body = extract_page(page(head, body=text, top=top)).body
    assert body.startswith("Crane number 0 of the harbour")
    assert body.endswith("stands to this day.")
    assert body.count("\n\n") == 7


@pytest.mark.parametrize(
    ("line", "is_kept"),
    [
        ("There was an error processing your subscription.", False),
        ("By clicking Sign up, you agree to our terms of use.", False),
        ("4 min read", False),
        ("Stand: 22.04.2024, 06:00 Uhr", False),
        ("Story continues below", False),
        ("This copy is for your personal, non-commercial use only.", False),
        ("By signing the treaty, both ports agree to share their cranes until the harbour is clear.", True),
        ("Please note that the ferry runs again from Monday, as the port said in the evening.", True),
        ("Standing 12.5 metres tall, the old crane of 1904 is the last of its kind in the harbour.", True),
    ],
)
def test_what_forms_and_players_say_is_no_body(line: str, is_kept: bool) -> None:
    text = "".join(map(paragraph, range(4))) + f"<p>{line}</p>" + "".join(map(paragraph, range(4, 8)))
    assert (line in extract_page(page(body=text)).body) is is_kept


def test_a_notice_that_names_the_agency_stays() -> None:
    text = "".join(map(paragraph, range(8))) + "<p>Copyright 2024 The Associated Press. All rights reserved.</p>"
    assert extract_page(page(body=text)).body.endswith("Copyright 2024 The Associated Press. All rights reserved.")


@pytest.mark.parametrize(
    ("head", "top", "url", "day"),
    [
        # The address knows the publisher's day where the stamp is in UTC.
        ("<meta property='article:published_time' content='2024-05-04T02:30:00Z'>", "", "https://harbour.example/2024/05/03/crane",
         date(2024, 5, 3)),
        # The same minute on the publisher's clock.
        ("<meta property='article:published_time' content='2024-05-04T02:30:00Z'>"
         "<meta name='date' content='2024-05-03 21:30:00'>",
         "", "https://harbour.example/crane", date(2024, 5, 3)),
        ("<meta property='article:published_time' content='2024-05-04T02:30:00Z'>", "", "https://puerto.example.bo/grua",
         date(2024, 5, 3)),
        # What stands below the headline, whatever the address says.
        ("<meta property='article:published_time' content='2024-05-03T16:30:00Z'>", "<p>May 3, 2024 - 4.30pm</p>",
         "https://harbour.example/crane-20240504", date(2024, 5, 3)),
        ("<meta property='article:published_time' content='2024-05-02T23:15:00Z'>", "<p>Venerdì 03 Maggio 2024</p>",
         "https://harbour.example/gru", date(2024, 5, 3)),
        ("", "<span itemprop='datePublished' content='2024-05-03T10:00:00-04:00'></span>", "https://harbour.example/crane",
         date(2024, 5, 3)),
        ("", "<p class='x'>Easthaven, 3 May 2024</p>", "https://harbour.example/crane", date(2024, 5, 3)),
        ("<script>var page = {publicationDate: '2024-05-03 00:15'};</script>".replace("publicationDate", '"publicationDate"'), "",
         "https://harbour.example/crane", date(2024, 5, 3)),
    ],
)  # fmt: skip
def test_the_day_is_that_of_the_publisher(head: str, top: str, url: str, day: date) -> None:
    assert extract_page(page(head, top=f"<h1>{TITLE}</h1>{top}"), url).published_on == day


def test_a_page_that_tells_two_headlines_apart_is_taken_at_its_word() -> None:
    head = ld(headline="Crane of Easthaven falls into the harbour", alternativeHeadline="The fall of a crane")
    assert extract_page(page(head)).title == "Crane of Easthaven falls into the harbour"


def test_the_other_headline_of_two_is_taken_where_the_page_shows_it() -> None:
    head = ld(headline="Easthaven crane accident 2024: what we know", alternativeHeadline=TITLE)
    assert extract_page(page(head)).title == TITLE


def test_whoever_a_byline_names_is_surer_than_a_desk() -> None:
    desk = ld(author={"@type": "Organization", "name": "HT Newsdesk"})
    top = f"<h1>{TITLE}</h1><p>By Jane Doe</p>"
    assert extract_page(page(desk, top=top)).authors == ["Jane Doe"]
    assert extract_page(page(desk)).authors == ["HT Newsdesk"]


def test_a_post_of_blogger_does_not_stand_aside() -> None:
    post = f"<h3 class='post-title'>{TITLE}</h3><div class='post-body'>{BODY}</div><span class='post-author vcard'>marc</span>"
    found = extract_page(page(top="", body=f"<div class='widget Blog' id='Blog1'>{post}</div>"))
    assert found.authors == ["marc"]


def test_an_owner_of_titles_is_no_author_where_the_page_names_one() -> None:
    head = ld(author={"@type": "Organization", "name": "Condé Nast"})
    top = f"<h1>{TITLE}</h1><span class='BylineName-x byline'>By <a href='/staff/jane-doe'>Jane Doe</a></span>"
    assert extract_page(page(head, top=top)).authors == ["Jane Doe"]
