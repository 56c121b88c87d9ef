from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from conftest import Index, draw
from store.library import DATABASE, Library
from store.sql import changes
from store.sql.database import immediate, open_database
from store.states import State


def changed_by(library: Library, number: int) -> tuple[list[int], int]:
    engine = open_database(library.folder / DATABASE)
    with engine.connect() as connection:
        changed = changes.since(connection, number).tolist(), changes.latest(connection)
    engine.dispose()
    return changed


def content_of(library: Library, name: str) -> int:
    (id,) = (
        photo.content_id
        for photo in library.files(State)
        if photo.path.name == name and photo.content_id
    )
    return id


def test_every_way_to_change_what_a_search_finds_is_logged(
    library: Library, index: Index, photos: Path
) -> None:
    assert changed_by(library, 0) == ([], 0)
    index(photos)
    _, before = changed_by(library, 0)

    def changed() -> list[int]:
        nonlocal before
        ids, before = changed_by(library, before)
        return ids

    # The run saved its index, and with that the changes went; their numbers go on.
    assert before > 0
    assert changed() == []
    index()
    assert changed() == []

    with library.writing() as writer:  # no index is saved from here on
        red, blue = content_of(library, "red.png"), content_of(library, "blue.png")
        ids = [
            photo_id
            for photo_id, name in enumerate_photos(library)
            if name in ("red.png", "blue.png")
        ]
        writer.set_gone(ids, "deleted")
        assert changed() == sorted([red, blue])
        writer.set_gone(ids, "for another reason")
        assert changed() == []
        writer.prune()
        assert changed() == sorted([red, blue])
        green = content_of(library, "green.png")
        writer.forget(photos / "sub" / "green.png")
        assert changed() == [green]
        writer.relocate(photos, photos.parent / "new")
        assert changed() == []
        rest = [content_of(library, "yellow.png"), content_of(library, "white.png")]
        writer.forget(photos.parent / "new")
        assert changed() == sorted(rest)


def enumerate_photos(library: Library) -> list[tuple[int, str]]:
    engine = open_database(library.folder / DATABASE)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, name FROM photo").all()
    engine.dispose()
    return [(id, name) for id, name in rows]


def test_an_edited_photo_changes_both_contents(
    library: Library, index: Index, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(photos)
    old = content_of(library, "red.png")
    _, before = changed_by(library, 0)
    draw(photos / "red.png", "blue", (3, 3))
    seen: list[list[int]] = []

    def look(_connection: object, name: str, *_: object) -> None:
        if not name.startswith("columns"):  # which have a log of their own
            seen.append(changed_by(library, before)[0])

    monkeypatch.setattr(changes, "announce", look)  # just before the log is cleared
    index()
    assert seen == [sorted([old, content_of(library, "red.png")])]


def test_tokens(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "library.db", create=True)
    with immediate(engine) as connection:
        assert changes.taken_in(connection, "a", "x") is None
        changes.announce(connection, "a", "x", 3)
        changes.announce(connection, "a", "y", 4)
        changes.announce(connection, "b", "z", 2)
        known = [changes.taken_in(connection, "a", t) for t in "xyz"]
        assert known == [3, 4, None]
        changes.settle(connection, "a", "y", 4)
        known = [changes.taken_in(connection, n, t) for n, t in ("ax", "ay", "bz")]
        assert known == [None, 4, None]
        assert np.array_equal(changes.since(connection, 0), [])
    engine.dispose()
