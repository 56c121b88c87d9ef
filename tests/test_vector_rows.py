from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from test_vectors import DIM, unit

from store.index import vector_rows
from store.index.vector_rows import VectorRows
from store.vectors import Vectors


@pytest.fixture(params=["short", "long"])
def length(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Long files are read in another way; here, everything counts as long, or nothing."""
    if request.param == "long":
        monkeypatch.setattr(vector_rows, "_KEEP_MAPPED", 0)
        monkeypatch.setattr(vector_rows, "_FEW", 10)
        monkeypatch.setattr(vector_rows, "_BLOCK", 100 * DIM * 4)
    return str(request.param)


def whole(rows: VectorRows) -> Vectors:
    return np.concatenate([block.copy() for _, block in rows.blocks()])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "größe.f32"


def test_rows_come_back_from_memory_and_file(path: Path, length: str) -> None:
    vectors = unit(1000)
    rows = VectorRows(DIM)
    rows.append(vectors[:300])
    rows.flush(path)
    rows.append(vectors[300:500])
    rows.append(vectors[500:])
    assert (len(rows), path.stat().st_size) == (1000, 300 * DIM * 4)
    chance = np.random.default_rng(1)
    for count in (0, 1, 10, 900):
        places = chance.choice(1000, count, replace=False)
        np.testing.assert_array_equal(rows.take(places), vectors[places])
    np.testing.assert_array_equal(whole(rows), vectors)
    rows.flush(path)
    np.testing.assert_array_equal(whole(rows), vectors)
    again = VectorRows.open(path, DIM, 1000, rows.checksum)
    np.testing.assert_array_equal(whole(again), vectors)
    np.testing.assert_array_equal(again.take(np.array([7, 3])), vectors[[7, 3]])


def test_blocks_of_a_part(path: Path, length: str) -> None:
    vectors = unit(1000)
    rows = VectorRows(DIM)
    rows.append(vectors[:700])
    rows.flush(path)
    rows.append(vectors[700:])
    for start, stop in ((0, 1000), (250, 650), (650, 750), (800, 900), (5, 5)):
        parts = [(first, block.copy()) for first, block in rows.blocks(start, stop)]
        read = np.concatenate([np.empty((0, DIM)), *(block for _, block in parts)])
        np.testing.assert_array_equal(read, vectors[start:stop])
        assert all((vectors[first] == block[0]).all() for first, block in parts)


def test_a_reader_keeps_its_rows_while_others_append(path: Path, length: str) -> None:
    rows = VectorRows(DIM)
    rows.append(unit(50))
    rows.flush(path)
    reader = VectorRows.open(path, DIM, 50, rows.checksum)
    rows.append(unit(70, seed=1))
    rows.flush(path)
    np.testing.assert_array_equal(whole(reader), unit(50))


def test_what_a_killed_writer_left_is_overwritten(path: Path) -> None:
    rows = VectorRows(DIM)
    rows.append(unit(50))
    rows.flush(path)
    with path.open("ab") as file:
        file.write(b"left behind" * 100)
    again = VectorRows.open(path, DIM, 50, rows.checksum)
    again.append(unit(1, seed=1))
    again.flush(path)
    assert path.stat().st_size == 51 * DIM * 4
    np.testing.assert_array_equal(again.take(np.array([50])), unit(1, seed=1))


def test_short_and_damaged_files_are_refused(path: Path) -> None:
    rows = VectorRows(DIM)
    rows.append(unit(50))
    rows.flush(path)
    with pytest.raises(ValueError, match="too short"):
        VectorRows.open(path, DIM, 51, rows.checksum)
    with pytest.raises(ValueError, match="damaged"):
        VectorRows.open(path, DIM, 49, rows.checksum)
    with pytest.raises(OSError, match="No such file"):
        VectorRows.open(path.with_name("none"), DIM, 1, 0)


def test_no_row_is_no_file_needed(path: Path) -> None:
    rows = VectorRows(DIM)
    rows.flush(path)
    assert path.stat().st_size == 0
    assert len(VectorRows.open(path, DIM, 0, 0)) == 0


def test_files_are_closed(path: Path) -> None:
    """A thousand openings must not end at the limit of open files."""
    rows = VectorRows(DIM)
    rows.append(unit(2))
    rows.flush(path)
    checksum = rows.checksum
    for _ in range(2000):
        VectorRows.open(path, DIM, 2, checksum)
    gc.collect()
