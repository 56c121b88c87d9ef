"""What a watcher is told of changes, and which folders it looks at then."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from indexer.watching.changes import FileChange
from indexer.watching.intake import Intake
from indexer.watching.news import Comparison
from indexer.watching.settling import Settling
from indexer.watching.watched_roots import WatchedRoot, WatchedRoots
from store.library import Library
from store.values import RootInfo

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")


def told(change: FileChange, library: Library, root: RootInfo) -> tuple[set[str], bool]:
    """The folders to be looked at after ``change``, and whether all of the root is, too."""

    def look_into(*_: object) -> Comparison:
        raise AssertionError("no survey is made")

    roots = WatchedRoots(lambda: library, look_into, None, lambda _: None, untold="", every=60.0)
    state = roots.roots[root.id] = WatchedRoot(root, due=time.monotonic() + 60)
    intake = Intake(roots, Settling())
    assert list(intake.take(change)) == []
    due = intake.agenda.take_due(time.monotonic() + 60, 100).get(root.id)
    return (due.alone | due.deep if due else set()), state.due == 0


@pytest.fixture
def root(photos: Path) -> RootInfo:
    return RootInfo(1, photos, ())


@posix_only
@pytest.mark.parametrize("is_folder", [None, False])
def test_a_link_that_can_not_be_followed_ends_nothing(
    library: Library, root: RootInfo, is_folder: bool | None
) -> None:
    """Up to Python 3.13 ``Path.is_dir`` raises that the name is too long."""
    link = root.path / "sub" / "link"
    link.symlink_to("x" * 300)
    with pytest.raises(OSError, match="too long"):
        link.stat()
    change = FileChange(root.id, "sub", "link", is_folder, closes=True)
    assert told(change, library, root) == ({"sub"}, False)


@posix_only
@pytest.mark.parametrize("is_folder", [None, False])
def test_after_a_link_to_a_folder_all_is_looked_through(
    library: Library, root: RootInfo, is_folder: bool | None
) -> None:
    """At once where it is told as a link: the folder may have other names, and be known by one."""
    (root.path / "link").symlink_to("sub")
    assert told(FileChange(root.id, "", "link", is_folder), library, root) == (
        {"link"} if is_folder is None else set(),
        is_folder is False,
    )
