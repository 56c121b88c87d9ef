from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

import hostile
from indexer.folders.scan import EARLIEST_NS, LATEST_NS, FolderListing, walk
from indexer.text import printable
from store.states import State

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def listed(root: Path, *excludes: str, folder: str = "") -> list[str]:
    return [
        f"{listing.folder}/{file.name}".lstrip("/")
        for listing in walk(root, folder, excludes)
        for file in listing.files
    ]


def test_every_file_once_in_a_set_order(tmp_path: Path) -> None:
    make(tmp_path, "b.jpg", "a.jpg", "z/1.jpg", "m/2.jpg", "m/deep/3.jpg")
    expected = ["a.jpg", "b.jpg", "config.toml", "m/2.jpg", "m/deep/3.jpg", "z/1.jpg"]
    assert listed(tmp_path) == expected


def test_size_and_time(tmp_path: Path) -> None:
    make(tmp_path, "r/a.jpg")
    os.utime(tmp_path / "r/a.jpg", ns=(5, 123_456_789_000))
    (listing,) = walk(tmp_path / "r")
    (file,) = listing.files
    assert (file.size, file.mtime_ns) == (1, 123_456_789_000)


def test_part_of_a_root(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "m/2.jpg", "m/deep/3.jpg")
    assert listed(tmp_path, folder="m") == ["m/2.jpg", "m/deep/3.jpg"]


def test_what_is_skipped(tmp_path: Path) -> None:
    root = tmp_path / "r"
    make(
        root,
        ".hidden.jpg",
        "._mac.jpg",
        ".cache/x.jpg",
        "@eaDir/x.jpg",
        "Thumbnails/x.jpg",
        "$RECYCLE.BIN/x.jpg",
        "Thumbs.db",
        "kept.jpg",
    )
    assert listed(root) == ["kept.jpg"]


def test_a_hidden_root_is_meant(tmp_path: Path) -> None:
    make(tmp_path, ".secret/a.jpg")
    assert listed(tmp_path / ".secret") == ["a.jpg"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("*.png", ["a.jpg", "shots/b.jpg", "shots/deep/c.jpg"]),
        ("shots", ["a.jpg", "a.png"]),
        ("shots/", ["a.jpg", "a.png"]),
        ("shots/deep", ["a.jpg", "a.png", "shots/b.jpg"]),
        ("shots/*.jpg", ["a.jpg", "a.png"]),
        ("s*/b.jpg", ["a.jpg", "a.png", "shots/deep/c.jpg"]),
        ("", ["a.jpg", "a.png", "shots/b.jpg", "shots/deep/c.jpg"]),
    ],
)
def test_excludes(tmp_path: Path, pattern: str, left: list[str]) -> None:
    root = tmp_path / "r"
    make(root, "a.jpg", "a.png", "shots/b.jpg", "shots/deep/c.jpg")
    assert listed(root, pattern) == left


def test_the_librarys_own_folder_is_not_entered(tmp_path: Path) -> None:
    make(tmp_path, "r/a.jpg", "r/library/x.jpg")
    names = [listing.folder for listing in walk(tmp_path / "r", skip={(tmp_path / "r/library")})]
    assert names == [""]


@posix_only
def test_links_and_loops(tmp_path: Path) -> None:
    root = tmp_path / "r"
    make(root, "real/a.jpg")
    make(tmp_path, "outside/b.jpg")
    (root / "again").symlink_to("real")  # seen without a link already
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "up").symlink_to("..")
    (root / "real/self").symlink_to(".")
    (root / "file.jpg").symlink_to("real/a.jpg")
    (root / "broken.jpg").symlink_to("nowhere")
    (root / "circle").symlink_to("circle")
    problems = {
        file.name: file.problem[0]
        for listing in walk(root)
        for file in listing.files
        if file.problem
    }
    assert problems == {
        "up": State.LINK_LOOP,
        "self": State.LINK_LOOP,
        "broken.jpg": State.BROKEN_LINK,
        "circle": State.LINK_LOOP,
    }
    good = [name for name in listed(root) if Path(name).name not in problems]
    assert good == ["file.jpg", "real/a.jpg", "out/b.jpg"]


@posix_only
def test_links_between_two_folders_end(tmp_path: Path) -> None:
    make(tmp_path, "r/one/a.jpg", "r/two/b.jpg")
    (tmp_path / "r/one/to_two").symlink_to("../two")
    (tmp_path / "r/two/to_one").symlink_to("../one")
    assert listed(tmp_path / "r") == ["one/a.jpg", "two/b.jpg"]


