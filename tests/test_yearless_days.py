"""Days of any year in plain words, in five languages, and what is none."""

from __future__ import annotations

from datetime import datetime

import pytest
from dating import NOW, whole_date

from app.query.parser import parse_query
from app.query.plain_dates import dates
from store.errors import QueryError
from store.filters import Any, InMonth, Not


@pytest.mark.parametrize(
    ("text", "filter"),
    [
        ("14 july", InMonth(7, 14)),
        ("on this day", InMonth(11, 26)),
        ("on this day in other years", InMonth(11, 26)),
        ("on this day every year", InMonth(11, 26)),
        ("july 14", InMonth(7, 14)),
        ("july 4th", InMonth(7, 4)),
        ("the 4th of july", InMonth(7, 4)),
        ("taken on december 31", InMonth(12, 31)),
        ("24 dec", InMonth(12, 24)),
        ("on 3 march", InMonth(3, 3)),
        ("3rd of may", InMonth(5, 3)),
        ("29 february", InMonth(2, 29)),
        ("14. juli", InMonth(7, 14)),
        ("am 14. juli", InMonth(7, 14)),
        ("1. mai", InMonth(5, 1)),
        ("24.12.", InMonth(12, 24)),
        ("am 1.2.", InMonth(2, 1)),
        ("am 24.12", InMonth(12, 24)),
        ("le 14 juillet", InMonth(7, 14)),
        ("1er mai", InMonth(5, 1)),
        ("le 14/07", InMonth(7, 14)),
        ("14 de julio", InMonth(7, 14)),
        ("el 3 de mayo", InMonth(5, 3)),
        ("7\u670814\u65e5", InMonth(7, 14)),
        ("\u4e03\u6708\u5341\u56db\u65e5", InMonth(7, 14)),
    ],
)
def test_a_day_of_any_year(text: str, filter: InMonth) -> None:
    part = whole_date(text)
    assert part.filter == filter
    assert part.reading == f"{filter.day} {datetime(2000, filter.month, 1):%B} of any year"


@pytest.mark.parametrize("text", ["fireworks 14 july", "july 14 fireworks", "a beach on july 14"])
def test_beside_few_words(text: str) -> None:
    assert [part.filter for part in dates(text, NOW)] == [InMonth(7, 14)]


@pytest.mark.parametrize("text", ["3 may", "4 march", "march 4"])
def test_a_number_and_may_alone_are_a_day(text: str) -> None:
    assert len(dates(text, NOW)) == 1


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2 march bands",
            "4 march in the street",
            "3 may be seen",
            "a child may 2",
            "2 mars bars",
        ),
        *("31 february", "32 july", "13/13", "1/2 cup", "version 1.2.", "f/1.8", "on 4/7"),
        *("5 june and 8 june", "before 14 july", "24.12. und 31.12.", "seit 24.12."),
        *("version 1.2. to 3.4.", "chapter 3.1.-3.2.", "12\u670826\u65e5\u81f324\u65e5"),
        *("vor dem 24.12.", "10-14 july 20", "14-10 july", "2-4 march bands", "30-31 february"),
        *("1.2. to 3.4", "since 10-14 july", "since 1.2. to 3.4."),
        *("eos 5", "17\u67083\u65e5", "on 0 july"),
        "14 july parades go down the street with many people",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert dates(text, NOW) == []


