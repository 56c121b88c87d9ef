"""Saved searches, history and tags, beside a run that holds the library's lock."""

from __future__ import annotations

from pathlib import Path

from conftest import Index
from store import user_data
from store.library import Library


def test_saved_searches(library: Library) -> None:
    with library.writing():
        library.user_data.save_search("Zoo", "animals in:zoo")
        library.user_data.save_search("beach", "sea")
        library.user_data.save_search("beach", "the sea, 2019")
    assert list(library.user_data.saved_searches().items()) == [
        ("beach", "the sea, 2019"),
        ("Zoo", "animals in:zoo"),
    ]
    library.user_data.forget_search("Zoo")
    library.user_data.forget_search("never there")
    assert list(library.user_data.saved_searches()) == ["beach"]


def test_history_has_each_search_once_and_an_end(library: Library) -> None:
    for number in range(user_data.HISTORY + 5):
        library.user_data.remember(f"query {number}")
    library.user_data.remember("query 50")
    assert library.user_data.history(3) == [
        "query 50",
        f"query {user_data.HISTORY + 4}",
        f"query {user_data.HISTORY + 3}",
    ]
    assert len(library.user_data.history(10**6)) == user_data.HISTORY
    library.user_data.clear_history()
    assert library.user_data.history(3) == []


def test_tags_of_what_is_not_there(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    (id,) = library.contents_at(photos / "red.png")
    assert library.user_data.add_tag([id, 999], "A") == 1
    assert library.user_data.tagged() == {"a": [id]}
    assert library.user_data.with_tag("A") == {id}
    assert library.user_data.with_tag("b") == set()
