"""A digest and its picture are of the same bytes, whoever writes to the file meanwhile."""

from __future__ import annotations

import hashlib
import io
import os
import threading
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexer.pictures import file_bytes
from indexer.pictures.read_photo import ReadPhoto, read_photo
from store.errors import PhotoError
from store.states import State

SIZE = (700, 500)


def picture(colour: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", SIZE, colour).save(written, "BMP")  # each colour of the same size
    return written.getvalue()


RED, BLUE = picture("red"), picture("blue")
COLOURS = {hashlib.sha256(RED).digest(): (255, 0, 0), hashlib.sha256(BLUE).digest(): (0, 0, 255)}


def shows_what_it_says(photo: ReadPhoto) -> bool:
    assert photo.image is not None
    pixels = np.asarray(photo.image).reshape(-1, 3)
    return bool((pixels == COLOURS[photo.digest]).all())


@pytest.mark.parametrize("bound", [file_bytes.IN_MEMORY, 0])
def test_a_file_that_is_written_between_its_digest_and_its_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: int
) -> None:
    """The digest is known when ``is_known`` is asked: just then somebody else writes the file."""
    monkeypatch.setattr(file_bytes, "IN_MEMORY", bound)
    path = tmp_path / "photo.bmp"
    path.write_bytes(RED)
    os.utime(path, ns=(0, 0))  # long ago, by the clock of the file system
    asked: list[bytes] = []

    def write(digest: bytes) -> bool:
        asked.append(digest)
        if len(asked) == 1:
            with path.open("r+b") as file:
                file.write(BLUE)
        return False

    photo = read_photo(path, 224, write)
    assert shows_what_it_says(photo)
    assert photo.digest == hashlib.sha256(path.read_bytes()).digest()


@pytest.mark.parametrize("bound", [file_bytes.IN_MEMORY, 0])
def test_a_file_that_is_replaced_is_the_one_that_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: int
) -> None:
    monkeypatch.setattr(file_bytes, "IN_MEMORY", bound)
    path = tmp_path / "photo.bmp"
    path.write_bytes(RED)

    def replace(_: bytes) -> bool:
        (tmp_path / "new").write_bytes(BLUE)
        (tmp_path / "new").replace(path)
        return False

    assert shows_what_it_says(read_photo(path, 224, replace))


def test_a_writer_that_does_not_stop(tmp_path: Path) -> None:
    """Each answer is of one state of the file, or says that there was none."""
    path = tmp_path / "photo.bmp"
    path.write_bytes(RED)
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            number += 1
            beside = path.with_suffix(".new")
            if number % 2:
                beside.write_bytes(BLUE if number % 4 == 1 else RED)
                beside.replace(path)
            else:
                os.utime(path)

    times = iter(range(10))

    def touch(_: bytes) -> bool:
        now = next(times)  # the clock of the file system may be too slow to tell two of these
        os.utime(path, ns=(now, now))
        return False

    with pytest.raises(PhotoError, match="written to") as raised:
        read_photo(path, 224, touch)
    assert raised.value.state is State.UNREADABLE
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(50):
            with suppress(PhotoError):  # "it kept being written to"
                assert shows_what_it_says(read_photo(path, 224, lambda _: False))
    finally:
        done.set()
        writer.join()
