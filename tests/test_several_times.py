"""Several dates in one query: no photo is from two years, and one of them is enough."""

from __future__ import annotations

from datetime import datetime

import pytest
from dating import NOW, span

from app.query.model import Query
from app.query.parser import parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from store.filters import All, Any, InMonth, Not, Taken


def read(text: str) -> Query:
    return understood(parse_text(text), Surroundings(now=NOW)).query()


def year(number: int) -> Taken:
    return span(f"{number}-01-01", f"{number + 1}-01-01")


@pytest.mark.parametrize(
    "text",
    [
        *("2018, 2020", "2018 and 2020", "2018 or 2020", "in 2018 and in 2020", "2018 & 2020"),
        *("2018 und 2020", "2018 oder 2020", "2018 ou 2020", "2018 y 2020", "2018年和2020年"),
    ],
)
def test_no_photo_is_from_two_years(text: str) -> None:
    query = read(text)
    assert query.terms == ()
    assert query.filter == Any((year(2018), year(2020)))
    assert query.reading == ("2018 or 2020",)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("yesterday and today", "yesterday (25 November 2026) or today (26 November 2026)"),
        ("gestern und heute", "yesterday (25 November 2026) or today (26 November 2026)"),
        ("ayer y hoy", "yesterday (25 November 2026) or today (26 November 2026)"),
        ("昨天和今天", "yesterday (25 November 2026) or today (26 November 2026)"),
        ("last year and this year", "last year (2025) or this year (2026)"),
        ("beach 2017, 2019", "beach, 2017 or 2019"),
        ("july 2018, august 2018", "July 2018 or August 2018"),
        ("2016, 2018, 2020", "2016 or 2018 or 2020"),
        ("dogs in 2018 and cats in 2020", "dogs and cats, 2018 or 2020"),
        ("before 2018 or after 2020", "before 2018 or after 2020"),
        ("june 2018, july", "June 2018 or in July of any year"),
        ("in june and in july", "in June of any year or in July of any year"),
        ("dogs 2018 or 2020", "dog, 2018 or 2020"),
        ("24 december 2018 and 2020", "24 December 2018 or 24 December 2020"),
        ("july 2018 and 2020", "July 2018 or July 2020"),
        (
            "Weihnachten 2018 und 2019",
            "christmas 2018 (24 December 2018 to 26 December 2018) or christmas 2019 "
            "(24 December 2019 to 26 December 2019)",
        ),
        ("and yesterday", "yesterday (25 November 2026)"),
    ],
)
def test_one_of_them_is_enough(text: str, reading: str) -> None:
    assert str(read(text)) == reading


def test_times_that_one_photo_can_meet_stay_together() -> None:
    assert read("from 2018 on, until 2020").filter == All(
        (Taken(start=datetime(2018, 1, 1)), Taken(end=datetime(2021, 1, 1)))
    )
    assert read("after 2018 and before 2020").filter == All(
        (Taken(start=datetime(2019, 1, 1)), Taken(end=datetime(2020, 1, 1)))
    )
    assert read("2018, july").filter == All((year(2018), InMonth(7)))
    assert read("december 2018, 24 december").filter == All(
        (span("2018-12-01", "2019-01-01"), InMonth(12, 24))
    )


@pytest.mark.parametrize("text", ["last summer in december", "letzten Sommer im Dezember"])
def test_a_month_that_is_never_in_a_summer_does_not_widen_it(text: str) -> None:
    assert read(text).filter == All((span("2026-06-01", "2026-09-01"), InMonth(12)))


@pytest.mark.parametrize(
    "text",
    ["last summer, in december", "last summer and in december", "2026年夏天 12月"],
)
def test_a_time_beside_a_month_is_one_or_the_other(text: str) -> None:
    assert read(text).filter == Any((span("2026-06-01", "2026-09-01"), InMonth(12)))


def test_a_month_of_a_year_beside_another_year() -> None:
    query = read("2018, july 2018, 2020")
    july = span("2018-07-01", "2018-08-01")
    assert query.filter == Any((All((year(2018), july)), year(2020)))
    assert query.reading == ("(2018, July 2018) or 2020",)


def test_what_is_left_out_is_left_out_of_each() -> None:
    assert read("not 2018, not 2020").filter == All((Not(year(2018)), Not(year(2020))))
    days = (span("2026-11-25", "2026-11-26"), span("2026-11-26", "2026-11-27"))
    assert read("fotos, nicht von gestern oder heute").filter == All(tuple(map(Not, days)))
    assert read("fotos, nicht oder heute").filter == Not(days[1])  # as a chip leaves it


def test_words_between_others_stay() -> None:
    assert str(read("dogs and cats 2018")) == "dogs and cats, 2018"
    assert str(read('"2018" and 2020')) == "2018 and, 2020"
