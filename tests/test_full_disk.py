"""A disk that is full: what is there is whole, and the message says which path it is about."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

import apart
from app.export import export
from app.search.results import Hit
from benchmarks.samples import index_photos
from store.files.atomic import naming, write_whole, written_beside

pytestmark = pytest.mark.one_python


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    folder = tmp_path / "noise"
    folder.mkdir()
    for number in range(4):
        picture = Image.effect_noise((500, 500 + number), 90).convert("RGB")
        picture.save(folder / f"{number}.jpg", quality=95)
    assert all(path.stat().st_size > 150_000 for path in folder.iterdir())
    return folder


def clipsearch(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "app.cli", *map(str, arguments)]


def test_no_photo_is_exported_by_half(noise: Path, tmp_path: Path) -> None:
    index_photos(tmp_path / "library", [noise], "starter")
    disk = tmp_path / "disk"
    disk.mkdir()
    # What is on the disk is seen where it is mounted only: it is copied out of there.
    script = f'"$@"; code=$?; cp -a {disk}/out {tmp_path}/seen; exit $code'
    command = clipsearch("search", "name:*.jpg", "--export", disk / "out")
    done = apart.run(apart.mounted(apart.tiny(disk, 600_000), "sh", "-c", script, "sh", *command))
    assert done.returncode == 1
    assert re.search(rf"No space left on device: {disk}/out/\d\.jpg$", done.stderr.strip())
    seen = {path.name: path.read_bytes() for path in (tmp_path / "seen").iterdir()}
    assert 0 < len(seen) < 4
    for name, content in seen.items():
        assert content == (noise / name).read_bytes()


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux")
def test_a_photo_that_can_not_be_read_leaves_nothing(tmp_path: Path) -> None:
    """A file whose first byte is an error of its drive's, as the system says."""
    bad = Path("/proc/self/mem")
    with pytest.raises(OSError, match="Input/output"):
        bad.read_bytes()
    photo = Hit(1, bad, 0.0, datetime(2020, 1, 1), 1, 1, "", False, (), ())
    assert list(export([photo], tmp_path / "out")) == [[None]]
    assert list((tmp_path / "out").iterdir()) == []


def test_a_library_on_a_full_disk(noise: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    for size in (100_000, 300_000):
        command = clipsearch("index", noise, "--model", "starter", "--library", disk / "library")
        done = apart.run(apart.mounted(apart.tiny(disk, size), *command))
        assert done.returncode == 1
        last = done.stderr.strip().splitlines()[-1]
        assert str(disk / "library") in last and ("full" in last or "No space" in last), last
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("size", [4_096, 1_000_000])
def test_a_cache_on_a_full_disk_is_done_without(
    tiny_model: Path, real_photos: Path, tmp_path: Path, size: int
) -> None:
    photos, disk = tmp_path / "photos", tmp_path / "disk"
    for folder in (photos, disk):
        folder.mkdir()
    shutil.copy(real_photos / "coffee.png", photos)
    # Twice in the same place: the first must leave nothing that is taken for a model.
    script = f'"$@" && "$@"; code=$?; find {disk} -name "*.part" -o -name refused.json; exit $code'
    command = clipsearch("index", photos, "--model", f"local-dir:{tiny_model}")
    done = apart.run(
        apart.mounted(apart.tiny(disk, size), "sh", "-c", script, "sh", *command),
        CLIPSEARCH_CACHE=str(disk),
    )
    assert done.returncode == 0, done.stderr
    assert "OpenVINO, " in done.stdout and "torch" not in done.stdout
    assert done.stderr.count("CLIPSEARCH_CACHE") >= 1
    assert "refused" not in done.stdout and ".part" not in done.stdout


def test_a_cache_that_may_not_be_written(
    tiny_model: Path, real_photos: Path, tmp_path: Path
) -> None:
    photos, disk = tmp_path / "photos", tmp_path / "disk"
    for folder in (photos, disk):
        folder.mkdir()
    shutil.copy(real_photos / "coffee.png", photos)
    command = clipsearch("index", photos, "--model", f"local-dir:{tiny_model}")
    done = apart.run(
        apart.mounted(apart.read_only(disk), *command), CLIPSEARCH_CACHE=str(disk / "cache")
    )
    assert done.returncode == 0, done.stderr
    (said,) = [line for line in done.stderr.splitlines() if "CLIPSEARCH_CACHE" in line]
    assert str(disk / "cache") in said


def test_an_error_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=str(tmp_path)), naming(tmp_path / "x"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(FileNotFoundError, match="other"), naming(tmp_path / "x"):
        (tmp_path / "other").read_bytes()


def test_a_file_is_whole_or_as_before(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"first")
    with pytest.raises(ZeroDivisionError), written_beside(path) as (_, file):
        file.write(b"sec")
        1 / 0  # noqa: B018
    assert path.read_bytes() == b"first"
    write_whole(path, b"second")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir() if p.name != "config.toml"] == [
        ("file", b"second")
    ]
