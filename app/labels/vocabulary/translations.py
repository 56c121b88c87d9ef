"""What the concepts are called in other languages: ``names.de.txt`` and the like, read when needed.

Names are compared without regard to case, and to accents where that names nothing ("Bar" is no
"Bär"). Where a name is an English one too, it is the English one; where two languages share a name,
both mean what it means in the first.
"""

from __future__ import annotations

import functools
import unicodedata
from importlib.resources import files

LANGUAGES = ("de", "fr", "es", "zh")
_ARTICLES = {
    "de": ("ein", "eine", "einen", "der", "die", "das"),
    "fr": ("un", "une", "le", "la", "les", "des"),
    "es": ("un", "una", "el", "la", "los", "las"),
    "zh": (),
}


@functools.cache
def names(language: str) -> dict[str, str]:
    """English name -> the name in one of ``LANGUAGES``; empty for another language.

    Raises:
        ValueError: a line of the file is not ``english name = other name``.
    """
    if language not in LANGUAGES:
        return {}
    text = (files(__package__) / f"names.{language}.txt").read_text(encoding="utf-8")
    return read(text)


def read(text: str) -> dict[str, str]:
    """See ``names``."""
    pairs = {}
    for line in text.splitlines():
        if not line.strip() or line[0] in "#[":
            continue
        english, equals, other = (part.strip() for part in line.partition("="))
        if not (english and equals and other) or english in pairs:
            raise ValueError(f"{line} is no line of a concept, or its second one")
        pairs[english] = other
    return pairs


def shown(english: str, language: str) -> str:
    """What to call the concept with this English name in ``language``; English where unknown."""
    return names(language).get(english, english)


def english(name: str) -> str | None:
    """The English name of the concept that is called ``name`` in one of ``LANGUAGES``, or None."""
    ways = (_cased(name), folded(name))
    tables = [(language, exact) for exact in (True, False) for language in LANGUAGES]
    meant = (_english(language, exact).get(ways[not exact]) for language, exact in tables)
    return next((one for one in meant if one is not None), None)


def meant_by(text: str, language: str) -> str | None:
    """The English name of the concept that a query in ``language`` names, also with an article."""
    if not is_named(text, language):
        return None
    ways = (text, text.partition(" ")[2])
    tables = [(_english(language, True), _cased), (_english(language, False), folded)]
    meant = (table.get(key(way)) for way in ways for table, key in tables)
    return next((one for one in meant if one is not None), None)


def languages_naming(text: str) -> list[str]:
    """In which of ``LANGUAGES`` some concept is called ``text``, with or without an article."""
    return [language for language in LANGUAGES if is_named(text, language)]


def is_named(text: str, language: str) -> bool:
    """Whether some concept is called ``text`` in ``language``, with or without an article."""
    if language not in LANGUAGES:
        return False
    asked = folded(text)
    first, _, rest = asked.partition(" ")
    known = _english(language, False)
    return asked in known or (first in _ARTICLES[language] and rest in known)


@functools.cache
def words(language: str) -> frozenset[str]:
    """The words of three letters and more of all names in ``language``, folded."""
    all_words = (word for name in names(language).values() for word in folded(name).split())
    return frozenset(word for word in all_words if len(word) > 2)


def folded(name: str) -> str:
    """``name`` without case, accents and needless spaces."""
    parts = unicodedata.normalize("NFKD", _cased(name))
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return unicodedata.normalize("NFC", plain)


def _cased(name: str) -> str:
    """``name`` without case and needless spaces."""
    return " ".join(unicodedata.normalize("NFC", name.replace("\u2019", "'").casefold()).split())


@functools.cache
def _english(language: str, exact: bool) -> dict[str, str]:
    """English names by those in ``language``: as they are written, or without accents.

    Of two names that differ in accents only, the one without any is meant by what has none.
    """
    pairs = names(language).items()
    if exact:
        return {_cased(other): english for english, other in pairs}
    plain = {folded(o): english for english, o in pairs if folded(o) == _cased(o)}
    return {folded(other): english for english, other in pairs} | plain
