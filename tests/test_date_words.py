"""How people write dates in German, French and Spanish, as of a Thursday in November 2026."""

from __future__ import annotations

import pytest
from dating import NOW, whole_date

from app.query.date_words import known_words
from app.query.plain_dates import dates


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("der letzten woche", "last week (16 November 2026 to 22 November 2026)"),
        ("des letzten jahres", "last year (2025)"),
        ("des vergangenen monats", "last month (October 2026)"),
        ("des letzten sommers", "last summer (June to August 2026)"),
        ("das letzte wochenende", "last weekend (21 November 2026 to 22 November 2026)"),
        ("dieses jahres", "this year (2026)"),
        ("im juli letzten jahres", "july last year (July 2025)"),
        ("im sommer dieses jahres", "summer this year (June to August 2026)"),
        ("ende letzten jahres", "last year (2025)"),
        ("im monat juli 2019", "July 2019"),
        ("anfang juli", "in July of any year"),
        ("seit ende juli 2018", "from July 2018 on"),
        ("en mois de juillet 2019", "July 2019"),
        ("au mois d'août 2019", "August 2019"),
        ("mi-juillet 2019", "July 2019"),
        ("fin août", "in August of any year"),
        ("fin de l'année dernière", "last year (2025)"),
        ("en el mes de mayo de 2019", "May 2019"),
        ("a principios de julio", "in July of any year"),
        ("a finales del año pasado", "last year (2025)"),
        ("desde el 14 de julio de 2019", "from 14 July 2019 on"),
        ("hasta el 14 de julio de 2019", "until 14 July 2019"),
        ("desde el año pasado", "from last year (2025) on"),
        ("hasta el verano pasado", "until last summer (June to August 2026)"),
    ],
)
def test_dates_are_read_whole(text: str, reading: str) -> None:
    part = whole_date(text)
    assert part.reading == reading


@pytest.mark.parametrize(
    "text",
    [
        *("das letzte abendmahl", "der letzte mohikaner", "letzten endes", "der 3 hunde"),
        *("fin de semana", "le premier pas", "mes amigos"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert dates(text, NOW) == []


def test_words_that_english_has_too_alone_show_nothing() -> None:
    clear, common, ties = known_words("de")
    assert {"letzten", "juli"} <= clear
    assert {"august", "winter"} <= common
    assert "und" in ties
    assert clear.isdisjoint(common)
