"""The columns' files are never trusted further than the rows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from conftest import Index, draw, index_into
from fakes import ColourEncoder
from store import column_sync
from store.column_merge import put_between
from store.columns import Column, ColumnArrays, Columns, digest_array, digest_keys
from store.files.column_files import ColumnFiles, SavedColumns
from store.library import Library
from store.locks import locked
from store.sql import changes, columns
from store.sql.database import reading
from store.states import Away
from store.values import ModelInfo
from store.writer import LibraryWriter

PLACE = (48.85, 2.35)


def from_rows(library: Library, model: ModelInfo) -> Columns:
    with reading(library._engine) as connection:
        return columns.read(connection, model.id)


def differences(one: ColumnArrays, other: ColumnArrays) -> list[str]:
    """The columns in which they differ."""
    listed = []
    for field in fields(one):
        first, second = getattr(one, field.name), getattr(other, field.name)
        if isinstance(first, Column):
            same = list(first.names) == list(second.names) and (first.codes == second.codes).all()
        elif isinstance(first, np.ndarray):
            nan = first.dtype.kind == "f"
            same = first.shape == second.shape and np.array_equal(first, second, equal_nan=nan)
        else:
            same = (list(first) if field.name == "folders" else first) == second
        listed += [] if same else [field.name]
    return listed


def check_whole(library: Library, model: ModelInfo, *, read: bool = True) -> Columns:
    """The columns equal the rows, and so do the files once they were asked for.

    Args:
        read: whether something was wrong with the files before.
    """
    assert column_sync.is_current(library._engine, library.folder, model) is not read
    opened = library.columns(model)
    assert differences(opened, from_rows(library, model)) == []
    saved = column_sync.open_columns(library._engine, library.folder, model)
    assert saved.current and differences(saved.columns, opened) == []
    return opened


def files_of(library: Library) -> dict[str, Path]:
    return {path.suffix: path for path in library.folder.glob("columns-*")}


@pytest.fixture
def reread(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """How many contents were read from the rows each time; None stands for all of them."""
    asked: list[int | None] = []
    real = columns.arrays

    def counted(connection: object, id: int, ids: object = None) -> ColumnArrays:
        asked.append(None if ids is None else len(ids))  # type: ignore[arg-type]
        return real(connection, id, ids)  # type: ignore[arg-type]

    monkeypatch.setattr(columns, "arrays", counted)
    return asked


def test_after_a_run_the_files_are_there_and_mapped(
    library: Library, model: ModelInfo, reread: list[int | None]
) -> None:
    opened = check_whole(library, model, read=False)
    assert sorted(files_of(library)) == [".bin", ".json"]
    assert not opened.ids.flags.owndata and not opened.ids.flags.writeable
    assert reread == [None]  # by the test


def pictures(photos: Path) -> None:
    """With cameras, times, places and a copy in another folder."""
    (photos / "trip").mkdir()
    for number, name in enumerate(("b", "a", "d", "c")):
        exif = Image.Exif()
        exif[0x0110] = ("X-T4", "EOS R6", "", "X-T4")[number]
        exif.get_ifd(0x8769)[0x9003] = f"2019:0{number + 1}:01 10:00:00"
        if number:
            north = {1: "N", 2: (48.0, 51.0, number), 3: "E", 4: (2.0, 21.0, 0.0)}
            exif.get_ifd(0x8825).update(north)
        place = photos / ("trip" if number % 2 else "") / f"{name}.jpg"
        Image.new("RGB", (20 + number, 30), (number * 40, 0, 9)).save(place, exif=exif)
    (photos / "trip" / "again.jpg").write_bytes((photos / "b.jpg").read_bytes())
    (photos / "trip" / "and again.jpg").write_bytes((photos / "b.jpg").read_bytes())


def test_whatever_changes_is_caught_up_with(
    library: Library,
    model: ModelInfo,
    photos: Path,
    reread: list[int | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each change alone, in memory and into the files; never by reading everything again."""
    monkeypatch.setattr(column_sync, "_ANEW", 100)
    pictures(photos)
    index_into(library, ColourEncoder())
    kept = library.columns(model)
    assert len(kept.camera.names) == 2 and kept.place.names and len(kept.path_row) == 3
    ids = {path.name: library.contents_at(path)[0] for path in photos.rglob("*.*g")}
    photo_ids = {
        photo.path.name: photo.id for of in library.photos_of(ids.values()).values() for photo in of
    }
    now = time.time()

    def touched() -> None:
        os.utime(photos / "red.png", (now - 10**8, now - 10**8))
        index_into(library, ColourEncoder())

    def moved() -> None:
        (photos / "red.png").rename(photos / "trip" / "red.png")
        index_into(library, ColourEncoder())

    def edited() -> None:
        draw(photos / "blue.png", "green", (31, 17))
        index_into(library, ColourEncoder())

    def removed() -> None:
        (photos / "b.jpg").unlink()
        index_into(library, ColourEncoder())

    steps: dict[str, Callable[[LibraryWriter], object]] = {
        "away": lambda writer: writer.set_away([photo_ids["a.jpg"]], Away.AT_ONCE),
        "returned": lambda writer: writer.set_returned([photo_ids["a.jpg"]], None),
        "gone": lambda writer: writer.set_gone([photo_ids["d.jpg"]], "it is not there"),
        "back": lambda writer: writer.set_returned([photo_ids["d.jpg"]], None),
        "named": lambda writer: writer.set_places({ids["c.jpg"]: "Lyon, Rhone, France"}),
        "no vector": lambda writer: writer.remove_vectors(model, np.array([ids["white.png"]])),
        "a root": lambda writer: writer.add_root(photos.parent, [], replace=False),
        "relocated": lambda writer: writer.relocate(photos / "trip", photos / "voyage"),
        "elsewhere": lambda writer: writer.relocate(photos / "voyage", Path("/elsewhere")),
        "root moved": lambda writer: writer.relocate(Path("/elsewhere"), Path("/other")),
        "forgotten": lambda writer: writer.forget(Path("/other")),
    }
    for step in (touched, moved, edited, removed):
        step()
        assert check_whole(library, model, read=False)  # the run did it
    for name, change in steps.items():
        del reread[:]
        with library.writing() as writer:
            change(writer)
            seen = library.columns(model)  # in memory: the files are the writer's to mend
        assert differences(seen, from_rows(library, model)) == [], name
        opened = library.columns(model)
        assert differences(opened, seen) == [], name
        assert reread.count(None) == 1, name  # by the test
    index_into(library, ColourEncoder())
    check_whole(library, model, read=False)


