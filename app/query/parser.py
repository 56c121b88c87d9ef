"""The query language: text to a ``Query``. ``docs/query-language.md`` explains it to people.

A query is words, pictures (``image:PATH``), filters (``key:value``) and ``+`` between terms. Words
side by side are one term, whatever filters stand between them.
"""

from __future__ import annotations

import difflib
import re

from app.query.model import Kind, Query, Term
from app.query.parsed_text import EMPTY, FilterPart, KeyedPart, ParsedText
from app.query.phrases import Word, chunks, split_negatives
from app.query.values import FILTERS, is_text, read_filter
from store.errors import QueryError

_PICTURES: dict[str, Kind] = {"image": "image", "like": "like", "concept": "concept"}
KEYS = frozenset((*FILTERS, *_PICTURES))
"""Every word that may stand before a colon."""
_PICTURE_EXAMPLES = {"image": "image:sofa.jpg", "like": "like:7", "concept": "concept:avi"}
_KEY = re.compile(r"([A-Za-z]+):(?!//)")
_WEIGHT = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\*(?=\S)")
_QUOTES = {'"': '"', "\u201c": "\u201d", "\u201e": "\u201c"}
_YEAR = re.compile(r"(?:19|20)\d\d")


def parse_text(text: str) -> ParsedText:
    """Parse a query's text, which may be blank.

    Raises:
        QueryError: it can't be understood; the message says where, and what was expected.
    """
    return _Parser(text).parse()


def parse_query(text: str) -> Query:
    """The query that ``text`` asks for.

    Raises:
        QueryError: it can't be understood, or is empty.
    """
    query = parse_text(text).query()
    if not query.terms and query.filter is None:
        raise QueryError(EMPTY)
    return query


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._words: list[Word] = []  # of the term that is being read
        self._weight = 1.0
        self._terms: list[Term] = []
        self._filters: list[FilterPart] = []
        self._keyed: list[KeyedPart] = []

    def parse(self) -> ParsedText:
        plus: int | None = None  # the place of a plus that no term has followed yet
        while self._skip_space():
            start = self._at
            if self._text[start] == "+":
                if plus is not None or not (self._words or self._terms):
                    raise self._error(start, 'a term before "+"')
                self._end_term()
                plus, self._at = start, start + 1
                continue
            self._item(start)
            plus = None
        if plus is not None:
            raise self._error(plus, 'a term after "+"')
        self._end_term()
        terms = sorted(self._terms, key=lambda term: term.negative)
        return ParsedText(self._text, tuple(terms), tuple(self._filters), tuple(self._keyed))

    # -- reading ---------------------------------------------------------------------------------

    def _item(self, start: int) -> None:
        negative = self._text[start] == "-" and not self._is_space(start + 1)
        self._at += negative
        weight = self._read_weight()
        key = _KEY.match(self._text, self._at)
        if key and (key[1].lower() in FILTERS or key[1].lower() in _PICTURES):
            self._read_keyed(key[1].lower(), key.end(), start, negative, weight)
        elif key and not self._is_space(key.end()):
            raise self._unknown(key[1], start)
        else:
            self._word(negative, weight)

    def _read_weight(self) -> float | None:
        match = _WEIGHT.match(self._text, self._at)
        if not match:
            return None
        if float(match[1]) == 0:
            raise self._error(self._at, "a weight above 0")
        self._at = match.end()
        return float(match[1])

    def _read_keyed(
        self, key: str, value: int, start: int, negative: bool, weight: float | None
    ) -> None:
        self._at = value
        separator = FILTERS[key].separator if key in FILTERS else None
        values = self._values(separator)
        self._keyed.append(KeyedPart(key, tuple(values), negative, start, self._at))
        if key in _PICTURES:
            if not values[0]:
                raise self._error(value, f"a value for {key}:, as in {_PICTURE_EXAMPLES[key]}")
            if key == "concept" and not is_text(values[0]):
                raise self._error(value, "a name that is valid UTF-8 for concept:")
            self._terms.append(Term(_PICTURES[key], values[0], weight or 1.0, negative))
            return
        if weight is not None:
            raise self._error(start, "a term behind the weight; a filter is met or not")
        example = FILTERS[key].example
        if not all(values):
            raise self._error(value, f"a value for {key}:, as in {example}")
        try:
            filter, reading = read_filter(key, values, negative)
        except ValueError as error:
            raise self._error(value, f"{error} for {key}:, as in {example}") from error
        self._filters.append(FilterPart(key, filter, reading))

    def _word(self, negative: bool, weight: float | None) -> None:
        if self._text[self._at] in _QUOTES:
            word = Word(" ".join(self._quoted().split()), quoted=True)
            if self._at < len(self._text) and self._text[self._at] == ",":
                self._at += 1
                word = Word(word.text, True, True)
        else:
            end = self._at
            while not self._is_space(end):
                end += 1
            typed, self._at = self._text[self._at : end], end
            word = Word(typed.rstrip(","), comma=typed.endswith(","))
        if not word.text or word.text == "-":
            return
        if negative:
            self._terms.append(Term("text", word.text, weight or 1.0, True))
            return
        if weight is not None:
            self._end_term()
            self._weight = weight
        self._words.append(word)

    def _values(self, separator: str | None) -> list[str]:
        """The values behind a key: pieces in quotes or without spaces, separated."""
        values = [""]
        while not self._is_space(self._at):
            character = self._text[self._at]
            if character in _QUOTES:
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
        end = self._text.find(_QUOTES[self._text[start]], start + 1)
        if end < 0:
            raise self._error(start, "a closing quote")
        self._at = end + 1
        return self._text[start + 1 : end]

    def _skip_space(self) -> bool:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._at < len(self._text)

    def _is_space(self, place: int) -> bool:
        return place >= len(self._text) or self._text[place].isspace()

    # -- meaning ---------------------------------------------------------------------------------

    def _end_term(self) -> None:
        """Turn the words read so far into terms, negative terms, and years."""
        positive, negatives = split_negatives(self._words)
        shown = []
        for chunk in chunks(positive):
            if len(chunk) == 1 and _YEAR.fullmatch(chunk[0].plain):
                filter, reading = read_filter("year", [chunk[0].plain], False)
                self._filters.append(FilterPart(None, filter, reading))
            else:
                shown.append(" ".join(word.text for word in chunk))
        if shown:
            self._terms.append(Term("text", ", ".join(shown), self._weight))
        self._terms += [Term("text", text, negative=True) for text in negatives]
        self._words, self._weight = [], 1.0

    # -- errors ----------------------------------------------------------------------------------

    def _error(self, place: int, expected: str) -> QueryError:
        return QueryError(f"The query can't be read at column {place + 1}: expected {expected}.")

    def _unknown(self, key: str, place: int) -> QueryError:
        known = [*FILTERS, *_PICTURES]
        close = difflib.get_close_matches(key.lower(), known, 1)
        hint = f"Did you mean {close[0]}:? " if close else f"There are {', '.join(known)}. "
        return QueryError(
            f"The query can't be read at column {place + 1}: there is no filter {key}:. {hint}"
            "In quotes it is searched for as words."
        )
