"""Copies that are stopped, killed, brought up to date, refused, or made of what is damaged."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import apart
import indexer.recorder
from app import copying
from conftest import Run, draw, index_into
from copied import add_marks, all_of, config, copy, fill, opened
from copied import origin as origin
from copied import own_cache as own_cache
from copied import target as target
from fakes import ColourEncoder
from indexer.encoders.encoder import Pixels
from servers import Server
from store.copying.copies import Copied
from store.errors import (
    FileRefused,
    LibraryDamaged,
    LibraryError,
    LibraryNotFound,
    LibraryReadOnly,
)
from store.library import DATABASE
from store.rescue.backup import back_up, restore_backup
from store.sql.copying import meter, tables, transfer
from store.sql.dialect import bulk
from store.sql.dialect.sessions import add_functions
from store.states import State
from store.vectors import Vectors

pytestmark = pytest.mark.one_python

EACH_WAY = pytest.mark.parametrize(
    ("origin", "target"), [("folder", "server"), ("server", "folder")], indirect=True
)
"""For what takes long: each kind of place is copied from, and copied to."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and batches of two rows, with a report of each: more moments to be stopped at."""
    for module, name in (
        (transfer, "_BATCH"),
        (transfer, "_VECTORS"),
        (tables, "_PAGE"),
        (meter, "_EVERY"),
    ):
        monkeypatch.setattr(module, name, 2 if module is not meter else 1)


class Stopping:
    """A report that stops the copy at its call number ``at``, as Ctrl-C does."""

    def __init__(self, at: int) -> None:
        self.at, self.calls = at, 0

    def __call__(self, doing: str, done: int, total: int) -> None:
        self.calls += 1
        if self.calls == self.at:
            raise KeyboardInterrupt


def stopped_copy(origin: str, target: str, at: int) -> Copied | None:
    """None if it was stopped."""
    try:
        return copying.copy(config(origin), config(target), Stopping(at))
    except KeyboardInterrupt:
        return None


@pytest.mark.usefixtures("small")
@EACH_WAY
def test_a_copy_that_is_stopped_goes_on(origin: str, target: str, photos: Path) -> None:
    fill(origin, photos)
    at, copied = 1, None
    while copied is None:
        copied = stopped_copy(origin, target, at)
        if copied is None and not target_is_whole(target):
            with pytest.raises(LibraryNotFound, match=r"not finished.*clipsearch copy"):
                opened(target, create=True)
        at += 29
    assert at > 60
    assert sum(copied.counts.values()) > copied.added or not copied.first
    assert all_of(target) == all_of(origin)


def target_is_whole(target: str) -> bool:
    try:
        opened(target).close()
    except LibraryNotFound:
        return False
    return True


def change(place: str, photos: Path) -> None:
    """Whatever can become of a library: new, changed, moved, removed photos, and marks."""
    draw(photos / "new.png", "blue", (77, 7))
    draw(photos / "red.png", "yellow", (78, 7))
    (photos / "sub" / "green.png").rename(photos / "sub" / "moved.png")
    (photos / "white.png").unlink()
    (photos / "broken.jpg").unlink()
    with opened(place) as library:
        user = library.user_data
        user.remove_tag(library.contents_at(photos), "süß")
        user.remove_concept("warm")
        user.save_search("Sky", "another sky")
        index_into(library, ColourEncoder("others", "2"), photos)
        with library.writing() as writer:
            writer.prune()
            writer.set_places(dict.fromkeys(library.contents_at(photos)[:2], "Paris, France"))
        add_marks(library, photos)
        user.add_tag(library.contents_at(photos / "new.png"), "new")


def test_an_earlier_copy_is_brought_up_to_date(origin: str, target: str, photos: Path) -> None:
    fill(origin, photos)
    first = copy(origin, target)
    again = copy(origin, target)
    assert (again.first, again.added, again.changed, again.removed) == (False, 0, 0, 0)
    change(origin, photos)
    later = copy(origin, target)
    assert not later.first
    assert later.added and later.changed and later.removed
    assert later.added < sum(first.counts.values()) / 2
    assert all_of(target) == all_of(origin)


@EACH_WAY
def test_an_update_says_what_it_took(origin: str, target: str, photos: Path) -> None:
    fill(origin, photos)
    copy(origin, target)
    with opened(origin) as library:
        user = library.user_data
        user.add_tag(library.contents_at(photos / "red.png"), "new")
        assert user.remove_tag(library.contents_at(photos), "süß") == 1
        user.save_search("Sky", "another sky")
    again = copy(origin, target)
    assert (again.added, again.changed, again.removed) == (1, 1, 1)


