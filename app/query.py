"""What a person typed, made into something to search for."""

from __future__ import annotations

from dataclasses import dataclass

from store.errors import QueryError


@dataclass(frozen=True)
class Query:
    """A search: ``text`` is what the photo should show."""

    text: str


def parse_query(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: there is nothing to search for.
    """
    words = " ".join(text.split())
    if not words:
        raise QueryError('The query is empty. Say what the photo shows, as in: "a dog on a beach"')
    return Query(words)
