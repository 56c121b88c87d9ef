"""Whole libraries copied between folders and servers, each to each."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from conftest import draw, index_into
from copied import all_of, copy, fill, opened
from copied import origin as origin
from copied import own_cache as own_cache
from copied import target as target
from fakes import ColourEncoder
from servers import Server
from store.library import DATABASE
from store.sql.copying import tables
from store.sql.schema import Base
from store.states import State
from store.values import Example


def test_every_table_is_copied_or_derived() -> None:
    assert set(Base.metadata.tables) == tables.COPIED | tables.DERIVED
    assert not tables.COPIED & tables.DERIVED
    assert {part.name for part in tables.parts()} == tables.COPIED


def test_every_setting_is_copied_or_not_for_a_reason(
    origin: str, target: str, photos: Path, server: Server
) -> None:
    fill(origin, photos)
    copy(origin, target)
    all_of(target)  # whose index is made by a search, if it was not before
    kept = settings(origin, server)
    for place in (origin, target):
        for key, value in settings(place, server).items():
            of_a_library, own = key in tables.COPIED_SETTINGS, key in tables.OWN_SETTINGS
            derived = key.startswith(tables.DERIVED_SETTINGS)
            assert of_a_library + own + derived == 1, key
            if of_a_library:
                assert kept[key] == value
    pasts = [settings(place, server).get("past") for place in (origin, target)]
    assert pasts[0] != pasts[1] is not None


def settings(place: str, server: Server) -> dict[str, Any]:
    query = "SELECT key, value FROM setting"
    if "//" in place:
        return dict(server.run(query, url=place))
    with closing(sqlite3.connect(Path(place) / DATABASE)) as database:
        return {key: json.loads(str(value)) for key, value in database.execute(query)}


def test_a_copy_answers_the_same(origin: str, target: str, photos: Path) -> None:
    fill(origin, photos)
    before = all_of(origin)
    copied = copy(origin, target)
    assert copied.first and copied.damaged == 0
    assert copied.counts["photo"] == 8 and copied.counts["embedding"] > 8
    # A server has its generation from the beginning.
    assert copied.added + copied.changed == sum(copied.counts.values())
    assert all_of(target) == before == all_of(origin)


def test_there_and_back(server: Server, tmp_path: Path, photos: Path) -> None:
    first, second, third = str(tmp_path / "first"), server.database(), str(tmp_path / "third")
    fill(first, photos)
    copy(first, second)
    with opened(second) as library:
        library.user_data.add_tag(library.contents_at(photos / "red.png"), "On The Server")
    copy(second, third)
    assert all_of(third) == all_of(second) != all_of(first)


def test_no_id_is_given_twice(origin: str, target: str, photos: Path) -> None:
    """Also of what was removed before it was copied: what is derived is known by these ids."""
    fill(origin, photos)
    for number in range(3):
        draw(photos / f"late{number}.png", "green", (60 + number, 9))
    with opened(origin) as library:
        index_into(library, ColourEncoder("others", "2"), photos)
        newest = max(library.contents_at(photos))
        with library.writing() as writer:
            writer.forget(photos / "late2.png")
            writer.forget(photos / "late1.png")
    copy(origin, target)
    ids = {}
    for place in (origin, target):
        draw(photos / "later.png", "yellow", (70, 9))
        with opened(place) as library:
            index_into(library, ColourEncoder("others", "2"), photos)
            (ids[place],) = library.contents_at(photos / "later.png")
            library.user_data.add_examples(
                "new", [Example("/c.png", True, None, 1, np.array([1, 0, 0], np.float32))]
            )
    assert min(ids.values()) > newest
    assert max(file.id for file in files(target)) >= len(files(target)) == len(files(origin))


def files(place: str) -> list[Any]:
    with opened(place) as library:
        return list(library.files(list(State)))
