from __future__ import annotations

import pytest

from indexer.folders.folder_diff import FolderDiff, compare
from indexer.folders.scan import ScannedFile
from store.states import State
from store.values import KnownFile

FILE = ScannedFile("a.jpg", 10, 100)


def known(
    state: State = State.INDEXED,
    *,
    size: int = 10,
    mtime_ns: int = 100,
    content: bool = True,
    embedded: bool = True,
) -> dict[str, KnownFile]:
    return {"a.jpg": KnownFile(7, size, mtime_ns, state, content, embedded)}


def kinds(diff: FolderDiff) -> set[str]:
    return {name for name, value in vars(diff).items() if value}


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ({}, "to_read"),
        (known(), "unchanged"),
        (known(size=11), "to_read"),
        (known(mtime_ns=101), "to_read"),
        (known(embedded=False), "to_read"),  # by another model only
        (known(State.GONE), "returned"),
        (known(State.GONE, embedded=False), "to_read"),
        (known(State.GONE, size=11), "to_read"),
        (known(State.TRUNCATED, content=False, embedded=False), "unchanged"),
        (known(State.OTHER, content=False, embedded=False), "unchanged"),
        (known(State.UNREADABLE, content=False, embedded=False), "to_read"),
        (known(State.BROKEN_LINK, content=False, embedded=False), "to_read"),
    ],
)
def test_a_file_that_is_there(before: dict[str, KnownFile], kind: str) -> None:
    assert kinds(compare([FILE], before)) == {kind}


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        (known(), {"vanished"}),
        (known(State.GONE), set()),
        (known(State.TRUNCATED, content=False), {"dropped"}),
        (known(State.UNREADABLE), {"vanished"}),  # it held a picture when it could be read
    ],
)
def test_a_file_that_is_not_there(before: dict[str, KnownFile], kind: set[str]) -> None:
    assert kinds(compare([], before)) == kind


def test_retry_reads_failures_again_and_nothing_else() -> None:
    failed = known(State.TRUNCATED, content=False, embedded=False)
    assert kinds(compare([FILE], failed, retry=True)) == {"to_read"}
    assert kinds(compare([FILE], known(), retry=True)) == {"unchanged"}


def test_problems_are_recorded_once() -> None:
    pipe = ScannedFile("a.jpg", 0, 0, (State.SPECIAL, "a pipe"))
    assert kinds(compare([pipe], {})) == {"problems"}
    assert kinds(compare([pipe], known(State.SPECIAL, content=False))) == {"unchanged"}
    assert kinds(compare([pipe], known())) == {"problems"}
