"""A move is told from a copy by run numbers, also where several runs go on at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.bench_vectors import records
from servers import Server
from store.outcomes import Moves
from store.server_library import ServerLibrary
from store.states import Away, State
from store.values import ModelInfo
from store.writer import LibraryWriter

pytestmark = pytest.mark.one_python

VECTORS = np.eye(3, dtype=np.float32)


class Run:
    """One run in a root of its own, whose steps a test takes one by one."""

    def __init__(self, library: ServerLibrary, root: str) -> None:
        self._library, self._stack = library, ExitStack()
        self._writer: LibraryWriter = self._stack.enter_context(library.writing())
        self._root = self._writer.add_root(Path(root), (), replace=False)
        self._model: ModelInfo = self._writer.add_model("m", "1", 3)
        self._run = self._writer.begin_run()

    def meet(self, content: int, name: str) -> None:
        """Meet one of three pictures at a path."""
        (record,) = records(self._root.id, content, VECTORS[content : content + 1])
        named = type(record)(record.root_id, "", name, 1, 1, State.INDEXED, picture=record.picture)
        self._writer.record([named], self._model, self._run)

    def miss(self, name: str, *, away: bool = False) -> None:
        ids = [p.id for p in self._library.files([State.INDEXED]) if p.path.name == name]
        assert len(ids) == 1
        if away:
            self._writer.set_away(ids, Away.AT_ONCE)
        else:
            self._writer.set_gone(ids, "no longer there")

    def end(self) -> int:
        """Settle moves, and end. Returns how many there were."""
        moves: Moves = self._writer.settle_moves(self._run)
        self.die()
        return moves.total

    def die(self) -> None:
        self._stack.close()


def ledger(library: ServerLibrary) -> list[tuple[str, str]]:
    return [(str(p.path), str(p.state)) for p in library.files(list(State))]


@pytest.fixture
def shelf(server_library: ServerLibrary) -> ServerLibrary:
    """A library with one photo, at /a/old."""
    first = Run(server_library, "/a")
    first.meet(0, "old")
    first.end()
    return server_library


@pytest.fixture(autouse=True)
def _nothing_is_left(server_library: ServerLibrary, server: Server) -> Iterator[None]:
    """When all runs have ended, no path is new any more."""
    yield
    last = Run(server_library, "/last")
    last.end()
    url = server_library.address.url
    assert server.run("SELECT count(*) FROM unsettled_run", url=url) == [(0,)]


@pytest.mark.parametrize("finder_first", [True, False])
@pytest.mark.parametrize("away", [True, False])
def test_a_move_between_the_roots_of_two_runs(
    shelf: ServerLibrary, finder_first: bool, away: bool
) -> None:
    """Whichever of the two ends first, it is one, and counted once."""
    a, b = Run(shelf, "/a"), Run(shelf, "/b")
    b.meet(0, "new")
    moves = b.end() if finder_first else 0
    a.miss("old", away=away)
    moves += a.end()
    moves += 0 if finder_first else b.end()
    assert moves == 1
    assert ledger(shelf) == [("/b/new", "indexed")]


def test_one_new_path_stands_for_one_missing(shelf: ServerLibrary) -> None:
    a = Run(shelf, "/a")
    a.meet(0, "copy")
    a.end()
    a, b = Run(shelf, "/a"), Run(shelf, "/b")
    b.meet(0, "new")
    a.miss("old")
    a.miss("copy")
    assert (a.end(), b.end()) == (0, 1)
    gone, new = sorted(ledger(shelf), key=lambda row: row[1] == "indexed")
    assert gone in [("/a/old", "gone"), ("/a/copy", "gone")] and new == ("/b/new", "indexed")


def test_a_copy_of_an_earlier_run_is_no_move(shelf: ServerLibrary) -> None:
    b = Run(shelf, "/b")
    b.meet(0, "copy")
    b.end()
    a = Run(shelf, "/a")
    a.miss("old")
    assert a.end() == 0
    assert ledger(shelf) == [("/a/old", "gone"), ("/b/copy", "indexed")]


def test_a_later_run_does_not_settle_what_an_earlier_one_still_meets(
    shelf: ServerLibrary,
) -> None:
    """The watermark of a single writer would call the paths of the first run old by then."""
    first = Run(shelf, "/a")
    first.meet(0, "new")
    second = Run(shelf, "/b")
    second.meet(1, "other")
    second.end()
    first.miss("old")
    assert first.end() == 1
    assert ledger(shelf) == [("/a/new", "indexed"), ("/b/other", "indexed")]


def test_what_a_run_that_goes_on_may_meet_again_stays(shelf: ServerLibrary) -> None:
    """It has the root of the missing path: the photo may be there again when it looks."""
    a = Run(shelf, "/a")
    a.miss("old")
    b = Run(shelf, "/b")
    b.meet(0, "copy")
    assert b.end() == 0
    assert ("/a/old", "gone") in ledger(shelf)
    a.meet(0, "old")
    assert a.end() == 0
    assert ledger(shelf) == [("/a/old", "indexed"), ("/b/copy", "indexed")]


def test_a_run_that_has_ended_is_no_more_going_on(shelf: ServerLibrary) -> None:
    """Also in the moment before it lets go of its lock."""
    a, b = Run(shelf, "/a"), Run(shelf, "/b")
    b.meet(0, "new")
    writer: Any = b._writer
    writer._session.let_go_of_run = lambda _run: None
    assert writer.settle_moves(b._run).total == 0
    a.miss("old")
    assert a.end() == 1
    b.die()
    assert ledger(shelf) == [("/b/new", "indexed")]


def test_what_a_dead_run_met_is_settled_by_the_next(shelf: ServerLibrary) -> None:
    b = Run(shelf, "/b")
    b.meet(0, "new")
    b.die()
    a = Run(shelf, "/a")
    a.miss("old")
    assert a.end() == 1
    assert ledger(shelf) == [("/b/new", "indexed")]


def test_a_missing_path_in_a_root_that_nobody_has(shelf: ServerLibrary) -> None:
    a = Run(shelf, "/a")
    a.miss("old")
    assert a.end() == 0
    b = Run(shelf, "/b")
    b.meet(0, "new")
    assert b.end() == 1
    assert ledger(shelf) == [("/b/new", "indexed")]
