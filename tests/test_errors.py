from __future__ import annotations

import inspect

from store import errors
from store.states import FAILURES, State


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = errors.__doc__ or ""
    for name, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, errors.ClipsearchError):
            assert name in drawn, f"{name} is not in the drawn tree"
            if kind is not errors.ClipsearchError:
                line = next(text for text in drawn.splitlines() if f" {name}" in text)
                depth = (line.index(name) - 4) // 4
                assert len(kind.__mro__) - len(errors.ClipsearchError.__mro__) == depth


def test_failures_are_all_states_but_three() -> None:
    assert set(State) - set(FAILURES) == {State.INDEXED, State.OTHER, State.GONE}


def test_a_photo_error_carries_its_state() -> None:
    error = errors.PhotoError(State.EMPTY, "nothing in it")
    assert (error.state, str(error)) == (State.EMPTY, "nothing in it")
