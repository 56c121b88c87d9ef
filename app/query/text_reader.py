"""A query's text, read from left to right: spaces, quotes, weights and values."""

from __future__ import annotations

import re

from store.errors import QueryError

QUOTES = {'"': '"', "\u201c": "\u201d", "\u201e": "\u201c"}
"""What closes what opens a quoted text."""

_WEIGHT = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\*(?=\S)")


class TextReader:
    """Reads ``text`` from the place ``at`` on."""

    def __init__(self, text: str, at: int = 0) -> None:
        self._text = text
        self._at = at

    def _skip_space(self) -> bool:
        """Go to the next part; false at the end."""
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._at < len(self._text)

    def _is_space(self, place: int) -> bool:
        return place >= len(self._text) or self._text[place].isspace()

    def _read_weight(self) -> float | None:
        match = _WEIGHT.match(self._text, self._at)
        if not match:
            return None
        if float(match[1]) == 0:
            raise self._error(self._at, "a weight above 0")
        self._at = match.end()
        return float(match[1])

    def _values(self, separator: str | None) -> list[str]:
        """The values behind a key: pieces in quotes or without spaces, separated."""
        values = [""]
        while not self._is_space(self._at):
            character = self._text[self._at]
            if character in QUOTES:
                values[-1] += self._quoted()
            elif character == separator:
                values.append("")
                self._at += 1
            else:
                values[-1] += character
                self._at += 1
        return values

    def _quoted(self) -> str:
        start = self._at
        end = self._text.find(QUOTES[self._text[start]], start + 1)
        if end < 0:
            raise self._error(start, "a closing quote")
        self._at = end + 1
        return self._text[start + 1 : end]

    def _error(self, place: int, expected: str) -> QueryError:
        return unreadable(place, expected)


def unreadable(place: int, expected: str) -> QueryError:
    """What is said of a query whose text has something else at ``place`` than is expected."""
    return QueryError(f"The query can't be read at column {place + 1}: expected {expected}.")
