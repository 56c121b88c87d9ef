"""Who is waited for, and who is not: real locks of a real library."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from conftest import Index
from store import column_sync, index_sync, locks
from store.errors import LibraryBusy
from store.library import Library

WAITING = "Waiting for another clipsearch, which is changing the library"


def files(library: Library) -> list[Path]:
    """What is derived from the rows, and what its facts are in."""
    return [path for path in library.folder.iterdir() if path.name.startswith(("vec", "col"))]


def test_a_search_that_mends_is_waited_for(library: Library) -> None:
    told: list[str] = []
    with ExitStack() as search:
        search.enter_context(locks.mending(library.folder))

        def tell(line: str) -> None:
            told.append(line)
            search.close()  # it is done

        with library.writing(tell):
            assert told == [WAITING]


def test_nobody_waits_for_a_run_nor_for_a_search_who_comes_again_anyway(library: Library) -> None:
    def tell(line: str) -> None:
        pytest.fail(line)

    with library.writing(), pytest.raises(LibraryBusy), library.writing(tell):
        pytest.fail("two writers")
    with (
        locks.mending(library.folder),
        pytest.raises(LibraryBusy),
        library.writing(tell, at_once=True),
    ):
        pytest.fail("two writers")


def test_a_search_does_not_mend_while_others_do_or_write(library: Library) -> None:
    for held in (locks.locked, locks.mending):
        with held(library.folder), pytest.raises(LibraryBusy), locks.mending(library.folder):
            pytest.fail("two that write the same files")
        assert locks.patience(library.folder) == 0


@pytest.mark.parametrize("part", [index_sync, column_sync])
def test_searches_say_that_they_mend(
    library: Library, index: Index, photos: Path, monkeypatch: pytest.MonkeyPatch, part: Any
) -> None:
    """An index or columns that are made in the hours after an upgrade, say."""
    index(photos)
    model = library.model()
    assert model
    for path in files(library):
        path.unlink()
    name = "update_index" if part is index_sync else "update_columns"
    mend, waits = getattr(part, name), []

    def watched(*arguments: Any) -> Any:
        waits.append(locks.patience(library.folder))
        return mend(*arguments)

    monkeypatch.setattr(part, name, watched)
    opened = library.index(model).index if part is index_sync else library.columns(model)
    assert len(opened) == 5
    assert len(waits) == 1 and waits[0] > 0 == locks.patience(library.folder)
