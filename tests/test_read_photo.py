from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from typing import Any

import pytest

import hostile
from indexer.pictures import file_bytes
from indexer.pictures.read_photo import read_photo
from store.errors import PhotoError, Vanished
from store.states import State


def unknown(_digest: bytes) -> bool:
    return False


def test_a_known_content_is_not_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    hostile.noise().save(path)
    photo = read_photo(path, 64, lambda digest: True)
    assert photo.image is None and photo.facts is None


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Vanished):
        read_photo(tmp_path / "none.jpg", 64, unknown)


def test_a_folder_named_like_a_picture(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").mkdir()
    with pytest.raises(PhotoError) as caught:
        read_photo(tmp_path / "a.jpg", 64, unknown)
    assert caught.value.state is State.UNREADABLE


class FailingOnce(io.FileIO):
    """A file that can be read to its end, and then fails once, not at its beginning."""

    ended = again = failed = False

    def __init__(self, path: str, number: int) -> None:
        super().__init__(path)
        self._number = number

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self.again = self.ended
        return super().seek(offset, whence)

    def _fail(self) -> None:
        if self.again and not self.failed and self.tell() > 0:
            type(self).failed = True
            raise OSError(self._number, os.strerror(self._number))

    def readinto(self, buffer: Any, /) -> int:
        self._fail()
        count = super().readinto(buffer) or 0
        self.ended |= not count
        return count

    def readall(self) -> bytes:
        self._fail()
        return super().readall()


@pytest.mark.parametrize("ending", ["jpg", "png", "bmp", "webp"])
@pytest.mark.parametrize(
    ("number", "state"),
    [(errno.EIO, State.UNREADABLE), (errno.EINVAL, State.DAMAGED)],
)
def test_a_large_file_that_fails_for_a_moment_is_not_damaged(
    tmp_path: Path, ending: str, number: int, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read from the disk twice. An invalid seek may be the file's own fault."""
    path = tmp_path / f"a.{ending}"
    hostile.noise().save(path)
    monkeypatch.setattr(FailingOnce, "failed", False)
    monkeypatch.setattr(file_bytes, "IN_MEMORY", 1000)
    monkeypatch.setattr(
        Path, "open", lambda self, _mode: io.BufferedReader(FailingOnce(str(self), number))
    )
    with pytest.raises(PhotoError) as caught:
        read_photo(path, 64, unknown)
    assert FailingOnce.failed and caught.value.state is state
    assert os.strerror(number) in str(caught.value)
    assert read_photo(path, 64, unknown).image is not None