def test_where_most_has_changed_everything_is_read(
    library: Library, model: ModelInfo, reread: list[int | None]
) -> None:
    with library.writing() as writer:
        writer.set_places(dict.fromkeys(range(1, 5), "Lyon, Rhone, France"))
    check_whole(library, model)
    assert set(reread) == {None}


def test_digests_are_told_apart_by_all_of_their_bytes(library: Library, model: ModelInfo) -> None:
    beginning = [bytes(8), bytes(8), b"\xff" * 8, b"\xff" * 8, b"12345678"]
    made = digest_array([one + bytes([number + 1]) * 24 for number, one in enumerate(beginning)])
    keys = digest_keys(made)
    order = np.argsort(keys, kind="stable").astype(np.int32)
    kept = replace(library.columns(model), digests=made, by_digest=order, digest_keys=keys[order])
    asked = [made[number].tobytes() for number in (3, 1, 0, 4, 2)]
    rows, has = kept.rows_of_digests([*asked, b"\xff" * 32, bytes(8) + b"\1" * 23 + b"\2", b""])
    assert rows[:5].tolist() == [3, 1, 0, 4, 2] and has.tolist() == 5 * [True] + 3 * [False]
    assert kept.rows_of_digests([])[1].tolist() == []


def test_roots_are_as_they_are_now(
    library: Library, model: ModelInfo, photos: Path, reread: list[int | None]
) -> None:
    """Without a row of a photo changed: nothing is read again."""
    with library.writing() as writer:
        writer.relocate(photos, Path("/elsewhere"))
    assert set(library.columns(model).folder_names) == {"/elsewhere", f"/elsewhere{os.sep}sub"}
    assert reread == []


