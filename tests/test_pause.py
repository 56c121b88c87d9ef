"""A watcher that can't work says why once, tries again later, and says that it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from indexer.watching import pause
from indexer.watching.pause import BUSY, Pause, WatchNote, WatchResumed
from store.errors import ClipsearchError, LibraryBusy, ModelError

WAITS = WatchNote(BUSY, waiting=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(pause, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def failing(error: Exception) -> Iterator[str]:
    yield "something"
    raise error


def test_why_is_said_once_and_the_end_too(clock: SimpleNamespace) -> None:
    busy = LibraryBusy(Path("library"))
    here = Pause()
    assert not [*here.end()]  # nothing was in the way
    assert [*here.hold(lambda: failing(busy))] == ["something", WAITS]
    assert [*here.hold(lambda: failing(busy))] == ["something"]
    over = []
    for _ in range(2):
        over.append(here.is_over)
        clock.now += 1
    assert over == [False, True]
    assert [*here.end()] == [WatchResumed()] and not [*here.end()]
    assert [*here.hold(lambda: failing(busy))] == ["something", WAITS]


@pytest.mark.parametrize("error", [ModelError("no such model"), OSError("no disk")])
def test_what_fails_is_tried_less_and_less_often(
    error: ClipsearchError | OSError, clock: SimpleNamespace
) -> None:
    here = Pause()
    waits = []
    for _ in range(1107):
        said = [*here.hold(lambda: failing(error))]
        waits.append(here.until - clock.now)
        clock.now = here.until
    assert waits == [5, 10, 20, 40, 80, 160, 300, *[300] * 1100]
    assert said == ["something"]
    assert [*here.end()] == [WatchResumed()]
    assert [*here.hold(lambda: failing(error))][1:] == [WatchNote(str(error), waiting=True)]
    assert here.until - clock.now == 5


def test_what_is_wrong_with_the_code_is_not_held_back() -> None:
    with pytest.raises(ZeroDivisionError):
        [*Pause().hold(lambda: failing(ZeroDivisionError()))]
