"""Changes to a query's text, as the controls of the page make them.

The text stays the one truth: every control reads its own part of the text and writes it, and leaves
the rest as it is. Each function takes a parsed text and returns the new text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from app.labels import vocabulary
from app.query.countries import meant_by
from app.query.parsed_text import KeyedPart, ParsedText
from app.query.values import FILTERS, FilterPart

_PLAIN = re.compile(r"[^\s\"\u201c\u201d\u201e()]+")


def values_of(parsed: ParsedText, key: str, *, negative: bool = False) -> tuple[str, ...]:
    """The values that a query has for the filter or picture ``key``; empty without it."""
    return tuple(value for part in _parts(parsed, key, negative) for value in part.values)


def set_filter(parsed: ParsedText, key: str, values: Sequence[str]) -> str:
    """The query with ``key`` asking for any of ``values`` instead of what it asked for before."""
    rest = _without(parsed.text, _parts(parsed, key, False))
    return f"{rest} {filter_text(key, values)}".strip() if values else rest


def toggle(parsed: ParsedText, key: str, value: str) -> str:
    """The query with ``value`` added to a filter, or removed from it where it is there already."""
    had = values_of(parsed, key)
    same = [one for one in had if _meant(key, one) == _meant(key, value)]
    return set_filter(parsed, key, [v for v in had if v not in same] if same else [*had, value])


def _meant(key: str, value: str) -> str:
    """What a value means: the English name of a label or country, in whatever language typed."""
    if key == "label":
        return vocabulary.everyday().english(value)
    return (key == "place" and meant_by(value)) or value.casefold()


def without_filters(parsed: ParsedText, keys: Collection[str]) -> str:
    """The query without the filters and pictures that have one of ``keys``, negated or not."""
    return _without(parsed.text, [part for part in parsed.keyed if part.key in keys])


def filters_only(parsed: ParsedText) -> str:
    """The filters of a query, without its words and pictures."""
    kept = [(part.start, part.end) for part in parsed.keyed if part.key in FILTERS]
    kept += [
        (group.start, group.end)
        for group, meaning in parsed.groups
        if all(isinstance(one, FilterPart) for one in meaning)
    ]
    return " ".join(parsed.text[start:end] for start, end in sorted(kept))


def add_terms(
    parsed: ParsedText, key: str, values: Sequence[str], *, negative: bool = False
) -> str:
    """The query with further pictures or a concept: ``+ like:7``, ``-like:7``.

    A term that it has already is not added again.
    """
    had = values_of(parsed, key, negative=negative)
    wanted = [value for value in dict.fromkeys(values) if value not in had]
    if negative:
        return " ".join(
            [parsed.text, *(f"-{filter_text(key, [value])}" for value in wanted)]
        ).strip()
    looks_for = any(not term.negative for term in parsed.terms)
    return _joined(parsed.text, looks_for, key, wanted)


def only_like(parsed: ParsedText | None, key: str, values: Sequence[str]) -> str:
    """A search for pictures, with the filters of ``parsed`` (None: it could not be understood)."""
    return _joined(filters_only(parsed) if parsed else "", False, key, list(dict.fromkeys(values)))


def remove_part(text: str, start: int, end: int) -> str:
    """The query without its characters from ``start`` to ``end``."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if after.startswith("+") and (not before or before.endswith("+")):
        after = after[1:].lstrip()
    elif before.endswith("+") and not after:
        before = before[:-1].rstrip()
    return f"{before} {after}".strip()


def _joined(text: str, looks_for: bool, key: str, values: Sequence[str]) -> str:
    """``text`` with a term for each of ``values``, each after a plus if ``text`` has a term."""
    for value in values:
        text = (
            f"{text} + {filter_text(key, [value])}"
            if looks_for
            else f"{text} {filter_text(key, [value])}"
        )
        looks_for = True
    return text.strip() if values else text


def _parts(parsed: ParsedText, key: str, negative: bool) -> list[KeyedPart]:
    return [part for part in parsed.keyed if part.key == key and part.negative == negative]


def _without(text: str, parts: Sequence[KeyedPart]) -> str:
    for part in reversed(parts):
        text = remove_part(text, part.start, part.end)
    return text


def filter_text(key: str, values: Sequence[str]) -> str:
    """A filter or picture as it is written in a query: ``in:"My trips",Rome``."""
    separator = FILTERS[key].separator if key in FILTERS else ","
    return f"{key}:{separator.join(_quoted(value, separator) for value in values)}"


def _quoted(value: str, separator: str) -> str:
    """``value`` as the parser reads it: in quotes where it has spaces, brackets or separators."""
    if _PLAIN.fullmatch(value) and separator not in value:
        return value
    if '"' not in value:
        return f'"{value}"'
    pieces = [piece for piece in re.split('(")', value) if piece]
    # A quote of one kind is written inside quotes of another kind.
    return "".join(f"\u201c{p}\u201d" if p == '"' else f'"{p}"' for p in pieces)
