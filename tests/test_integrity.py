from __future__ import annotations

import sqlite3

import numpy as np

from store.index.faiss_index import FaissIndex
from store.library import DATABASE, Library
from store.values import ModelInfo


def damage(library: Library, statement: str) -> None:
    connection = sqlite3.connect(library.folder / DATABASE)
    with connection:
        connection.execute(statement)
    connection.close()


def test_a_sound_library(library: Library, model: ModelInfo) -> None:
    assert library.check(model, library.index(model).index) == []


def test_an_index_that_differs(library: Library, model: ModelInfo) -> None:
    index = library.index(model).index
    assert isinstance(index, FaissIndex)
    ids = index.ids()[:1]
    index.remove(ids)
    index.add(np.array([999]), np.array([[1, 0, 0]], np.float32))
    problems = library.check(model, index)
    assert problems == [
        "1 photos are missing from the index",
        "1 entries of the index belong to no photo",
    ]
    index.remove(np.array([999]))
    index.add(ids, np.array([[0, 1, 0]], np.float32))
    assert library.check(model, index) == ["1 vectors in the index differ from their rows"]


def test_a_row_of_the_wrong_length(library: Library, model: ModelInfo) -> None:
    index = library.index(model).index
    damage(library, "UPDATE embedding SET vector = x'00112233' WHERE content_id = 1")
    assert library.check(model, index) == ["1 stored vectors are not what was written"]


def test_a_row_that_is_no_unit_vector(library: Library, model: ModelInfo) -> None:
    index = library.index(model).index
    damage(library, "UPDATE embedding SET vector = zeroblob(12) WHERE content_id = 1")
    assert library.check(model, index) == ["1 stored vectors are not what was written"]
