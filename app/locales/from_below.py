"""What the lower layers say in English, in the language of the page's reader.

They know nothing of languages, and their messages have no keys: a message is recognized by the
English text of a key that begins with ``below.``. What is not among those stays in English.
"""

from __future__ import annotations

import re
from functools import cache

from app.labels.vocabulary import translations
from app.languages.asked import ENGLISH, NAMES
from app.locales.said_counts import COUNTED, counted_in
from app.locales.said_dates import DATE, MONTH, TIME, Side, month_in, time_in
from app.locales.texts import Texts, catalogue, isolated

_PREFIX = "below."
_PLACE = re.compile(r"(\{\w+\})")
_NUMBER, _BOUNDS = r"-?[\d.]+", r"[<>]=? .+|-?[\d.].*|\.\..+"
_VALUES = {
    "column": _NUMBER, "km": _NUMBER, "most": _NUMBER, "where": r"[-\d.,]+",
    "first": DATE, "last": DATE, "date": TIME, "month": MONTH, "other": MONTH,
    "day": r"\d{1,2}", "end": r"\d{1,2}",
    "begun": rf"{COUNTED}|Stopped.+", "counted": COUNTED, "rate": COUNTED, "n": r"[\d,]+",
    "seconds": r"[\d.]+", "code": r"\d+",
    "bounds": _BOUNDS, "key": r"[\w-]+", "sign": r"\+|AND|OR",
}  # fmt: skip
"""What stands in some places, by their names: a name of a folder or person is not taken for it."""
_OR, _NOT, _AND = " or ", "not ", ", "
_WITH_OR = ("in or near ", "screenshots, by name or folder")
"""What is one reading although it has an "or" or a comma."""
_SENTENCES = {"expected", "begun", "counted", "rate", "complaint"}
"""Values that are texts of ours themselves."""
_SIDES: dict[str, Side] = {
    "below.before": "first", "below.from": "first", "below.after": "last", "below.until": "last",
}  # fmt: skip
"""Which side of a span of time counts."""
_MORE = "below.more-names"
_THEN = ", then: "
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
    return _alternatives(reading, texts, hint) or isolated(reading)


def _alternatives(reading: str, texts: Texts, hint: str) -> str | None:
    """A reading part by part, where each part between an "or" is known; else as one, since an "or"
    may be in a name."""
    for parts in (reading.split(_OR), _split(reading, _OR)):
        said = [_alternative(part, texts, hint) for part in parts]
        known = [one for one in said if one is not None]
        if len(known) == len(parts):
            return texts.either(known)
    return _alternative(reading, texts, hint)


def _alternative(reading: str, texts: Texts, hint: str) -> str | None:
    if not (reading.startswith("(") and reading.endswith(")")):
        return time_in(reading, texts) or _known(reading, texts, hint)
    inner = reading[1:-1]
    said = [
        reading_in(part, texts, hint) if part.startswith(_NOT) else _alternatives(part, texts, hint)
        for part in _split(inner, _AND)
    ]
    known = [one for one in said if one is not None]
    return f"({_AND.join(known) if len(known) == len(said) else reading_in(inner, texts, hint)})"


def _split(reading: str, between: str) -> list[str]:
    """The parts of a reading, where ``between`` is in no brackets."""
    parts, depth, start, at = [], 0, 0, 0
    while at < len(reading):
        whole = next((one for one in _WITH_OR if reading.startswith(one, at)), None)
        depth = max(0, depth + (reading[at] == "(") - (reading[at] == ")"))
        if not depth and not whole and reading.startswith(between, at):
            parts.append(reading[start:at])
            start = at + len(between)
        at += len(whole or "x")
    return [*parts, reading[start:]]


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
    values |= _names_in(key, values, texts, hint)
    if key == "below.within":
        values["km"] = texts.number(float(values["km"]), len(values["km"].partition(".")[2]))
    for name in ("date", "first", "last"):
        if date := values.get(name):
            values[name] = time_in(date, texts, _SIDES.get(key)) or date
    if language := values.get("language"):
        values["language"] = _language(language, texts)
    for name in _SENTENCES & values.keys():
        said = counted_in(values[name], texts) or _known(values[name], texts)
        if said is None:
            return None  # rather than half a sentence
        values[name] = said
    values |= _lists_in(key, values, texts)
    if meant := values.get("meant"):
        values["meant"] = texts.either(meant.split(_OR))
    if values.get("known") == catalogue(ENGLISH)[_NONE_YET]:
        values["known"] = texts(_NONE_YET)
    return texts(key, **values)


def _names_in(key: str, values: dict[str, str], texts: Texts, hint: str) -> dict[str, str]:
    """What the page calls labels, colours, kinds of files and months."""
    match key:
        case "below.labelled":
            english = values["name"].lower()
            called = translations.shown(english, hint)
            return {"name": values["name"] if called == english else called}
        case "below.colour-label":
            return {"name": colour_in(values["name"], texts)}
        case "below.files" if texts.language != ENGLISH:
            return {"name": values["name"].upper()}
        case _ if key.endswith("any-year"):
            return {
                name: month_in(values[name], texts) for name in ("month", "other") if name in values
            }
    return {}


def _lists_in(key: str, values: dict[str, str], texts: Texts) -> dict[str, str]:
    """Numbers as the locale has them, and names with "and 3 more" behind them."""
    said = {}
    if seconds := values.get("seconds"):
        said["seconds"] = texts.number(float(seconds), len(seconds.partition(".")[2]))
    if number := values.get("n"):
        said["n"] = texts.number(int(number.replace(",", "")))
    if command := values.get("command"):  # it may be two
        said["command"] = command.replace(_THEN, f", {texts('below.then')}: ")
    if key == "below.watch-news":
        said["folder"] = counted_in(values["folder"], texts) or values["folder"]
    if (names := values.get("names")) and (known := _recognized(names)):
        said["names"] = (_known(names, texts) or names) if known[0] == _MORE else names
    return said


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
