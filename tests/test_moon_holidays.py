"""Holidays that move with the moon: each on the days that everybody knows, in five languages."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from app.query.moon_holidays import MOON_HOLIDAYS, PATTERN, moon_holidays, names_in
from app.query.plain_dates import dates
from store.filters import Taken

NOW = datetime(2026, 11, 26, 14, 30)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("chinese new year", "2020-01-24", "2020-01-31"),
        ("lunar new year", "2019-02-04", "2019-02-11"),
        ("mid-autumn festival", "2019-09-13", "2019-09-13"),
        ("ramadan", "2019-05-06", "2019-06-03"),
        ("eid al-fitr", "2019-06-04", "2019-06-06"),
        ("eid al-adha", "2019-08-11", "2019-08-14"),
        ("diwali", "2019-10-25", "2019-10-29"),
        ("holi", "2019-03-20", "2019-03-21"),
        ("hanukkah", "2018-12-02", "2018-12-10"),
        ("passover", "2019-04-19", "2019-04-27"),
        ("rosh hashanah", "2019-09-29", "2019-10-01"),
        ("orthodox easter", "2019-04-26", "2019-04-29"),
    ],
)
def test_its_days(name: str, first: str, last: str) -> None:
    ((start, count),) = moon_holidays(name, int(first[:4]))
    assert f"{start}" == first
    assert f"{start + timedelta(days=count - 1)}" == last


def test_some_begin_twice_in_a_year_and_some_in_none() -> None:
    assert [start for start, _ in moon_holidays("ramadan", 2030)] == [
        date(2030, 1, 5),
        date(2030, 12, 26),
    ]
    assert moon_holidays("holi", 1950) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("chinese new year 2020", "chinese new year 2020"),
        ("chinesisches neujahr 2020", "chinese new year 2020"),
        ("nouvel an chinois 2020", "chinese new year 2020"),
        ("a\u00f1o nuevo chino 2020", "chinese new year 2020"),
        ("\u6625\u82822020", "chinese new year 2020"),
        ("2020\u5e74\u6625\u8282", "chinese new year 2020"),
        ("zuckerfest 2022", "eid al-fitr 2022"),
        ("letzter ramadan", "last ramadan"),
        ("l'a\u00efd el-fitr 2019", "eid al-fitr 2019"),
        ("ramad\u00e1n 2019", "ramadan 2019"),
        ("deepavali 2021", "deepavali 2021"),
        ("pesach last year", "pesach last year"),
        ("orthodoxe ostern 2019", "orthodox easter 2019"),
        ("p\u00e2ques orthodoxe 2019", "orthodox easter 2019"),
    ],
)
def test_in_words(text: str, named: str) -> None:
    around = f"lights, {text}"
    (part,) = dates(around, NOW)
    assert around[part.start : part.end] == text
    assert part.reading.partition(" (")[0] == named
    assert isinstance(part.filter, Taken)


def test_the_last_one_is_over() -> None:
    (part,) = dates("last diwali", NOW.replace(month=11, day=8))
    assert part.reading == "last diwali (18 October 2025 to 22 October 2025)"
    (part,) = dates("last ramadan", datetime(2031, 2, 1))
    assert part.reading == "last ramadan (26 December 2030 to 23 January 2031)"
    assert dates("last holi", datetime(2090, 1, 1)) == []


@pytest.mark.parametrize("text", ["ramadan", "holi", "holi 1950", "diwali lights", "\u6625\u8282"])
def test_without_a_known_year_it_is_words(text: str) -> None:
    assert dates(text, NOW) == []


def test_the_pattern_has_all_of_them() -> None:
    assert all(re.fullmatch(PATTERN, name) for name in MOON_HOLIDAYS)


def test_each_has_a_name_in_every_language() -> None:
    named = [set(names_in(language).values()) for language in ("de", "fr", "es", "zh")]
    assert all(one == named[0] and one <= set(MOON_HOLIDAYS) for one in named)
