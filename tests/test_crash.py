"""SIGKILL at random moments: the real command, real SQLite, real FAISS."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from store.library import Library
from store.states import State

pytestmark = pytest.mark.one_python

CHILD = Path(__file__).parent / "crash_child.py"
KILLS = 20


def command(library: Path, *arguments: str) -> list[str]:
    return [sys.executable, str(CHILD), *arguments, "--library", str(library)]


def make_photos(folder: Path) -> None:
    """600 paths: 500 different pictures in folders, 60 copies, 40 broken files."""
    chance = random.Random(7)
    for number in range(500):
        place = folder / f"folder{number % 12:02}"
        place.mkdir(parents=True, exist_ok=True)
        colour = tuple(chance.randrange(256) for _ in range(3))
        Image.new("RGB", (4 + number % 5, 4), colour).save(place / f"{number:03}.png")
        if number < 60:
            shutil.copy(place / f"{number:03}.png", place / f"copy{number:03}.png")
        elif number < 100:
            (place / f"broken{number:03}.jpg").write_bytes(b"\xff\xd8\xff" + bytes(number % 4))


def timed(child: list[str]) -> float:
    start = time.monotonic()
    subprocess.run(child, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


Dump = tuple[dict[str, tuple[str, str | None, int]], dict[str, bytes]]


def dump(folder: Path) -> Dump:
    """Everything that must be equal: each path's state, and each picture's exact vector."""
    library = Library.open(folder)
    rows, vectors = {}, {}
    model = library.model()
    assert model is not None
    index = library.index(model).index
    assert library.check(model, index) == []
    for photo in library.files(State):
        rows[str(photo.path)] = (str(photo.state), photo.reason, photo.size)
        if photo.content_id is not None:
            ids = np.array([photo.content_id])
            vectors[str(photo.path)] = index.vectors(ids).tobytes()
            assert vectors[str(photo.path)] == library.vectors(model, ids).tobytes()
    assert len(index) == len({photo.content_id for photo in library.files([State.INDEXED])})
    library.close()
    return rows, vectors


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    make_photos(photos)
    whole = timed(command(tmp_path / "calm", "index", str(photos)))
    start = timed(command(tmp_path / "calm", "index", str(photos)))  # finds nothing to do
    expected = dump(tmp_path / "calm")
    assert len(expected[0]) == 600

    chance = random.Random()
    killed, libraries, pace = 0, [tmp_path / "killed0"], 1.0
    while killed < KILLS:
        child = subprocess.Popen(
            command(libraries[-1], "index", str(photos)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # Mostly later than starting takes, and so early after that work is left for the next.
        time.sleep(pace * (0.8 * start + chance.uniform(0, (whole - start) / 10)))
        child.kill()
        if child.wait() == -9:
            killed += 1
        else:  # it got to its end: the next kills need something to interrupt
            libraries.append(tmp_path / f"killed{len(libraries)}")
            pace *= 0.8  # the machine had more to do when the times were taken
        assert len(libraries) < KILLS
    for library in libraries:
        subprocess.run(command(library, "index", str(photos)), check=True)
        assert dump(library) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_keeps_what_was_done(tmp_path: Path) -> None:
    import signal

    photos = tmp_path / "photos"
    make_photos(photos)
    child = subprocess.Popen(
        command(tmp_path / "library", "index", str(photos)), stdout=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:  # until the first pictures are written
        try:
            library = Library.open(tmp_path / "library")
            begun = any(True for _ in library.files([State.INDEXED]))
            library.close()
        except Exception:
            begun = False
        if begun:
            break
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "Stopped; all of this is kept" in said
    rows, _ = dump(tmp_path / "library")
    assert 0 < len(rows) < 600
    subprocess.run(command(tmp_path / "library", "index", str(photos)), check=True)
    assert len(dump(tmp_path / "library")[0]) == 600
