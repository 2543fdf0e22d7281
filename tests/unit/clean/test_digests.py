"""Digests: what a reader of a blog or newsletter sees as several articles comes out as several, and nothing else does."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.clean.digests import outlet_keys, parse_credit, split_digest
from pipelines.clean.documents import Document, clean_document

OUTLETS = frozenset({"Harbour Times", "MailOnline", "RT", "The Northern Light", "Valley Voice", "KQZT"})

HARBOUR = """The port of Easthaven will stay shut until Friday, its director Mara Lindqvist said, after a crane fell on two ships.

Nobody was hurt, she told reporters on Tuesday, and the insurers have promised to pay for the repairs within the month.

The mayor called the accident a warning to everyone who had put off the inspection of the older cranes."""
COUNCIL = """The council of Westmoor voted on Monday to sell the old mill to a company from the capital for four million crowns.

Opponents say that the price is half of what the land is worth, and that nobody asked the people who live next to it.

A spokeswoman for the company said that work would begin in the spring and that forty jobs would come with it."""
RIVER = """Engineers measured the level of the river Asp at six metres on Sunday, a metre above what the dykes were built for.

Families in three villages were told to pack a bag and to wait for the sirens, the regional governor said.

By evening the rain had stopped, and the water had begun to fall at the bridge of Tarn."""

SIGNED = f"Crane falls in Easthaven\nBy Jane Doe\n\n{HARBOUR}"


def _titles(text: str, **options: object) -> list[str]:
    articles = split_digest(text, known_outlets=OUTLETS, **options)  # type: ignore[arg-type]
    return [article.title for article in articles or []]


def test_outlet_alone_and_authors_for_an_outlet() -> None:
    text = (
        "Wednesday, March 2, 2022\n\nDid the port lie about the crane?\n\n"
        "Port of Easthaven shut after crane falls on ships\nHarbour Times\n\n\n\n"
        f"{HARBOUR}\n\n\nCouncil makes fools of villagers by SELLING the mill despite promises... and the mayor is not sorry\n\n"
        f"MARA HOLM and PETER O'DALE FOR MAILONLINE\n\n\n{COUNCIL}\n\nMore...\n\nNo comments:"
    )
    articles = split_digest(text, known_outlets=OUTLETS)
    assert articles is not None
    first, second = articles
    assert (first.title, first.outlet_credit, first.authors) == (
        "Port of Easthaven shut after crane falls on ships",
        "Harbour Times",
        [],
    )
    assert (second.outlet_credit, second.authors) == ("MAILONLINE", ["Mara Holm", "Peter O'Dale"])
    assert first.body == HARBOUR
    assert second.body == COUNCIL


def test_bylines_with_by_and_an_outlet_after_a_comma() -> None:
    text = (
        f"Crane falls in Easthaven\nBy JANE DOE\n\n{HARBOUR}\n\nMill of Westmoor sold\nJohn Roe, The Northern Light\n\n{COUNCIL}"
    )
    first, second = split_digest(text, known_outlets=OUTLETS) or []
    assert (first.title, first.authors, first.outlet_credit) == ("Crane falls in Easthaven", ["Jane Doe"], None)
    assert (second.title, second.authors, second.outlet_credit) == ("Mill of Westmoor sold", ["John Roe"], "The Northern Light")


def test_agencies_in_brackets_need_no_list() -> None:
    text = f"Crane falls in Easthaven\n(AP)\n\n{HARBOUR}\n\nMill of Westmoor sold to outsiders\nReuters\n\n{COUNCIL}"
    assert [a.outlet_credit for a in split_digest(text) or []] == ["AP", "Reuters"]


def test_single_line_breaks_between_paragraphs() -> None:
    text = "\n".join(
        [
            "Crane falls in Easthaven",
            "By Jane Doe",
            *HARBOUR.split("\n\n"),
            "Mill of Westmoor sold",
            "KQZT",
            *COUNCIL.split("\n\n"),
        ]
    )
    first, second = split_digest(text, known_outlets=OUTLETS) or []
    assert first.body == HARBOUR
    assert second.outlet_credit == "KQZT"


def test_dates_of_their_own() -> None:
    text = (
        f"Crane falls in Easthaven\nBy Jane Doe, Harbour Times, Feb 8, 2022\n\n{HARBOUR}\n\n"
        f"Mill of Westmoor sold\nFebruary 7, 2022\nValley Voice\n\n{COUNCIL}\n\n"
        f"River Asp rises above its dykes\nThe Northern Light | 6 February 2022\n\n{RIVER}"
    )
    articles = split_digest(text, known_outlets=OUTLETS) or []
    assert [a.published.day for a in articles if a.published] == [date(2022, 2, 8), date(2022, 2, 7), date(2022, 2, 6)]
    assert [a.outlet_credit for a in articles] == ["Harbour Times", "Valley Voice", "The Northern Light"]


def test_datelines_credit_the_agency_and_give_the_day_with_the_year_of_the_page() -> None:
    text = (
        f"Crane falls on ships in Easthaven\n\nEASTHAVEN, Dec 30 (Reuters) - {HARBOUR}\n\n"
        f"Council sells the mill of Westmoor\n\nWESTMOOR (AP) — {COUNCIL}"
    )
    first, second = split_digest(text, page_date=date(2022, 1, 2)) or []
    assert first.outlet_credit == "Reuters"
    assert first.published is not None
    assert first.published.day == date(2021, 12, 30)
    assert second.outlet_credit == "AP"
    assert second.published is None
    assert first.body.startswith("EASTHAVEN, Dec 30 (Reuters) - The port")


def test_outlet_below_the_author_and_a_standfirst_above() -> None:
    text = (
        "Crane falls in Easthaven\nTwo ships were damaged and the port stays shut until the end of the week.\n"
        "By Jane Doe\nHarbour Times\n\n"
        f"{HARBOUR}\n\nMill of Westmoor sold\nsource: valley-voice.example\n\n{COUNCIL}"
    )
    first, second = split_digest(text, known_outlets=OUTLETS) or []
    assert (first.title, first.authors, first.outlet_credit) == ("Crane falls in Easthaven", ["Jane Doe"], "Harbour Times")
    assert first.body.startswith("Two ships were damaged")
    assert second.outlet_credit == "valley-voice.example"


def test_newsletter_with_an_introduction_keeps_it_as_the_page_s_own() -> None:
    greeting = (
        "Dear readers, it was a week in which everything that could break did break, and in which we learned "
        "who repairs it first.\n\n"
        "Below are the two reports that we found worth your time, one from the coast and one from the hills, with "
        "our thanks to the people who wrote them. As always, answer this letter if you know more, and pass it on to a "
        "friend who reads slowly and thinks twice. We will be back on Sunday with a longer piece about the harbour, its "
        "owners and its cranes, if it stays dry."
    )
    text = f"{greeting}\n\nCrane falls in Easthaven\nBy Jane Doe\n\n{HARBOUR}\n\nMill of Westmoor sold\nRT\n\n{COUNCIL}"
    assert _titles(text) == ["", "Crane falls in Easthaven", "Mill of Westmoor sold"]


def test_outlets_in_capitals_that_no_list_knows() -> None:
    text = (
        f"Port of Easthaven shut after crane falls on ships\nEASTHAVEN TONIGHT\n\n{HARBOUR}\n\n"
        f"Council makes fools of villagers by SELLING the mill\nMARA HOLM FOR THE DAILY KITE\n\n{COUNCIL}\n\n"
        f"River Asp rises above its dykes\nLENA FROST, THE OPEN MAP\n\n{RIVER}"
    )
    articles = split_digest(text) or []
    assert [a.outlet_credit for a in articles] == ["EASTHAVEN TONIGHT", "THE DAILY KITE", "THE OPEN MAP"]
    assert [a.authors for a in articles] == [[], ["Mara Holm"], ["Lena Frost"]]


def test_blog_post_in_html() -> None:
    def post(title: str, credit: str, body: str) -> str:
        paragraphs = "<br/><br/>".join(body.split("\n\n"))
        return f"<b>{title}</b><br/>{credit}<br/><br/>{paragraphs}<br/><br/>"

    html = (
        "<html lang='en'><head><title>Two views of the week - Example Notes</title>"
        "<meta property='article:published_time' content='2022-03-02T18:00:00+00:00'/></head><body>"
        "<div class='header'><h1>Example Notes</h1></div>"
        "<div class='post hentry'><h3 class='post-title'>Two views of the week</h3>"
        f"<div class='post-body entry-content'>{post('Crane falls on ships in Easthaven', 'RT', HARBOUR)}"
        f"{post('Mill of Westmoor sold to outsiders', 'LENA FROST FOR MAILONLINE', COUNCIL)}</div>"
        "<div class='post-footer'>Posted by Nobody at 6:00 PM<br/>No comments:<br/>Labels: cranes</div></div></body></html>"
    )
    document = Document("d1", "https://notes.example/two", True, "text/html", html.encode(), datetime(2022, 3, 3, tzinfo=UTC))
    first, second = clean_document(document, OUTLETS)
    assert (first["title"], first["outlet_credit"], first["position"]) == ("Crane falls on ships in Easthaven", "RT", 0)
    assert (second["outlet_credit"], second["authors"], second["position"]) == ("MAILONLINE", ["Lena Frost"], 1)
    assert first["published_at"] == datetime(2022, 3, 2, 18, tzinfo=UTC)
    assert first["published_precision"] == "inherited"
    assert str(second["text"]).endswith("come with it.")
    assert first["canonical_url"] is None  # two articles at one address are not two versions


def test_headings_and_paragraphs_in_html() -> None:
    blocks = "".join(
        f"<h2>{title}</h2><p class='credit'>{credit}</p>" + "".join(f"<p>{p}</p>" for p in body.split("\n\n"))
        for title, credit, body in (
            ("Crane falls in Easthaven", "By Jane Doe | Harbour Times | 1 March 2022", HARBOUR),
            ("Mill of Westmoor sold", "Valley Voice", COUNCIL),
            ("River Asp rises above its dykes", "By Per Lund for The Northern Light", RIVER),
        )
    )
    html = f"<html><head><title>Morning letter</title></head><body><main>{blocks}</main><footer>Share this</footer></body></html>"
    document = Document("d2", "https://letter.example/1", True, "text/html", html.encode(), datetime(2022, 3, 3, tzinfo=UTC))
    rows = clean_document(document, OUTLETS)
    assert [row["outlet_credit"] for row in rows] == ["Harbour Times", "Valley Voice", "The Northern Light"]
    assert (rows[0]["published_at"], rows[0]["published_precision"]) == (datetime(2022, 3, 1, tzinfo=UTC), "day")


@pytest.mark.parametrize(
    ("line", "outlet", "authors"),
    [
        ("RT", "RT", []),
        ("By JANE DOE", None, ["Jane Doe"]),
        ("JANE DOE and JOHN ROE FOR MAILONLINE", "MAILONLINE", ["Jane Doe", "John Roe"]),
        ("Reuters", "Reuters", []),
        ("Jane Doe, The Northern Light", "The Northern Light", ["Jane Doe"]),
        ("(AP)", "AP", []),
        ("By Jane Doe, political editor, Harbour Times", "Harbour Times", ["Jane Doe"]),
        ("By Jane Doe in Easthaven", None, ["Jane Doe"]),
        ("Jane Doe and J.R. Roe (Reuters)", "Reuters", ["Jane Doe", "J.R. Roe"]),
        ("By The Associated Press", "The Associated Press", []),
        ("RT – 9 Feb, 2022 10:15", "RT", []),
        ("The Marsh Gazette", "The Marsh Gazette", []),
    ],
)
def test_credit_lines(line: str, outlet: str | None, authors: list[str]) -> None:
    credit = parse_credit(line, outlet_keys(OUTLETS))
    assert credit is not None
    assert (credit.outlet, credit.authors) == (outlet, authors)


@pytest.mark.parametrize(
    "line",
    ["Photo: Jane Doe/Reuters", "REUTERS/John Roe", "Getty Images", "The background", "By the numbers", "What happened next",
     "John Smith for President", "BREAKING", "COUNTING VOTES", "Spa", "February 8, 2022",
     "By the evening the water had fallen at the bridge."],
)  # fmt: skip
def test_lines_that_credit_nobody(line: str) -> None:
    credit = parse_credit(line, outlet_keys(OUTLETS))
    assert credit is None or not credit.is_sure


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"Crane falls in Easthaven\nBy Jane Doe, Harbour Times\n\n{HARBOUR}\n\n{RIVER}", id="ordinary article"),
        pytest.param(
            f"{SIGNED}\n\nWhat the mayor knew\n\n{COUNCIL}\n\nThe water rises\n\n{RIVER}",
            id="sub-headings",
        ),
        pytest.param(
            f"{SIGNED}\n\nThe fallen crane in the harbour on Tuesday\nPhoto: Reuters\n\n{COUNCIL}",
            id="photo credit",
        ),
        pytest.param(
            f"{SIGNED}\n\nThe old mill of Westmoor before the council voted\nReuters\n\n{COUNCIL}",
            id="caption and agency that look like headline and credit",
        ),
        pytest.param(
            f"Crane falls in Easthaven\nReuters\n\n{HARBOUR}\n\nThe old mill of Westmoor before the council voted on Monday\n"
            f"SELLING SILVER\n\n{COUNCIL}",
            id="caption and sub-heading in capitals",
        ),
        pytest.param(
            f"{SIGNED}\n\n“We had told them for years”\n\nMara Lindqvist\n\n{COUNCIL}\n\n{RIVER}",
            id="pull quote with its speaker",
        ),
        pytest.param(
            f"{HARBOUR}\n\n{COUNCIL}\n\n"
            + f"The mayor arrives at the port\nReuters\n\n{RIVER}\n\nWorkers lift the crane\nAFP\n\n{HARBOUR}\n\n{COUNCIL}",
            id="captions with agencies after a long beginning",
        ),
        pytest.param(
            "Today in the region\n\n"
            + "\n\n".join(
                f"Village number {n} gets a new bridge\nBy Jane Doe\nThe bridge will open in May, the council said."
                for n in range(9)
            ),
            id="index of teasers",
        ),
        pytest.param("Short lines\n\nOne.\n\nTwo words.\n\nRT\n\nThree.\n\nAP\n\nFour.\n\n" + HARBOUR, id="short lines"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_one_article_stays_one(text: str) -> None:
    assert split_digest(text, known_outlets=OUTLETS) is None


def test_lines_that_end_a_page_belong_to_no_article() -> None:
    ending = "\n\nMore...\n\nShare this\n\nPosted by Some One at 9:15 PM\n\n3 comments:\n\n"
    ending += "What a story that was, I could not believe it at all.\n"
    text = f"Crane falls in Easthaven\nRT\n\n{HARBOUR}\n\nMill of Westmoor sold\nAP\n\n{COUNCIL}{ending}"
    articles = split_digest(text, known_outlets=OUTLETS) or []
    assert articles[-1].body == COUNCIL


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["RT", "By Jane Doe", "Crane falls in Easthaven", HARBOUR, COUNCIL, "", "May 2, 2021", "x" * 300, "("])
    )
)
def test_any_order_of_lines_is_split_into_texts_that_were_there(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    for article in split_digest(text, known_outlets=OUTLETS) or []:
        assert article.title in text
        assert all(paragraph in text for paragraph in article.body.split("\n\n"))


@pytest.mark.parametrize(
    "line", ["A" * 100_000, "By " + "Jane Doe, " * 10_000, "(" * 100_000, " - ".join(["RT"] * 30_000), "1 May " * 16_000]
)
def test_hostile_lines_take_no_time(line: str) -> None:
    started = time.process_time()
    split_digest(f"{line}\nRT\n{HARBOUR}\n{line}", known_outlets=OUTLETS)
    parse_credit(line[:170], outlet_keys(OUTLETS))
    assert time.process_time() - started < 10
