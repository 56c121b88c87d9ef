"""What a run saw of the folders, in short."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Index, draw
from indexer.folders.sight import Sight
from indexer.folders.steps import Target
from store.library import Library
from store.values import RootInfo


def seen(photos: Path, *excludes: str) -> str:
    root = RootInfo(1, photos, excludes)
    return Sight.of([Target(root)], photos.parent, [root]).hexdigest()


def test_a_run_sees_what_a_look_sees(library: Library, index: Index, photos: Path) -> None:
    other = draw(photos.parent / "red.png", "red").parent / "others"
    other.mkdir()
    draw(other / "blue.png", "blue", (5, 5))
    (photos / "others").symlink_to(other)  # a root of its own: not entered here
    (photos / "bad").symlink_to(photos / "nowhere")
    index(other)
    sight = Sight()
    index(photos, sight=sight)
    roots = library.roots()
    targets = [Target(root) for root in roots if root.path == photos]
    assert sight.hexdigest() == Sight.of(targets, library.folder, roots).hexdigest()
    alone = Sight.of(targets, library.folder, [root for root in roots if root.path == photos])
    assert sight.hexdigest() != alone.hexdigest()


def _changed(photos: Path) -> None:
    (photos / "red.png").write_bytes(b"other")


def _touched(photos: Path) -> None:
    os.utime(photos / "red.png", ns=(1, 1))


def _renamed(photos: Path) -> None:
    (photos / "sub").rename(photos / "bus")


def _removed(photos: Path) -> None:
    (photos / "red.png").unlink()


def _added(photos: Path) -> None:
    (photos / "notes.txt").touch()


def _linked(photos: Path) -> None:
    (photos / "nowhere.png").symlink_to("nothing")


def _moved(photos: Path) -> None:
    """The same folder, behind a link."""
    photos.rename(photos.parent / "moved")
    photos.symlink_to(photos.parent / "moved")


@pytest.mark.parametrize(
    "change", [_changed, _touched, _renamed, _removed, _added, _linked, _moved]
)
def test_every_change_is_seen(photos: Path, change: Callable[[Path], None]) -> None:
    before = seen(photos)
    assert seen(photos) == before
    change(photos)
    assert seen(photos) != before


def test_what_is_excluded_is_not_seen(photos: Path) -> None:
    before = seen(photos, "*.txt")
    _added(photos)
    assert seen(photos, "*.txt") == before != seen(photos)
