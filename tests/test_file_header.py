"""A look at a library's file takes no lock away from the connections of the same process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Index
from store.library import DATABASE, Library
from store.sql.dialect.file_header import read_header

TOP = Path(__file__).parent.parent
OTHER = """
import sys
from pathlib import Path
from store.library import Library
with Library.open(Path(sys.argv[1])) as library:
    library.user_data.remember(sys.argv[2])
"""


def remember_elsewhere(folder: Path, text: str) -> None:
    """By a process that closes the library when it is done, as an index run does."""
    subprocess.run([sys.executable, "-c", OTHER, str(folder), text], cwd=TOP, check=True)


def test_whoever_opens_it_twice_sees_what_others_write(library: Library) -> None:
    """As the page does: it has the library, and its searcher has it too."""
    library.user_data.remember("first")
    with Library.open(library.folder):
        pass
    remember_elsewhere(library.folder, "second")
    assert (library.folder / f"{DATABASE}-wal").exists()  # it is open here: not the last
    remember_elsewhere(library.folder, "third")
    assert library.user_data.history(3) == ["third", "second", "first"]


def test_the_first_bytes(index: Index, photos: Path, library: Library, tmp_path: Path) -> None:
    index(photos)
    assert read_header(library.folder / DATABASE, 16) == b"SQLite format 3\0"
    library.close()
    assert read_header(library.folder / DATABASE, 16) == b"SQLite format 3\0"
    (tmp_path / "short").write_bytes(b"abc")
    assert read_header(tmp_path / "short", 16) == b"abc"
    with pytest.raises(FileNotFoundError):
        read_header(tmp_path / "nowhere", 16)


@pytest.mark.skipif(not hasattr(os, "pread"), reason="locks are of descriptors there")
def test_a_descriptor_that_only_writes_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    number = os.open(path, os.O_WRONLY)
    try:
        assert read_header(path, 7) == b"content"
    finally:
        os.close(number)
