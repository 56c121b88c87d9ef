"""Photos that are missed: gone, or away? Real folders, real mounts."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import hostile
from conftest import Index, Run, draw, index_into, last
from fakes import ColourEncoder
from indexer.events import Progress
from indexer.folders.filesystems import filesystem_name
from indexer.folders.missing import AT_ONCE, Missed, outward
from indexer.folders.steps import Target
from indexer.pipeline import run_index
from store.library import Library
from store.states import State
from store.values import KnownFile

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")


def known(id: int, filesystem_id: int | None = 1) -> KnownFile:
    return KnownFile(id, 1, 1, State.INDEXED, True, True, filesystem_id=filesystem_id)


def some(count: int, start: int = 0) -> list[KnownFile]:
    return [known(id) for id in range(start, start + count)]


@pytest.mark.parametrize(
    ("missed", "of", "away"),
    [
        (AT_ONCE, AT_ONCE, True),
        (AT_ONCE - 1, AT_ONCE - 1, False),  # few: somebody tidied up
        (AT_ONCE, 2 * AT_ONCE - 1, True),
        (AT_ONCE, 2 * AT_ONCE, False),  # half, and no more
    ],
)
def test_many_at_once_are_not_believed(missed: int, of: int, away: bool) -> None:
    missing = Missed()
    missing.add("a", some(missed), 1)
    missing.decide({"": 10_000, "a": of})
    assert (len(missing.at_once), len(missing.gone)) == ((missed, 0) if away else (0, missed))
    assert missing.folders == (["a"] if away else [])


def test_the_outermost_folder_is_said_once_and_small_ones_add_up() -> None:
    missing = Missed()
    for number in range(5):
        missing.add(f"ext/{number}", some(3, 10 * number), 1)
    missing.add("other", some(2, 100), 1)
    missing.decide({"": 1000, "other": 2, **{f"ext/{number}": 3 for number in range(5)}})
    assert missing.folders == ["ext"]
    assert len(missing.at_once) == 15
    assert missing.gone == [100, 101]


def test_a_photo_deleted_beside_a_folder_that_went_is_gone() -> None:
    missing = Missed()
    missing.add("ext", some(12), 1)
    missing.add("", some(1, 100), 1)
    missing.decide({"": 4, "ext": 12})
    assert (missing.folders, missing.gone) == (["ext"], [100])


def test_a_folder_that_is_missed_whole_stands_for_what_is_in_it() -> None:
    missing = Missed()
    for number in range(5):
        missing.add(f"ext/{number}", some(20, 20 * number), 1)
    missing.decide({"": 5, "ext": 0, **{f"ext/{number}": 20 for number in range(5)}})
    assert missing.folders == ["ext"]
    assert len(missing.at_once) == 100


def test_what_is_around_the_folder_that_was_asked_for_does_not_count() -> None:
    missing = Missed("a/b")
    missing.add("a/b", some(AT_ONCE), 1)
    missing.decide({"a/b": AT_ONCE})
    assert missing.folders == ["a/b"]


def test_one_photo_of_another_file_system_is_away() -> None:
    missing = Missed()
    missing.add("ext/2019", [known(1, filesystem_id=2)], 1)
    missing.add("ext/2020", [known(2, filesystem_id=2)], 1)
    missing.add("", [known(3)], 1)
    missing.decide({"": 100, "ext/2019": 50, "ext/2020": 50})
    assert sorted(missing.unplugged) == [1, 2]
    assert missing.gone == [3]
    assert missing.folders == ["ext"]


def test_outward() -> None:
    assert outward("a/b/c") == ["a/b/c", "a/b", "a", ""]
    assert outward("") == [""]


@pytest.fixture
def holiday(photos: Path) -> Path:
    folder = photos / "holiday"
    folder.mkdir()
    for number in range(12):
        draw(folder / f"{number}.png", "green", (20 + number, 20))
    return folder


def counts(library: Library) -> tuple[int, int, int]:
    (status,) = library.status()
    counts = status.counts
    return counts.get(State.INDEXED, 0), counts.get(State.GONE, 0), status.away


def test_a_folder_that_goes_is_away_until_somebody_says_it_is_gone(
    library: Library, index: Index, photos: Path, holiday: Path
) -> None:
    index(photos)
    ids = library.contents_at(holiday)
    library.user_data.add_tag(ids, "sun")
    shutil.rmtree(holiday)
    (photos / "red.png").unlink()
    summary = index()
    assert [(m.folder, m.photos) for m in summary.missing] == [(holiday, 12)]
    assert (summary.away, summary.gone) == (12, 1)
    assert counts(library) == (16, 1, 12)
    again = index()
    assert (again.missing, again.away, again.gone) == ([], 12, 0)
    with library.writing() as writer:
        writer.prune()
    assert counts(library) == (16, 0, 12)
    assert sorted(library.user_data.with_tag("sun")) == sorted(ids)
    accepted = index(accepted=[holiday])
    assert (accepted.gone, accepted.away) == (12, 0)
    assert counts(library) == (4, 12, 0)


def test_a_folder_that_comes_back_is_as_before(
    library: Library, index: Index, photos: Path, holiday: Path, tmp_path: Path
) -> None:
    index(photos)
    holiday.rename(tmp_path / "drive")
    holiday.mkdir()
    (holiday / ".directory").write_text("left by a file manager")
    index()
    shutil.rmtree(holiday)
    (tmp_path / "drive").rename(holiday)
    summary = index()
    assert (summary.returned, summary.unchanged, summary.opened) == (12, 5, 0)
    assert counts(library) == (17, 0, 0)


def test_a_folder_that_was_moved_is_moved_not_away(
    library: Library, index: Index, photos: Path, holiday: Path
) -> None:
    index(photos)
    holiday.rename(photos / "sub" / "summer")
    summary = index()
    assert (summary.moved, summary.away, summary.gone, summary.new) == (12, 0, 0, 0)
    assert summary.missing == []
    assert counts(library) == (17, 0, 0)


@pytest.mark.parametrize(
    "kind", ["library", pytest.param("server_library", marks=pytest.mark.one_python)]
)
def test_what_a_stopped_run_met_of_a_moved_folder_has_moved(
    kind: str, encoder: ColourEncoder, photos: Path, request: pytest.FixtureRequest
) -> None:
    """Its photos are missed by the next run only, in which those new paths are no longer new."""
    library: Library = request.getfixturevalue(kind)
    old, count = photos / "old", 80
    old.mkdir()
    for number in range(count):
        draw(old / f"{number:02}.png", "green", (20 + number, 20))
    index_into(library, encoder, photos)
    old.rename(photos / "renamed")

    stop = threading.Event()
    events = []
    with library.writing() as writer:
        (root,) = library.roots()
        for event in run_index(library, writer, encoder, [Target(root)], stop=stop):
            events.append(event)
            if isinstance(event, Progress) and event.seen >= 20:
                stop.set()
    summary = last(events)
    assert summary.stopped and 0 < summary.copies < count

    summary = index_into(library, encoder)
    assert (summary.moved, summary.away, summary.gone) == (count, 0, 0)
    assert (summary.unchanged, summary.copies, summary.new) == (5, 0, 0)
    assert summary.seen == count + 5 and summary.missing == []
    assert counts(library) == (count + 5, 0, 0)
    again = index_into(library, encoder)
    assert (again.unchanged, again.moved, again.away) == (count + 5, 0, 0)


def test_a_stop_after_everything_was_met_leaves_no_move_to_the_next_run(
    library: Library,
    encoder: ColourEncoder,
    photos: Path,
    holiday: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There may be none for long: to a watcher, nothing is new in these folders any more."""
    index_into(library, encoder, photos)
    holiday.rename(photos / "renamed")

    def stop_now(_library: Library, stop: threading.Event) -> int:
        stop.set()
        return 0

    monkeypatch.setattr("indexer.pipeline.make_missing", stop_now)
    summary = index_into(library, encoder)
    assert summary.stopped and (summary.moved, summary.away) == (12, 0)
    assert counts(library) == (17, 0, 0)


