"""Globs of file names as regular expressions of PostgreSQL, which can't call a function of ours.

They match what ``fnmatch`` does of a name without case, ``from_text(name).casefold()``. The server
folds no case itself (how it would depends on its version and language): each letter stands for all
characters that fold to it. A character that folds to two ("ß") counts as one for "?" and "[...]".
"""

from __future__ import annotations

import sys
from functools import cache

from store.sql.fspath import ESCAPE, to_text

_ONE = f"(?:{ESCAPE}[0-9a-f]{{4}}|{ESCAPE}{ESCAPE}|[^{ESCAPE}])"  # of ``fspath``
_NEVER = "(?!.*)"


def server_pattern(glob: str) -> str:
    """The regular expression for ``glob``, as text of the database."""
    folded = glob.casefold()
    parts, place = ["^"], 0
    while place < len(folded):
        character = folded[place]
        place += 1
        if character == "*":
            parts.append(".*")
        elif character == "?":
            parts.append(_ONE)
        elif character == "[" and (end := _end_of_class(folded, place)):
            parts.append(_class(folded[place : end - 1]))
            place = end
        else:
            pair = folded[place - 1 : place + 1]
            if len(pair) == 2 and pair in _variants():  # "ss", which "ß" folds to
                parts.append(f"(?:{''.join(map(_literal, pair))}|[{''.join(_variants()[pair])}])")
                place += 1
            else:
                parts.append(_literal(character))
    return "".join([*parts, "$"])


def _end_of_class(text: str, start: int) -> int:
    """The place behind the "]" of a class that begins at ``start``; 0 if it has none."""
    first = start + (text[start : start + 1] == "!")
    return text.find("]", first + 1) + 1 if first < len(text) else 0


def _class(inside: str) -> str:
    negated = inside.startswith("!")
    inside = inside[negated:]
    ranges, place = [], 0
    while place < len(inside):
        low = high = inside[place]
        place += 1
        if inside[place : place + 1] == "-" and place + 1 < len(inside):
            high = inside[place + 1]
            place += 2
        if low <= high:
            ranges.append((low, high))
    members = [f"{_in_class(low)}-{_in_class(high)}" for low, high in ranges]
    for folded, characters in _variants().items():
        if len(folded) == 1 and any(low <= folded <= high for low, high in ranges):
            members += characters
    if not members:
        return _ONE if negated else _NEVER
    return f"[{'^' if negated else ''}{''.join(members)}]"


def _literal(character: str) -> str:
    others = _variants().get(character, ())
    if others:
        return f"[{_in_class(character)}{''.join(others)}]"
    text = to_text(character)
    return text if text.isalnum() or not text.isascii() else f"\\{text}"


def _in_class(character: str) -> str:
    return f"\\{character}" if character in "\\]^-[" else to_text(character)


@cache
def _variants() -> dict[str, tuple[str, ...]]:
    """The characters that fold to some others, by those: "s" -> ("S", "\u017f")."""
    variants: dict[str, tuple[str, ...]] = {}
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        folded = character.casefold()
        if folded != character:
            variants[folded] = (*variants.get(folded, ()), character)
    return variants
