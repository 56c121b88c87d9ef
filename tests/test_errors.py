from __future__ import annotations

import ast
import builtins
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from store import errors
from store.states import FAILURES, State

pytestmark = pytest.mark.one_python


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = errors.__doc__ or ""
    for name, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, errors.ClipsearchError):
            assert name in drawn, f"{name} is not in the drawn tree"
            if kind is not errors.ClipsearchError:
                line = next(text for text in drawn.splitlines() if f" {name}" in text)
                depth = (line.index(name) - 4) // 4
                assert len(kind.__mro__) - len(errors.ClipsearchError.__mro__) == depth


_LIKE_ONE = re.compile("(Error|Exception|Exit|Abort|Warning)$")  # of other packages
TOP = Path(__file__).parent.parent


def exceptions() -> Iterator[tuple[str, str]]:
    """(module, name) of every exception class in the tree."""
    known = {
        name
        for name, kind in inspect.getmembers(builtins, inspect.isclass)
        if issubclass(kind, BaseException)
    }
    classes = [
        (path.relative_to(TOP).as_posix(), node)
        for folder in ("store", "indexer", "app")
        for path in sorted((TOP / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    more = True
    while more:  # until no class is left that inherits from one of them
        more = False
        for _, node in classes:
            bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
            if node.name not in known and (bases & known or any(map(_LIKE_ONE.search, bases))):
                known.add(node.name)
                more = True
    yield from ((module, node.name) for module, node in classes if node.name in known)


def test_all_errors_that_leave_their_module_are_in_one_place() -> None:
    public = {(module, name) for module, name in exceptions() if not name.startswith("_")}
    assert {module for module, _ in public} == {"store/errors.py"}
    assert len(public) >= 20
    for _, name in public:
        assert re.search(rf"\b{name}\b", errors.__doc__ or ""), f"{name} is not said"


def test_private_ones_are_said_with_their_module() -> None:
    private = {(module, name) for module, name in exceptions() if name.startswith("_")}
    said = {
        (module, name)
        for name, modules in re.findall(r"``(_\w+)``\s+\(([^)]+)\)", errors.__doc__ or "")
        for module in re.split(r",\s+", modules)
    }
    assert private == said


def test_failures_are_all_states_but_four() -> None:
    others = {State.INDEXED, State.STACKED, State.OTHER, State.GONE}
    assert set(State) - set(FAILURES) == others


def test_a_photo_error_carries_its_state() -> None:
    error = errors.PhotoError(State.EMPTY, "nothing in it")
    assert (error.state, str(error)) == (State.EMPTY, "nothing in it")
