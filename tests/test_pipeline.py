from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import indexer.recorder
from conftest import draw, index_into, last
from fakes import ColourEncoder
from indexer.encoders.encoder import Pixels
from indexer.events import Counted, Event, FileFailed, Finished, Progress, RootOffline
from indexer.folders.steps import Target
from indexer.pipeline import run_index
from store.index.index_files import IndexFiles
from store.library import Library
from store.states import State
from store.vectors import Vectors


def many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        draw(folder / f"{number:04}.png", "red", (number + 1, 1))
    return folder


def events_of(
    library: Library, encoder: ColourEncoder, folder: Path, **options: object
) -> list[Event]:
    with library.writing() as writer:
        root = writer.add_root(folder, (), replace=False)
        return list(run_index(library, writer, encoder, [Target(root)], **options))  # type: ignore[arg-type]


def test_events(library: Library, encoder: ColourEncoder, tmp_path: Path) -> None:
    folder = many(tmp_path / "many", 40)
    (folder / "bad.jpg").write_bytes(b"bad")
    events = events_of(library, encoder, folder)
    (failed,) = [e for e in events if isinstance(e, FileFailed)]
    assert (failed.path, failed.state) == (folder / "bad.jpg", State.UNSUPPORTED)
    progress = [e for e in events if isinstance(e, Progress)]
    assert progress[-1] == Progress(41, 40)
    assert [e.seen for e in progress] == sorted(e.seen for e in progress)
    assert [e.total for e in events if isinstance(e, Counted)] in ([41], [])
    assert isinstance(events[-1], Finished)


def test_an_offline_root_is_said_once(
    library: Library, encoder: ColourEncoder, photos: Path
) -> None:
    index_into(library, encoder, photos)
    photos.rename(photos.parent / "away")
    events = events_of(library, encoder, photos)
    assert [e for e in events if isinstance(e, RootOffline)] == [RootOffline(photos)]


def test_stopping_keeps_what_was_done_and_the_next_run_goes_on(
    library: Library, encoder: ColourEncoder, tmp_path: Path
) -> None:
    folder = many(tmp_path / "many", 60)
    stop = threading.Event()
    with library.writing() as writer:
        root = writer.add_root(folder, (), replace=False)
        events = []
        for event in run_index(library, writer, encoder, [Target(root)], stop=stop):
            events.append(event)
            if isinstance(event, Progress) and event.embedded >= 20:
                stop.set()
    summary = last(events)
    assert summary.stopped
    assert 20 <= summary.embedded < 60
    assert summary.gone == 0
    model = library.model()
    assert model and len(library.index(model).index) == summary.embedded

    rest = index_into(library, encoder)
    assert encoder.encoded == 60
    assert rest.unchanged == summary.embedded


def test_a_caller_that_goes_away_loses_nothing_encoded(
    library: Library, encoder: ColourEncoder, tmp_path: Path
) -> None:
    folder = many(tmp_path / "many", 60)
    with library.writing() as writer:
        root = writer.add_root(folder, (), replace=False)
        run = run_index(library, writer, encoder, [Target(root)])
        for event in run:
            if isinstance(event, Progress) and event.embedded >= 20:
                break
        run.close()  # type: ignore[attr-defined]
    model = library.model()
    assert model and len(library.index(model).index) >= 20


class FailingEncoder(ColourEncoder):
    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        if self.encoded >= 20:
            raise RuntimeError("the device went away")
        return super().encode_images(images)


def test_a_failing_encoder_loses_nothing_encoded(library: Library, tmp_path: Path) -> None:
    folder = many(tmp_path / "many", 60)
    with pytest.raises(RuntimeError, match="device went away"):
        events_of(library, FailingEncoder(), folder)
    model = library.model()
    assert model and len(library.index(model).index) == 20


class NaNEncoder(ColourEncoder):
    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        vectors = super().encode_images(images)
        vectors[0] = np.nan
        return vectors


def test_an_embedding_that_is_no_number_is_a_failure(library: Library, photos: Path) -> None:
    summary = index_into(library, NaNEncoder(batch_size=5), photos)
    assert summary.failed == {State.DAMAGED: 1}
    assert summary.seen == 5
    model = library.model()
    assert model and library.check(model, library.index(model).index) == []
    assert len(library.index(model).index) == 4


