from __future__ import annotations

from pathlib import Path

import pytest

import hostile
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
