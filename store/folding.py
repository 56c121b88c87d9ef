"""Comparing what people type with what is written: case and accents make no difference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from store.metadata import BETWEEN
from store.sql.fspath import glob_pattern


def fold(text: str) -> str:
    """Without case and accents: what people type is not always what is written."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))


def containing(asked: str, *, last: bool = False, words: bool = False) -> Callable[[str], bool]:
    """Whether a name has ``asked`` in it.

    Args:
        last: as all of it, or as its part behind a comma.
        words: as whole words, see ``whole_words``.
    """
    wanted = fold(asked)
    if last:
        return lambda name: f", {fold(name)}".endswith(f", {wanted}")
    if words:
        pattern = whole_words(asked)
        return lambda name: pattern.search(fold(name)) is not None
    return lambda name: wanted in fold(name)


def whole_words(asked: str) -> re.Pattern[str]:
    """Matches folded text that has ``asked`` in it as whole words: Nice, and not Venice.

    Only Latin letters and digits end where a word does: Chinese has no spaces between its words.
    A space may be a hyphen there: "saint malo" is Saint-Malo.
    """
    wanted = fold(asked)
    before = r"(?<![a-z0-9])" if wanted[:1].isascii() and wanted[:1].isalnum() else ""
    behind = r"(?![a-z0-9])" if wanted[-1:].isascii() and wanted[-1:].isalnum() else ""
    spoken = "[ -]".join(map(re.escape, wanted.split(" ")))
    return re.compile(before + spoken + behind)


def keyword_matcher(asked: str) -> Callable[[str], bool]:
    """Whether a keyword is what is asked for: all of it, or some names on the way to it.

    ``*`` and ``?`` stand for letters. Of a hierarchical one (Places|Europe|Paris) any name is asked
    for by itself, or several one behind the other (Europe|Paris, or Europe/Paris).
    """
    ways = {asked, asked.replace("/", BETWEEN)}
    patterns = [re.compile(glob_pattern(BETWEEN.join(_names(way)))) for way in ways]

    def fits(keyword: str) -> bool:
        names = _names(keyword)
        parts = (
            BETWEEN.join(names[start:end])
            for start in range(len(names))
            for end in range(start + 1, len(names) + 1)
        )
        return any(pattern.fullmatch(part) for part in parts for pattern in patterns)

    return fits


def _names(keyword: str) -> list[str]:
    return [fold(name).strip() for name in keyword.split(BETWEEN)]
