"""What a run and the watcher say at their end is said in the language of the page."""

from __future__ import annotations

import dataclasses
import re
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import app.cli.watch
from app.cli.progress import summary_lines
from app.folders import require_folder
from app.locales.from_below import translated
from app.locales.texts import IN_ENGLISH, Texts
from app.watching import news_line
from app.web import indexing
from indexer.events import PhotosMissing, Summary
from indexer.watching.pause import BUSY
from indexer.watching.small_runs import NewsBatch
from store import locks
from store.errors import LibraryBusy, RootNotFound
from store.states import FAILURES

GERMAN = Texts("de", "de-DE")
FOLDER = Path("/pictures/in two parts, or 3 new")
ENGLISH = re.compile(
    r"\b(the|of|or|with|are|was|be|and|not|new|changed|gone|again|failed|kept|see|then|folders?|photos?|files?)\b"
)


def full(count: int) -> Summary:
    """A summary that has everything to say, whatever there is to be said one day."""
    made: dict[str, Any] = {
        "altered": [FOLDER / f"{n}.jpg" for n in range(count)],
        "failed": Counter(dict.fromkeys(FAILURES, count)),
        "offline": [FOLDER] * count,
        "missing": [PhotosMissing(FOLDER, count)],
        "replaced": [FOLDER / f"{n}.jpg" for n in range(count)],
        "seconds": 2.5,
        "stopped": False,
    }
    for field in dataclasses.fields(Summary):
        made.setdefault(field.name, count)
        assert made[field.name] or field.name == "stopped"
    return Summary(**made)


@pytest.mark.parametrize("count", [1, 2, 12_345])
def test_each_line_of_a_summary(count: int) -> None:
    stopped = dataclasses.replace(full(count), stopped=True)
    quick = dataclasses.replace(full(count), seconds=0.5)
    lines = [
        *summary_lines(full(count), "openvino (bf16)"),
        *summary_lines(stopped, "torch"),
        *summary_lines(quick, "torch"),
        *summary_lines(Summary(), "torch"),
        *summary_lines(Summary(stopped=True), "torch"),
    ]
    assert len(lines) > 30
    for line in lines:
        assert translated(line, IN_ENGLISH) == line
        said = translated(line, GERMAN)
        assert said != line
        own = said.replace(str(FOLDER), "").replace("clipsearch files --state failed", "")
        assert not ENGLISH.search(own), said
        assert "12,345" not in said


@pytest.mark.parametrize("count", [1, 2, 12_345])
def test_what_a_watcher_takes_in(count: int) -> None:
    for folders in ([FOLDER], [FOLDER, FOLDER]):
        line = news_line(NewsBatch(full(count), folders), count)
        assert line is not None and translated(line, IN_ENGLISH) == line
        assert not ENGLISH.search(translated(line, GERMAN).replace(str(FOLDER), ""))
    assert translated(f"3 new in {FOLDER}", GERMAN) == f"3 neu in {FOLDER}"
    assert translated("1 gone in 2 folders", GERMAN) == "1 verschwunden in 2 Ordnern"


def test_why_a_run_ended() -> None:
    for code in (3, -signal.SIGKILL, -signal.SIGTERM, -99):
        for line in indexing._why_it_ended(code, False):
            assert translated(line, GERMAN).startswith("Die Indizierung ")
            assert translated(line, IN_ENGLISH) == line
    assert translated(indexing._STOPPED, GERMAN).startswith("Angehalten; ")


def test_why_nothing_is_done() -> None:
    for line in (BUSY, app.cli.watch._BATTERY, "There is not enough memory."):
        assert translated(line, GERMAN) != line
    problem = "[Errno 2] No such file or directory: 'python'"
    for line in (
        f"Watching can't be started: {problem}.",
        f"Indexing can't be started: {problem}.",
    ):
        assert translated(line, GERMAN).endswith(f"nicht starten: {problem}.")


def test_why_a_run_can_not_begin(tmp_path: Path) -> None:
    for lock in (locks.locked, locks.watching):
        with lock(tmp_path), pytest.raises(LibraryBusy) as busy, lock(tmp_path):
            pass
        said = translated(f"clipsearch: {busy.value}", GERMAN)
        assert said.startswith("clipsearch: Ein anderes clipsearch ")
        assert not ENGLISH.search(said.replace(str(tmp_path), ""))
    with pytest.raises(RootNotFound) as missing:
        require_folder(tmp_path / "no")
    assert translated(str(missing.value), GERMAN) == f"Den Ordner {tmp_path / 'no'} gibt es nicht."
    unknown = "clipsearch: a thing that nobody has translated"
    assert translated(unknown, GERMAN) == unknown


def test_names_and_numbers() -> None:
    line = "1,234 pictures embedded in 2.5 s (494 a second, openvino)."
    assert translated(line, GERMAN) == (
        "1.234 Bilder eingelesen in 2,5 s (494 pro Sekunde, openvino)."
    )
    stopped = "Stopped; all of this is kept: 3 new, 1 folder offline."
    assert translated(stopped, GERMAN) == ("Angehalten; all das bleibt: 3 neu, 1 Ordner nicht da.")
    failed = "Failed: 2 broken link, 1 empty. See: clipsearch files --state failed"
    assert translated(failed, GERMAN).startswith("Nicht lesbar: toter Verweis (2), leer (1). ")
    assert translated("2 nwe in /a", GERMAN) == "2 nwe in /a"
