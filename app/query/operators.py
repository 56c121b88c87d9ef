"""OR, AND, NOT and brackets, as other search engines have them: where they are in a query's text.

NOT is a minus and AND a plus, also before or behind a filter; an OR stands between alternatives,
and binds closer than either. Brackets hold words, or a group.
"""

from __future__ import annotations

import re

_OPERATOR = re.compile(r"(AND|OR|NOT)(?=[\s,]|$)|(&&|\|\|?)(?=\s|$)")
_SIGNS = {"&&": "AND", "|": "OR", "||": "OR"}
# What does not follow: nothing, another operator, a word with a minus, empty brackets.
_OF_NOTHING = re.compile(
    r"NOT\s*(?:$|,|(?:AND|OR|NOT)(?=[\s,]|$)|&&|\||\+(?!\S)|-(?![A-Za-z-]+:)\S|\(\s*\))|-NOT(?=\s|$)"
)
_QUOTED = re.compile(r'"[^"]*"|\u201c[^\u201d]*\u201d|\u201e[^\u201c]*\u201c')
_IN_BRACKETS = re.compile(r"(?:^|[\s(])(?:\+|AND|OR|NOT|&&|\|\|?)(?=[\s)]|$)|(?:^|[\s(])-[^\s)]")
_SPACE = re.compile(r"\s*")


def operator_at(text: str, place: int) -> str | None:
    """The operator at ``place``, in capital letters; None if there is none."""
    match = _OPERATOR.match(text, place)
    return (match[1] or _SIGNS[match[2]]) if match else None


def or_follows(text: str, place: int) -> bool:
    """Whether the next that stands in ``text`` from ``place`` on is an OR."""
    match = _SPACE.match(text, place)
    return match is not None and operator_at(text, match.end()) == "OR"


def end_of_operator(text: str, place: int) -> int:
    """The place behind the operator at ``place``."""
    match = _OPERATOR.match(text, place)
    return match.end() if match else place + 1


def negates_nothing(text: str, place: int) -> bool:
    """Whether a NOT or minus at ``place`` has nothing behind it that could be left out."""
    return _OF_NOTHING.match(text, place) is not None


def end_of_brackets(text: str, start: int) -> int | None:
    """The place of the bracket that closes the one at ``start``; None if none does.

    What stands in quotes closes nothing.
    """
    depth, place = 0, start
    while place < len(text):
        if quoted := _QUOTED.match(text, place):
            place = quoted.end()
            continue
        depth += (text[place] == "(") - (text[place] == ")")
        if not depth:
            return place
        place += 1
    return None


def has_operator(inside: str, keys: frozenset[str]) -> bool:
    """Whether what stands in brackets is more than words."""
    plain = _QUOTED.sub(" ", inside)
    if _IN_BRACKETS.search(plain):
        return True
    return any(key.lower() in keys for key in re.findall(r"\b([A-Za-z]+):\S", plain))