@pytest.mark.parametrize("suffix", [".bin", ".json", ".*"])
def test_missing_files_are_made_again(library: Library, model: ModelInfo, suffix: str) -> None:
    for path in library.folder.glob(f"columns-*{suffix}"):
        path.unlink()
    check_whole(library, model)


@pytest.mark.parametrize("suffix", [".bin", ".json"])
@pytest.mark.parametrize("keep", [0, 10, 0.5, -1])
def test_a_cut_file_is_made_again(
    library: Library, model: ModelInfo, suffix: str, keep: float
) -> None:
    path = files_of(library)[suffix]
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep) if isinstance(keep, float) else keep])
    check_whole(library, model)


@pytest.mark.one_python
@pytest.mark.parametrize("suffix", [".bin", ".json"])
def test_every_flipped_bit_is_noticed(library: Library, model: ModelInfo, suffix: str) -> None:
    kept = {path: path.read_bytes() for path in files_of(library).values()}
    broken = files_of(library)[suffix]
    right = from_rows(library, model)
    for place in range(0, len(kept[broken]), 7):
        for path in files_of(library).values():
            path.unlink()
        for path, content in kept.items():
            path.write_bytes(content)
        damaged = bytearray(kept[broken])
        damaged[place] ^= 1 << place % 8
        broken.write_bytes(damaged)
        assert differences(library.columns(model), right) == []
        saved = ColumnFiles(library.folder, model).load()
        assert saved and differences(saved.arrays, right) == []


@pytest.mark.one_python
@pytest.mark.parametrize("facts", ["", "{", "[]", "{}", '{"format": 1, "crc32": 0, "facts": 3}'])
def test_damaged_facts(library: Library, model: ModelInfo, facts: str) -> None:
    files_of(library)[".json"].write_text(facts)
    check_whole(library, model)


def keep(library: Library, names: str) -> Callable[[], None]:
    """Remember files of the library; calling the result puts them back as they were."""
    kept = {path: path.read_bytes() for path in library.folder.glob(names)}

    def restore() -> None:
        for path in library.folder.glob(names):
            path.unlink()
        for path, content in kept.items():
            path.write_bytes(content)

    return restore


def test_files_of_an_older_state_are_made_again(
    library: Library, model: ModelInfo, index: Index, photos: Path
) -> None:
    restore = keep(library, "columns-*")
    draw(photos / "more.png", "red", (5, 5))
    index()
    restore()
    assert len(check_whole(library, model)) == 6


def test_files_of_a_newer_state_than_a_restored_database(
    library: Library, model: ModelInfo, index: Index, photos: Path
) -> None:
    """With as many changes since as the files had seen: numbers alone would look equal."""
    restore = keep(library, "library.db*")
    columns = keep(library, "columns-*")
    draw(photos / "more.png", "red", (5, 5))
    index()
    newer = keep(library, "columns-*")
    library.close()
    restore()
    columns()
    (photos / "more.png").unlink()
    draw(photos / "other.png", "green", (60, 6))
    index()
    newer()
    opened = check_whole(library, model)
    assert len(opened) == 6 and 60 in opened.width


def test_the_files_of_another_model_are_made_again(library: Library, model: ModelInfo) -> None:
    saved = ColumnFiles(library.folder, model).load()
    assert saved
    other = ColumnFiles(library.folder, replace(model, fingerprint="another"))
    other.save(saved.arrays, saved.token, saved.zone)
    assert ColumnFiles(library.folder, model).load() is None
    assert differences(library.columns(model), from_rows(library, model)) == []
    assert ColumnFiles(library.folder, model).load() is not None


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone is the system's")
def test_files_times_are_local_wherever_that_is(
    library: Library, model: ModelInfo, in_zone: Callable[[str], None]
) -> None:
    before = library.columns(model).taken
    in_zone("XYZ-11")
    after = library.columns(model)
    assert differences(after, from_rows(library, model)) == []
    assert (after.taken != before).all()
    check_whole(library, model, read=False)


