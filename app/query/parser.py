"""The query language: text to a ``Query``. ``docs/query-language.md`` explains it to people.

A query is words, pictures (``image:PATH``), filters (``key:value``) and ``+`` between terms. Words
side by side are one term, whatever filters stand between them.
"""

from __future__ import annotations

import difflib
import re

from app.query.model import Kind, Query, Term
from app.query.operators import (
    end_of_brackets,
    end_of_operator,
    has_operator,
    negates_nothing,
    operator_at,
)
from app.query.parsed_text import EMPTY, FilterPart, KeyedPart, ParsedText, literal
from app.query.phrases import NEGATIONS, Phrase, Word
from app.query.values import FILTERS, is_text, read_filter
from store.errors import QueryError

_PICTURES: dict[str, Kind] = {"image": "image", "like": "like", "concept": "concept"}
KEYS = frozenset((*FILTERS, *_PICTURES))
"""Every word that may stand before a colon."""
_PICTURE_EXAMPLES = {"image": "image:sofa.jpg", "like": "like:7", "concept": "concept:avi"}
_NO_OR = (
    "The query can't be read at column {}: there is no OR between words. Search for one after the "
    "other, or name the values of a filter in a list: in:Trips,Home. In quotes it is a word."
)
# No address, and no drive of Windows.
_KEY = re.compile(r"(?![A-Za-z]:\\)(colou?r-label|[A-Za-z]+):(?!//)", re.IGNORECASE)
_WEIGHT = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\*(?=\S)")
_QUOTES = {'"': '"', "\u201c": "\u201d", "\u201e": "\u201c"}


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
        self._items: list[Phrase | Term | FilterPart] = []
        self._keyed: list[KeyedPart] = []

    def parse(self) -> ParsedText:
        plus: tuple[int, str] | None = None  # a plus that no term has followed yet, and its place
        while self._skip_space():
            start = self._at
            sign = "+" if self._text[start] == "+" else operator_at(self._text, start)
            if sign == "OR":
                raise QueryError(_NO_OR.format(start + 1))
            if sign in ("+", "AND"):
                before = self._words or (self._items if sign == "AND" else self._terms_so_far())
                if plus is not None or not before:
                    raise self._error(start, f'a term before "{sign}"')
                self._end_term()
                plus, self._at = (start, sign), end_of_operator(self._text, start)
                continue
            if negates_nothing(self._text, start):
                raise self._error(start, "what is not to be seen after NOT")
            self._item(start)
            plus = None
        if plus is not None:
            raise self._error(plus[0], f'a term after "{plus[1]}"')
        self._end_term()
        meanings = tuple(literal(item) for item in self._items)
        return ParsedText(self._text, tuple(self._items), meanings, tuple(self._keyed))

    def _terms_so_far(self) -> list[Phrase | Term]:
        return [item for item in self._items if not isinstance(item, FilterPart)]

    # -- reading ---------------------------------------------------------------------------------

    def _item(self, start: int) -> None:
        negative = self._text[start] == "-" and not self._is_space(start + 1)
        self._at += negative
        weight = self._read_weight()
        key = _KEY.match(self._text, self._at)
        if key and key[1].lower() in KEYS:
            if self._words and self._words[-1].plain in NEGATIONS and not self._words[-1].comma:
                self._words.pop()  # "NOT in:Work"
                negative = not negative
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
            self._items.append(Term(_PICTURES[key], values[0], weight or 1.0, negative))
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
        self._items.append(FilterPart(key, filter, reading))

    def _word(self, negative: bool, weight: float | None) -> None:
        start = self._at
        is_group = self._text[start] == "(" and self._check_brackets(
            negative or weight is not None or self._after_not()
        )
        if is_group or self._text[start] in _QUOTES:
            typed = self._in_brackets() if is_group else self._quoted()
            end = self._at
            comma = end < len(self._text) and self._text[end] == ","
            self._at += comma
            word = Word(" ".join(typed.split()), True, comma, start, end)
        else:
            end = start
            while not self._is_space(end):
                end += 1
            typed, self._at = self._text[start:end], end
            text = typed.rstrip(",")
            word = Word(text, False, typed.endswith(","), start, start + len(text))
        if not word.text or word.text == "-":
            return
        if negative:
            self._items.append(Phrase((word,), weight or 1.0, True))
            return
        if weight is not None:
            self._end_term()
            self._weight = weight
        self._words.append(word)

    def _after_not(self) -> bool:
        return bool(self._words) and self._words[-1].plain in NEGATIONS

    def _check_brackets(self, is_group: bool) -> bool:
        """Whether the words in these brackets are one group; brackets around words are words."""
        end = end_of_brackets(self._text, self._at)
        if has_operator(self._text[self._at + 1 : end], KEYS):
            raise self._error(self._at, "nothing but words in brackets; a search has no groups")
        if is_group and end is None:
            raise self._error(self._at, "a closing bracket")
        return is_group

    def _in_brackets(self) -> str:
        end = end_of_brackets(self._text, self._at)
        typed = self._text[self._at + 1 : end]
        self._at = len(self._text) if end is None else end + 1
        return typed

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

    def _end_term(self) -> None:
        """Let the words read so far be a phrase."""
        if self._words:
            self._items.append(Phrase(tuple(self._words), self._weight))
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
