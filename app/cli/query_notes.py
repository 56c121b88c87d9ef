"""What is said of a query before its results: how it was understood, and how to take it back."""

from __future__ import annotations

import shlex

from app.cli.common import note
from app.query.changes import literal_text, typed_words
from app.query.model import Query


def note_query(query: Query, text: str, command: str = "clipsearch search ") -> None:
    """Say how ``text`` was understood, where it is more than words that mean themselves.

    Args:
        command: what the query stands behind.
    """
    typed = typed_words(text, query.changes)
    term = query.terms[0] if len(query.terms) == 1 else None
    if term is None or term.negative or term.kind == "any" or query.reading or typed:
        note(f"Searching for: {query}" + (f" (you typed {typed})" if typed else ""))
    if query.changes:
        literal = shlex.quote(literal_text(text, query.changes))
        dashes = "-- " if command and literal.startswith("-") else ""
        note(f"As you typed it: {command}{dashes}{literal}")
    if query.unread:
        note(query.unread)
