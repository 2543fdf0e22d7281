"""Wire credits: whose report an article is, by its own words; a contribution is no credit."""

from __future__ import annotations

import pytest

from pipelines.clean.wire import agency_name, wire_credit

BODY = "The harbour board of Easthaven voted on Tuesday to close the old pier, its chairwoman said.\n\nNobody was hurt."


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("By Jane Doe, Associated Press", "Associated Press"),
        ("AP", "Associated Press"),
        ("Reuters Staff", "Reuters"),
        ("By JANE DOE and JOHN ROE | Reuters", "Reuters"),
        ("Jane Doe for The Canadian Press", "The Canadian Press"),
        ("AFP", "Agence France-Presse"),
        ("von dpa", "dpa"),
        ("PTI", "Press Trust of India"),
        ("Source: Xinhua", "Xinhua"),
        ("Jane Doe, AP Diplomatic Writer", "Associated Press"),
        ("By Jane Doe, Easthaven Times", None),
        ("By Jane Doe, with Reuters", None),
        ("By Jane Doe, with reporting by the Associated Press", None),
        ("By Ap Nguyen", None),
        ("Tiffany Ap, Jane Doe", None),
        ("", None),
        # What else stood on the page is no byline.
        ("Jane Doe, John Roe, Associated Press, Ann Poe, Max Loe", None),
    ],
)
def test_the_agency_of_a_byline(byline: str, agency: str | None) -> None:
    assert wire_credit(byline, BODY) == agency


@pytest.mark.parametrize(
    ("first_line", "agency"),
    [
        ("EASTHAVEN (AP) — The pier is closed.", "Associated Press"),
        ("EASTHAVEN, March 4 (Reuters) - The pier is closed.", "Reuters"),
        ("(Reuters) - The pier is closed.", "Reuters"),
        ("Easthaven (Varda) (AFP) – The pier is closed.", None),  # two brackets: not a dateline that is known
        ("EASTHAVEN/WESTHAVEN (REUTERS) - The pier is closed.", "Reuters"),
        ("Easthaven (dpa) - Der Steg ist gesperrt.", "dpa"),
        ("The pier of Easthaven in March. (Jane Doe/Reuters)", None),
        ("(Reuters/Files)", None),
        ("The pier (AP) is what locals call the old jetty of Easthaven.", None),
    ],
)
def test_the_agency_of_a_dateline_and_not_of_a_photograph(first_line: str, agency: str | None) -> None:
    assert wire_credit(None, f"{first_line}\n\n{BODY}") == agency


@pytest.mark.parametrize(
    ("last_line", "agency"),
    [
        ("Copyright 2019 The Associated Press. All rights reserved.", "Associated Press"),
        ("© 2019 AFP", "Agence France-Presse"),
        ("(Reporting by Jane Doe; Editing by John Roe)", "Reuters"),
        ("(Kyodo)", "Kyodo News"),
        ("Copyright 2019 The Easthaven Times, LLC.", None),
        ("Reuters contributed to this report.", None),
        ("The Associated Press contributed to this report.", None),
        ("Jane Doe of the Associated Press in Westhaven contributed to this report.", None),
        ("He told Reuters", None),
    ],
)
def test_the_agency_of_the_last_line_and_no_contribution(last_line: str, agency: str | None) -> None:
    assert wire_credit("By Jane Doe", f"{BODY}\n\n{last_line}") == agency


def test_authors_and_publishers_credit_too_and_the_text_goes_first() -> None:
    assert wire_credit(None, BODY, ["Jane Doe", "Associated Press"]) == "Associated Press"
    assert wire_credit(None, BODY, publishers=[None, "Yonhap News Agency"]) == "Yonhap"
    assert wire_credit(None, f"EASTHAVEN (AP) - {BODY}", publishers=["Reuters"]) == "Associated Press"
    assert wire_credit(None, BODY, publishers=["Easthaven Times"]) is None


def test_short_names_count_as_agencies_write_them_only() -> None:
    assert agency_name("AP") == "Associated Press"
    assert agency_name("ap") is None
    assert agency_name("efe") is None
    assert agency_name("the associated press") == "Associated Press"
    assert agency_name(None) is None


def test_the_sign_off_of_an_agency_that_is_not_known_is_not_taken_for_reuters() -> None:
    signed = f"{BODY}\n\n(Reporting by Jane Doe; editing by John Roe)"
    assert wire_credit(None, signed) == "Reuters"
    assert wire_credit(None, f"EASTHAVEN, March 4 (Northwire) - {signed}") is None
