"""The edits of the page's controls, as changes of the query's text: pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.query.editing import (
    add_terms,
    only_like,
    remove_part,
    set_filter,
    toggle,
    values_of,
    without_filters,
)
from app.query.parsed_text import ParsedText
from app.query.parser import parse_text
from app.query.values import FILTERS
from store.errors import QueryError
from store.filters import Taken

LONGEST_QUERY = 2_000
"""The most characters of a query that is saved under a name, or kept in the history."""

DATES = ("on", "year", "after", "before")
"""The filters on when a photo was taken."""


def apply_edit(text: str, edit: Mapping[str, Any]) -> str:
    """The query's text after ``edit`` from a browser; an edit that makes no sense changes nothing.

    ========= ============================ =====================================================
    op        further keys                 meaning
    ========= ============================ =====================================================
    query     text                         replace the whole query
    toggle    key, value                   add a value to a filter, or remove it
    dates     from, until ("2019-07", "")  set the time, in whole months, in either order
    near      value                        set a place and a distance from it
    like      ids, moments                 search for these photos, keeping the filters
    without   ids, moments                 add these photos as negative terms
    concept   name                         add a concept, or remove it
    picture   path                         search for a picture that was uploaded
    ========= ============================ =====================================================

    The ``moments`` of photos are -1; those of videos say which is meant, in milliseconds.
    """
    try:
        return _apply(text, edit)
    except (QueryError, KeyError, TypeError, ValueError):
        return text


def chosen_months(parsed: ParsedText) -> dict[str, str | None]:
    """The first and last month that the query's filters of time ask for, as ``2019-07``.

    The keys are ``from`` and ``until``; None where there is no end. If the query asks for several
    times, what lies between them counts as asked for.
    """
    starts: list[datetime] = []
    ends: list[datetime] = []
    for key in DATES:
        asked = [FILTERS[key].read(value)[0] for value in values_of(parsed, key)]
        times = [one for one in asked if isinstance(one, Taken)]
        first = [one.start for one in times if one.start is not None]
        last = [one.end for one in times if one.end is not None]
        if times and len(first) == len(times):
            starts.append(min(first))
        if times and len(last) == len(times):
            ends.append(max(last))
    end = min(ends) if ends else None
    if end is not None and end > datetime.min:
        end -= timedelta(seconds=1)
    return {
        "from": max(starts).isoformat()[:7] if starts else None,
        "until": end.isoformat()[:7] if end is not None else None,
    }


def _apply(text: str, edit: Mapping[str, Any]) -> str:
    match edit["op"]:
        case "query":
            return str(edit["text"])
        case "like":
            return only_like(_understood(text), "like", _ids(edit))
        case "picture":
            return only_like(_understood(text), "image", [str(edit["path"])])
    parsed = parse_text(text)
    match edit["op"]:
        case "toggle" if edit["key"] in FILTERS:
            return toggle(parsed, edit["key"], str(edit["value"]))
        case "dates":
            return _dates(parsed, str(edit["from"] or ""), str(edit["until"] or ""))
        case "near":
            return set_filter(parsed, "near", [str(edit["value"])])
        case "without":
            return add_terms(parsed, "like", _ids(edit), negative=True)
        case "concept":
            return _concept(parsed, str(edit["name"]))
    return text


def _ids(edit: Mapping[str, Any]) -> list[str]:
    ids = [int(id) for id in edit["ids"]]
    moments = [int(moment) for moment in edit.get("moments") or [-1] * len(ids)]
    return [
        f"{id}@{round(moment / 1_000, 1)}" if moment >= 0 else str(id)
        for id, moment in zip(ids, moments, strict=True)
    ]


def _understood(text: str) -> ParsedText | None:
    try:
        return parse_text(text)
    except QueryError:
        return None


def _concept(parsed: ParsedText, name: str) -> str:
    had = [
        part
        for part in parsed.keyed
        if part.key == "concept" and part.values[0].casefold() == name.casefold()
    ]
    text = parsed.text
    for part in reversed(had):
        text = remove_part(text, part.start, part.end)
    return text if had else add_terms(parsed, "concept", [name])


def _dates(parsed: ParsedText, first: str, last: str) -> str:
    rest = without_filters(parsed, DATES)
    if not (first or last):
        return rest
    if first and last and first > last:
        first, last = last, first
    if first and last and first.endswith("-01") and last.endswith("-12"):
        first, last = first[:4], last[:4]
    written = f"on:{first}" if first == last else f"on:{first}..{last}"
    return f"{rest} {written}".strip()