def test_with_its_year_it_is_that_day() -> None:
    for text in ("14 july 2018", "july 14, 2018", "14. juli 2018", "2018\u5e747\u670814\u65e5"):
        (part,) = dates(text, NOW)
        assert part.reading == "14 July 2018"


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("14 july to 20 july 2019", "14 July 2019 to 20 July 2019"),
        ("july 14 to august 2, 2019", "14 July 2019 to 2 August 2019"),
        ("vom 24.12. bis 26.12.2019", "24 December 2019 to 26 December 2019"),
        ("24. dezember bis 2. januar 2020", "24 December 2019 to 2 January 2020"),
        ("du 24 d\u00e9cembre au 2 janvier 2020", "24 December 2019 to 2 January 2020"),
        ("del 24 de diciembre al 2 de enero de 2020", "24 December 2019 to 2 January 2020"),
        ("december to february 2018", "December 2017 to February 2018"),
        (
            "2018\u5e7412\u670824\u65e5\u52302019\u5e741\u67082\u65e5",
            "24 December 2018 to 2 January 2019",
        ),
        ("2018\u5e7412\u670824-26\u65e5", "24 December 2018 to 26 December 2018"),
        (
            "2018\u5e7412\u670824\u65e5\u81f326\u65e5",
            "24 December 2018 to 26 December 2018",
        ),
    ],
)
def test_the_first_day_of_a_range_has_the_year_of_the_last(text: str, reading: str) -> None:
    assert [part.reading for part in dates(text, NOW)] == [reading]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("24-26 december", "24 to 26 December"),
        ("24th to 26th of december", "24 to 26 December"),
        ("december 24-26", "24 to 26 December"),
        ("from 24 december to 2 january", "24 December to 2 January"),
        ("dec 24 until jan 2", "24 December to 2 January"),
        ("between 24 december and 2 january", "24 December to 2 January"),
        ("between december 24 and january 2", "24 December to 2 January"),
        ("14 july to 20 july", "14 to 20 July"),
        ("3-5 may", "3 to 5 May"),
        ("from 3 to 5 may", "3 to 5 May"),
        ("3rd to 5th of may", "3 to 5 May"),
        ("on 24-26 december", "24 to 26 December"),
        ("between 24 and 26 december", "24 to 26 December"),
        ("24 and 25 december", "24 to 25 December"),
        ("24.-26.12.", "24 to 26 December"),
        ("vom 24. bis 26.12.", "24 to 26 December"),
        ("zwischen 24. und 26. dezember", "24 to 26 December"),
        ("zwischen 24.12. und 2.1.", "24 December to 2 January"),
        ("zwischen dem 24. dezember und dem 2. januar", "24 December to 2 January"),
        ("zwischen dem 1. und dem 3. juli", "1 to 3 July"),
        ("dec 24 thru jan 2", "24 December to 2 January"),
        ("entre el 24 de diciembre y el 2 de enero", "24 December to 2 January"),
        ("12\u670824-26\u65e5", "24 to 26 December"),
        ("24 au 26 d\u00e9cembre", "24 to 26 December"),
        ("entre le 24 d\u00e9cembre et le 2 janvier", "24 December to 2 January"),
        ("24-26 de diciembre", "24 to 26 December"),
        ("24. bis 26. dezember", "24 to 26 December"),
        ("24.12. bis 2.1.", "24 December to 2 January"),
        ("vom 24.12. bis zum 26.12.", "24 to 26 December"),
        ("du 24 au 26 d\u00e9cembre", "24 to 26 December"),
        ("du 24 d\u00e9cembre au 2 janvier", "24 December to 2 January"),
        ("del 24 al 26 de diciembre", "24 to 26 December"),
        ("del 24 de diciembre al 2 de enero", "24 December to 2 January"),
        ("12\u670824\u65e5\u81f312\u670826\u65e5", "24 to 26 December"),
        ("12\u670824\u65e5\u523026\u65e5", "24 to 26 December"),
        ("12\u670824\u65e5\u52301\u67082\u65e5", "24 December to 2 January"),
    ],
)
def test_from_one_day_to_another(text: str, reading: str) -> None:
    part = whole_date(text)
    assert part.reading == f"{reading} of any year"


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("in june or july", (6, 7)),
        ("june and july", (6, 7)),
        ("june/july", (6, 7)),
        ("june to august", (6, 7, 8)),
        ("june-august", (6, 7, 8)),
        ("from june to august", (6, 7, 8)),
        ("between june and august", (6, 7, 8)),
        ("from november to february", (11, 12, 1, 2)),
        ("from march to may", (3, 4, 5)),
        ("dec-feb", (12, 1, 2)),
        ("in dec or jan", (12, 1)),
        ("in june and august", (6, 8)),
        ("im mai oder juni", (5, 6)),
        ("juni bis august", (6, 7, 8)),
        ("zwischen juni und august", (6, 7, 8)),
        ("en juin ou juillet", (6, 7)),
        ("de juin \u00e0 ao\u00fbt", (6, 7, 8)),
        ("en junio o julio", (6, 7)),
        ("de junio a agosto", (6, 7, 8)),
        ("6\u6708\u52308\u6708", (6, 7, 8)),
        ("june, july and august", (6, 7, 8)),
        ("june, july, and september", (6, 7, 9)),
        ("june, july, august", (6, 7, 8)),
        ("in jan, feb or mar", (1, 2, 3)),
        ("juni, juli und august", (6, 7, 8)),
        ("en juin, juillet et ao\u00fbt", (6, 7, 8)),
        ("from early june to late august", (6, 7, 8)),
        ("between early june and late august", (6, 7, 8)),
        ("mid-july or late august", (7, 8)),
        ("since june until august", (6, 7, 8)),
        ("anfang juni bis ende august", (6, 7, 8)),
        ("de d\u00e9but juin \u00e0 fin ao\u00fbt", (6, 7, 8)),
        ("de principios de junio a finales de agosto", (6, 7, 8)),
        ("desde principios de junio hasta finales de agosto", (6, 7, 8)),
    ],
)
def test_months_of_any_year(text: str, months: tuple[int, ...]) -> None:
    part = whole_date(text)
    assert part.filter == Any(tuple(map(InMonth, months)))


