"""Changes to a query's text, as the controls of the page make them.

The text stays the one truth: every control reads from it and writes to it, and nothing else in it
is touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.query.parser import KeyedPart, keyed_parts, parse_query
from app.query.values import FILTERS

_PLAIN = re.compile(r"[^\s\"\u201c\u201d\u201e]+")


def values_of(text: str, key: str, *, negative: bool = False) -> tuple[str, ...]:
    """What the filter ``key`` of a query asks for; nothing where the query has no such filter.

    Raises:
        QueryError: the query can't be understood.
    """
    return tuple(value for part in _parts(text, key, negative) for value in part.values)


def set_filter(text: str, key: str, values: Sequence[str]) -> str:
    """The query with ``key`` asking for any of ``values``, in the place of what it asked for.

    Raises:
        QueryError: the query can't be understood.
    """
    found = _parts(text, key, False)
    cut = _without(text, found)
    return f"{cut} {_written(key, values)}".strip() if values else cut


def toggle(text: str, key: str, value: str) -> str:
    """The query with one value of a filter more, or without it where it has it.

    Raises:
        QueryError: the query can't be understood.
    """
    had = values_of(text, key)
    same = [one for one in had if one.casefold() == value.casefold()]
    return set_filter(text, key, [v for v in had if v not in same] if same else [*had, value])


def without_filters(text: str, keys: Sequence[str]) -> str:
    """The query without some kinds of filters, also turned around ones.

    Raises:
        QueryError: the query can't be understood.
    """
    if not text.strip():
        return ""
    return _without(text, [part for part in keyed_parts(text) if part.key in keys])


def add_term(text: str, key: str, value: str, *, negative: bool = False) -> str:
    """The query with a picture or concept more: ``+ like:7``, ``-like:7``.

    Raises:
        QueryError: the query can't be understood.
    """
    if any(value in part.values for part in _parts(text, key, negative)):
        return text
    written = _written(key, [value])
    if negative:
        return f"{text} -{written}".strip()
    return f"{text} + {written}" if _has_term(text) else f"{text} {written}".strip()


def remove_part(text: str, start: int, end: int) -> str:
    """The query without what stands from ``start`` to ``end``."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if after.startswith("+") and (not before or before.endswith("+")):
        after = after[1:].lstrip()
    elif before.endswith("+") and not after:
        before = before[:-1].rstrip()
    return f"{before} {after}".strip()


def _has_term(text: str) -> bool:
    return bool(text.strip()) and any(not term.negative for term in parse_query(text).terms)


def _parts(text: str, key: str, negative: bool) -> list[KeyedPart]:
    if not text.strip():
        return []
    return [part for part in keyed_parts(text) if part.key == key and part.negative == negative]


def _without(text: str, parts: Sequence[KeyedPart]) -> str:
    for part in reversed(parts):
        text = remove_part(text, part.start, part.end)
    return text


def _written(key: str, values: Sequence[str]) -> str:
    separator = FILTERS[key].separator if key in FILTERS else ","
    return f"{key}:{separator.join(_quoted(value, separator) for value in values)}"


def _quoted(value: str, separator: str) -> str:
    """As the parser reads it back: in quotes where it has spaces or separators."""
    if _PLAIN.fullmatch(value) and separator not in value:
        return value
    if '"' not in value:
        return f'"{value}"'
    pieces = [piece for piece in re.split('(")', value) if piece]
    # A quote of one kind is written inside quotes of another.
    return "".join(f"\u201c{p}\u201d" if p == '"' else f'"{p}"' for p in pieces)
