"""The query language: text to a ``Query``. ``docs/query-language.md`` explains it to people.

A query is words, pictures (``image:PATH``), filters (``key:value``) and ``+`` between terms. Words
side by side are one term, whatever filters stand between them. An alternative of an OR is one of
these; of words, those up to the next comma or to what is no word.
"""

from __future__ import annotations

from dataclasses import replace

from app.query.groups import Group, Item, meaning_of
from app.query.item_reader import ItemReader
from app.query.model import Query
from app.query.negative_words import NEGATIONS
from app.query.operators import (
    end_of_brackets,
    end_of_operator,
    negates_nothing,
    operator_at,
    or_follows,
)
from app.query.parsed_text import EMPTY, KeyedPart, ParsedText, literal
from app.query.phrases import Phrase
from app.query.values import FilterPart, read_filter
from store.errors import QueryError

_DEEPEST = 20  # brackets in brackets


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


class _Parser(ItemReader):
    """Reads items from the place ``at`` on; ``depth`` of groups are around it."""

    def __init__(self, text: str, at: int = 0, depth: int = 0) -> None:
        super().__init__(text, at)
        self._depth = depth

    def parse(self) -> ParsedText:
        self._read()
        meanings = tuple(meaning_of(item, literal) for item in self._items)
        return ParsedText(self._text, tuple(self._items), meanings, tuple(self._keyed))

    def _read(self) -> None:
        plus: tuple[int, str] | None = None  # a plus that no term has followed yet, and its place
        while self._skip_space():
            start = self._at
            sign = "+" if self._text[start] == "+" else operator_at(self._text, start)
            if sign == "OR" and plus is None:
                self._alternatives(start)
                continue
            if sign in ("+", "AND", "OR"):
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

    def _terms_so_far(self) -> list[Item]:
        return [item for item in self._items if not isinstance(item, FilterPart)]

    # -- groups ----------------------------------------------------------------------------------

    def _alternatives(self, place: int) -> None:
        """Read what follows the OR at ``place``; with what was before, it is one item."""
        start, first, keyed = self._before(place)
        alternatives = [first]
        while True:
            other = _Parser(self._text, end_of_operator(self._text, place), self._depth)
            other._open = self._open
            alternatives.append(other._alternative(place))
            keyed += other._keyed
            self._at, self._open = other._at, other._open
            if not or_follows(self._text, self._at):
                break
            self._skip_space()
            place = self._at
        if self._text[self._at - 1] == ",":  # the next words are no part of the last alternative
            self._at -= 1
        end = len(self._text[: self._at].rstrip())
        self._keep_group(Group(tuple(alternatives), start, end), keyed)
        self._skip_comma()

    def _before(self, place: int) -> tuple[int, tuple[Item, ...], list[KeyedPart]]:
        """What ends the text so far, and its begin; it is no item of its own any more."""
        if self._run is not None:
            words, self._words = self._words[self._run :], self._words[: self._run]
            weight, start = 1.0, words[0].start
            if not self._words and self._weight != 1:
                weight, start, self._weight = self._weight, self._weight_at, 1.0
            words[-1] = replace(words[-1], comma=False)
            return start, (Phrase(tuple(words), weight),), []
        if self._last is None:
            raise self._error(place, 'a term before "OR"')
        begin = self._last
        keyed = [part for part in self._keyed if part.start >= begin]
        self._keyed = [part for part in self._keyed if part.start < begin]
        return begin, (self._items.pop(),), keyed

    def _alternative(self, place: int) -> tuple[Item, ...]:
        """Read one item, or words up to a comma or to what is no word."""
        self._is_alternative = True
        while self._skip_space():
            start = self._at
            if self._text[start] == "+" or operator_at(self._text, start) in ("AND", "OR"):
                break
            before, count, keyed = list(self._words), len(self._items), len(self._keyed)
            weight = self._weight
            self._item(start)
            if len(self._items) > count:
                if before and before[-1].plain in NEGATIONS and self._words == before[:-1]:
                    start = before.pop().start
                if before:  # this is no part of the alternative
                    self._words, self._weight, self._at = before, weight, start
                    del self._items[count:], self._keyed[keyed:]
                break
            if self._words and self._words[-1].comma:
                self._words[-1] = replace(self._words[-1], comma=False)
                break
        self._end_term()
        if not self._items:
            raise self._error(place, 'a term after "OR"')
        return tuple(self._items)

    def _read_group(self, start: int, negative: bool, weight: float) -> None:
        end = end_of_brackets(self._text, self._at)
        assert end is not None  # else it would not have been taken for a group
        if self._depth >= _DEEPEST:
            raise self._error(self._at, f"no more than {_DEEPEST} brackets in each other")
        inner = _Parser(self._text[:end], self._at + 1, self._depth + 1)
        inner._read()
        if not inner._items:
            raise self._error(self._at, "something in the brackets")
        self._at = end + 1
        alternatives: tuple[tuple[Item, ...], ...] = (tuple(inner._items),)
        only = inner._items[0]
        if isinstance(only, Group) and len(inner._items) == 1 and not only.negative:
            alternatives, weight = only.alternatives, weight * only.weight
        self._keep_group(Group(alternatives, start, self._at, weight, negative), list(inner._keyed))
        self._skip_comma()

    def _keep_group(self, group: Group, keyed: list[KeyedPart]) -> None:
        """Keep a group; of filters of one kind it is the same as a list of their values."""
        items = [one[0] for one in group.alternatives if len(one) == 1]
        keys = {item.key if isinstance(item, FilterPart) else None for item in items}
        key = keys.pop() if len(keys) == 1 else None
        as_list = len(items) == len(keyed) == len(group.alternatives) and group.weight == 1
        if key is None or not as_list or any(part.negative for part in keyed):
            self._keep(group, group.start)
            return
        values = tuple(value for part in keyed for value in part.values)
        part = KeyedPart(key, values, group.negative, group.start, group.end)
        self._keep(FilterPart(key, *read_filter(key, list(values), part.negative)), part.start)
        self._keyed.append(part)