@posix_only
@pytest.mark.parametrize("calls", [frozenset[str](), frozenset({"stat"}), hostile.EVERY_CALL])
@pytest.mark.parametrize("linked", [True, False])
def test_photos_in_a_folder_that_can_not_be_seen_for_a_moment_stay(
    library: Library,
    index: Index,
    photos: Path,
    calls: frozenset[str],
    linked: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It can't be listed, or it isn't even told that there is a folder."""
    folder = photos / "more"
    if linked:
        (photos.parent / "elsewhere").mkdir()
        folder.symlink_to(photos.parent / "elsewhere")
    else:
        folder.mkdir()
    inner = folder / "inner"
    inner.mkdir()
    for number in range(3):
        draw(folder / f"{number}.png", "green", (20 + number, 20))
        draw(inner / f"{number}.png", "blue", (20 + number, 20))
    index(photos)
    assert counts(library) == (11, 0, 0)
    broken = OSError(errno.EIO, "Input/output error")
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", hostile.scandir_with(folder, broken, calls))
        summary = index()
    fails = calls != {"stat"} or linked  # a folder's own kind is known without that
    assert (summary.gone, summary.away, summary.unchanged) == (0, 0, 5 if fails else 11)
    assert summary.failed == ({State.UNREADABLE: 1} if fails else {})
    assert counts(library) == (11, 0, 0)
    assert index().unchanged == 11
    assert counts(library) == (11, 0, 0)


def test_accepting_an_offline_root(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    shutil.rmtree(photos)
    assert index().gone == 0
    summary = index(accepted=[photos])
    assert summary.gone == 5
    assert counts(library) == (0, 5, 0)


def test_the_command(run: Run, photos: Path, holiday: Path) -> None:
    run("index", photos)
    shutil.rmtree(holiday)
    said = run("index")
    assert f"12 photos in {holiday} could not be seen" in said.out
    assert f"clipsearch index --accept-missing {holiday}" in said.out
    assert "12 away" in said.out
    (line,) = [line for line in run("status").lines if "away" in line]
    assert line.split()[0] == "12"
    assert len(run("search", "is:offline", "--paths", "-n", "50").lines) == 12
    # A folder that is away may be named; nothing is concluded about it.
    assert run("index", holiday).code == 0
    assert run("index", photos / "never").code == 2
    assert run("index", "--accept-missing", photos.parent / "elsewhere").code == 2
    assert "12 gone" in run("index", "--accept-missing", holiday).out
    assert run("search", "is:offline", "--paths").code == 3


def test_the_command_in_json(run: Run, photos: Path, holiday: Path) -> None:
    run("index", photos)
    shutil.rmtree(holiday)
    events = [json.loads(line) for line in run("index", "--json").lines]
    missing = [event for event in events if event["event"] == "missing"]
    assert missing == [{"event": "missing", "path": str(holiday), "photos": 12}]


def test_file_systems_have_names() -> None:
    here = Path(__file__)
    name = filesystem_name(here.parent, here.stat().st_dev)
    assert name == filesystem_name(here.parent.parent, here.stat().st_dev)
    assert name.partition(":")[2]


DRIVES = """
import atexit, shutil, subprocess, sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {top!r}]
from conftest import draw, index_into
from fakes import ColourEncoder
from store.library import Library
from store.states import State

