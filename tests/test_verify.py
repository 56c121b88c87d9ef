"""``index --verify`` finds what changed though size and time did not; and lost thumbnails."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.cli.progress import summary_lines
from conftest import Index, draw
from fakes import ColourEncoder
from store.files.thumbnails import FILE
from store.library import Library
from store.states import State


def rot(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file's content and nothing else of it."""
    before = path.stat()
    content = path.read_bytes()
    changed = change(content)
    assert changed != content and len(changed) == len(content)
    path.write_bytes(changed)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_file_replaced_by_one_of_the_same_size_and_time(
    index: Index, photos: Path, library: Library, encoder: ColourEncoder, tmp_path: Path
) -> None:
    draw(photos / "a.bmp", "red", (8, 8))
    index(photos)
    blue = draw(tmp_path / "b.bmp", "blue", (8, 8)).read_bytes()
    rot(photos / "a.bmp", lambda _: blue)
    before = encoder.encoded
    assert index().changed == 0  # nothing tells
    summary = index(verify=True)
    assert (summary.changed, summary.unchanged, summary.seen) == (1, 5, 6)
    assert summary.altered == [photos / "a.bmp"]
    assert encoder.encoded == before + 1
    (line,) = (line for line in summary_lines(summary, "x") if "although" in line)
    assert str(photos / "a.bmp") in line and "nothing here can tell" in line
    model = library.model()
    assert model
    (content,) = library.contents_at(photos / "a.bmp")
    vector = library.vectors(model, library.index(model).index.ids()[-1:])
    assert content == library.index(model).index.ids()[-1]
    assert vector[0].argmax() == 2
    assert index(verify=True).altered == []


def test_bit_rot_that_no_decoder_survives(index: Index, photos: Path, library: Library) -> None:
    index(photos)
    rot(photos / "red.png", lambda content: content[:40] + bytes(len(content) - 40))
    summary = index(verify=True)
    assert summary.altered == [photos / "red.png"]
    assert summary.failed.total() == 1
    assert [photo.path.name for photo in library.files([State.DAMAGED, State.TRUNCATED])] == [
        "red.png"
    ]


def test_nothing_changed_costs_no_model(index: Index, photos: Path, encoder: ColourEncoder) -> None:
    index(photos)
    before = encoder.encoded
    summary = index(verify=True)
    assert (summary.unchanged, summary.opened, encoder.encoded) == (5, 5, before)
    assert summary.altered == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_what_can_not_be_read_is_recorded_as_usual(index: Index, photos: Path) -> None:
    index(photos)
    (photos / "red.png").chmod(0)
    summary = index(verify=True)
    assert (summary.altered, summary.failed[State.UNREADABLE]) == ([], 1)


def test_files_that_came_back_are_read(index: Index, photos: Path) -> None:
    index(photos)
    away = photos.with_name("red.png")
    (photos / "red.png").rename(away)
    assert index().gone == 1
    away.rename(photos / "red.png")
    summary = index(verify=True)
    assert (summary.again, summary.unchanged, summary.altered) == (1, 4, [])


# -- thumbnails -----------------------------------------------------------------------------------


def thumbnails(library: Library) -> int:
    return library.thumbnails.count()


@pytest.mark.parametrize("lost", ["some", "all", "file", "damaged file"])
def test_lost_thumbnails_are_made_without_the_model(
    index: Index, photos: Path, library: Library, encoder: ColourEncoder, lost: str
) -> None:
    index(photos)
    before = {id: library.thumbnails.get(library.digest(id) or b"") for id in range(1, 6)}
    assert all(before.values())
    path = library.folder / FILE
    if lost in ("some", "all"):
        with closing(sqlite3.connect(path)) as connection, connection:
            limit = 2 if lost == "some" else 5
            connection.execute(
                f"DELETE FROM thumbnail WHERE rowid IN (SELECT rowid FROM thumbnail LIMIT {limit})"
            )
    else:
        library.thumbnails.close()
        for left in library.folder.glob(f"{FILE}*"):
            left.unlink()
        if lost == "damaged file":
            path.write_bytes(b"no database" * 1000)
    encoded = encoder.encoded
    assert index().thumbnails == (2 if lost == "some" else 5)
    assert encoder.encoded == encoded
    after = {id: library.thumbnails.get(library.digest(id) or b"") for id in range(1, 6)}
    assert after == before
    assert index().thumbnails == 0


def test_thumbnails_of_what_is_away_wait(index: Index, photos: Path, library: Library) -> None:
    index(photos)
    library.thumbnails.remove([library.digest(1) or b""])
    away = photos.rename(photos.with_name("away"))
    assert index().thumbnails == 0
    away.rename(photos)
    assert index().thumbnails == 1


def test_a_thumbnail_is_of_the_content_that_it_is_kept_for(
    index: Index, photos: Path, library: Library
) -> None:
    draw(photos / "a.bmp", "red", (8, 8))
    index(photos)
    digest = library.digest(library.contents_at(photos / "a.bmp")[0])
    assert digest
    library.thumbnails.remove([digest])
    rot(photos / "a.bmp", lambda content: content[:-192] + bytes(192))  # unnoticed
    assert index().thumbnails == 0
    assert library.thumbnails.get(digest) is None


def test_a_changed_bit_in_a_thumbnail(index: Index, photos: Path, library: Library) -> None:
    index(photos)
    digest = library.digest(1) or b""
    good = library.thumbnails.get(digest)
    assert good
    library.thumbnails.put([(digest, b"\xff\xd8 another \xff\xd9")])
    with closing(sqlite3.connect(library.folder / FILE)) as connection, connection:
        (kept,) = connection.execute(
            "SELECT image FROM thumbnail WHERE digest = ?", (digest,)
        ).fetchone()
        for place in range(len(kept)):
            wrong = bytearray(kept)
            wrong[place] ^= 4
            connection.execute(
                "UPDATE thumbnail SET image = ? WHERE digest = ?", (bytes(wrong), digest)
            )
            connection.commit()
            assert library.thumbnails.get(digest) is None
    library.thumbnails.put([(digest, good)])
    assert library.thumbnails.get(digest) == good
