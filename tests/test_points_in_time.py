"""Days, seasons and years in plain words, as of some day."""

from __future__ import annotations

from datetime import datetime

import pytest
from dating import NOW

from app.query.plain_dates import dates


def readings(text: str, now: datetime = NOW) -> list[str]:
    return [part.reading for part in dates(text, now)]


@pytest.mark.parametrize(
    "text",
    ["this winter", "diesen winter", "cet hiver", "este invierno", "今年冬天", "winter this year"],
)
@pytest.mark.parametrize(
    ("now", "when"),
    [
        ("2027-01-15", "December 2026 to February 2027"),
        ("2027-02-28", "December 2026 to February 2027"),
        ("2027-03-01", "December 2027 to February 2028"),
        ("2026-12-24", "December 2026 to February 2027"),
    ],
)
def test_until_march_this_winter_is_the_one_that_it_is_in(text: str, now: str, when: str) -> None:
    (reading,) = readings(text, datetime.fromisoformat(now))
    assert reading.endswith(f"({when})")


@pytest.mark.parametrize(
    "text",
    [
        *("winter 2019-2020", "winter of 2019-2020", "winter 2019-20", "winter 2019/2020"),
        *("winter 2019\u20132020", "winter 2019 - 2020", "hiver 2019-2020", "invierno 2019-2020"),
        *("2019-2020 winter", "2019-2020冬天", "2019-2020年冬天"),
    ],
)
def test_a_winter_is_in_two_years(text: str) -> None:
    (part,) = dates(f"snow, {text}", NOW)
    assert part.start == len("snow, ")
    assert "December 2019 to February 2020" in part.reading


@pytest.mark.parametrize(
    "text", ["silvester 2019/2020", "new year's eve 2019/20", "nye 2019-2020", "nochevieja 2019/20"]
)
def test_so_is_the_night_between_them(text: str) -> None:
    (reading,) = readings(text)
    assert reading.endswith(" (31 December 2019)")


@pytest.mark.parametrize(
    "text",
    [
        *("day before yesterday", "the day before yesterday", "antes de ayer", "antes de anoche"),
        *("avant hier", "vorgestern"),
    ],
)
def test_the_day_before_yesterday(text: str) -> None:
    (part,) = dates(f"hund, {text}, strand", NOW)
    assert part.reading == "the day before yesterday (24 November 2026)".removeprefix(
        "" if text != "day before yesterday" else "the "
    )
    assert (part.start, part.end) == (6, 6 + len(text))


@pytest.mark.parametrize(
    "text",
    [
        *("2019.7.14", "2019-7-14", "2019/7/14", "14-07-2019", "14-7-2019", "14.07.19"),
        *("am 14.7.19", "14.7.19", "le 14/7/2019", "el 14/07/2019"),
    ],
)
def test_a_day_in_numbers(text: str) -> None:
    (part,) = dates(f"hund, {text}, strand", NOW)
    assert part.reading == "14 July 2019"
    assert (part.start, part.end) == (6, 6 + len(text))


@pytest.mark.parametrize("text", ["le 5/7/2019", "el 05/07/2019", "am 5.7.19", "5.7.2019"])
def test_the_day_is_before_the_month(text: str) -> None:
    assert readings(text) == ["5 July 2019"]


@pytest.mark.parametrize(
    "text",
    ["14.07.19 strand", "fotos 14.07.19", "hund, fotos 14.07.19", "photos of dogs from 14.07.19"],
)
def test_a_day_with_a_short_year_at_an_end(text: str) -> None:
    assert readings(text) == ["14 July 2019"]


@pytest.mark.parametrize(
    "text",
    [
        *("wedding 12-06-2019", "version 1.2.19", "at 11.10.05 pm", "2019-7", "2019-13-14"),
        *("192.168.1.19", "12.30.05", "31.02.19", "ubuntu 22.04.01 desktop", "macos 10.12.06"),
        *("a timer showing 01.02.03", "clock 10.10.10", "um 20.10.15", "20.10.15 uhr"),
        "10.10.10 p.m.",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert readings(text) == []


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("end of last year", "last year (2025)"),
        ("beginning of this month", "this month (November 2026)"),
        ("late last summer", "last summer (June to August 2026)"),
        ("early summer 2018", "summer 2018 (June to August 2018)"),
        ("in the month of july 2019", "July 2019"),
    ],
)
def test_a_part_is_read_as_the_whole(text: str, reading: str) -> None:
    (part,) = dates(f"hund, {text}, strand", NOW)
    assert part.reading == reading
    assert (part.start, part.end) == (6, 6 + len(text))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("muttertag 2020", "10 May 2020"),
        ("letzter muttertag", "10 May 2026"),
        ("母亲节2020", "10 May 2020"),
        ("2021年母亲节", "9 May 2021"),
        ("fête des mères 2019", "26 May 2019"),
        ("fête des mères 2020", "7 June 2020"),  # the last Sunday of May was Pentecost
        ("mothering sunday 2020", "22 March 2020"),
    ],
)
def test_days_of_mothers(text: str, day: str) -> None:
    (reading,) = readings(text)
    assert reading.endswith(f" ({day})")


def test_mothers_day_is_another_one_in_other_countries() -> None:
    assert readings("mother's day 2020") == readings("día de la madre 2020") == ["2020"]