@pytest.mark.parametrize(
    "text", ["early july", "mid-july", "the end of july", "in the month of july", "7\u6708"]
)
def test_a_part_of_a_month_is_all_of_it(text: str) -> None:
    part = whole_date(text)
    assert part.filter == InMonth(7)


@pytest.mark.parametrize(
    "text",
    [
        *("two dogs from early june to late august", "Urlaub Anfang Juni bis Ende August"),
        *("beach june, july and august", "children in june, july and august"),
    ],
)
def test_months_beside_other_words(text: str) -> None:
    (part,) = dates(text.lower(), NOW)
    assert part.filter == Any((InMonth(6), InMonth(7), InMonth(8)))


@pytest.mark.parametrize(
    "text",
    [
        *("before the end of july", "since early june", "until the end of may"),
        *("after mid august", "from early june to christmas", "early june until school begins"),
        "since june or july",
        *("vor ende august", "bis ende mai", "seit mitte juli", "nach mitte august"),
        *("avant fin aout", "depuis fin mai", "\u00e0 partir de d\u00e9but juin"),
        *("antes de finales de julio", "hasta finales de julio"),
    ],
)
def test_a_month_that_something_is_before_or_after(text: str) -> None:
    for around in (text, f"hund, {text}, strand", f"dogs {text}"):
        assert dates(around, NOW) == []


@pytest.mark.parametrize(
    "text",
    [
        *("march, may and august", "a boy, mar, jan and april", "jan, mar and june"),
        *("march or may", "may to march", "jan and mar", "may or may not", "march to the beach"),
        *("june and april at the beach", "a boy may march", "early may flowers in a big garden"),
    ],
)
def test_words_that_are_no_months(text: str) -> None:
    assert dates(text, NOW) == []


def test_each_of_some_days_is_meant_and_months_whole() -> None:
    assert parse_query("on:12-30..02-02").filter == Any(
        (InMonth(12, 30), InMonth(12, 31), InMonth(1), InMonth(2, 1), InMonth(2, 2))
    )
    assert parse_query("on:02-01..02-29").filter == InMonth(2)
    assert parse_query("on:2-27..2-28").filter == Any((InMonth(2, 27), InMonth(2, 28)))
    assert parse_query("-on:7-4..7-5").filter == Not(Any((InMonth(7, 4), InMonth(7, 5))))
    whole = Any(tuple(InMonth(month % 12 + 1) for month in range(6, 18)))
    assert parse_query("on:07-02..07-01").filter == whole
    assert parse_query("on:07-14..07-14").filter == InMonth(7, 14)
    with pytest.raises(QueryError, match="a day that exists"):
        parse_query("on:07-14..07-32")


def test_as_a_filter() -> None:
    assert parse_query("on:07-14").filter == InMonth(7, 14)
    assert parse_query("-on:02-29").filter == Not(InMonth(2, 29))
    assert parse_query("on:7-4").filter == InMonth(7, 4)
    for wrong in ("on:02-30", "on:13-01", "on:00-10"):
        with pytest.raises(QueryError, match="a day that exists"):
            parse_query(wrong)