place = Path({place!r})
drive, photos = place / "drive", place / "photos"
ext = photos / {where!r}
for folder in (drive, ext):
    folder.mkdir(parents=True, exist_ok=True)
subprocess.run(["mount", "-t", "tmpfs", "drive", drive], check=True)
for number in range(3):
    draw(drive / f"{{number}}.png", "red", (10 + number, 10))
(ext / ".directory").write_text("a stray file at the mount point")
draw(place / "photos" / "stays.png", "blue")
def plug(source):
    subprocess.run(["mount", "--bind", source, ext], check=True)
def unplug():
    subprocess.run(["umount", ext], check=True)

library, encoder = Library.open(place / "library", create=True), ColourEncoder()
atexit.register(library.close)
plug(drive)
index_into(library, encoder, photos)
ids = library.contents_at(ext)
assert len(ids) == 3, ids
library.user_data.add_tag(ids, "mine")
unplug()
summary = index_into(library, encoder)
assert (summary.away, summary.gone) == (3, 0), summary
assert [m.folder for m in summary.missing] == [ext], summary.missing
with library.writing() as writer:
    writer.prune()
assert len(library.user_data.with_tag("mine")) == 3

# What is elsewhere too is a copy, and the drive's own photo stays known.
elsewhere = place / "elsewhere"
elsewhere.mkdir()
shutil.copy(drive / "0.png", elsewhere / "copy.png")
summary = index_into(library, encoder, elsewhere)
assert (summary.moved, summary.copies) == (0, 1), summary

# Another drive at the same place: its photos come, and nothing is concluded about the first's.
other = place / "other"
other.mkdir()
subprocess.run(["mount", "-t", "tmpfs", "other", other], check=True)
draw(other / "b.png", "green")
plug(other)
summary = index_into(library, encoder)
assert (summary.new, summary.away, summary.gone) == (1, 3, 0), summary
unplug()

plug(drive)
summary = index_into(library, encoder)
assert (summary.returned, summary.away, summary.opened) == (3, 1, 0), summary
assert sorted(library.user_data.with_tag("mine")) == sorted(ids)
(drive / "0.png").unlink()  # deleted while it is plugged in: gone
summary = index_into(library, encoder)
assert (summary.gone, summary.away) == (1, 1), summary
unplug()
library.close()
"""


@pytest.mark.parametrize("where", ["ext", "."])
def test_a_drive_inside_a_root_and_a_root_that_is_one(tmp_path: Path, where: str) -> None:
    trial = ["unshare", "--mount", "sh", "-c", f"mount -t tmpfs trial {tmp_path}"]
    if shutil.which("unshare") is None or subprocess.run(trial, capture_output=True).returncode:
        pytest.skip("mounting takes Linux and the rights to do it")
    top = Path(__file__).parent.parent
    tests = str(top / "tests")
    script = DRIVES.format(tests=tests, top=str(top), place=str(tmp_path / "place"), where=where)
    if where == ".":  # ``stays.png`` is hidden below the drive, as the stray file is
        script = script.replace('draw(place / "photos" / "stays.png", "blue")', "")
    done = subprocess.run(
        ["unshare", "--mount", sys.executable, "-c", script], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
