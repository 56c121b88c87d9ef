"""Saved searches, history and tags, beside a run that holds the library's lock."""

from __future__ import annotations

from pathlib import Path

from conftest import Index
from store import notes
from store.library import Library


def test_saved_searches(library: Library) -> None:
    with library.writing():
        library.notes.save_search("Zoo", "animals in:zoo")
        library.notes.save_search("beach", "sea")
        library.notes.save_search("beach", "the sea, 2019")
    assert list(library.notes.saved_searches().items()) == [
        ("beach", "the sea, 2019"),
        ("Zoo", "animals in:zoo"),
    ]
    library.notes.forget_search("Zoo")
    library.notes.forget_search("never there")
    assert list(library.notes.saved_searches()) == ["beach"]


def test_history_has_each_search_once_and_an_end(library: Library) -> None:
    for number in range(notes.HISTORY + 5):
        library.notes.remember(f"query {number}")
    library.notes.remember("query 50")
    assert library.notes.history(3) == [
        "query 50",
        f"query {notes.HISTORY + 4}",
        f"query {notes.HISTORY + 3}",
    ]
    assert len(library.notes.history(10**6)) == notes.HISTORY
    library.notes.clear_history()
    assert library.notes.history(3) == []


def test_tags_of_what_is_not_there(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    (id,) = library.contents_at(photos / "red.png")
    assert library.notes.add_tag([id, 999], "A") == 1
    assert library.notes.tagged() == {"a": [id]}
    assert library.notes.with_tag("A") == {id}
    assert library.notes.with_tag("b") == set()
