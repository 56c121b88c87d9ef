"""A run with nothing to do is told without opening the library, and no other run ever is."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.config import load_config
from app.nothing_new import NOTE, Witness, again
from conftest import Run, draw
from fakes import ColourEncoder
from indexer.encoders.lazy_encoder import LazyEncoder
from indexer.events import Summary
from indexer.folders.steps import Target
from store.library import DATABASE, Library
from store.states import State

TESTS = Path(__file__).parent
TOLD = [
    "7 files: 5 unchanged, 1 failed, 1 not a picture.",
    "Failed: 1 unsupported. See: clipsearch files --state failed",
]


@pytest.fixture(autouse=True)
def _still_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests make files meanwhile in these, which count as folders of packages."""
    own = (TESTS, TESTS.parent)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if Path(path) not in own])


@pytest.fixture
def place(run: Run, photos: Path, tmp_path: Path) -> Path:
    """The folder of a library with a note that there is nothing to do."""
    (photos / "bad.jpg").write_bytes(b"bad")
    (photos / "notes.txt").write_text("notes")
    run("index", photos)
    settle(run)
    return tmp_path / "library"


def settle(run: Run) -> None:
    """Index until there is a note, which is at once, unless the code's folders change meanwhile."""
    for _ in range(5):
        run("index")
        if again(load_config(), []):
            return
    raise AssertionError("no run leaves a note")


def test_the_same_is_said_as_by_a_run(place: Path, run: Run) -> None:
    counted = Summary(seen=7, unchanged=5, other=1, failed=Counter({State.UNSUPPORTED: 1}))
    assert again(load_config(), []) == counted
    told = run("index")
    (place / NOTE).unlink()
    by_run = run("index")
    assert told.lines == TOLD
    assert (told.code, told.raw, told.err) == (by_run.code, by_run.raw, by_run.err)


