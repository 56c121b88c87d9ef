"""Dates in plain words, as of a Thursday in November 2026."""

from __future__ import annotations

import itertools
from datetime import datetime

import pytest
from dating import NOW, span
from hypothesis import given
from hypothesis import strategies as st

from app.query import date_translation
from app.query.plain_dates import dates
from store.filters import InHours, InMonth, Taken


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "filter", "reading"),
    [
        ("july 2018", span("2018-07-01", "2018-08-01"), "July 2018"),
        ("beach, july 2018", span("2018-07-01", "2018-08-01"), "July 2018"),
        ("2018-07", span("2018-07-01", "2018-08-01"), "July 2018"),
        ("on 2018-07-14", span("2018-07-14", "2018-07-15"), "14 July 2018"),
        ("2016-2018", span("2016-01-01", "2019-01-01"), "2016 to 2018"),
        ("from 2016 to 2018", span("2016-01-01", "2019-01-01"), "2016 to 2018"),
        ("between 2016 and 2018", span("2016-01-01", "2019-01-01"), "2016 to 2018"),
        ("2018 and 2019", span("2018-01-01", "2020-01-01"), "2018 to 2019"),
        (
            "dec 2018 and january 2019",
            span("2018-12-01", "2019-02-01"),
            "December 2018 to January 2019",
        ),
        ("in july or august 2018", span("2018-07-01", "2018-09-01"), "July to August 2018"),
        ("june to august 2018", span("2018-06-01", "2018-09-01"), "June to August 2018"),
        (
            *("10 to 14 july 2018", span("2018-07-10", "2018-07-15")),
            "10 July 2018 to 14 July 2018",
        ),
        ("july 10-14, 2018", span("2018-07-10", "2018-07-15"), "10 July 2018 to 14 July 2018"),
        ("feb 2020", span("2020-02-01", "2020-03-01"), "February 2020"),
        ("in 2019", span("2019-01-01", "2020-01-01"), "2019"),
        ("14 july 2018", span("2018-07-14", "2018-07-15"), "14 July 2018"),
        ("july 14th, 2018", span("2018-07-14", "2018-07-15"), "14 July 2018"),
        ("14.7.2018", span("2018-07-14", "2018-07-15"), "14 July 2018"),
        ("24/12/2019", span("2019-12-24", "2019-12-25"), "24 December 2019"),
        ("12/24/2019", span("2019-12-24", "2019-12-25"), "24 December 2019"),
        ("dogs 2019, cats", span("2019-01-01", "2020-01-01"), "2019"),
        ("today", span("2026-11-26", "2026-11-27"), "today (26 November 2026)"),
        ("yesterday", span("2026-11-25", "2026-11-26"), "yesterday (25 November 2026)"),
        ("3 days ago", span("2026-11-23", "2026-11-24"), "3 days ago (23 November 2026)"),
        ("two years ago", span("2024-01-01", "2025-01-01"), "two years ago (2024)"),
        ("last monday", span("2026-11-23", "2026-11-24"), "last monday (23 November 2026)"),
        ("last month", span("2026-10-01", "2026-11-01"), "last month (October 2026)"),
        ("last year", span("2025-01-01", "2026-01-01"), "last year (2025)"),
        ("last july", span("2026-07-01", "2026-08-01"), "last july (July 2026)"),
        ("last december", span("2025-12-01", "2026-01-01"), "last december (December 2025)"),
        (
            *("last summer", span("2026-06-01", "2026-09-01")),
            "last summer (June to August 2026)",
        ),
        (
            *("winter 2019", span("2019-12-01", "2020-03-01")),
            "winter 2019 (December 2019 to February 2020)",
        ),
        (
            *("christmas 2019", span("2019-12-24", "2019-12-27")),
            "christmas 2019 (24 December 2019 to 26 December 2019)",
        ),
        (
            *("easter 2019", span("2019-04-19", "2019-04-23")),
            "easter 2019 (19 April 2019 to 22 April 2019)",
        ),
        (
            *("thanksgiving 2020", span("2020-11-26", "2020-11-27")),
            "thanksgiving 2020 (26 November 2020)",
        ),
        (
            *("in the last 2 weeks", span("2026-11-12", "2026-11-27")),
            "the last 2 weeks (12 November 2026 to 26 November 2026)",
        ),
        ("since 2019", Taken(start=day("2019-01-01")), "from 2019 on"),
        ("after july 2018", Taken(start=day("2018-08-01")), "after July 2018"),
        ("before 2018", Taken(end=day("2018-01-01")), "before 2018"),
        ("until july 2018", Taken(end=day("2018-08-01")), "until July 2018"),
        ("before the end of july 2018", Taken(end=day("2018-08-01")), "until July 2018"),
        ("before early july 2018", Taken(end=day("2018-07-01")), "before July 2018"),
        ("since early 2018", Taken(start=day("2018-01-01")), "from 2018 on"),
        ("after mid-july 2018", Taken(start=day("2018-07-01")), "from July 2018 on"),
        ("after the end of 2018", Taken(start=day("2019-01-01")), "after 2018"),
        ("from the 1990s", span("1990-01-01", "2000-01-01"), "1990 to 1999"),
        ("1990s", span("1990-01-01", "2000-01-01"), "1990 to 1999"),
        ("beach, the 90s", span("1990-01-01", "2000-01-01"), "1990 to 1999"),
        (
            *("today last year", span("2025-11-26", "2025-11-27")),
            "today last year (26 November 2025)",
        ),
        (
            *("a year ago today", span("2025-11-26", "2025-11-27")),
            "a year ago today (26 November 2025)",
        ),
        (
            *("last year on this day", span("2025-11-26", "2025-11-27")),
            "last year on this day (26 November 2025)",
        ),
        (
            *("a week ago today", span("2026-11-19", "2026-11-20")),
            "a week ago today (19 November 2026)",
        ),
        (
            *("on this day 3 years ago", span("2023-11-26", "2023-11-27")),
            "this day 3 years ago (26 November 2023)",
        ),
        (
            *("this time last year", span("2025-11-12", "2025-12-11")),
            "this time last year (12 November 2025 to 10 December 2025)",
        ),
        (
            *("labor day 2020", span("2020-09-07", "2020-09-08")),
            "labor day 2020 (7 September 2020)",
        ),
        ("memorial day 2021", span("2021-05-31", "2021-06-01"), "memorial day 2021 (31 May 2021)"),
        ("fathers day 2026", span("2026-06-21", "2026-06-22"), "fathers day 2026 (21 June 2026)"),
        (
            *("black friday 2024", span("2024-11-29", "2024-11-30")),
            "black friday 2024 (29 November 2024)",
        ),
        ("in march", InMonth(3), "in March of any year"),
        ("beach, july", InMonth(7), "in July of any year"),
        (
            *("winter 2018/19", span("2018-12-01", "2019-03-01")),
            "winter 2018/19 (December 2018 to February 2019)",
        ),
        (
            *("summer '22", span("2022-06-01", "2022-09-01")),
            "summer '22 (June to August 2022)",
        ),
        (
            *("summer of \u201998", span("1998-06-01", "1998-09-01")),
            "summer of '98 (June to August 1998)",
        ),
        ("july '18", span("2018-07-01", "2018-08-01"), "July 2018"),
        ("4 july '18", span("2018-07-04", "2018-07-05"), "4 July 2018"),
        ("2018 july", span("2018-07-01", "2018-08-01"), "July 2018"),
        ("2019 summer", span("2019-06-01", "2019-09-01"), "June to August 2019"),
        ("07/2018", span("2018-07-01", "2018-08-01"), "July 2018"),
        ("from the year 2019", span("2019-01-01", "2020-01-01"), "2019"),
        ("end of july 2018", span("2018-07-01", "2018-08-01"), "July 2018"),
        ("early 2019", span("2019-01-01", "2020-01-01"), "2019"),
        ("good friday 2019", span("2019-04-19", "2019-04-20"), "good friday 2019 (19 April 2019)"),
        (
            *("pentecost 2019", span("2019-06-08", "2019-06-11")),
            "pentecost 2019 (8 June 2019 to 10 June 2019)",
        ),
        (
            *("christmas last year", span("2025-12-24", "2025-12-27")),
            "christmas last year (24 December 2025 to 26 December 2025)",
        ),
        (
            *("last year in summer", span("2025-06-01", "2025-09-01")),
            "last year in summer (June to August 2025)",
        ),
        ("this morning", span("2026-11-26", "2026-11-27"), "this morning (26 November 2026)"),
        ("last night", span("2026-11-25", "2026-11-26"), "last night (25 November 2026)"),
        ("on saturday", span("2026-11-21", "2026-11-22"), "last saturday (21 November 2026)"),
        ("beach in the morning", InHours(5, 12), "in the morning (5 to 12 o'clock)"),
    ],
)
def test_a_date_is_a_filter(text: str, filter: object, reading: str) -> None:
    (part,) = dates(text, NOW)
    assert part.filter == filter
    assert part.reading == reading


