"""The query language: text to a ``Query``. ``docs/query-language.md`` explains it to people.

A query is words, pictures (``image:PATH``), filters (``key:value``) and ``+`` between terms. Words
side by side are one term, whatever filters stand between them.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace

from app.query.model import Kind, Query, Term
from app.query.values import FILTERS, is_text, read_filter
from store import filters
from store.errors import QueryError
from store.filters import PhotoFilter

_PICTURES: dict[str, Kind] = {"image": "image", "like": "like", "concept": "concept"}
KEYS = frozenset((*FILTERS, *_PICTURES))
"""What may stand before a colon."""
_PICTURE_EXAMPLES = {"image": "image:sofa.jpg", "like": "like:7", "concept": "concept:avi"}
_KEY = re.compile(r"([A-Za-z]+):(?!//)")
_WEIGHT = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\*(?=\S)")
_QUOTES = {'"': '"', "\u201c": "\u201d", "\u201e": "\u201c"}
_YEAR = re.compile(r"(?:19|20)\d\d")
_NEGATIONS = {"without", "no", "not"}
# Words that only tie a negative to what stands before it: "a street with no people".
_TIES = {"with", "but", "and", "or", "there", "is", "are"}
_ARTICLES = {"any", "the", "a", "an"}


def parse_query(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: it can't be understood; the message says where and what was expected.
    """
    parser = _Parser(text)
    query = parser.parse()
    if not query.terms and query.filter is None:
        raise QueryError('The query is empty. Say what the photo shows, as in: "a dog on a beach"')
    return query


@dataclass(frozen=True)
class KeyedPart:
    """``key:value`` in a query's text, from ``start`` to ``end``; ``-`` before it if negative."""

    key: str
    values: tuple[str, ...]
    negative: bool
    start: int
    end: int


def keyed_parts(text: str) -> list[KeyedPart]:
    """Filters and pictures of a query, where its text has them.

    Raises:
        QueryError: it can't be understood.
    """
    parser = _Parser(text)
    parser.parse()
    return parser.keyed


@dataclass(frozen=True)
class _Word:
    text: str
    quoted: bool = False
    comma: bool = False  # behind it

    @property
    def plain(self) -> str:
        """In lower case; nothing for what is quoted, which is never a word of the language."""
        return "" if self.quoted else self.text.lower()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._words: list[_Word] = []  # of the term that is being read
        self._weight = 1.0
        self._terms: list[Term] = []
        self._filters: list[PhotoFilter] = []
        self._reading: list[str] = []
        self.keyed: list[KeyedPart] = []

    def parse(self) -> Query:
        plus: int | None = None  # where one stands that waits for what follows
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
        found = tuple(self._filters)
        filter = None if not found else found[0] if len(found) == 1 else filters.All(found)
        terms = sorted(self._terms, key=lambda term: term.negative)
        return Query(tuple(terms), filter, tuple(self._reading))

    # -- reading ---------------------------------------------------------------------------------

    def _item(self, start: int) -> None:
        negative = self._text[start] == "-" and not self._is_space(start + 1)
        self._at += negative
        weight = self._read_weight()
        key = _KEY.match(self._text, self._at)
        if key and (key[1].lower() in FILTERS or key[1].lower() in _PICTURES):
            self._keyed(key[1].lower(), key.end(), start, negative, weight)
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

    def _keyed(
        self, key: str, value: int, start: int, negative: bool, weight: float | None
    ) -> None:
        self._at = value
        separator = FILTERS[key].separator if key in FILTERS else None
        values = self._values(separator)
        self.keyed.append(KeyedPart(key, tuple(values), negative, start, self._at))
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
        self._filters.append(filter)
        self._reading.append(reading)

    def _word(self, negative: bool, weight: float | None) -> None:
        if self._text[self._at] in _QUOTES:
            word = _Word(" ".join(self._quoted().split()), quoted=True)
            if self._at < len(self._text) and self._text[self._at] == ",":
                self._at += 1
                word = _Word(word.text, True, True)
        else:
            end = self._at
            while not self._is_space(end):
                end += 1
            found, self._at = self._text[self._at : end], end
            word = _Word(found.rstrip(","), comma=found.endswith(","))
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
        """What stands behind a key: pieces in quotes or without spaces, separated."""
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
        """Make terms of the words read so far: what they show, what they do without, years."""
        positive, negatives = _split_negatives(self._words)
        shown = []
        for chunk in _chunks(positive):
            if len(chunk) == 1 and _YEAR.fullmatch(chunk[0].plain):
                filter, reading = read_filter("year", [chunk[0].plain], False)
                self._filters.append(filter)
                self._reading.append(reading)
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


def _split_negatives(words: list[_Word]) -> tuple[list[_Word], list[str]]:
    """What a phrase shows, and what it says is not to be seen, in plain English.

    A negative ends at a comma or "but"; "and" and "or" begin another one.
    """
    positive: list[_Word] = []
    negatives: list[list[_Word]] = []
    inside = False
    for number, word in enumerate(words):
        if word.plain in _NEGATIONS and not word.comma and number + 1 < len(words):
            while positive and positive[-1].plain in _TIES:
                positive.pop()
            negatives.append([])
            inside = True
        elif not inside:
            positive.append(word)
        elif word.plain == "but":
            inside = False
        else:
            if word.plain in ("and", "or"):
                negatives.append([])
            elif negatives[-1] or word.plain not in _ARTICLES:
                negatives[-1].append(word)
            inside = not word.comma
            if word.comma and positive:
                positive[-1] = replace(positive[-1], comma=True)
    while positive and positive[0].plain in ("and", "or", "but"):
        positive.pop(0)
    return positive, [" ".join(w.text for w in phrase) for phrase in negatives if phrase]


def _chunks(words: list[_Word]) -> list[list[_Word]]:
    """Words between commas."""
    chunks: list[list[_Word]] = [[]]
    for word in words:
        chunks[-1].append(word)
        if word.comma:
            chunks.append([])
    return [chunk for chunk in chunks if chunk]
