"""What the lower layers say in English, in the language of the page's reader.

They know nothing of languages, and their messages have no keys: a message is recognized by the
English text of a key that begins with ``below.``. What is not among those stays in English.
"""

from __future__ import annotations

import functools
import re
from functools import cache

from app.languages.asked import ENGLISH, NAMES
from app.locales.texts import Texts, catalogue

_PREFIX = "below."
_PLACE = re.compile(r"(\{\w+\})")
_OR, _NOT = " or ", "not "


def translated(message: str, texts: Texts) -> str:
    """A message of a lower layer as ``texts`` has it, else as it is."""
    return (_known(message, texts) or message) if texts.language != ENGLISH else message


def reading_in(reading: str, texts: Texts) -> str:
    """The reading of a filter ("not in Trips or in Garden"), part by part."""
    if texts.language == ENGLISH:
        return reading
    if reading.startswith(_NOT):
        return texts.plain("summary.not", part=reading_in(reading.removeprefix(_NOT), texts))
    parts = [_known(part, texts) for part in reading.split(_OR)]
    said = [part for part in parts if part is not None]
    if len(said) < len(parts):  # the "or" is in a name
        return translated(reading, texts)
    return functools.reduce(
        lambda one, other: texts.plain("summary.or", one=one, other=other), said
    )


def _known(message: str, texts: Texts) -> str | None:
    for key, pattern in _patterns():
        if match := pattern.fullmatch(message):
            values = match.groupdict()
            if language := values.get("language"):
                values["language"] = _language(language, texts)
            if expected := values.get("expected"):
                values["expected"] = translated(expected, texts)
            return texts(key, **values)
    return None


def _language(name: str, texts: Texts) -> str:
    """The name of a language, which lower layers give in English."""
    code = next((code for code, known in NAMES.items() if known == name), None)
    return texts(f"language.{code}") if code else name


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Each known message with its key; those with the most letters of their own first."""
    known = {
        key: text
        for key, text in catalogue(ENGLISH).items()
        if key.startswith(_PREFIX) and isinstance(text, str)
    }
    by_length = sorted(known, key=lambda key: -len(_PLACE.sub("", known[key])))
    return [(key, _pattern(known[key])) for key in by_length]


def _pattern(text: str) -> re.Pattern[str]:
    parts = (
        f"(?P<{part[1:-1]}>.+)" if _PLACE.fullmatch(part) else re.escape(part)
        for part in _PLACE.split(text)
    )
    return re.compile("".join(parts), re.DOTALL)
