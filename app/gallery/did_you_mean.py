"""Queries that were meant, where the typed one can't be understood or meets no photo."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.query.editing import remove_part
from app.query.library_names import LibraryNames
from app.query.parsed_text import KeyedPart, ParsedText

_HINT = re.compile(r"column (\d+): there is no filter ([^:]+):\. Did you mean (\w+):\?")
_ALIKE = 65  # of 100: the likeness of two names from which the one may be meant by the other


def better_queries(text: str, message: str) -> list[str]:
    """What was meant by a query with a filter that there is not, as ``message`` says it."""
    hint = _HINT.search(message)
    if hint is None:
        return []
    place, typed, meant = int(hint[1]) - 1, hint[2], hint[3]
    start = text.find(typed, place)
    if start < 0:
        return []
    return [f"{text[:start]}{meant}{text[start + len(typed) :]}"]


def with_known_names(parsed: ParsedText, names: LibraryNames) -> list[str]:
    """The query with names that the library has, for each filter whose value it has not."""
    offered = []
    for part in parsed.keyed:
        known = _known(part, names)
        if len(part.values) != 1 or not known or part.negative:
            continue
        if (meant := _nearest(part.values[0], known)) is not None:
            rest = remove_part(parsed.text, part.start, part.end)
            value = f'"{meant}"' if re.search(r"[\s,]", meant) else meant
            offered.append(f"{rest} {part.key}:{value}".strip())
    return offered


def _known(part: KeyedPart, names: LibraryNames) -> set[str]:
    match part.key:
        case "place":
            return {piece.strip() for place in names.places for piece in place.split(",")}
        case "in":
            return set(names.folders)
        case "camera":
            return set(names.cameras)
        case "tag":
            return set(names.tags)
    return set()


def _nearest(typed: str, known: Iterable[str]) -> str | None:
    """The name that is most like what was typed; None if it is there, or like none."""
    from rapidfuzz import fuzz, process, utils

    best = process.extractOne(
        typed,
        sorted(known),
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=_ALIKE,
    )
    if best is None or best[0].casefold() == typed.casefold():
        return None
    name: str = best[0]
    return name
