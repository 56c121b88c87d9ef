"""The parts of a query that stand between its operators: words, pictures and filters."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace

from app.query.groups import Item
from app.query.model import Kind, Term
from app.query.negative_words import NEGATIONS
from app.query.operators import end_of_brackets, has_operator, or_follows
from app.query.parsed_text import KeyedPart
from app.query.phrases import Phrase, Word
from app.query.text_reader import QUOTES, TextReader
from app.query.values import FILTERS, FilterPart, is_text, read_filter
from store.errors import QueryError

_PICTURES: dict[str, Kind] = {"image": "image", "like": "like", "concept": "concept"}
KEYS = frozenset((*FILTERS, *_PICTURES))
"""Every word that may stand before a colon."""
_PICTURE_EXAMPLES = {"image": "image:sofa.jpg", "like": "like:7", "concept": "concept:avi"}
_SMILEY = re.compile(r"[:;=8]['\-o]?\)+[.,!?]*")
_NUMBER = re.compile(r"\w{1,2}\)")  # of a list: 1) or a)
# No address, and no drive of Windows.
_KEY = re.compile(r"(?![A-Za-z]:\\)(colou?r-label|[A-Za-z]+):(?!//)", re.IGNORECASE)


class ItemReader(TextReader):
    """Reads one part after the other, and keeps what they are.

    Words gather until something ends their term; what ends the text so far is kept apart from what
    was before, since an OR may follow.
    """

    def __init__(self, text: str, at: int = 0) -> None:
        super().__init__(text, at)
        self._words: list[Word] = []  # of the term that is being read
        self._weight, self._weight_at = 1.0, at
        self._items: list[Item] = []
        self._keyed: list[KeyedPart] = []
        self._run: int | None = None  # the first of the words that end the text so far; None: none
        self._last: int | None = None  # where the item begins that ends the text so far
        self._is_alternative = False
        self._open = 0  # brackets that words have opened

    def _read_group(self, start: int, negative: bool, weight: float) -> None:
        """Read what stands in brackets, with what was before them from ``start`` on."""
        raise NotImplementedError

    def _item(self, start: int) -> None:
        negative = self._text[start] == "-" and not self._is_space(start + 1)
        self._at += negative
        weight = self._read_weight()
        key = _KEY.match(self._text, self._at)
        is_keyed = key is not None and key[1].lower() in KEYS
        if not is_keyed and key and not self._is_space(key.end()):
            raise self._unknown(key[1], start)
        if not is_keyed and not (self._is_bracket() and self._is_group()):
            self._word(start, negative, weight)
            return
        if (begin := self._taken_not()) is not None:
            start, negative = begin, not negative
        if key is not None and is_keyed:
            self._read_keyed(key[1].lower(), key.end(), start, negative, weight)
        else:
            self._read_group(start, negative, 1.0 if weight is None else weight)

    def _keep(self, item: Item, start: int) -> None:
        self._items.append(item)
        self._run, self._last = None, start

    def _end_term(self) -> None:
        """Let the words read so far be a phrase."""
        if self._words:
            self._keep(Phrase(tuple(self._words), self._weight), self._words[0].start)
        self._words, self._weight, self._run = [], 1.0, None

    # -- pictures and filters --------------------------------------------------------------------

    def _taken_not(self) -> int | None:
        """The place of a NOT that was the last word, and no longer is one: "NOT in:Work"."""
        if not self._after_not() or self._words[-1].comma:
            return None
        return self._words.pop().start

    def _skip_comma(self) -> None:
        """Pass a comma behind what is no word: it stands between the words around that."""
        if self._text[self._at : self._at + 1] == ",":
            self._at += 1
            if self._words:
                self._words[-1] = replace(self._words[-1], comma=True)

    def _read_keyed(
        self, key: str, value: int, start: int, negative: bool, weight: float | None
    ) -> None:
        self._at = value
        separator = FILTERS[key].separator if key in FILTERS else None
        values = self._values(separator)
        self._count_brackets_of_value(value)
        self._keyed.append(KeyedPart(key, tuple(values), negative, start, self._at))
        if key in _PICTURES:
            if not values[0]:
                raise self._error(value, f"a value for {key}:, as in {_PICTURE_EXAMPLES[key]}")
            if key == "concept" and not is_text(values[0]):
                raise self._error(value, "a name that is valid UTF-8 for concept:")
            self._keep(Term(_PICTURES[key], values[0], weight or 1.0, negative), start)
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
        self._keep(FilterPart(key, filter, reading), start)

    # -- words -----------------------------------------------------------------------------------

    def _word(self, begin: int, negative: bool, weight: float | None) -> None:
        start = self._at
        as_text = self._is_bracket() and self._are_brackets_text(negative or weight is not None)
        if as_text or self._text[start] in QUOTES:
            typed = self._in_brackets() if as_text else self._quoted()
            end = self._at
            comma = end < len(self._text) and self._text[end] == ","
            self._at += comma
            word = Word(" ".join(typed.split()), True, comma, start, end)
        else:
            end = start
            while not self._is_space(end):
                end += 1
            typed, self._at = self._text[start:end], end
            self._count_brackets(typed, start)
            text = typed.rstrip(",")
            word = Word(text, False, typed.endswith(","), start, start + len(text))
        if not word.text or word.text == "-":
            return
        if negative:
            self._keep(Phrase((word,), weight or 1.0, True), begin)
            return
        if weight is not None:
            self._end_term()
            self._weight, self._weight_at = weight, begin
        if self._run is None or self._words[-1].comma:
            self._run = len(self._words)
        self._words.append(word)

    def _after_not(self) -> bool:
        return bool(self._words) and self._words[-1].plain in NEGATIONS

    # -- brackets --------------------------------------------------------------------------------

    def _is_bracket(self) -> bool:
        return self._text[self._at : self._at + 1] == "("

    def _is_group(self) -> bool:
        """Whether these brackets hold more than words."""
        end = end_of_brackets(self._text, self._at)
        if not has_operator(self._text[self._at + 1 : end], KEYS):
            return False
        if end is None:
            raise self._error(self._at, "a closing bracket")
        return True

    def _are_brackets_text(self, is_meant: bool) -> bool:
        """Whether the words in these brackets are one text; else brackets around words are words.

        Args:
            is_meant: something before the brackets says so.
        """
        end = end_of_brackets(self._text, self._at)
        if is_meant or self._after_not():
            if end is None:
                raise self._error(self._at, "a closing bracket")
            return True
        begins = self._is_alternative and not self._words
        return end is not None and (begins or or_follows(self._text, end + 1))

    def _count_brackets(self, word: str, start: int) -> None:
        """Refuse a bracket that closes nothing; a smiley is a word, and so is "1)"."""
        if _SMILEY.fullmatch(word) or (not self._open and _NUMBER.fullmatch(word)):
            return
        for place, character in enumerate(word):
            self._open += (character == "(") - (character == ")")
            if self._open < 0:
                raise self._error(start + place, "an opening bracket before this closing one")

    def _count_brackets_of_value(self, start: int) -> None:
        """Refuse a bracket behind a key that closes nothing, unless it is in quotes."""
        inside, place = 0, start
        while place < self._at:
            if self._text[place] in QUOTES:
                place = self._text.index(QUOTES[self._text[place]], place + 1)
            inside += (self._text[place] == "(") - (self._text[place] == ")")
            if inside < 0 and self._open:  # a word has opened it
                inside, self._open = 0, self._open - 1
            if inside < 0:
                raise self._error(place, "an opening bracket before this closing one")
            place += 1

    def _in_brackets(self) -> str:
        end = end_of_brackets(self._text, self._at)
        typed = self._text[self._at + 1 : end]
        self._at = len(self._text) if end is None else end + 1
        return typed

    # -- errors ----------------------------------------------------------------------------------

    def _unknown(self, key: str, place: int) -> QueryError:
        known = [*FILTERS, *_PICTURES]
        close = difflib.get_close_matches(key.lower(), known, 1)
        hint = f"Did you mean {close[0]}:? " if close else f"There are {', '.join(known)}. "
        return QueryError(
            f"The query can't be read at column {place + 1}: there is no filter {key}:. {hint}"
            "In quotes it is searched for as words."
        )
