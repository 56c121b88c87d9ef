"""What the page's controls ask for, as changes of the query's text: pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.query.editing import add_term, set_filter, toggle, values_of, without_filters
from app.query.parser import keyed_parts
from app.query.values import FILTERS
from store.errors import QueryError
from store.filters import Taken

LONGEST_QUERY = 2_000
"""Characters of a query that is kept: saved under a name, or in the history."""

DATES = ("on", "year", "after", "before")
"""The filters of time."""


def apply_edit(text: str, edit: Mapping[str, Any]) -> str:
    """The query's text after ``edit``, which comes from a browser: anything odd changes nothing.

    ========= ============================ =====================================================
    op        further keys                 meaning
    ========= ============================ =====================================================
    query     text                         another query altogether
    toggle    key, value                   a value of a filter more, or less
    dates     from, until ("2019-07", "")  the time, in whole months
    near      value                        within a distance of a place
    like      ids                          like these photos, with the filters that there are
    without   ids                          what there is, less what looks like these photos
    concept   name                         like a concept, or not any more
    picture   path                         like a picture that was brought along
    ========= ============================ =====================================================
    """
    try:
        return _apply(text, edit)
    except (QueryError, KeyError, TypeError, ValueError):
        return text


def chosen_months(text: str) -> dict[str, str | None]:
    """The first and the last month that the query's filters of time ask for: ``from`` and ``until``
    as ``2019-07``, None where there is no end. What lies between several times counts as asked for.

    Raises:
        QueryError: the query can't be understood.
    """
    starts: list[datetime] = []
    ends: list[datetime] = []
    for key in DATES:
        asked = [FILTERS[key].read(value)[0] for value in values_of(text, key)]
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
        case "toggle" if edit["key"] in FILTERS:
            return toggle(text, edit["key"], str(edit["value"]))
        case "dates":
            return _dates(text, str(edit["from"] or ""), str(edit["until"] or ""))
        case "near":
            return set_filter(text, "near", [str(edit["value"])])
        case "like":
            return _like(filters_of(text), "like", [str(int(id)) for id in edit["ids"]])
        case "without":
            for id in edit["ids"]:
                text = add_term(text, "like", str(int(id)), negative=True)
            return text
        case "concept":
            return _concept(text, str(edit["name"]))
        case "picture":
            return _like(filters_of(text), "image", [str(edit["path"])])
    return text


def filters_of(text: str) -> str:
    """The filters of a query without what it looks for; nothing of one that can't be understood."""
    try:
        parts = keyed_parts(text) if text.strip() else []
    except QueryError:
        return ""
    return " ".join(text[part.start : part.end] for part in parts if part.key in FILTERS)


def _like(text: str, key: str, values: Sequence[str]) -> str:
    for value in values:
        text = add_term(text, key, value)
    return text


def _concept(text: str, name: str) -> str:
    parts = [p for p in keyed_parts(text) if p.key == "concept"] if text.strip() else []
    if any(name.casefold() == value.casefold() for part in parts for value in part.values):
        return without_filters(text, ["concept"])
    return add_term(text, "concept", name)


def _dates(text: str, first: str, last: str) -> str:
    rest = without_filters(text, DATES)
    if not (first or last):
        return rest
    if first and last and first.endswith("-01") and last.endswith("-12"):
        first, last = first[:4], last[:4]
    written = f"on:{first}" if first == last else f"on:{first}..{last}"
    return f"{rest} {written}".strip()