SUMMER = span("2026-06-01", "2026-09-01")
IN_OTHER_LANGUAGES = {
    "juli 2018": span("2018-07-01", "2018-08-01"),
    "am 14. juli 2018": span("2018-07-14", "2018-07-15"),
    "juni bis august 2018": span("2018-06-01", "2018-09-01"),
    "von 2016 bis 2018": span("2016-01-01", "2019-01-01"),
    "seit 2019": Taken(start=day("2019-01-01")),
    "bis juli 2018": Taken(end=day("2018-08-01")),
    "weihnachten 2019": span("2019-12-24", "2019-12-27"),
    "weihnachten 19": span("2019-12-24", "2019-12-27"),
    "sommer 22": span("2022-06-01", "2022-09-01"),
    "juli 22": span("2022-07-01", "2022-08-01"),
    "karneval 2020": span("2020-02-20", "2020-02-26"),
    "letztes jahr im herbst": span("2025-09-01", "2025-12-01"),
    "am samstag": span("2026-11-21", "2026-11-22"),
    "\u00e9t\u00e9 22": span("2022-06-01", "2022-09-01"),
    "toussaint 2018": span("2018-11-01", "2018-11-02"),
    "no\u00ebl l'an dernier": span("2025-12-24", "2025-12-27"),
    "verano 22": span("2022-06-01", "2022-09-01"),
    "viernes santo 2019": span("2019-04-19", "2019-04-20"),
    "\u5723\u8bde\u82822019": span("2019-12-24", "2019-12-27"),
    "2019\u5723\u8bde\u8282": span("2019-12-24", "2019-12-27"),
    "\u5723\u8bde\u8282 2019": span("2019-12-24", "2019-12-27"),
    "2018\u5e74\u56fd\u5e86\u8282": span("2018-10-01", "2018-10-08"),
    "im letzten sommer": SUMMER,
    "letztes jahr": span("2025-01-01", "2026-01-01"),
    "vor drei tagen": span("2026-11-23", "2026-11-24"),
    "in den letzten zwei wochen": span("2026-11-12", "2026-11-27"),
    "vorgestern": span("2026-11-24", "2026-11-25"),
    "aus den 90er jahren": span("1990-01-01", "2000-01-01"),
    "im juli": InMonth(7),
    "am morgen": InHours(5, 12),
    "en juillet 2018": span("2018-07-01", "2018-08-01"),
    "le 1er janvier 2019": span("2019-01-01", "2019-01-02"),
    "de 2016 \u00e0 2018": span("2016-01-01", "2019-01-01"),
    "juin \u00e0 ao\u00fbt 2018": span("2018-06-01", "2018-09-01"),
    "l'\u00e9t\u00e9 dernier": SUMMER,
    "l\u2019\u00e9t\u00e9 dernier": SUMMER,
    "le mois dernier": span("2026-10-01", "2026-11-01"),
    "il y a deux ans": span("2024-01-01", "2025-01-01"),
    "jusqu'en 2018": Taken(end=day("2019-01-01")),
    "en mars": InMonth(3),
    "le soir": InHours(18, 23),
    "el 14 de julio de 2018": span("2018-07-14", "2018-07-15"),
    "verano de 2019": span("2019-06-01", "2019-09-01"),
    "el verano pasado": SUMMER,
    "hace un a\u00f1o": span("2025-01-01", "2026-01-01"),
    "los \u00faltimos tres d\u00edas": span("2026-11-23", "2026-11-27"),
    "entre 2016 y 2018": span("2016-01-01", "2019-01-01"),
    "ayer": span("2026-11-25", "2026-11-26"),
    "2018\u5e747\u6708": span("2018-07-01", "2018-08-01"),
    "\u53bb\u5e74\u590f\u5929": span("2025-06-01", "2025-09-01"),
    "\u4e0a\u4e2a\u6708": span("2026-10-01", "2026-11-01"),
    "3\u5929\u524d": span("2026-11-23", "2026-11-24"),
    "vor dem sommer 2019": Taken(end=day("2019-06-01")),
    "bis zum 5. juli 2018": Taken(end=day("2018-07-06")),
    "vom 3. bis 5. juli 2018": span("2018-07-03", "2018-07-06"),
    "im juli und august 2018": span("2018-07-01", "2018-09-01"),
    "zwischen dem 3. und 5. juli 2018": span("2018-07-03", "2018-07-06"),
    "14.juli 2018": span("2018-07-14", "2018-07-15"),
    "montag, den 3. juni 2019": span("2019-06-03", "2019-06-04"),
    "ende juli 2018": span("2018-07-01", "2018-08-01"),
    "maerz 2019": span("2019-03-01", "2019-04-01"),
    "fruehling 2019": span("2019-03-01", "2019-06-01"),
    "vor fuenf jahren": span("2021-01-01", "2022-01-01"),
    "vorletztes jahr": span("2024-01-01", "2025-01-01"),
    "seit zwei wochen": span("2026-11-12", "2026-11-27"),
    "gestern abend": span("2026-11-25", "2026-11-26"),
    "im winter 2018/19": span("2018-12-01", "2019-03-01"),
    "avant le 5 juillet 2018": Taken(end=day("2018-07-05")),
    "pendant l'\u00e9t\u00e9 2019": span("2019-06-01", "2019-09-01"),
    "du 3 au 5 juillet 2018": span("2018-07-03", "2018-07-06"),
    "lundi 3 juin 2019": span("2019-06-03", "2019-06-04"),
    "d\u00e9but 2019": span("2019-01-01", "2020-01-01"),
    "l'annee derniere": span("2025-01-01", "2026-01-01"),
    "le dernier week-end": span("2026-11-21", "2026-11-23"),
    "ce mois-ci": span("2026-11-01", "2026-12-01"),
    "d'hier": span("2026-11-25", "2026-11-26"),
    "d'\u00e9t\u00e9 2019": span("2019-06-01", "2019-09-01"),
    "nouvel an 2019": span("2019-01-01", "2019-01-02"),
    "en el verano del 2019": span("2019-06-01", "2019-09-01"),
    "desde el verano de 2019": Taken(start=day("2019-06-01")),
    "del 3 al 5 de julio de 2018": span("2018-07-03", "2018-07-06"),
    "finales de julio de 2018": span("2018-07-01", "2018-08-01"),
    "el finde pasado": span("2026-11-21", "2026-11-23"),
    "el \u00faltimo verano": SUMMER,
    "hace dos anos": span("2024-01-01", "2025-01-01"),
    "miercoles pasado": span("2026-11-25", "2026-11-26"),
    "\u4e09\u5929\u524d": span("2026-11-23", "2026-11-24"),
    "\u4e24\u4e2a\u6708\u524d": span("2026-09-01", "2026-10-01"),
    "\u4e8c\u5341\u5e74\u524d": span("2006-01-01", "2007-01-01"),
    "\u5927\u524d\u5929": span("2026-11-23", "2026-11-24"),
    "\u4e0a\u5468\u4e94": span("2026-11-20", "2026-11-21"),
    "\u6700\u8fd1\u4e09\u5929": span("2026-11-23", "2026-11-27"),
    "2019\u5e74\u5341\u6708\u4e00\u65e5": span("2019-10-01", "2019-10-02"),
    "2016\u5e74\u52302018\u5e74": span("2016-01-01", "2019-01-01"),
    "2018\u5e747\u6708\u52308\u6708": span("2018-07-01", "2018-09-01"),
    "2018\u5e74\u4ee5\u524d": Taken(end=day("2018-01-01")),
}