@pytest.mark.parametrize("step", ["save", "settle"])
def test_a_kill_while_saving_costs_nothing(
    library: Library,
    model: ModelInfo,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    reread: list[int | None],
) -> None:
    """Before the new files are in place, or just after."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with library.writing() as writer:
        writer.set_places({1: "Lyon, Rhone, France"})
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(ColumnFiles if step == "save" else changes, step, killed)
        library.columns(model)
    check_whole(library, model, read=step == "save")
    assert reread.count(None) == 1  # by the test


def test_leftovers_of_a_kill_while_saving_go(
    library: Library, model: ModelInfo, index: Index, photos: Path
) -> None:
    left = library.folder / f"columns-{model.id}.77.bin"
    left.write_bytes(b"half")
    draw(photos / "more.png", "red", (5, 5))
    index()
    assert sorted(files_of(library)) == [".bin", ".json"] and not left.exists()


def test_columns_saved_by_another_in_between_are_taken_as_they_are_now(
    library: Library,
    model: ModelInfo,
    photos: Path,
    monkeypatch: pytest.MonkeyPatch,
    reread: list[int | None],
) -> None:
    real = ColumnFiles.load
    another = Library.open(library.folder)

    def load(files: ColumnFiles) -> SavedColumns | None:
        patched.undo()
        loaded = real(files)
        draw(photos / "more.png", "red", (5, 5))
        index_into(another, ColourEncoder())
        del reread[:]
        return loaded

    with monkeypatch.context() as patched:
        patched.setattr(ColumnFiles, "load", load)
        opened = library.columns(model)
    another.close()
    assert len(opened) == 6 and None not in reread


def test_while_another_writes_nobody_waits(library: Library, model: ModelInfo) -> None:
    for path in files_of(library).values():
        path.unlink()
    with locked(library.folder):
        opened = library.columns(model)
        assert files_of(library) == {}
    assert differences(opened, from_rows(library, model)) == []


def test_doctor_makes_them_anew(library: Library, model: ModelInfo) -> None:
    """Whatever they say: also where somebody changed rows with triggers turned off."""
    with library._engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER content_facts_changed")
        connection.exec_driver_sql("UPDATE content SET width = 77")
    assert not (library.columns(model).width == 77).any()
    with library.writing() as writer:
        writer.save_index(model, thorough=True)
    assert (library.columns(model).width == 77).all()


@pytest.mark.one_python
@pytest.mark.parametrize("keys", [3, 40, 10**6])
def test_new_rows_are_put_between_the_others(keys: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if all were sorted, with many of the same key and with none."""
    chance = np.random.default_rng(keys)
    for count in (1, 30, 200):
        values = chance.integers(keys, size=count)
        is_new, is_gone = chance.random(count) < 0.3, chance.random(count) < 0.2
        old = np.flatnonzero(~is_new).astype(np.int32)  # the row now of each old one
        of_old = np.where(is_gone[old], np.int32(-1), old)
        before = np.argsort(values[old], kind="stable").astype(np.int32)
        there = np.sort(np.concatenate([of_old[of_old >= 0], np.flatnonzero(is_new)]))
        now = np.searchsorted(there, np.arange(count)).astype(np.int32)
        moved = np.where(of_old >= 0, now[of_old], np.int32(-1))
        new = now[np.flatnonzero(is_new)]
        expected = np.argsort(values[there], kind="stable")
        for few in (10_000, 0):
            monkeypatch.setattr("store.column_merge._FEW", few)
            order = put_between(before, moved, new, values[there])
            assert order.dtype == np.int32 and order.tolist() == expected.tolist()
