"""The frames of a library's videos in memory: read in parts, and only what has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from store.frames import Frames, SeenFrame
from store.library import Library
from store.sql import frames as frame_rows
from store.states import State
from store.values import ContentFacts, FileRecord, ModelInfo, Picture

AXES = np.eye(4, dtype=np.float32)
VIDEOS = 40


def film(root_id: int, number: int) -> FileRecord:
    """The record of a video of three frames."""
    seen = [SeenFrame(1_000 * at, AXES[(number + at) % 4]) for at in range(3)]
    name = f"{number:02}.mp4"
    facts = ContentFacts(width=64, height=48, format="MP4", duration_ms=8_000)
    picture = Picture(hashlib.sha256(name.encode()).digest(), facts, seen[0].vector, tuple(seen))
    return FileRecord(root_id, "", name, 9, 5, State.INDEXED, picture=picture)


@pytest.fixture
def model(library: Library) -> ModelInfo:
    with library.writing() as writer:
        model = writer.add_model("fake", "1", 4)
        root = writer.add_root(Path("/films"), [], replace=True)
        writer.record(
            [film(root.id, number) for number in range(VIDEOS)], model, writer.begin_run()
        )
    return model


def test_what_is_read_in_parts_is_put_together_once(
    library: Library, model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = library.frames(model)
    assert len(whole) == 3 * VIDEOS and len(whole.videos) == VIDEOS
    assert np.array_equal(whole.vectors[:3], AXES[:3])
    monkeypatch.setattr(frame_rows, "_AT_ONCE", 3)
    copied: list[int] = []

    def counted(arrays: Any, *args: Any, concatenate: Any = np.concatenate, **more: Any) -> Any:
        joined = concatenate(arrays, *args, **more)
        copied.append(joined.size if joined.dtype == np.float32 else 0)
        return joined

    monkeypatch.setattr(np, "concatenate", counted)
    again = library.frames(model)
    assert sum(copied) == whole.vectors.size  # each number once, however many parts there were
    for name in ("contents", "at_ms", "vectors"):
        assert np.array_equal(getattr(again, name), getattr(whole, name)), name
    assert again.sums == whole.sums


def test_only_what_has_changed_is_read_again(library: Library, model: ModelInfo) -> None:
    whole = library.frames(model)
    assert library.frames(model, whole) is whole
    with library.writing() as writer:
        writer.forget(Path("/films/07.mp4"))
    kept = library.frames(model, whole)
    assert set(whole.videos) - set(kept.videos) == {whole.videos[7]}
    some = whole.of(whole.videos[[2, 9, 30]])  # between them and after them others are missing
    mended = library.frames(model, some)
    assert np.array_equal(mended.contents, kept.contents)
    assert np.array_equal(mended.at_ms, kept.at_ms)
    assert np.array_equal(mended.vectors, kept.vectors)


def test_nothing_but_nothing_is_put_together() -> None:
    assert len(Frames.joined([Frames.none(4), Frames.none(4)])) == 0
