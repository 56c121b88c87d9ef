"""The index as of now: opened once, and again whenever the library has changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.search.library_index import LibraryIndex
from conftest import Index, draw
from store.frames import Frames
from store.index_sync import OpenedIndex
from store.library import Library
from store.values import ModelInfo


def test_it_is_opened_again_only_for_what_is_new(
    library: Library, index: Index, photos: Path
) -> None:
    index(photos)
    model = library.model()
    assert model
    here = LibraryIndex(library, model)
    first = here.now()
    assert here.now() is first and len(first.vectors) == 5
    draw(photos / "new.png", "red", (9, 9))
    index(photos)
    assert len(here.vectors()) == 6 and len(here.sample()) == 6


def test_frames_are_never_older_than_the_index(
    library: Library, index: Index, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that ends while the index is opened has written its last video: it is seen at once."""
    index(photos)
    model = library.model()
    assert model
    done = []
    frames_of, index_of = library.frames, library.index
    one = Frames(
        contents=np.array([1], np.int64),
        at_ms=np.array([0], np.int64),
        vectors=np.ones((1, model.dim), np.float32),
        sums={1: 1},
    )

    def opened(model: ModelInfo) -> OpenedIndex:
        done.append(True)  # the run's last commit
        return index_of(model)

    monkeypatch.setattr(library, "index", opened)
    monkeypatch.setattr(library, "frames", lambda *asked: one if done else frames_of(*asked))
    assert LibraryIndex(library, model).now().frames is one
