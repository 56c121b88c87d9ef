"""The house rules on size and names (who may import whom: ``test_imports.py``)."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_python

TOP = Path(__file__).parent.parent
MODULES = sorted(
    path.relative_to(TOP).as_posix()
    for pattern in ("store/**/*.py", "indexer/**/*.py", "app/**/*.py", "*.py", "app/**/*.js")
    for path in TOP.glob(pattern)
)
PYTHON = [module for module in MODULES if module.endswith(".py")]
MOST_LINES = 250


def names_in(tree: ast.AST) -> set[str]:
    """Every name of a value, parameter, attribute, function or class in a module."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name) | ast.MatchAs(name=str(name)):
                names.add(name)
    return names


def test_the_house_is_seen() -> None:
    """A pattern that matched nothing would hold every rule."""
    assert {"clipsearch.py", "app/services.py", "store/library.py"} <= set(PYTHON)
    assert "indexer/encoders/encoder.py" in PYTHON
    assert "app/pages/frontend/app.js" in MODULES


@pytest.mark.parametrize("module", MODULES)
def test_modules_stay_small(module: str) -> None:
    lines = (TOP / module).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES, "split it by duty"


@pytest.mark.parametrize("module", PYTHON)
def test_values_are_called_what_they_are(module: str) -> None:
    """``found`` says how a value was come by, and not what it is: hits, ids, problems, rows."""
    assert "found" not in names_in(ast.parse((TOP / module).read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "code",
    [
        "found = 1",
        "for found in x: pass",
        "def f(found): ...",
        "def found(): ...",
        "class A:\n    found: int",
        "x = [1 for found in y]",
        "if (found := 1): ...",
        "x.found = 1",
    ],
)
def test_such_a_name_is_seen(code: str) -> None:
    assert "found" in names_in(ast.parse(code))


def test_a_name_of_a_class_means_one_thing() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for module in PYTHON:
        for node in ast.walk(ast.parse((TOP / module).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(module)
    assert "Ranked" in homes
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}