@posix_only
def test_a_pipe_is_named_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    pipe = next(f for listing in walk(tmp_path) for f in listing.files if f.name == "pipe.jpg")
    assert pipe.problem is not None
    assert pipe.problem[0] is State.SPECIAL


@posix_only
def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    make(tmp_path / "r", name)
    assert listed(tmp_path / "r") == [name]
    assert printable(name) == "caf\\udce9.jpg"


def test_a_folder_that_can_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a refusing ``scandir``: tests may run as root, to whom nothing is forbidden."""
    root = tmp_path / "r"
    make(root, "a/1.jpg", "b/2.jpg")
    denied = PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(os, "scandir", hostile.scandir_with(root / "a", denied, frozenset()))
    listings = list(walk(root))
    assert FolderListing("a", [], "Permission denied") in listings
    assert [listing.folder for listing in listings] == ["", "a", "b"]


@posix_only
def test_a_linked_folder_that_can_not_be_read_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under its own name if it has one here, else under that of its first link."""
    root = tmp_path / "r"
    make(root, "own/1.jpg")
    make(tmp_path, "outside/2.jpg")
    for name, target in (("a", "own"), ("b", "../outside"), ("c", "../outside")):
        (root / name).symlink_to(target)
    broken = OSError(errno.EIO, "Input/output error")
    for path, told in ((root / "own", "own"), (root / "b", "b")):
        with monkeypatch.context() as patch:
            patch.setattr(os, "scandir", hostile.scandir_with(path, broken, frozenset()))
            listings = list(walk(root))
        assert FolderListing(told, [], "Input/output error") in listings
        assert [listing.folder for listing in listings] == ["", "own", "b"]


def test_an_entry_that_can_not_be_looked_at_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on file systems that list names only: each is asked about, and one fails."""
    root = tmp_path / "r"
    make(root, "a.jpg", "b.jpg", "z/c.jpg")
    broken = OSError(errno.EIO, "Input/output error")
    monkeypatch.setattr(os, "scandir", hostile.scandir_with(root / "a.jpg", broken))
    top, inner = walk(root)
    assert [(file.name, file.problem) for file in top.files] == [
        ("a.jpg", (State.UNREADABLE, "Input/output error")),
        ("b.jpg", None),
    ]
    assert [file.name for file in inner.files] == ["c.jpg"]


@posix_only
@pytest.mark.parametrize(
    ("number", "state"),
    [(errno.EACCES, State.UNREADABLE), (errno.ENAMETOOLONG, State.BROKEN_LINK)],
)
def test_a_link_whose_target_can_not_be_looked_at(
    tmp_path: Path, number: int, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It need not lead nowhere: its target may only be denied, or on a share that fails."""
    root = tmp_path / "r"
    make(tmp_path, "r/a.jpg", "outside/2.jpg")
    (root / "link").symlink_to("../outside")
    error = OSError(number, os.strerror(number))
    monkeypatch.setattr(
        os, "scandir", hostile.scandir_with(root / "link", error, frozenset({"stat"}))
    )
    (listing,) = walk(root)
    assert [file.problem[0] for file in listing.files if file.problem] == [state]


@pytest.mark.parametrize("seconds", [10**10, -(10**10)])
def test_times_beyond_what_is_stored_are_the_nearest_that_is(tmp_path: Path, seconds: int) -> None:
    make(tmp_path, "r/a.jpg", "r/b.jpg")
    if not hostile.out_of_time(tmp_path / "r/a.jpg", seconds):
        pytest.skip("this file system keeps no such times")
    (listing,) = walk(tmp_path / "r")
    odd, usual = listing.files
    assert odd.mtime_ns == (LATEST_NS if seconds > 0 else EARLIEST_NS)
    assert odd.note and "1677 to 2262" in odd.note
    assert usual.note is None


def test_a_missing_root(tmp_path: Path) -> None:
    assert list(walk(tmp_path / "none")) == []


def test_roots_are_not_entered_through_links(tmp_path: Path) -> None:
    root, other = tmp_path / "root", tmp_path / "other"
    for folder in (root, other):
        folder.mkdir()
        (folder / "x.jpg").touch()
    (root / "link").symlink_to(other)
    assert [one.folder for one in walk(root)] == ["", "link"]
    assert [one.folder for one in walk(root, elsewhere=[other])] == [""]
    assert [one.folder for one in walk(other, elsewhere=[other])] == [""]  # itself, by no link