@pytest.mark.usefixtures("small")
def test_folders_that_take_each_others_names(origin: str, target: str, photos: Path) -> None:
    fill(origin, photos)
    (photos.parent / "second").mkdir()
    draw(photos.parent / "second" / "red.png", "red", (50, 9))
    with opened(origin) as library:
        index_into(library, ColourEncoder("others", "2"), photos.parent / "second")
    copy(origin, target)
    with opened(origin) as library, library.writing() as writer:
        for old, new in (("photos", "third"), ("second", "photos"), ("third", "second")):
            writer.relocate(photos.parent / old, photos.parent / new)
    copy(origin, target)
    assert all_of(target) == all_of(origin)


@pytest.mark.usefixtures("small")
@EACH_WAY
def test_an_update_that_is_stopped_leaves_the_earlier_copy(
    origin: str, target: str, photos: Path
) -> None:
    fill(origin, photos)
    copy(origin, target)
    before = all_of(target)
    change(origin, photos)
    at, copied = 1, None
    while copied is None:
        copied = stopped_copy(origin, target, at)
        if copied is None and at < 100:
            assert all_of(target) == before
        at += 47
    assert all_of(target) == all_of(origin)


class SlowEncoder(ColourEncoder):
    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        time.sleep(0.05)
        return super().encode_images(images)


