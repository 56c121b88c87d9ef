"""Queries that were meant, where the typed one can't be understood or meets no photo."""

from __future__ import annotations

import re

from app.query.countries import shown_country, smaller_and_country
from app.query.editing import filter_text, remove_part
from app.query.library_names import LibraryNames
from app.query.parsed_text import KeyedPart, ParsedText
from app.query.spelling import nearest_name

_HINT = re.compile(r"column (\d+): there is no filter ([^:]+):\. Did you mean (\w+):\?")


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
    hint = parsed.asked.hint
    for part in parsed.keyed:
        known = _known(part, names, hint)
        if len(part.values) != 1 or not known or part.negative:
            continue
        if (meant := nearest_name(part.values[0], known)) is not None:
            rest = remove_part(parsed.text, part.start, part.end)
            offered.append(f"{rest} {filter_text(part.key, [meant])}".strip())
    return offered


def _known(part: KeyedPart, names: LibraryNames, hint: str) -> set[str]:
    match part.key:
        case "place" if names.country(part.values[0], hint):
            return set()
        case "place":
            known = set()
            for smaller, country in map(smaller_and_country, names.places):
                known |= {*smaller, shown_country(country, hint), shown_country(country)}
            return known
        case "in":
            return set(names.folders)
        case "camera":
            return set(names.cameras)
        case "tag":
            return set(names.tags)
    return set()
