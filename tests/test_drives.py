"""Drives and network shares at and in a folder, by a table of mounts as Linux has it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from indexer.folders import filesystems
from indexer.watching.drives import drives_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the table of mounts")


class Table:
    """A table of mounts, in which ``mount`` adds a line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.write_text("21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n")

    def mount(self, place: Path, kind: str, source: str) -> None:
        name = str(place).replace(" ", r"\040")
        with self._path.open("a") as file:
            file.write(f"36 21 0:52 / {name} rw,relatime shared:9 - {kind} {source} rw\n")


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Table:
    path = tmp_path / "mountinfo"
    monkeypatch.setattr(filesystems, "_MOUNTS", path)
    return Table(path)


def test_a_local_folder(tmp_path: Path, table: Table) -> None:
    here = drives_of(tmp_path)
    assert here.identity is not None and here.share is None
    assert drives_of(tmp_path) == here
    table.mount(Path("/mnt/elsewhere"), "nfs4", "nas:/else")
    assert drives_of(tmp_path) == here


def test_a_share_that_it_is_on(tmp_path: Path, table: Table) -> None:
    nas = tmp_path / "my nas"
    (nas / "photos").mkdir(parents=True)
    table.mount(nas, "cifs", "//nas/photos")
    assert drives_of(nas).share == "//nas/photos"
    assert drives_of(nas / "photos").share == "//nas/photos"
    assert drives_of(tmp_path).share == "//nas/photos"  # in it
    link = tmp_path / "link"
    link.symlink_to(nas)
    assert drives_of(link).share == "//nas/photos"


def test_a_local_drive_in_a_share(tmp_path: Path, table: Table) -> None:
    table.mount(tmp_path, "fuse.sshfs", "me@host:")
    inner = tmp_path / "disk"
    inner.mkdir()
    table.mount(inner, "ext4", "/dev/sdb1")
    assert drives_of(tmp_path).share == "me@host:"
    assert drives_of(inner).share is None


def test_what_is_plugged_in_or_out_changes_it(tmp_path: Path, table: Table) -> None:
    photos = tmp_path / "photos"
    (photos / "stick").mkdir(parents=True)
    before = drives_of(photos)
    table.mount(photos / "stick", "vfat", "/dev/sdc1")
    after = drives_of(photos)
    assert after != before and after.share is None
    photos.rename(tmp_path / "old")
    assert drives_of(photos).identity is None
    photos.mkdir()
    assert drives_of(photos).identity not in (None, after.identity)