def test_no_library_is_opened(place: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(Library, "open", refuse)
    settle(run)
    assert run("index").lines == TOLD
    assert "opened" in run("index", "--json").err


def test_what_changed_on_disk_is_taken_in(place: Path, run: Run, photos: Path) -> None:
    red, sub = photos / "red.png", photos / "sub"
    steps: list[tuple[str, Callable[[], object]]] = [
        ("8 files: 1 new, 5 unchanged", lambda: draw(photos / "new.png", "red", (9, 9))),
        ("8 files: 1 changed, 5 unchanged", lambda: draw(photos / "new.png", "blue", (8, 8))),
        ("7 files: 5 unchanged", (photos / "new.png").unlink),
        ("7 files: 5 unchanged", lambda: os.utime(photos / "bad.jpg", ns=(1, 1))),
        ("7 files: 2 moved, 3 unchanged", lambda: sub.rename(photos / "bus")),
        ("8 files: 1 copy, 5 unchanged", lambda: shutil.copyfile(red, photos / "copy.png")),
        ("9 files: 6 unchanged", lambda: (photos / "red.xmp").write_text("<rated/>")),
    ]
    for said, change in steps:
        change()
        assert again(load_config(), []) is None, said
        assert run("index").lines[0].startswith(f"{said}, "), said
        settle(run)


def test_a_drive_that_is_away_and_back(place: Path, run: Run, photos: Path) -> None:
    photos.rename(photos.parent / "away")
    assert again(load_config(), []) is None
    assert run("index").lines == ["0 files: 1 folder offline."]
    assert run("index").lines == ["0 files: 1 folder offline."]
    photos.mkdir()  # where it is mounted
    assert run("index").lines == ["0 files: 1 folder offline."]
    photos.rmdir()
    (photos.parent / "away").rename(photos)
    assert run("index").lines == TOLD


def test_what_changed_in_the_library_is_looked_at(place: Path, run: Run, photos: Path) -> None:
    (others := photos.parent / "others").mkdir()
    draw(others / "other.png", "red", (7, 7))
    for command in (
        ("index", "--exclude", "sub"),
        ("index", "--clear-exclude"),
        ("index", "--model", "c/d"),
        ("index", "--views", "2"),
        ("favourite", photos / "red.png"),
        ("forget", photos / "red.png", "--yes"),
        ("index", others),
    ):
        assert run(*command).code == 0
        assert again(load_config(), []) is None, command
        settle(run)


def test_what_is_asked_for_besides_is_done(place: Path, run: Run, photos: Path) -> None:
    old = photos / "red.png"
    times, size = old.stat(), old.stat().st_size
    old.write_bytes(bytes(size))  # the disk has damaged it
    os.utime(old, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert run("index").lines == TOLD
    assert "2 failed" in run("index", "--verify").out


def _lose_thumbnail(place: Path) -> None:
    with Library.open(place) as library:
        (content_id, *_) = library.matching(_model(library), None).tolist()
        digest = library.digest(content_id)
        assert digest
        library.thumbnails.remove([digest])


def _lose_index(place: Path) -> None:
    next(place.glob("vectors-*.json")).unlink()


def _of_an_earlier_format(place: Path) -> None:
    with closing(sqlite3.connect(place / DATABASE)) as connection:
        connection.execute("PRAGMA user_version = 1")


def _model(library: Library) -> Any:
    model = library.model()
    assert model
    return model


def test_what_is_lost_is_made_again(place: Path, run: Run) -> None:
    for lose in (_lose_thumbnail, _lose_index, _of_an_earlier_format):
        lose(place)
        assert again(load_config(), []) is None, lose
        if lose is not _of_an_earlier_format:  # which it only seems to be
            settle(run)


def test_what_somebody_writes_meanwhile(place: Path, run: Run) -> None:
    with Library.open(place) as library:
        assert again(load_config(), [])  # it is open, and nothing was written
        library.user_data.add_tag(library.matching(_model(library), None).tolist(), "new")
        assert again(load_config(), []) is None
    assert again(load_config(), []) is None
    settle(run)
    assert again(load_config(), [])


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_the_log_of_a_database_behind_a_link_is_not_overlooked(place: Path, run: Run) -> None:
    (disk := place.parent / "disk").mkdir()
    (place / DATABASE).rename(disk / DATABASE)
    (place / DATABASE).symlink_to(disk / DATABASE)
    assert run("index").lines == TOLD
    with Library.open(place) as library, library.writing() as writer:
        (root,) = library.roots()
        writer.add_root(root.path, ["sub"], replace=True)
        assert (disk / f"{DATABASE}-wal").stat().st_size and again(load_config(), []) is None


def test_the_settings_and_the_code_count(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert again(load_config(), [])
    with monkeypatch.context() as changed:
        changed.setenv("CLIPSEARCH_MODEL", "a/b")
        assert again(load_config(), []) is None
    (packages := tmp_path / "packages").mkdir()
    with monkeypatch.context() as changed:
        changed.setattr(sys, "path", [*sys.path, str(packages)])
        assert again(load_config(), []) is None
    assert again(load_config(), [])


def test_a_package_counts_where_all_that_is_installed_has_one_time(
    place: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (packages := tmp_path / "packages").mkdir()
    os.utime(packages, ns=(0, 0))
    monkeypatch.setattr(sys, "path", [*sys.path, str(packages)])
    settle(run)
    (packages / "rawpy-1.0.dist-info").mkdir()
    os.utime(packages, ns=(0, 0))
    assert again(load_config(), []) is None


@pytest.mark.skipif(os.name == "nt", reason="the zone of Windows is not the environment's")
def test_the_time_zone_counts(place: Path, in_zone: Callable[[str], None]) -> None:
    in_zone("Asia/Kathmandu")  # what is listed by days is listed anew
    assert again(load_config(), []) is None


def test_the_files_of_a_model_in_a_folder_count(
    run: Run, photos: Path, tiny_model: Path, tmp_path: Path
) -> None:
    model = shutil.copytree(tiny_model, tmp_path / "model")
    run("index", photos, "--model", f"local-dir:{model}")
    settle(run)
    (model / "notes.md").write_text("which no model reads")
    assert again(load_config(), [])
    weights = model / "open_clip_model.safetensors"
    kept = weights.read_bytes()
    weights.write_bytes(kept[:-1] + b"x")
    assert again(load_config(), []) is None
    weights.write_bytes(kept)  # as they were, at another time
    assert again(load_config(), []) is None
    settle(run)
    weights.rename(model / "moved.safetensors")
    assert again(load_config(), []) is None


def test_only_the_same_folders_count(place: Path, run: Run, photos: Path) -> None:
    assert again(load_config(), [photos]) is None
    run("index", photos)
    assert again(load_config(), [photos])
    assert again(load_config(), []) is None
    assert run("index", photos / "sub").lines == ["2 files: 2 unchanged."]
    assert again(load_config(), [photos / "sub"]) == Summary(seen=2, unchanged=2)


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_folder_by_another_name_is_said_each_time(place: Path, run: Run, photos: Path) -> None:
    link = photos.parent / "link"
    link.symlink_to(photos)
    for _ in range(2):
        told = run("index", link)
        assert (told.lines, "is the same folder as" in told.err) == (TOLD, True)


def test_a_damaged_note_counts_as_none(place: Path, run: Run) -> None:
    for content in (b"", b"{}", b"[1]", b'{"of": 1', b"\xff", b"[" * 100_000):
        (place / NOTE).write_bytes(content)
        assert again(load_config(), []) is None, content
    assert run("index").lines == TOLD


def test_a_note_that_is_not_newer_than_what_it_speaks_of_counts_as_none(place: Path) -> None:
    """A file may have changed since in the same moment, as coarse as a disk's times are."""
    time = (place / DATABASE).stat().st_mtime_ns
    os.utime(place / NOTE, ns=(time, time))
    assert again(load_config(), []) is None


def test_what_a_drive_that_is_away_leaves_to_a_later_run(place: Path, photos: Path) -> None:
    """A run over other folders does it, once the drive is back."""
    quiet = Summary(seen=7, unchanged=7)
    photos.rename(photos.parent / "away")
    assert _hear(quiet)
    with Library.open(place) as library, library.writing() as writer:
        writer.read_text_of_new_photos(True)
    assert not _hear(quiet)
    with closing(sqlite3.connect(place / DATABASE)) as connection, connection:
        connection.execute("DELETE FROM setting WHERE key = 'read_text'")
        connection.execute("UPDATE content SET embedded = NULL")  # as an earlier version left it
    assert not _hear(quiet)


def _hear(summary: Summary, *, loaded: bool = False, tag: bool = False) -> bool:
    """Whether a run that did what ``summary`` says leaves a note."""
    config = load_config()
    (config.library / NOTE).unlink(missing_ok=True)
    witness = Witness(config, [])
    with Library.open(config.library) as library:
        model = library.building_model()
        assert model
        encoder = LazyEncoder(model, ColourEncoder)
        witness.hear(
            library,
            [Target(root) for root in library.roots()],
            ColourEncoder() if loaded else encoder,
            summary,
        )
        if tag:
            library.user_data.add_tag(library.matching(model, None).tolist(), "new")
    witness.leave_note()
    return (config.library / NOTE).exists()


def test_only_a_run_that_did_nothing_leaves_a_note(place: Path) -> None:
    quiet = Summary(seen=7, unchanged=7, seconds=1.5)
    assert _hear(quiet)
    for done in (
        replace(quiet, opened=1),
        replace(quiet, stopped=True),
        replace(quiet, away=1),
        replace(quiet, gone=1),
        replace(quiet, thumbnails=1),
        replace(quiet, videos=1),
        replace(quiet, waiting_for=1),
        replace(quiet, offline=[Path("drive")]),
    ):
        assert not _hear(done), done
    assert not _hear(quiet, loaded=True)
    assert not _hear(quiet, tag=True)  # somebody wrote something meanwhile
    assert _hear(quiet)
    _lose_thumbnail(place)  # and it could not be made again
    assert not _hear(quiet)
