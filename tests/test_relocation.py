"""Folders that moved: which rows go where, and on whatever SQLite there is."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from conftest import Index, draw
from store.library import Library
from store.states import State


def paths(library: Library, folder: Path) -> set[str]:
    return {one.path.relative_to(folder).as_posix() for one in library.files([State.INDEXED])}


@pytest.fixture
def nested(tmp_path: Path, library: Library, index: Index) -> Path:
    """A folder in a folder in a folder, each of which has a photo ``x.png`` of its own."""
    folder = tmp_path / "photos"
    (folder / "a" / "b" / "b").mkdir(parents=True)
    for place, colour in (("a", "red"), ("a/b", "blue"), ("a/b/b", "green")):
        draw(folder / place / "x.png", colour)
    index(folder)
    return folder


def move(library: Library, old: Path, new: Path) -> None:
    """Put what is at ``old`` in place of what is at ``new``, and say so."""
    aside = old.rename(old.parent.parent / "aside")
    if new.exists():
        shutil.rmtree(new)
    new.parent.mkdir(parents=True, exist_ok=True)
    aside.rename(new)
    with library.writing() as writer:
        writer.relocate(old, new)


def test_into_a_folder_of_itself(library: Library, index: Index, nested: Path) -> None:
    move(library, nested / "a", nested / "a" / "b")
    assert paths(library, nested) == {"a/b/x.png", "a/b/b/x.png", "a/b/b/b/x.png"}
    assert [root.path for root in library.roots()] == [nested]
    summary = index()
    assert (summary.unchanged, summary.opened, summary.gone) == (3, 0, 0)


def test_out_of_the_folder_around_it(library: Library, index: Index, nested: Path) -> None:
    """What was in that one already stays in the library, until a run looks."""
    move(library, nested / "a" / "b", nested / "a")
    assert paths(library, nested) == {"a/x.png", "a/b/x.png"}
    summary = index()
    assert (summary.opened, summary.unchanged, summary.gone) == (1, 1, 0)  # the outermost


def test_to_the_top_of_its_root(library: Library, index: Index, nested: Path) -> None:
    with library.writing() as writer:
        writer.relocate(nested / "a", nested)
    assert paths(library, nested) == {"x.png", "b/x.png", "b/b/x.png"}


def test_roots_of_which_one_goes_to_where_another_is(
    library: Library, index: Index, tmp_path: Path
) -> None:
    for place, colour in (("a", "red"), ("b/a", "blue")):
        (tmp_path / place).mkdir(parents=True)
        draw(tmp_path / place / f"{colour}.png", colour)
        index(tmp_path / place)
    for old, new in ((tmp_path, tmp_path / "b"), (tmp_path / "b", tmp_path)):
        before = paths(library, old)
        with library.writing() as writer:
            writer.relocate(old, new)
        assert paths(library, new) == before == {"a/red.png", "b/a/blue.png"}


def test_where_sqlite_is_of_before_2023(library: Library, index: Index, photos: Path) -> None:
    """Its function ``concat`` came with version 3.44."""

    def is_missing(*_: object) -> None:
        raise AssertionError

    @event.listens_for(library._engine, "checkout")
    def without_concat(connection: Any, *_: object) -> None:
        connection.create_function("concat", -1, is_missing)

    index(photos)
    (photos / "sub").rename(photos / "renamed")
    with library.writing() as writer:
        writer.relocate(photos / "sub", photos / "renamed")
    assert {"renamed/green.png", "renamed/yellow.png"} <= paths(library, photos)