def test_commits_come_in_between(
    library: Library, encoder: ColourEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer.recorder, "COMMIT_FILES", 8)
    folder = many(tmp_path / "many", 60)
    before = library.generation()
    events_of(library, encoder, folder)
    assert library.generation() - before >= 7


def test_a_root_that_goes_offline_during_the_run(
    library: Library, photos: Path, tmp_path: Path
) -> None:
    """The drive is pulled while its first pictures are encoded: nothing is called gone."""
    for number in range(40):
        draw(photos / "sub" / f"{number}.png", "red", (number + 1, 2))
    index_into(library, ColourEncoder(), photos)
    for number in range(40):
        draw(photos / f"{number}.png", "blue", (number + 1, 3))

    class Unplugging(ColourEncoder):
        def encode_images(self, images: Sequence[Pixels]) -> Vectors:
            if photos.exists():
                photos.rename(tmp_path / "unplugged")
            return super().encode_images(images)

    summary = index_into(library, Unplugging())
    assert summary.gone == 0
    assert not summary.failed
    states = {photo.state for photo in library.files(State)}
    assert states == {State.INDEXED}
    (tmp_path / "unplugged").rename(photos)
    summary = index_into(library, ColourEncoder())
    assert summary.gone == 0
    assert len(list(library.files([State.INDEXED]))) == 85


def test_a_drive_that_goes_while_a_folder_is_listed(
    library: Library, encoder: ColourEncoder, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between listing a folder and looking at its files: none of them is unreadable or gone."""
    index_into(library, encoder, photos)
    real = os.scandir

    def list_then_unplug(path: Path) -> object:
        entries = real(path)
        if Path(path) == photos and photos.exists():
            listed = list(entries)
            if sys._getframe(1).f_code.co_name == "walk":
                photos.rename(photos.parent / "away")
            return contextlib.nullcontext(iter(listed))
        return entries

    monkeypatch.setattr(os, "scandir", list_then_unplug)
    summary = index_into(library, encoder)
    monkeypatch.undo()
    assert summary.offline == [photos]
    assert (summary.gone, dict(summary.failed)) == (0, {})
    assert {photo.state for photo in library.files(State)} == {State.INDEXED}


def test_retry(library: Library, encoder: ColourEncoder, photos: Path) -> None:
    (photos / "bad.jpg").write_bytes(b"bad")
    assert index_into(library, encoder, photos).opened == 6
    assert index_into(library, encoder).opened == 0
    assert index_into(library, encoder, retry=True).opened == 1


def test_a_file_replaced_by_a_broken_one_is_not_found_any_more(
    library: Library, encoder: ColourEncoder, photos: Path
) -> None:
    index_into(library, encoder, photos)
    (photos / "red.png").write_bytes(b"")
    summary = index_into(library, encoder)
    assert summary.failed == {State.EMPTY: 1}
    model = library.model()
    assert model and len(library.index(model).index) == 4


def test_the_index_is_saved_in_between(
    library: Library, encoder: ColourEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search beside a long run has little to catch up."""
    monkeypatch.setattr(indexer.recorder, "COMMIT_FILES", 8)
    monkeypatch.setattr(indexer.recorder, "SAVE_FILES", 16)
    folder = many(tmp_path / "many", 60)
    saved = set()
    with library.writing() as writer:
        root = writer.add_root(folder, (), replace=False)
        for _ in run_index(library, writer, encoder, [Target(root)]):
            model = library.model()
            assert model
            loaded = IndexFiles(library.folder, model).load()
            saved.add(len(loaded.index) if loaded else 0)
    assert len(saved) >= 4
    assert max(saved) == 60


def test_copies_are_encoded_once_wherever_their_twin_is(
    library: Library, encoder: ColourEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same batch, on its way through the encoder, waiting to be written, or written."""
    monkeypatch.setattr(indexer.recorder, "COMMIT_FILES", 10)
    folder = many(tmp_path / "many", 3)
    contents = [path.read_bytes() for path in sorted(folder.iterdir())]
    for number in range(60):
        (folder / f"copy{number:02}.png").write_bytes(contents[number % 3])
    summary = index_into(library, encoder, folder)
    assert (encoder.encoded, summary.embedded, summary.seen) == (3, 3, 63)
    assert (summary.new, summary.copies) == (3, 60)
