"""Dates from one time to another, and those at an end of a longer time, as of November 2026."""

from __future__ import annotations

import pytest
from dating import NOW, span, whole_date

from app.query.plain_dates import dates
from store.filters import Any, InMonth, Taken

UNTIL_TODAY = span("2018-01-01", "2026-11-27")


@pytest.mark.parametrize(
    "text",
    [
        *("2018 to today", "2018 - today", "2018 to now", "from 2018 to the present"),
        *("2018 to present", "2018 until now", "since 2018 to now", "between 2018 and now"),
        *("2018 bis heute", "von 2018 bis jetzt", "zwischen 2018 und heute"),
        *("de 2018 à aujourd'hui", "2018 jusqu'à maintenant", "entre 2018 et aujourd'hui"),
        *("2018 hasta hoy", "desde 2018 hasta ahora", "de 2018 a hoy"),
        *("2018年到今天", "2018年至今", "2018年到现在"),
    ],
)
def test_a_range_ends_today(text: str) -> None:
    part = whole_date(text)
    assert part.filter == UNTIL_TODAY


@pytest.mark.parametrize(
    ("text", "filter"),
    [
        ("from last summer to today", span("2026-06-01", "2026-11-27")),
        ("yesterday to today", span("2026-11-25", "2026-11-27")),
        ("from 2018 to last year", span("2018-01-01", "2026-01-01")),
        ("june to today", span("2026-06-01", "2026-11-27")),
        ("december to now", span("2025-12-01", "2026-11-27")),
        ("vom letzten sommer bis heute", span("2026-06-01", "2026-11-27")),
        ("since 2010 until 2015", span("2010-01-01", "2016-01-01")),
        ("desde 2010 hasta 2015", span("2010-01-01", "2016-01-01")),
        ("2010 a 2015", span("2010-01-01", "2016-01-01")),
        ("2010 al 2015", span("2010-01-01", "2016-01-01")),
        ("du 14/07/2019 au 20/07/2019", span("2019-07-14", "2019-07-21")),
        ("du 05/07/2019 au 12/07/2019", span("2019-07-05", "2019-07-13")),
        ("entre le 14/07/2019 et le 20/07/2019", span("2019-07-14", "2019-07-21")),
        ("del 14/07/2019 al 20/07/2019", span("2019-07-14", "2019-07-21")),
        ("desde el 05/07/2019 hasta el 12/07/2019", span("2019-07-05", "2019-07-13")),
        ("zwischen 1. und 14. juli 2019", span("2019-07-01", "2019-07-15")),
        ("vom 24.12.19 bis 26.12.19", span("2019-12-24", "2019-12-27")),
        ("june/july 2019", span("2019-06-01", "2019-08-01")),
        ("juni/juli 2019", span("2019-06-01", "2019-08-01")),
        ("juni-august 2019", span("2019-06-01", "2019-09-01")),
        ("juin-août 2019", span("2019-06-01", "2019-09-01")),
        ("junio-agosto 2019", span("2019-06-01", "2019-09-01")),
        ("2018/2019", span("2018-01-01", "2020-01-01")),
        ("from the end of may until now", span("2026-05-01", "2026-11-27")),
        ("ende mai bis heute", span("2026-05-01", "2026-11-27")),
        ("from early 2018 to late 2019", span("2018-01-01", "2020-01-01")),
        ("winter 2018-2021", span("2018-12-01", "2022-01-01")),
        ("winter 2018-2019 to summer 2020", span("2018-12-01", "2020-09-01")),
    ],
)
def test_from_one_time_to_another(text: str, filter: Taken) -> None:
    part = whole_date(text)
    assert part.filter == filter


def test_what_is_no_range() -> None:
    assert [part.filter for part in dates("2018 to present gifts", NOW)] == [
        span("2018-01-01", "2019-01-01")
    ]
    readings = [part.reading for part in dates("today to 2018", NOW)]
    assert readings == ["today (26 November 2026)", "2018"]
    for text in ("now", "until now", "the present", "jetzt", "ahora"):
        assert dates(text, NOW) == []


def test_two_times_apart_are_one_or_the_other() -> None:
    (part,) = dates("people on the beach in 2018 or 2020 with many dogs", NOW)
    assert part.filter == Any((span("2018-01-01", "2019-01-01"), span("2020-01-01", "2021-01-01")))
    assert part.reading == "2018 or 2020"
    (part,) = dates("july and september 2018", NOW)
    assert part.reading == "July 2018 or September 2018"
    (part,) = dates("photos from june, july and september 2018", NOW)
    assert part.reading == "June 2018 or July 2018 or September 2018"
    assert dates("a man with 2012 and 2018 on his shirt runs over the field", NOW) == []


@pytest.mark.parametrize(
    ("text", "filter"),
    [
        ("last week of july 2019", span("2019-07-25", "2019-08-01")),
        ("the first week of july 2019", span("2019-07-01", "2019-07-08")),
        ("last weekend of august 2019", span("2019-08-24", "2019-08-26")),
        ("last weekend of june 2019", span("2019-06-29", "2019-07-01")),
        ("first weekend in july 2019", span("2019-07-06", "2019-07-08")),
        ("last day of 2019", span("2019-12-31", "2020-01-01")),
        ("last month of last year", span("2025-12-01", "2026-01-01")),
        ("letzte woche im juli 2019", span("2019-07-25", "2019-08-01")),
        ("letzte woche des juli 2019", span("2019-07-25", "2019-08-01")),
        ("erste woche im juli 2019", span("2019-07-01", "2019-07-08")),
        ("la dernière semaine de juillet 2019", span("2019-07-25", "2019-08-01")),
        ("première semaine de juillet 2019", span("2019-07-01", "2019-07-08")),
        ("la última semana de julio de 2019", span("2019-07-25", "2019-08-01")),
        ("la primera semana de julio de 2019", span("2019-07-01", "2019-07-08")),
        ("last week of july", Any(tuple(InMonth(7, day) for day in range(25, 32)))),
        ("first day of may", InMonth(5, 1)),
        ("last weekend in august", Any(tuple(InMonth(8, day) for day in range(24, 32)))),
        ("the first weekend of may", Any(tuple(InMonth(5, day) for day in range(1, 9)))),
        ("letztes wochenende im august", Any(tuple(InMonth(8, day) for day in range(24, 32)))),
        ("last day of february", Any((InMonth(2, 28), InMonth(2, 29)))),
        ("last month in july", InMonth(7)),
    ],
)
def test_an_end_of_a_longer_time(text: str, filter: object) -> None:
    part = whole_date(text)
    assert part.filter == filter


@pytest.mark.parametrize(
    "text",
    [
        *("last week of school", "last night of the proms"),
        *("the last summer of love", "first day of school"),
    ],
)
def test_the_last_one_of_something_is_no_date(text: str) -> None:
    assert dates(text, NOW) == []


@pytest.mark.parametrize(
    ("text", "filter"),
    [
        ("last week in rome", span("2026-11-16", "2026-11-23")),
        ("photos from last week of dogs", span("2026-11-16", "2026-11-23")),
        ("photos last week of the dogs", span("2026-11-16", "2026-11-23")),
        ("my pics, last summer of the lake", span("2026-06-01", "2026-09-01")),
        ("last year in july", span("2025-07-01", "2025-08-01")),
    ],
)
def test_the_last_one_is_that_before_now(text: str, filter: Taken) -> None:
    assert [part.filter for part in dates(text, NOW)] == [filter]