@EACH_WAY
def test_a_copy_of_what_is_being_indexed(
    origin: str, target: str, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one moment: no photo without its vector, and the run ends as if nobody had copied."""
    fill(origin, photos)
    for number in range(150):
        draw(photos / f"more{number}.png", "blue", (10 + number, 9))
    monkeypatch.setattr(indexer.recorder, "COMMIT_FILES", 8)
    with opened(origin) as library:
        encoder = SlowEncoder("others", "2", batch_size=1)
        run = threading.Thread(target=index_into, args=(library, encoder, photos))
        run.start()
        seen: list[int] = []
        while run.is_alive() or not seen:
            copy(origin, target)
            with opened(target) as copied:
                model = copied.model()
                assert model
                seen.append(len(list(copied.files([State.INDEXED]))))
                assert copied.searchable_count(model) == seen[-1]
                assert "//" in target or copied.check(model, copied.index(model).index) == []
        run.join()
    copy(origin, target)
    ends = [all_of(place) | {"answers": None} for place in (origin, target)]  # many are the same
    assert ends[0] == ends[1]
    assert seen == sorted(seen) and len(set(seen)) > 1


# -- kills --------------------------------------------------------------------------------------

CHILD = """
import sys, time
sys.path[:0] = {path!r}
from store.rescue.backup import back_up, restore_backup
from store.sql.copying import meter, tables, transfer
transfer._BATCH = transfer._VECTORS = tables._PAGE = 2
meter._EVERY = 1
from app.cli import cli
from store.sql.copying.meter import Meter
before = Meter.passing
def slowly(self, rows):
    for row in before(self, rows):
        time.sleep(0.004)
        yield row
Meter.passing = slowly
cli(["copy", *sys.argv[1:]])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@EACH_WAY
def test_kills_leave_nothing_wrong(origin: str, target: str, photos: Path) -> None:
    fill(origin, photos)
    top = Path(__file__).parent
    script = CHILD.format(path=[str(top.parent), str(top)])
    killed = 0
    for pause in (0.0, 0.1, 0.2, 0.4):
        child = subprocess.Popen(
            [sys.executable, "-c", script, origin, target, "--json"], stdout=subprocess.PIPE
        )
        assert child.stdout
        child.stdout.readline()  # it has begun
        time.sleep(pause)
        child.send_signal(signal.SIGKILL)
        killed += child.wait() == -signal.SIGKILL
        child.stdout.close()
        assert not target_is_whole(target) or all_of(target) == all_of(origin)
    assert killed >= 2
    wait_for_the_server(target)
    copy(origin, target)
    assert all_of(target) == all_of(origin)


def wait_for_the_server(target: str) -> None:
    """A server notices a while later that a client is gone."""
    if "//" in target:
        time.sleep(1)


def test_ctrl_c(run: Run, tmp_path: Path, photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(str(tmp_path / "origin"), photos)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(transfer.Transfer, "_fill", stop)
    done = run("copy", tmp_path / "origin", tmp_path / "target")
    assert (done.code, done.out) == (130, "")
    assert "Give the same command again" in done.err and done.err.count("\n") == 1


# -- damage -------------------------------------------------------------------------------------


def spoil(place: str, server: Server | None, statement: str) -> None:
    if server and "//" in place:
        server.run(statement, url=place)
        return
    with closing(sqlite3.connect(Path(place) / DATABASE)) as database:
        add_functions(database)
        database.execute(statement)
        database.commit()


FLIPPED = "UPDATE embedding SET checksum = checksum + 1 WHERE content_id = 1"
"""A checksum that does not match; what it is about has the same length and type as before."""


def test_a_damaged_vector_is_said_and_left_out(
    origin: str, target: str, photos: Path, server: Server, run: Run
) -> None:
    fill(origin, photos)
    spoil(origin, server, FLIPPED)
    done = run("copy", origin, target)
    assert done.code == 0 and "verified" in done.out
    assert "2 vectors of" in done.err and "damaged" in done.err and done.err.count("\n") == 1
    with opened(target) as library:
        index_into(library, ColourEncoder("others", "2"), photos)  # reads that photo again
        model = library.model()
        assert model
        assert library.searchable_count(model) == 6


@EACH_WAY
def test_damage_does_not_replace_a_sound_vector(
    origin: str, target: str, photos: Path, server: Server
) -> None:
    fill(origin, photos)
    before = all_of(origin)
    copy(origin, target)
    spoil(origin, server, FLIPPED)
    assert copy(origin, target).damaged == 2
    assert all_of(target)["vectors"] == before["vectors"]
    # And the other way round: the copy's own disk.
    spoil(origin, server, FLIPPED.replace("+", "-"))
    spoil(
        target,
        server,
        "UPDATE embedding SET vector = (SELECT vector FROM embedding AS other "
        "WHERE other.content_id = 2 LIMIT 1) WHERE content_id = 1",
    )
    assert copy(origin, target).damaged == 0
    assert all_of(target) == all_of(origin) == before


@EACH_WAY
@pytest.mark.parametrize(
    ("table", "said"), [("tag", "rows of tag: 1"), ("embedding", "vectors: 2")]
)
def test_a_disk_that_loses_something(
    origin: str,
    target: str,
    photos: Path,
    table: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What does not arrive, or not as it was sent, is said; and the copy is no library."""
    fill(origin, photos)
    write = bulk.write

    def lossy(connection: Any, to: Any, columns: Any, rows: Any) -> None:
        if to.name == table == "tag":
            rows = rows[1:]
        elif to.name == table and rows:
            (content, model, vector, checksum), *others = rows
            rows = [(content, model, bytes([vector[0] ^ 1]) + vector[1:], checksum), *others]
        write(connection, to, columns, rows)

    monkeypatch.setattr(bulk, "write", lossy)
    with pytest.raises(LibraryError, match=rf"is not what was copied \({said}\)"):
        copy(origin, target)
    assert not target_is_whole(target)
    monkeypatch.setattr(bulk, "write", write)
    copy(origin, target)
    assert all_of(target) == all_of(origin)


def test_rows_that_do_not_fit_together(tmp_path: Path, photos: Path, target: str) -> None:
    fill(str(tmp_path / "origin"), photos)
    spoil(str(tmp_path / "origin"), None, "UPDATE photo SET content_id = 999 WHERE id = 1")
    with pytest.raises(LibraryDamaged, match="has a row that can't be copied") as caught:
        copy(str(tmp_path / "origin"), target)
    assert "\n" not in str(caught.value)
    assert not target_is_whole(target)


# -- refusals -----------------------------------------------------------------------------------


def test_another_library_is_left_alone(origin: str, target: str, photos: Path) -> None:
    fill(origin, photos)
    with opened(target, create=True) as library:
        index_into(library, ColourEncoder("others", "2"), photos / "sub")
        add_marks(library, photos)
    before = all_of(target)
    with pytest.raises(FileRefused, match="no copy of"):
        copy(origin, target)
    assert all_of(target) == before


def test_an_empty_library_is_filled(origin: str, target: str, photos: Path) -> None:
    fill(origin, photos)
    opened(target, create=True).close()
    copy(origin, target)
    assert all_of(target) == all_of(origin)


@EACH_WAY
@pytest.mark.parametrize("by", ["tag", "index"])
def test_a_copy_that_was_used_is_left_alone(
    origin: str, target: str, photos: Path, by: str
) -> None:
    fill(origin, photos)
    copy(origin, target)
    with opened(target) as library:
        library.user_data.remember("a search of the copy")
        library.user_data.clear_history()
    copy(origin, target)  # that is no change
    with opened(target) as library:
        if by == "tag":
            library.user_data.add_tag([1], "mine")
        else:
            draw(photos / "later.png", "blue", (77, 20))
            index_into(library, ColourEncoder("others", "2"), photos)
    before = all_of(target)
    with pytest.raises(FileRefused, match="was changed since it was copied"):
        copy(origin, target)
    assert all_of(target) == before


def test_what_can_not_be(
    run: Run, origin: str, photos: Path, tmp_path: Path, server: Server
) -> None:
    assert refused(run, str(tmp_path / "none"), str(tmp_path / "to")).startswith("There is no lib")
    assert not (tmp_path / "to").exists()
    fill(origin, photos)
    other = str(tmp_path / "other")
    assert "is the library that" in refused(run, origin, origin)
    assert "127.0.0.1:1/x can't be used" in refused(run, origin, "postgresql://a:s3@127.0.0.1:1/x")
    (tmp_path / "file").write_text("no folder")
    assert str(tmp_path / "file") in refused(run, origin, str(tmp_path / "file"))
    assert run("copy", "", origin).code == run("copy", origin, "").code == 2
    assert "There are no libraries at s3://" in refused(run, origin, "s3://bucket/x")
    copy(origin, other)
    spoil(other, None, "PRAGMA user_version = 99")
    assert "Update clipsearch" in refused(run, origin, other)
    assert "Update clipsearch" in refused(run, other, str(tmp_path / "more"))


def refused(run: Run, origin: str, target: str) -> str:
    done = run("copy", origin, target)
    assert done.code in (1, 2) and not done.out
    assert done.err.count("\n") == 1 and "s3@" not in done.err
    return done.err.removeprefix("clipsearch: ")


def test_a_library_that_was_restored_since(target: str, tmp_path: Path, photos: Path) -> None:
    """It may not be what it was: the copy may be the better one."""
    folder = tmp_path / "origin"
    origin = str(folder)
    fill(origin, photos)
    back_up(folder, tmp_path / "b.db")
    copy(origin, target)
    restore_backup(folder, tmp_path / "b.db")
    with pytest.raises(FileRefused, match="no copy of"):
        copy(origin, target)


def test_a_library_that_is_older_than_its_copy(
    origin: str, target: str, photos: Path, server: Server
) -> None:
    """The folder from before was put back by hand, say."""
    fill(origin, photos)
    copy(origin, target)
    earlier = "UPDATE setting SET value = '1' WHERE key = 'generation'"
    spoil(origin, server, earlier)
    with pytest.raises(FileRefused, match="a copy of a later state"):
        copy(origin, target)


def test_a_full_disk_and_one_that_can_not_be_written_to(tmp_path: Path, photos: Path) -> None:
    fill(str(tmp_path / "origin"), photos)
    command = [sys.executable, "-m", "app.cli", "copy", str(tmp_path / "origin")]
    disk = tmp_path / "disk"
    disk.mkdir()
    done = apart.run(apart.mounted(apart.tiny(disk, 150_000), *command, str(disk / "copy")))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"{disk}/copy" in done.stderr and "full" in done.stderr
    disk.chmod(0o555)
    spoil(str(tmp_path / "origin"), None, "DELETE FROM setting WHERE key = 'library_id'")
    (tmp_path / "origin").chmod(0o555)
    for said in ("and verified them", "can't be told, because that can't be written to"):
        done = apart.run(apart.without_rights(*command, str(tmp_path / "copy")))
        assert said in done.stdout + done.stderr
    done = apart.run(apart.without_rights(*command, str(disk / "copy")))
    assert (done.returncode, done.stderr) == (1, f"clipsearch: Permission denied: {disk}/copy\n")


def test_without_the_right_to_write(server: Server, photos: Path, tmp_path: Path) -> None:
    """It can be copied, and brought up to date; nothing can be copied there."""
    url = server.database()
    fill(url, photos)
    server.run(
        "CREATE ROLE looker LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker", url=url
    )
    looking = url.replace("postgres@", "looker@")
    copy(looking, str(tmp_path / "target"))
    change(url, photos)
    copy(looking, str(tmp_path / "target"))
    ends = [all_of(place) for place in (str(tmp_path / "target"), url)]
    # Thumbnails are kept by address, and this machine had none of that.
    assert ends[0] | {"without thumbnail": []} == ends[1]
    with pytest.raises(LibraryReadOnly, match="can't be changed"):
        copy(str(tmp_path / "target"), looking)


@EACH_WAY
def test_two_copies_at_once(server: Server, origin: str, target: str, photos: Path) -> None:
    fill(origin, photos)
    said: list[str] = []

    def second(doing: str, *_: object) -> None:
        if doing == "copy" and not said:
            said.append("")
            with pytest.raises(LibraryError) as caught:
                copy(origin, target)
            said.append(str(caught.value))

    copying.copy(config(origin), config(target), second)
    assert "Another clipsearch is" in said[1]
    assert all_of(target) == all_of(origin)


def test_a_run_in_the_copy_takes_no_copy_for_a_move(origin: str, target: str, photos: Path) -> None:
    """Runs are counted in another way on a server: the next number must not be a copied one."""
    shutil.copy(photos / "red.png", photos / "twin.png")
    fill(origin, photos)
    copy(origin, target)
    (photos / "red.png").unlink()
    with opened(target) as library:
        summary = index_into(library, ColourEncoder("others", "2"), photos)
        # Its twin was there before: it has gone, and not moved.
        assert (summary.moved, summary.gone) == (0, 1)
        assert photos / "red.png" in [photo.path for photo in library.files([State.GONE])]