@pytest.mark.parametrize(("text", "filter"), IN_OTHER_LANGUAGES.items())
def test_dates_are_read_in_other_languages(text: str, filter: object) -> None:
    around = f"hund {text}, strand"
    (part,) = dates(around, NOW)
    assert part.filter == filter
    assert around[part.start : part.end] == text


@pytest.mark.parametrize(
    ("text", "language"),
    [("juli", "de"), ("hier", "fr")],
)
def test_words_of_several_languages_are_dates_in_the_one_that_is_asked_in(
    text: str, language: str
) -> None:
    assert dates(text, NOW) == []
    assert len(dates(text, NOW, language)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "wedding 12/06/2019",
        "in the morning light",
        "march",
        "a boy may jump",
        "summer",
        "christmas tree",
        "fall",
        "blade runner 2049",
        "30 february 2020",
        "2019-13",
        "a player with number 2012 on his shirt runs over the field",
        "two dogs play in the grass early in the morning",
        "1950s kitchen",
        "300",
        "room 101",
        "the last supper",
        "this is a dog",
        "this evening dress",
        "summer 22 people",
        "a man on a monday morning walk",
        "13/2019",
        "mars",
        "a rover on mars",
        "hund vor dem haus",
        "nach dem bad",
        "im sommer",
        "ein junge springt im sommer in den see",
        "zwei hunde spielen am morgen im hohen gras am see",
        "un chien en hiver",
        "walking past an open bus",
        "walking past noel lights",
        "a dame in a hat",
        "in mar menor",
        "vor dem sommerhaus",
        "\u65e5\u672c\u6708\u4eae",
        "\u684c\u4e0a\u5468\u56f4",
        "\u95e8\u524d\u5929\u9e45",
        "\u51e0\u5341\u5e74\u524d",
        "2019\u5e742\u670830\u65e5",
    ],
)
def test_what_is_not_clearly_a_date_is_words(text: str) -> None:
    assert dates(text, NOW) == []


def test_english_needs_no_words_of_other_languages() -> None:
    date_translation._rules.cache_clear()
    for text in ("a dog in april", "a santa at an open bus", "a tag from a weekend in fall 2019"):
        dates(text, NOW)
    assert date_translation._rules.cache_info().misses == 0


def test_the_place_in_the_text() -> None:
    text = "dogs in july 2018 in the snow"
    (part,) = dates(text, NOW)
    assert text[part.start : part.end] == "in july 2018"


def test_within_a_summer_the_last_one_is_that_of_the_year_before() -> None:
    (part,) = dates("last summer", datetime(2026, 7, 1))
    assert part.filter == span("2025-06-01", "2025-09-01")


@given(
    st.lists(
        st.sampled_from(
            "last this july 2018 2018-07 - , in from to the 14 monday summer ago two days".split()  # noqa: SIM905
        ),
        max_size=7,
    )
)
def test_dates_are_in_order_and_never_overlap(words: list[str]) -> None:
    text = " ".join(words)
    parts = dates(text, NOW)
    assert all(one.end <= other.start for one, other in itertools.pairwise(parts))
    for part in parts:
        if isinstance(part.filter, Taken) and part.filter.start and part.filter.end:
            assert part.filter.start < part.filter.end
