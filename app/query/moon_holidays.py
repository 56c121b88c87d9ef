"""Holidays that move with the moon: when they are, and what they are called in five languages.

The days are those of the package ``holidays``, which is imported only where one is named; Islamic
ones are seen by the moon, and may be a day off. Orthodox Easter is ``dateutil``'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple


class _Holiday(NamedTuple):
    """What a holiday is called by languages, and its days: which is the first, counted from that of
    the calendar, and how many there are."""

    offset: int
    days: int
    names: Mapping[str, str]


_EVERY: Mapping[str, _Holiday] = {
    "chinese new year": _Holiday(-1, 8, {  # with its eve
        "en": "lunar new year/spring festival",
        "de": "chinesisches neujahr/chinesisches neujahrsfest/chinesischen neujahr"
              "/chinesische neujahr/chinesischem neujahr",
        "fr": "nouvel an chinois/nouvel an lunaire",
        "es": "año nuevo chino/año nuevo lunar",
        "zh": "农历新年/春节",
    }),
    "mid-autumn festival": _Holiday(0, 1, {
        "en": "mid autumn festival/mid-autumn",
        "de": "mittherbstfest/mondfest",
        "fr": "fête de la mi-automne/mi-automne",
        "es": "festival de medio otoño/festival del medio otoño",
        "zh": "中秋节/中秋",
    }),
    "ramadan": _Holiday(0, 30, {
        "de": "ramadan", "fr": "ramadan", "es": "ramadán", "zh": "斋月",
    }),
    "eid al-fitr": _Holiday(0, 3, {
        "en": "eid ul-fitr/eid al fitr/eid-al-fitr",
        "de": "zuckerfest/fest des fastenbrechens/fastenbrechen",
        "fr": "aïd el-fitr/aïd al-fitr/l'aïd el-fitr/l'aïd al-fitr",
        "es": "eid al-fitr/fin del ramadán",
        "zh": "开斋节",
    }),
    "eid al-adha": _Holiday(0, 4, {
        "en": "eid ul-adha/eid al adha/eid-al-adha",
        "de": "opferfest",
        "fr": "aïd el-kébir/aïd al-adha/aïd el-adha/l'aïd el-kébir/l'aïd al-adha"
              "/fête du sacrifice",
        "es": "eid al-adha/fiesta del sacrificio",
        "zh": "古尔邦节/宰牲节",
    }),
    "diwali": _Holiday(-2, 5, {
        "en": "deepavali", "de": "diwali", "fr": "diwali/divali", "es": "diwali", "zh": "排灯节",
    }),
    "holi": _Holiday(-1, 2, {  # with its eve
        "de": "holi", "fr": "holi", "es": "holi", "zh": "洒红节/胡里节",
    }),
    "hanukkah": _Holiday(-1, 9, {  # these begin in the evening before
        "en": "hanukah/chanukah/chanukkah",
        "de": "chanukka", "fr": "hanoucca/hanoukka", "es": "janucá", "zh": "光明节",
    }),
    "passover": _Holiday(-1, 9, {
        "en": "pesach", "de": "pessach", "fr": "pessah/pâque juive", "es": "pésaj/pascua judía",
        "zh": "逾越节",
    }),
    "rosh hashanah": _Holiday(-1, 3, {
        "en": "rosh hashana", "de": "rosch haschana", "fr": "roch hachana",
        "es": "rosh hashaná", "zh": "犹太新年",
    }),
    "orthodox easter": _Holiday(-2, 4, {  # as Easter: from Good Friday to Monday
        "de": "orthodoxes ostern/orthodoxe ostern/orthodoxen ostern/orthodoxes osterfest",
        "fr": "pâques orthodoxe/pâques orthodoxes/pâque orthodoxe",
        "es": "pascua ortodoxa", "zh": "东正教复活节",
    }),
}  # fmt: skip
_OTHERS = {
    other: name
    for name, one in _EVERY.items()
    for other in one.names.get("en", "").split("/")
    if other
}
MOON_HOLIDAYS = (*_EVERY, *_OTHERS)
"""What they are called in English, in lower case."""
PATTERN = (
    "(?:chinese|lunar) new year|spring festival|mid[- ]autumn(?: festival)?|ramadan"
    "|eid[- ][au]l[- ](?:fitr|adha)|d(?:iwali|eepavali)|holi|c?hanuk{1,2}ah|p(?:assover|esach)"
    "|rosh hashanah?|orthodox easter"
)
"""Matches all of these; it is a part of long patterns, and short so that they are soon compiled."""


def names_in(language: str) -> dict[str, str]:
    """What they are called in another language ("de", "fr", "es" or "zh"), and in English."""
    every = ((name, one.names[language]) for name, one in _EVERY.items())
    return {called: name for name, names in every for called in names.split("/")}


def moon_holidays(name: str, year: int) -> list[tuple[date, int]]:
    """When a holiday is that begins in a year: its first day, and how many there are.

    Those of the Islamic calendar may begin twice in a year; no calendar knows all years.
    """
    named = _OTHERS.get(name, name)
    holiday = _EVERY[named]
    spans = []
    for day in sorted(_days(named, year)):
        count = holiday.days
        if named == "ramadan":
            ends = (eid for when in (year, year + 1) for eid in _days("eid al-fitr", when))
            count = next(((eid - day).days for eid in sorted(ends) if eid > day), count)
        spans.append((day + timedelta(days=holiday.offset), count))
    return spans


def _days(name: str, year: int) -> set[date]:
    """The days of a year that are the first ones of a holiday, as the calendar counts them."""
    if name == "orthodox easter":
        from dateutil.easter import EASTER_ORTHODOX, easter

        return {easter(year, EASTER_ORTHODOX)}
    try:
        from holidays.calendars.chinese import _ChineseLunisolar
        from holidays.calendars.hebrew import _HebrewLunisolar
        from holidays.calendars.hindu import _HinduLunisolar
        from holidays.calendars.islamic import _IslamicLunar
    except ImportError:  # no names that the package promises: without them, no day is known
        return set()

    days: Iterable[date | None]
    match name:
        case "chinese new year":
            days = [_ChineseLunisolar().lunar_new_year_date(year)[0]]
        case "mid-autumn festival":
            days = [_ChineseLunisolar().mid_autumn_date(year)[0]]
        case "ramadan":
            days = [day for day, _ in _IslamicLunar().ramadan_beginning_dates(year)]
        case "eid al-fitr":
            days = [day for day, _ in _IslamicLunar().eid_al_fitr_dates(year)]
        case "eid al-adha":
            days = [day for day, _ in _IslamicLunar().eid_al_adha_dates(year)]
        case "diwali":
            hindu = _HinduLunisolar()
            days = [hindu.diwali_india_date(year)[0] or hindu.diwali_date(year)[0]]
        case "holi":
            days = [_HinduLunisolar().holi_date(year)[0]]
        case "hanukkah":
            days = _HebrewLunisolar().hanukkah_date(year)
        case "passover":
            days = [_HebrewLunisolar().passover_date(year)]
        case _:
            days = [_HebrewLunisolar().rosh_hashanah_date(year)]
    return {day for day in days if day is not None and day.year == year}
