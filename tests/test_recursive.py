"""What tells of whole trees, on macOS and Windows: the same package does so here."""

from __future__ import annotations

import os
import queue
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from indexer.watching.changes import FileChange, Untold
from indexer.watching.recursive import Recursive
from store.values import RootInfo


def until_told(told: queue.SimpleQueue[FileChange | Untold], *wanted: object) -> None:
    left = set(wanted)
    end = time.monotonic() + 60
    while left and time.monotonic() < end:
        with suppress(queue.Empty):
            left.discard(told.get(timeout=0.5))
    assert left == set()


def test_changes_anywhere_in_it(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    told: queue.SimpleQueue[FileChange | Untold] = queue.SimpleQueue()
    notifier = Recursive(told.put)
    root = RootInfo(7, tmp_path, ())
    assert notifier.watch(root, "")
    assert not notifier.watch(root, "a")
    (tmp_path / "top.jpg").write_bytes(b"x")
    (tmp_path / "a" / "b" / "deep.jpg").write_bytes(b"x")
    until_told(told, FileChange(7, "", "top.jpg"), FileChange(7, "a/b", "deep.jpg"))
    (tmp_path / "a" / "b").rename(tmp_path / "a" / "c")
    until_told(told, FileChange(7, "a", "b"), FileChange(7, "a", "c"))
    notifier.forget(7)
    assert notifier.watch(root, "")
    notifier.close()


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_name_that_is_not_text_ends_it_and_that_is_told(tmp_path: Path) -> None:
    told: queue.SimpleQueue[FileChange | Untold] = queue.SimpleQueue()
    notifier = Recursive(told.put)
    root = RootInfo(7, tmp_path, ())
    notifier.watch(root, "")
    (tmp_path / os.fsdecode(b"r\xe9d.jpg")).write_bytes(b"x")
    until_told(told, Untold(7))
    assert notifier.watch(root, "")  # the next look through the root begins again
    notifier.close()
    with pytest.raises(OSError, match="can't be told"):
        notifier.watch(RootInfo(8, tmp_path / os.fsdecode(b"r\xe9d"), ()), "")
