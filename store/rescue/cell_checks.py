"""Whether a value of a damaged database is what a column can hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import numpy as np

from store.rescue.sqlite_pages import Value
from store.states import State
from store.vectors import are_unit

Check = Callable[[Value], bool]
_DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
_STATES = frozenset(State)
_MOST, _MOST_IDS = 2**62, 2**40


def is_integer(value: Value) -> bool:
    return isinstance(value, int)


def is_count(value: Value) -> bool:
    return isinstance(value, int) and 0 <= value < _MOST


def is_id(value: Value) -> bool:
    # A damaged one may be huge, and new ones would go on from there.
    return isinstance(value, int) and 0 < value < _MOST_IDS


def is_flag(value: Value) -> bool:
    return value in (0, 1)


def is_number(value: Value) -> bool:
    return isinstance(value, int | float)


def is_text(value: Value) -> bool:
    return isinstance(value, str) and "\0" not in value


def is_word(value: Value) -> bool:
    return is_text(value) and value != ""


def is_date(value: Value) -> bool:
    return isinstance(value, str) and bool(_DATE.fullmatch(value))


def is_json(value: Value) -> bool:
    try:
        json.loads(str(value))  # numbers come as such: the column's name makes SQLite turn them
    except ValueError:
        return False
    return True


def is_list(value: Value) -> bool:
    return is_json(value) and isinstance(value, str) and value.startswith("[")


def is_digest(value: Value) -> bool:
    return isinstance(value, bytes) and len(value) == 32


def is_vector(value: Value) -> bool:
    if not isinstance(value, bytes) or not value or len(value) % 4:
        return False
    return bool(are_unit(np.frombuffer(value, "<f4")[None])[0])


def is_state(value: Value) -> bool:
    return value in _STATES


def or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)
