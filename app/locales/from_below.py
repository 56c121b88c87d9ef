"""What the lower layers say in English, in the language of the page's reader.

They know nothing of languages, and their messages have no keys: a message is recognized by the
English text of a key that begins with ``below.``. What is not among those stays in English.
"""

from __future__ import annotations

import calendar
import re
from functools import cache

from app.labels.vocabulary import translations
from app.languages.asked import ENGLISH, NAMES
from app.locales.texts import Texts, catalogue, isolated

_PREFIX = "below."
_PLACE = re.compile(r"(\{\w+\})")
_NUMBER, _BOUNDS = r"-?[\d.]+", r"[<>]=? .+|-?[\d.].*|\.\..+"
_DATE = rf"[\d-]+|(?:\d+ )?(?:{'|'.join(calendar.month_name[1:])})(?: \d+)?"
_VALUES = {
    "column": _NUMBER, "km": _NUMBER, "most": _NUMBER, "where": r"[-\d.,]+",
    "first": _DATE, "last": _DATE, "date": _DATE,
    "bounds": _BOUNDS, "key": r"[\w-]+", "sign": r"\+|AND|OR",
}  # fmt: skip
"""What stands in some places, by their names: a name of a folder or person is not taken for it."""
_OR, _NOT = " or ", "not "
_NONE_YET = "below.none-yet"
_NOUNS = ("below.photos", "below.videos", "below.files", "below.favourites")
"""What there may be none of."""


def translated(message: str, texts: Texts) -> str:
    """A message of a lower layer as ``texts`` has it, else as it is."""
    return _known(message, texts) or message


def reading_in(reading: str, texts: Texts, hint: str = "") -> str:
    """The reading of a filter ("not in Trips or in Garden"), part by part.

    Args:
        hint: the code of the language in which the page calls labels by their names.
    """
    if reading.startswith(_NOT):
        part = reading.removeprefix(_NOT)
        recognized = _recognized(part.split(_OR)[0])
        noun = recognized is not None and recognized[0] in _NOUNS
        key = "summary.no" if noun else "summary.not"
        return texts.plain(key, part=reading_in(part, texts, hint))
    if reading.startswith("(") and reading.endswith(")"):
        return f"({reading_in(reading[1:-1], texts, hint)})"
    parts = reading.split(_OR)
    if all(re.fullmatch(_DATE, part) for part in parts):
        return texts.either(parts)
    known = [said for part in parts if (said := _known(part, texts, hint)) is not None]
    if len(known) == len(parts):
        return texts.either(known)
    return _known(reading, texts, hint) or isolated(reading)  # the "or" is in a name


def colour_in(colour: str, texts: Texts) -> str:
    """The name of a colour label as ``texts`` has it; one of other programs' own is as it is."""
    key = f"colour.{colour.lower()}"
    if texts.language == ENGLISH or key not in catalogue(ENGLISH):
        return colour
    return texts(key)


def _recognized(message: str) -> tuple[str, dict[str, str]] | None:
    """The key of a message, and its values."""
    for key, pattern in _patterns():
        if match := pattern.fullmatch(message):
            return key, match.groupdict()
    return None


def _known(message: str, texts: Texts, hint: str = "") -> str | None:
    if (recognized := _recognized(message)) is None:
        return None
    key, values = recognized
    if key == "below.labelled":
        english = values["name"].lower()
        called = translations.shown(english, hint)
        values["name"] = values["name"] if called == english else called
    if key == "below.colour-label":
        values["name"] = colour_in(values["name"], texts)
    if key == "below.files" and texts.language != ENGLISH:
        values["name"] = values["name"].upper()
    if language := values.get("language"):
        values["language"] = _language(language, texts)
    if expected := values.get("expected"):
        if (said := _known(expected, texts)) is None:
            return None  # rather than half a sentence
        values["expected"] = said
    if meant := values.get("meant"):
        values["meant"] = texts.either(meant.split(_OR))
    if values.get("known") == catalogue(ENGLISH)[_NONE_YET]:
        values["known"] = texts(_NONE_YET)
    return texts(key, **values)


def _language(name: str, texts: Texts) -> str:
    """The name of a language, which lower layers give in English."""
    code = next((code for code, known in NAMES.items() if known == name), None)
    return texts(f"language.{code}") if code else name


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Each known message with its key, in the order in which they are to be tried.

    Those that begin with a place come last, for a name may end like one of them ("in My files");
    before others come those with the most letters of their own.
    """
    known = {
        key: text
        for key, text in catalogue(ENGLISH).items()
        if key.startswith(_PREFIX) and isinstance(text, str)
    }

    def order(key: str) -> tuple[bool, int]:
        return known[key].startswith("{"), -len(_PLACE.sub("", known[key]))

    return [(key, _pattern(known[key])) for key in sorted(known, key=order)]


def _pattern(text: str) -> re.Pattern[str]:
    parts = (
        f"(?P<{part[1:-1]}>{_VALUES.get(part[1:-1], '.+')})"
        if _PLACE.fullmatch(part)
        else re.escape(part)
        for part in _PLACE.split(text)
    )
    return re.compile("".join(parts), re.DOTALL)
