from __future__ import annotations

from collections import Counter

from indexer.events import Progress
from indexer.folders.missing import Missed
from indexer.folders.steps import Settled
from indexer.tally import Tally
from store.outcomes import Moves
from store.states import State
from store.values import FileRecord


def record(state: State = State.INDEXED) -> FileRecord:
    return FileRecord(1, "", "a.jpg", 10, 100, state)


def test_files_that_need_not_be_read() -> None:
    tally = Tally()
    unchanged = Counter({State.INDEXED: 3, State.OTHER: 2, State.TRUNCATED: 1})
    tally.add_settled(Settled(unchanged, returned=[7, 8], away=4))
    summary = tally.summary
    assert (summary.unchanged, summary.other, summary.failed) == (3, 2, {State.TRUNCATED: 1})
    assert (summary.returned, summary.away) == (2, 4)
    assert tally.progress() == Progress(seen=8, embedded=0)


def test_a_file_that_the_library_refuses_is_a_failure_instead() -> None:
    tally = Tally()
    tally.add_file(record(), "new")
    tally.add_file(record(), "copies")
    tally.add_file(record(State.TRUNCATED), "failed")
    tally.turn_into_failure(record(), "new", record(State.DAMAGED))
    tally.turn_into_failure(record(State.TRUNCATED), "failed", record(State.DAMAGED))
    summary = tally.summary
    assert (summary.seen, summary.new, summary.copies) == (3, 0, 1)
    assert summary.failed == {State.DAMAGED: 2}
    assert State.TRUNCATED not in summary.failed  # it would be shown as "0 truncated"


def test_what_moved_is_neither_new_nor_gone() -> None:
    tally = Tally()
    for kind in ("new", "new", "copies", "copies", "copies"):
        tally.add_file(record(), kind)
    tally.add_missed(Missed(gone=[1, 2], at_once=[3, 4], unplugged=[5]))
    tally.set_moves(Moves(from_gone=3, from_away=1))  # one was gone since an earlier run
    summary = tally.summary
    assert (summary.moved, summary.gone, summary.away) == (4, 0, 2)
    assert (summary.new, summary.copies) == (1, 0)


def test_what_a_killed_run_met_and_this_one_missed_has_moved() -> None:
    """Of 40 files that moved, 8 were recorded by the run that was killed; 5 others are new."""
    tally = Tally()
    for number in range(37):
        tally.add_file(record(), "copies" if number < 32 else "new")
    tally.add_settled(Settled(Counter({State.INDEXED: 8 + 3})))
    tally.add_missed(Missed(at_once=list(range(40))))
    tally.set_moves(Moves(from_gone=0, from_away=40, met_before=8))
    summary = tally.summary
    assert (summary.moved, summary.copies, summary.unchanged) == (40, 0, 3)
    assert (summary.new, summary.away) == (5, 0)
    assert summary.seen == summary.moved + summary.unchanged + summary.new


def test_no_count_is_negative() -> None:
    """The new paths may all be in folders that this run did not look at."""
    tally = Tally()
    tally.add_missed(Missed(gone=[1, 2]))
    tally.add_file(record(), "new")
    tally.set_moves(Moves(from_gone=2, from_away=0, met_before=2))
    summary = tally.summary
    assert (summary.moved, summary.gone, summary.new, summary.unchanged) == (2, 0, 1, 0)


def test_what_moved_and_is_embedded_anew_is_not_unchanged() -> None:
    tally = Tally()
    for _ in range(3):
        tally.add_file(record(), "new")  # for a different model
    tally.add_settled(Settled(Counter({State.INDEXED: 4})))
    tally.add_missed(Missed(gone=[1, 2, 3]))
    tally.set_moves(Moves(from_gone=3, from_away=0))
    summary = tally.summary
    assert (summary.moved, summary.new, summary.unchanged) == (3, 0, 4)
