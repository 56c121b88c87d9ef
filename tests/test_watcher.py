"""``clipsearch watch``: real files, real events, real processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from conftest import draw
from indexer.watching.settling import OPEN_S
from store import locks
from store.library import Library
from store.states import State
from watching import command, until, watched

linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify")
posix = pytest.mark.skipif(os.name != "posix", reason="signals")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Of the library."""
    return tmp_path / "watched"


def many(folder: Path, count: int, first: int = 0) -> list[Path]:
    """Different small pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(first, first + count):
        path = folder / f"{number:04}.png"
        Image.new("RGB", (8 + number % 50, 8 + number // 50), (number % 256, 9, 9)).save(path)
        paths.append(path)
    return paths


@posix
def test_whatever_happens_to_files_is_taken_in(photos: Path, place: Path) -> None:
    with watched(place, photos) as watching:
        new = draw(photos / "new.png", "red", (50, 50))
        watching.until_state(new, State.INDEXED)

        inner = photos / "made" / "at" / "once"
        inner.mkdir(parents=True)
        at_once = draw(inner / "photo.png", "blue", (51, 50))
        watching.until_state(at_once, State.INDEXED)

        late = draw(inner / "late.png", "green", (52, 50))
        watching.until_state(late, State.INDEXED)

        moved = photos / "sub" / "moved.png"
        new.rename(moved)
        watching.until_state(moved, State.INDEXED)
        watching.until_state(new, None)
        assert watching.until_batch(lambda batch: batch["moved"] == 1)["embedded"] == 0

        (photos / "made").rename(photos / "called")
        again = photos / "called" / "at" / "once" / "photo.png"
        watching.until_state(again, State.INDEXED)
        watching.until_state(at_once, None)

        draw(moved, "white", (53, 50))
        watching.until_batch(lambda batch: batch["changed"] == 1)

        again.unlink()
        watching.until_state(again, State.GONE)
        (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0")
        watching.until_batch(lambda batch: batch["failed"] == 1)
        assert watching.end(signal.SIGINT) == 0
        assert watching.events[-1]["event"] == "finished"


@pytest.mark.one_python
@posix
def test_a_file_is_awaited_while_it_is_written(photos: Path, place: Path) -> None:
    image = photos.parent / "whole.png"
    Image.effect_noise((300, 300), 90).save(image)
    whole = image.read_bytes()
    with watched(place, photos) as watching:
        slow = photos / "slow.png"
        with slow.open("wb") as file:
            for start in range(0, len(whole), len(whole) // 5):
                file.write(whole[start : start + len(whole) // 5])
                file.flush()
                time.sleep(0.7)
            time.sleep(2.5)  # longer than a file has to be quiet whose writer nobody knows
            assert slow not in watching.states()
        watching.until_state(slow, State.INDEXED)
        assert [batch["failed"] for batch in watching.batches()] == [0] * len(watching.batches())


@pytest.mark.one_python
@posix
def test_a_drive_that_goes_and_comes_loses_nothing(photos: Path, place: Path) -> None:
    with watched(place, photos) as watching:
        before = watching.states()
        away = photos.with_name("unplugged")
        photos.rename(away)
        watching.until_note("can't be seen now")
        draw(away / "meanwhile.png", "red", (44, 44))
        time.sleep(1)
        assert watching.states() == before
        away.rename(photos)
        watching.until_note("can be seen again")
        watching.until_state(photos / "meanwhile.png", State.INDEXED)
        after = draw(photos / "after.png", "red", (45, 44))
        watching.until_state(after, State.INDEXED)
        assert set(before) < set(watching.states())
        assert set(watching.states().values()) == {State.INDEXED}


@pytest.mark.one_python
@posix
def test_most_of_a_folder_that_is_missing_at_once_is_away(tmp_path: Path, place: Path) -> None:
    photos = tmp_path / "photos"
    draw(many(photos / "stick", 15)[0].parent.parent / "stays.png", "red")
    with watched(place, photos) as watching:
        until(lambda: len(watching.states()) == 16)
        (photos / "stick").rename(tmp_path / "stick")
        until(lambda: any(event["event"] == "missing" for event in watching.events))
        assert set(watching.states().values()) == {State.INDEXED}  # away, and searched
        (tmp_path / "stick").rename(photos / "stick")
        watching.until_batch(lambda batch: batch["returned"] == 15)
        with Library.open(place) as library:
            assert library.status()[0].away == 0


@pytest.mark.one_python
@posix
def test_what_a_look_through_misses_is_judged_together(tmp_path: Path, place: Path) -> None:
    """More folders than are looked at together; none by itself says that a drive is gone."""
    photos, drive = tmp_path / "photos", tmp_path / "photos" / "drive"
    photos.mkdir()
    draw(photos / "stays.png", "red")
    for number in range(210):
        many(drive / f"{number:03}", 2, 2 * number)
    done = subprocess.run(command(place, "index", photos), capture_output=True, check=False)
    assert done.returncode == 0
    drive.rename(tmp_path / "unplugged")
    with watched(place, ready=False) as watching:
        until(lambda: any(event["event"] == "missing" for event in watching.events))
        watching.until_batch(lambda batch: True)
        time.sleep(2)
        assert set(watching.states().values()) == {State.INDEXED}
        with Library.open(place) as library:
            assert library.status()[0].away == 420


@pytest.mark.one_python
@linux
def test_a_folder_behind_a_link_is_taken_in(photos: Path, place: Path, tmp_path: Path) -> None:
    many(tmp_path / "elsewhere", 2)
    with watched(place, photos) as watching:
        (photos / "link").symlink_to(tmp_path / "elsewhere")
        watching.until_state(photos / "link" / "0001.png", State.INDEXED)
        time.sleep(5)
        with Path(f"/proc/{watching.process.pid}/stat").open() as stat:
            before = sum(map(int, stat.read().split()[13:15]))
        time.sleep(3)
        with Path(f"/proc/{watching.process.pid}/stat").open() as stat:
            used = sum(map(int, stat.read().split()[13:15])) - before
        assert used < 150  # hundredths of a second: it is at rest


@pytest.mark.one_python
@posix
def test_a_root_that_is_removed_meanwhile(photos: Path, place: Path, tmp_path: Path) -> None:
    many(tmp_path / "other", 2)
    with watched(place, photos, tmp_path / "other") as watching:
        until(lambda: tmp_path / "other" / "0001.png" in watching.states())
        done = subprocess.run(
            command(place, "forget", tmp_path / "other", "--yes"), capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        draw(tmp_path / "other" / "late.png", "red", (9, 60))
        new = draw(photos / "new.png", "red", (50, 50))
        watching.until_state(new, State.INDEXED)
        time.sleep(2)
        assert watching.process.poll() is None
        assert all(path.parent != tmp_path / "other" for path in watching.states())


@pytest.mark.one_python
@linux
def test_a_copy_with_the_times_of_its_original_is_not_waited_for(
    photos: Path, place: Path, tmp_path: Path
) -> None:
    original = draw(tmp_path / "original.png", "red", (50, 51))
    with watched(place, photos) as watching:
        start = time.monotonic()
        watching.until_state(draw(photos / "drawn.png", "red", (50, 52)), State.INDEXED)
        usual = time.monotonic() - start
        shutil.copy2(original, photos / "copy.png")
        watching.until_state(photos / "copy.png", State.INDEXED)
        # And not what an open file is waited for.
        assert time.monotonic() - start - usual < usual + OPEN_S - 5


@pytest.mark.one_python
@posix
def test_a_kill_loses_nothing(tmp_path: Path, place: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    draw(photos / "first.png", "red")
    with watched(place, photos) as watching:
        for number in range(6):
            many(photos / f"folder{number}", 40, 40 * number)
        until(lambda: len(watching.states()) > 30)
        watching.end(signal.SIGKILL)
        assert len(watching.states()) < 241
    (photos / "folder0" / "0000.png").unlink()  # while nobody looked
    with watched(place, photos) as watching:
        until(lambda: list(watching.states().values()).count(State.INDEXED) == 240)
        assert watching.states()[photos / "folder0" / "0000.png"] is State.GONE
        assert watching.end(signal.SIGTERM) == 0
    with Library.open(place) as library:
        model = library.model()
        assert model
        assert library.check(model, library.index(model).index) == []


@pytest.mark.one_python
@posix
def test_other_commands_have_the_lock_in_between(tmp_path: Path, place: Path) -> None:
    photos = tmp_path / "photos"
    many(photos / "old", 2)
    with watched(place, photos) as watching:
        codes = []
        for number in range(4):
            many(photos / f"folder{number}", 60, 100 + 60 * number)
            codes.append(subprocess.run(command(place, "index"), capture_output=True).returncode)
        assert codes == [0] * 4
        until(lambda: len(watching.states()) == 242)

        with locks.locked(place, wait=30):
            waiting = draw(photos / "waiting.png", "red", (70, 70))
            watching.until_note("Another clipsearch is changing the library")
            assert waiting not in watching.states()
        watching.until_state(waiting, State.INDEXED)

        second = subprocess.run(command(place, "watch"), capture_output=True, text=True)
        assert second.returncode == 1 and "watches the folders" in second.stderr


@pytest.mark.one_python
@posix
def test_a_folder_that_is_indexed_meanwhile_is_watched_too(
    photos: Path, tmp_path: Path, place: Path
) -> None:
    with watched(place, photos) as watching:
        other = tmp_path / "other"
        other.mkdir()
        draw(other / "one.png", "red", (60, 60))
        subprocess.run(command(place, "index", other), check=True, capture_output=True)
        time.sleep(12)  # it asks every ten seconds which folders there are
        late = draw(other / "late.png", "red", (61, 60))
        watching.until_state(late, State.INDEXED)


@posix
def test_where_nobody_tells_of_changes_folders_are_looked_through(
    photos: Path, place: Path
) -> None:
    with watched(place, photos, "--poll", "--every", 1) as watching:
        watching.until_note("is looked through every 1 s: as asked")
        new = draw(photos / "new.png", "red", (50, 50))
        watching.until_state(new, State.INDEXED)
        new.unlink()
        watching.until_batch(lambda batch: batch["gone"] == 1)
        assert watching.states()[new] is State.GONE
        count = len(watching.batches())
        time.sleep(3)
        assert len(watching.batches()) == count  # nothing new, no runs


@pytest.mark.one_python
@linux
def test_too_many_folders_are_looked_through(photos: Path, place: Path) -> None:
    limit = 'echo 5 > /proc/sys/user/max_inotify_watches && exec "$@"'
    wrapper = ["unshare", "--user", "--map-root-user", "sh", "-c", limit, "sh"]
    if not shutil.which("unshare") or subprocess.run([*wrapper, "true"]).returncode:
        pytest.skip("no user namespaces here")
    for number in range(8):
        (photos / f"folder{number}").mkdir()
    with watched(place, photos, "--every", 1, wrapper=wrapper) as watching:
        watching.until_note("more folders than the system tells changes of")
        for number in range(8):
            new = draw(photos / f"folder{number}" / "new.png", "red", (50 + number, 50))
            watching.until_state(new, State.INDEXED)


@pytest.mark.one_python
@linux
def test_names_that_are_not_text(photos: Path, place: Path) -> None:
    with watched(place, photos) as watching:
        folder = photos / os.fsdecode(b"d\xe9j\xe0")
        folder.mkdir()
        new = draw(folder / os.fsdecode(b"r\xe9d.png"), "red", (50, 50))
        watching.until_state(new, State.INDEXED)


@pytest.mark.one_python
@linux
def test_news_that_were_lost_are_met_all_the_same(photos: Path, place: Path) -> None:
    """The system keeps 16,384 events by default for a process that does not ask."""
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    noisy = photos / "noisy"
    noisy.mkdir()
    with watched(place, photos) as watching:
        watching.process.send_signal(signal.SIGSTOP)
        paths = [str(noisy / name) for name in ("a.txt", "b.txt")]
        for number in range(most):  # two events each
            os.close(os.open(paths[number % 2], os.O_CREAT | os.O_WRONLY))
        lost = draw(photos / "sub" / "lost.png", "red", (50, 50))
        watching.process.send_signal(signal.SIGCONT)
        watching.until_state(lost, State.INDEXED)


@pytest.mark.one_python
@posix
def test_what_is_hidden_or_excluded_is_no_news(photos: Path, place: Path) -> None:
    subprocess.run(
        command(place, "index", photos, "--exclude", "*.tmp.png"), check=True, capture_output=True
    )
    with watched(place, photos, ready=False) as watching:
        time.sleep(4)
        draw(photos / ".hidden.png", "red", (50, 50))
        draw(photos / "part.tmp.png", "red", (51, 50))
        (photos / "@eaDir").mkdir()
        draw(photos / "@eaDir" / "thumb.png", "red", (52, 50))
        seen = draw(photos / "seen.png", "red", (53, 50))
        watching.until_state(seen, State.INDEXED)
        time.sleep(2)
        assert [batch["new"] for batch in watching.batches()] == [1]
        assert len(watching.states()) == 6


def test_without_a_folder_it_asks_for_one(place: Path) -> None:
    done = subprocess.run(command(place, "watch"), capture_output=True, text=True)
    assert done.returncode == 2 and "Which folder?" in done.stderr
    assert not place.exists()


@pytest.mark.one_python
@posix
def test_the_library_may_be_replaced(photos: Path, place: Path, tmp_path: Path) -> None:
    with watched(place, photos) as watching:
        backup = tmp_path / "backup.db"
        subprocess.run(command(place, "backup", backup), check=True, capture_output=True)
        first = draw(photos / "first.png", "red", (50, 50))
        watching.until_state(first, State.INDEXED)
        until(lambda: sum(batch["new"] for batch in watching.batches()) == 6)
        restore = command(place, "restore", "--yes", backup)  # waits for no run that takes long
        until(lambda: subprocess.run(restore, capture_output=True).returncode == 0)
        second = draw(photos / "second.png", "red", (51, 50))
        watching.until_state(second, State.INDEXED)
        # The first one is in the same folder, and new once more in what was restored.
        until(lambda: sum(batch["new"] for batch in watching.batches()) == 8)
        watching.until_state(first, State.INDEXED)


@pytest.mark.one_python
def test_why_nothing_is_taken_in_is_said_once(photos: Path, place: Path) -> None:
    with watched(place, photos) as watching:
        locked = place / "library.db"
        aside = place / "aside.db"
        locked.rename(aside)
        locked.mkdir()  # which nobody can open
        until(lambda: watching.notes(), str(watching.events[-5:]))
        time.sleep(7)  # longer than it rests after a failure
        assert len(watching.notes()) == 1 and {"event": "resumed"} not in watching.events
        locked.rmdir()
        aside.rename(locked)
        until(lambda: {"event": "resumed"} in watching.events)
        new = draw(photos / "new.png", "red", (50, 50))
        watching.until_state(new, State.INDEXED)
        assert watching.events.count({"event": "resumed"}) == 1
