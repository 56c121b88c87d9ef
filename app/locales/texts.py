"""The texts of the page in the language of its reader, of which each has one JSON file here.

A text may have places for values, ``{name}``; one with a number of its own, ``{count}``, may have
forms by the plural categories of CLDR. JavaScript reads the same files (``frontend/texts.js``).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from app.languages.asked import ENGLISH, hinted
from app.locales.numbers import number_text

Catalogue = Mapping[str, str | Mapping[str, str]]

_VALUE = re.compile(r"\{(\w+)\}")
_LEFTWARD = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # which turn what follows around
_ISOLATE, _END = "\u2068", "\u2069"


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages that there is a catalogue for."""
    here = (file.name for file in files("app.locales").iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in here if name.endswith(".json")))


@cache
def catalogue(language: str) -> Catalogue:
    """All texts of one language, by key."""
    text = (files("app.locales") / f"{language}.json").read_text(encoding="utf-8")
    texts: Catalogue = json.loads(text)
    return texts


class Texts:
    """The texts of one language, with numbers as in ``locale`` ("de-CH").

    The locale may be of another language than the texts are.
    """

    def __init__(self, language: str = ENGLISH, locale: str = ENGLISH) -> None:
        self.language, self.locale = language, locale

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of ``key`` with its values; a number among them is written as the locale does.

        The form of a text that has several is chosen by ``count``.
        """
        count = values.get("count")
        return _VALUE.sub(lambda match: self._said(values[match[1]]), self._form(key, count))

    def plain(self, key: str, /, **values: str) -> str:
        """The same of values that are texts of the page themselves, put in as they are."""
        return _VALUE.sub(lambda match: values[match[1]], self._form(key, None))

    def either(self, parts: Sequence[str]) -> str:
        """Texts of the page with an "or" between each two."""
        return functools.reduce(
            lambda one, two: self.plain("summary.or", one=one, other=two), parts
        )

    def number(self, value: float, digits: int = 0) -> str:
        """A number with so many digits behind its point."""
        return number_text(value, self.locale, digits)

    def _form(self, key: str, count: object) -> str:
        text = catalogue(self.language)[key]
        if isinstance(text, str):
            return text
        return text.get(_category(self.language, count), text["other"])

    def _said(self, value: object) -> str:
        if isinstance(value, int):
            return self.number(value)
        return isolated(str(value))


IN_ENGLISH = Texts()


def texts_for(accepted: str) -> Texts:
    """The texts for a browser that accepts these languages, as ``Accept-Language`` has them.

    They are in the first of its languages that there is a catalogue for, else in English.
    """
    locale = re.split(r"[,;\s]", accepted.strip(), maxsplit=1)[0]
    return Texts(hinted(accepted, languages()) or ENGLISH, locale or ENGLISH)


def isolated(name: str) -> str:
    """A name to be put into a sentence: one that is written from right to left changes the order of
    nothing around it (Unicode's bidirectional isolates), nor do control characters in a name, which
    are left out."""
    name = _CONTROLS.sub("", name)
    return f"{_ISOLATE}{name}{_END}" if _LEFTWARD.search(name) else name


def _category(language: str, count: object) -> str:
    """The plural category of a whole number, for languages with two at most.

    One with more needs its own rule here, as ``Intl.PluralRules`` has it.
    """
    return "one" if count == 1 or (count == 0 and language == "fr") else "other"
