"""What is said of a query before its results: how it was understood, and how to take it back."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from app.cli.common import note
from app.query.changes import literal_text, typed_words
from app.query.model import Query
from app.query.parsed_text import ParsedText
from store.filters import PhotoFilter

_SEARCH = "clipsearch search "


def note_query(query: Query, text: str, command: str = _SEARCH) -> None:
    """Say how ``text`` was understood, where it is more than words that mean themselves.

    Args:
        command: what the query stands behind.
    """
    typed = typed_words(text, query.changes)
    term = query.terms[0] if len(query.terms) == 1 else None
    if term is None or term.negative or term.kind == "any" or query.reading or typed:
        note(f"Searching for: {query}" + (f" (you typed {typed})" if typed else ""))
    if query.changes:
        note(f"As you typed it: {_typed(literal_text(text, query.changes), command)}")
    if query.unread:
        note(query.unread)


def note_called_so(parsed: ParsedText, is_met: Callable[[PhotoFilter], bool]) -> None:
    """Say how to search for folders and files that are called as the dates of a query.

    Args:
        is_met: whether some photo meets a filter.
    """
    from app.query.named_dates import called_so  # few queries need it

    for other in called_so(parsed, is_met):
        note(f"By name instead of date: {_typed(other)}")


def _typed(text: str, command: str = _SEARCH) -> str:
    """A query behind its command, if any, as it can be typed into a shell."""
    dashes = "-- " if command and text.startswith("-") else ""
    return f"{command}{dashes}{shlex.quote(text)}"
