"""Many writers at once on a library on a server: who waits for whom, and what they end with."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection

from app.folders import targets_for
from benchmarks.bench_vectors import records
from comparer import held_at
from conftest import index_into
from fakes import ColourEncoder
from servers import Server
from store.errors import LibraryBusy, LibraryError
from store.metadata import Metadata
from store.server_library import ServerLibrary
from store.server_writer import HelpingWriter
from store.sql.dialect.helping_session import HelpingSession
from store.states import State
from store.values import ContentFacts, FileRecord, ModelInfo
from store.writer import LibraryWriter
from watching import until

pytestmark = pytest.mark.one_python

CHILD = Path(__file__).with_name("crash_child.py")


@pytest.fixture
def other(server_library: ServerLibrary, tmp_path: Path) -> Iterator[ServerLibrary]:
    """The same library, as another machine has it."""
    with ServerLibrary.at(server_library.address, tmp_path / "elsewhere") as opened:
        assert isinstance(opened, ServerLibrary)
        yield opened


def states(library: ServerLibrary) -> dict[str, str]:
    return {photo.path.name: str(photo.state) for photo in library.files(list(State))}


# -- who waits for whom -------------------------------------------------------------------------


class Waiting:
    """Somebody who wants to write, in a thread of their own."""

    def __init__(self, library: ServerLibrary, want: Callable[[LibraryWriter], object]) -> None:
        self.said: list[str] = []
        self.told, self.done = threading.Event(), threading.Event()
        self._library, self._want = library, want
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with self._library.writing(self._tell) as writer:
            self._want(writer)
        self.done.set()

    def _tell(self, line: str) -> None:
        self.said.append(line)
        self.told.set()

    def end(self) -> list[str]:
        self._thread.join(30)
        assert self.done.is_set()
        return self.said


@pytest.mark.parametrize(
    ("held", "wanted", "said"),
    [
        ("/p/a", "/p/a", "indexing /p/a"),
        ("/p/a/deep", "/p/a", "indexing a folder in /p/a"),
        ("/p", "/p/a", "indexing /p"),
    ],
)
def test_the_same_folder_is_waited_for(
    server_library: ServerLibrary, other: ServerLibrary, held: str, wanted: str, said: str
) -> None:
    with server_library.writing() as writer:
        writer.hold([Path("/elsewhere"), Path(held)])
        second = Waiting(other, lambda mine: mine.hold([Path(wanted)]))
        assert second.told.wait(30) and not second.done.is_set()
    assert second.end() == [f"Waiting for another clipsearch, which is {said}"]


def test_other_folders_are_not(server_library: ServerLibrary, other: ServerLibrary) -> None:
    with server_library.writing() as one, other.writing() as two:
        one.add_root(Path("/p/a"), (), replace=False)
        two.add_root(Path("/p/b"), (), replace=False)
        one.begin_run(), two.begin_run()
        with pytest.raises(LibraryBusy, match=r"is indexing /p/a\. Wait"):
            two.hold([Path("/p/a/x")])  # it holds one already: to wait could be for ever
        assert [root.path for root in server_library.roots()] == [Path("/p/a"), Path("/p/b")]


def test_a_root_takes_in_those_inside_once_they_are_free(
    server_library: ServerLibrary, other: ServerLibrary
) -> None:
    with server_library.writing() as one:
        one.add_root(Path("/p/a"), ["x"], replace=False)
        two = Waiting(other, lambda mine: mine.add_root(Path("/p"), (), replace=False))
        assert two.told.wait(30)
        assert [root.path for root in server_library.roots()] == [Path("/p/a")]
    two.end()
    assert [(root.path, root.excludes) for root in server_library.roots()] == [(Path("/p"), ("x",))]


def test_who_waited_for_a_root_that_was_taken_in(
    server_library: ServerLibrary, other: ServerLibrary, photos: Path
) -> None:
    index_into(server_library, ColourEncoder(), photos / "sub")
    targets: list[Any] = []
    with server_library.writing() as one:
        one.hold([photos])
        two = Waiting(
            other, lambda mine: targets.extend(targets_for(other, mine, [photos / "sub"]))
        )
        assert two.told.wait(30)
        one.add_root(photos, (), replace=False)
    two.end()
    assert [(target.root.path, target.folder) for target in targets] == [(photos, "sub")]


def test_to_move_or_remove_rows_needs_the_library_alone(
    server_library: ServerLibrary, other: ServerLibrary
) -> None:
    with server_library.writing() as one, other.writing() as two:
        root = one.add_root(Path("/p/a"), (), replace=False)
        model = one.add_model("m", "1", 3)
        refused: list[Callable[[], object]] = [
            two.prune,
            lambda: two.forget(root.path),
            lambda: two.relocate(root.path, Path("/q")),
            two.mend_rows,
            lambda: two.mend_vectors(model),
            lambda: two.remove_vectors(model, np.array([1])),
        ]
        for work in refused:
            with pytest.raises(LibraryBusy, match="is changing the library"):
                work()
        one.prune()  # nobody else writes
    with other.writing() as two:
        two.forget(root.path)


def test_a_run_waits_for_who_has_the_library_alone(
    server_library: ServerLibrary, other: ServerLibrary
) -> None:
    with server_library.writing() as one:
        assert hasattr(one, "_session")
        with one._session.alone():
            two = Waiting(other, lambda mine: mine.begin_run())
            assert two.told.wait(30) and not two.done.is_set()
    assert two.end() == ["Waiting for another clipsearch, which is changing the library"]


def test_one_model_at_a_time(server_library: ServerLibrary, other: ServerLibrary) -> None:
    with server_library.writing() as one, other.writing() as two:
        first = one.add_model("m", "1", 3)
        assert two.add_model("m", "1", 3) == first
        with pytest.raises(LibraryBusy, match="indexing with a different model"):
            two.add_model("n", "1", 3)
        assert server_library.building_model() == first
    with other.writing() as two:
        two.add_model("n", "1", 3)
    assert server_library.building_model() != first


def test_ctrl_c_ends_the_wait(server_library: ServerLibrary, photos: Path) -> None:
    with server_library.writing() as writer:
        writer.hold([photos])
        command = [sys.executable, str(CHILD), "index", str(photos)]
        command += ["--library", server_library.address.url]
        child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert child.stderr is not None
        line = child.stderr.readline()
        assert line == f"Waiting for another clipsearch, which is indexing {photos}\n"
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=30)
        assert (child.returncode, said) == (130, "clipsearch: Stopped.\n")


def test_ctrl_c_in_a_statement_is_not_called_a_lost_connection(
    server_library: ServerLibrary,
) -> None:
    def work(connection: Any) -> None:
        stopping = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
        stopping.start()
        connection.exec_driver_sql("SELECT pg_sleep(30)")

    with server_library.writing() as writer:
        with pytest.raises(KeyboardInterrupt):
            writer._change(work)
        with pytest.raises(KeyboardInterrupt):  # what a run writes in the end, as it can't
            writer.begin_run()


# -- what is lost with a connection -------------------------------------------------------------


def end_backends(server: Server) -> None:
    """End the sessions that hold locks."""
    server.run(
        "SELECT pg_terminate_backend(pid) FROM pg_locks "
        "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    )
    while server.run("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"):
        time.sleep(0.01)


def test_nothing_is_written_without_the_locks(
    server: Server, server_library: ServerLibrary, other: ServerLibrary
) -> None:
    vectors = np.eye(3, dtype=np.float32)
    with server_library.writing() as writer:
        model = writer.add_model("m", "1", 3)
        root = writer.add_root(Path("/p"), (), replace=False)
        writer.record(records(root.id, 0, vectors[:1]), model, writer.begin_run())
        end_backends(server)
        with other.writing() as another:  # at once
            another.hold([Path("/p")])
        for _ in range(2):
            with pytest.raises(LibraryError, match="was lost, and with it the right to change"):
                writer.record(records(root.id, 1, vectors[1:]), model, 1)
    assert states(server_library) == {"0.jpg": "indexed"}


# -- the same rows from two sides ---------------------------------------------------------------


def test_the_same_contents_in_any_order(
    server_library: ServerLibrary, other: ServerLibrary
) -> None:
    vectors = np.random.default_rng(3).normal(size=(400, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    errors: list[BaseException] = []

    def write(library: ServerLibrary, path: str, step: int) -> None:
        try:
            with library.writing() as writer:
                model = writer.add_model("m", "1", 3)
                root = writer.add_root(Path(path), (), replace=False)
                files = records(root.id, 0, vectors)[::step]
                run = writer.begin_run()
                for start in range(0, 400, 50):
                    writer.record(files[start : start + 50], model, run)
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=write, args=(server_library, "/a", 1)),
        threading.Thread(target=write, args=(other, "/b", -1)),
    ]
    before = deadlocks(server_library)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    held = held_at(server_library.address.url)
    assert (len(held.paths), len(held.vectors)) == (800, 400)
    assert deadlocks(server_library) == before
    assert server_library.generation() == 16


def deadlocks(library: ServerLibrary) -> int:
    import psycopg

    with psycopg.connect(library.address.url) as connection:
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        (row,) = connection.execute(query).fetchall()
    return int(row[0])


def test_contents_are_written_in_one_order(
    server: Server, server_library: ServerLibrary, other: ServerLibrary
) -> None:
    """Who waits for another's content has written none yet that comes after it."""
    import psycopg

    with other.writing() as writer:
        model = writer.add_model("m", "1", 3)
        root = writer.add_root(Path("/p"), (), replace=False)
        files = records(root.id, 0, np.eye(3, dtype=np.float32))
        digests = sorted(file.picture.digest for file in files if file.picture)
        backwards = sorted(files, key=lambda f: f.picture.digest if f.picture else b"")[::-1]
        query = "INSERT INTO content (digest, width, height, format) VALUES (%s, 1, 1, 'JPEG')"
        with psycopg.connect(server_library.address.url) as connection:
            connection.execute("SET lock_timeout = '300ms'")
            connection.execute(query, (digests[0],))
            run = writer.begin_run()
            thread = threading.Thread(target=lambda: writer.record(backwards, model, run))
            thread.start()
            while not server.run("SELECT 1 FROM pg_locks WHERE NOT granted"):
                time.sleep(0.01)
            for digest in digests[1:]:
                connection.execute(query, (digest,))
        thread.join(30)
    held = held_at(server_library.address.url)
    assert (len(held.paths), len(held.vectors)) == (3, 3)
    assert states(server_library) == dict.fromkeys(["0.jpg", "1.jpg", "2.jpg"], "indexed")


def test_a_deadlock_is_tried_again(
    server: Server, server_library: ServerLibrary, other: ServerLibrary
) -> None:
    """Two statements that want what the other has: the server ends one, which is done again."""
    with server_library.writing() as one, other.writing() as two:
        root = one.add_root(Path("/p"), (), replace=False)
        model = one.add_model("m", "1", 3)
        one.record(records(root.id, 0, np.eye(3, dtype=np.float32)), model, one.begin_run())
        ids = [photo.id for photo in server_library.files([State.INDEXED])]
        both, tries = threading.Barrier(2), []

        def want(writer: Any, first: int, second: int) -> None:
            def work(connection: Any) -> None:
                tries.append(first)
                lock = "SELECT id FROM photo WHERE id = {} FOR UPDATE"
                connection.exec_driver_sql(lock.format(first))
                if len(tries) <= 2:
                    both.wait(30)
                connection.exec_driver_sql(lock.format(second))

            writer._change(work, together=True)

        thread = threading.Thread(target=want, args=(two, ids[1], ids[0]))
        thread.start()
        want(one, ids[0], ids[1])
        thread.join(60)
    assert not thread.is_alive() and len(tries) == 3


def test_who_sees_a_generation_sees_what_came_before(
    server_library: ServerLibrary, other: ServerLibrary
) -> None:
    with server_library.writing() as one, other.writing() as two:
        model = one.add_model("m", "1", 3)
        roots = [w.add_root(Path(p), (), replace=False) for w, p in ((one, "/a"), (two, "/b"))]
        vectors = np.tile(np.eye(3, dtype=np.float32), (20, 1))
        done = threading.Event()

        def write(writer: LibraryWriter, root: int, first: int) -> None:
            run = writer.begin_run()
            for number in range(0, 30, 3):
                writer.record(records(root, first + number, vectors[:3]), model, run)

        threads = [
            threading.Thread(target=write, args=(one, roots[0].id, 0)),
            threading.Thread(target=write, args=(two, roots[1].id, 100)),
        ]
        seen: list[tuple[int, int]] = []

        def watch() -> None:
            while not done.is_set():
                generation = server_library.generation()
                seen.append((generation, len(list(server_library.files([State.INDEXED])))))

        watching = threading.Thread(target=watch)
        watching.start()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done.set()
        watching.join()
        assert all(photos >= 3 * generation for generation, photos in seen)
        assert server_library.generation() == 20


# -- processes that help a run ------------------------------------------------------------------


def test_who_helps_a_run_writes_while_it_goes_on(
    server: Server, server_library: ServerLibrary, other: ServerLibrary
) -> None:
    vectors = np.eye(3, dtype=np.float32)
    helper = other.helping()
    with server_library.writing() as writer:
        model = writer.add_model("m", "1", 3)
        root = writer.add_root(Path("/p"), (), replace=False)
        run = writer.begin_run()
        helper.record(records(root.id, 0, vectors[:1]), model, run)
        end_backends(server)
        with pytest.raises(LibraryError, match="that this process helps has ended"):
            helper.record(records(root.id, 1, vectors[1:2]), model, run)
    with server_library.writing() as writer:
        run = writer.begin_run()
        helper.record(records(root.id, 1, vectors[1:2]), model, run)
        writer.settle_moves(run)
        with pytest.raises(LibraryError, match="that this process helps has ended"):
            helper.record(records(root.id, 2, vectors[2:]), model, run)
    assert states(server_library) == {"0.jpg": "indexed", "1.jpg": "indexed"}


class SlowToEnd(HelpingSession):
    """Its transactions have written all and wait, before they end, until they may ``go_on``."""

    def __init__(self, library: ServerLibrary) -> None:
        super().__init__(library._engine, library.address)
        self.written, self.go_on = threading.Event(), threading.Event()

    @contextmanager
    def transaction(self, *, together: bool = False) -> Iterator[Connection]:
        with super().transaction(together=together) as connection:
            yield connection
            self.written.set()
            self.go_on.wait(30)


def record_at_once(
    library: ServerLibrary,
    other: ServerLibrary,
    files: Sequence[FileRecord],
    model: ModelInfo,
    run: int,
) -> None:
    """Record the second of two ``files`` while the first is written, but not for others to see.

    The second ends, or waits for a lock, before the first may end.
    """
    session = SlowToEnd(library)
    slow = HelpingWriter(library._engine, library.folder, session)
    quick = other.helping()
    first, second = files
    threads = [
        threading.Thread(target=lambda: slow.record([first], model, run)),
        threading.Thread(target=lambda: quick.record([second], model, run)),
    ]
    threads[0].start()
    assert session.written.wait(30)
    threads[1].start()

    def waits() -> object:
        with library._engine.connect() as connection:
            query = "SELECT 1 FROM pg_locks WHERE NOT granted"
            return connection.exec_driver_sql(query).first()

    until(lambda: not threads[1].is_alive() or waits())
    session.go_on.set()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize("order", [("a.jpg", "a.jpg.xmp"), ("a.jpg.xmp", "a.jpg")])
def test_a_photo_and_its_sidecar_that_are_written_at_once_know_of_each_other(
    server: Server, server_library: ServerLibrary, other: ServerLibrary, order: tuple[str, str]
) -> None:
    with server_library.writing() as writer:
        model = writer.add_model("m", "1", 3)
        root = writer.add_root(Path("/p"), (), replace=False)
        run = writer.begin_run()
        (photo,) = records(root.id, 0, np.eye(1, 3, dtype=np.float32))
        assert photo.picture
        facts = ContentFacts(1, 1, "JPEG", told=Metadata(title="earlier"))
        photo = replace(photo, name="a.jpg", picture=replace(photo.picture, facts=facts))
        said = Metadata(title="corrected")
        sidecar = replace(photo, name="a.jpg.xmp", state=State.OTHER, picture=None, sidecar=said)
        first, second = (sidecar if name.endswith(".xmp") else photo for name in order)
        record_at_once(server_library, other, [first, second], model, run)
    ids = server_library.contents_at(Path("/p"))
    ((shown,),) = server_library.photos_of(ids).values()
    assert shown.facts and shown.facts.title == "corrected"


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("a.CR2", ContentFacts(1, 1, "CR2")),
        ("a.mov", ContentFacts(1, 1, "MOV", duration_ms=2_900)),
    ],
)
def test_the_two_of_a_stack_that_are_written_at_once_know_of_each_other(
    server_library: ServerLibrary,
    other: ServerLibrary,
    name: str,
    facts: ContentFacts,
    is_known: bool,
    is_first: bool,
) -> None:
    with server_library.writing() as writer:
        model = writer.add_model("m", "1", 3)
        root = writer.add_root(Path("/p"), (), replace=False)
        run = writer.begin_run()
        shown, beside = records(root.id, 0, np.eye(2, 3, dtype=np.float32))
        assert beside.picture
        beside = replace(beside, name=name, picture=replace(beside.picture, facts=facts))
        if is_known:  # a copy of it is elsewhere
            assert beside.picture
            writer.record([replace(beside, folder="copies")], model, run)
            beside = replace(beside, picture=replace(beside.picture, facts=None, vector=None))
        shown = replace(shown, name="a.jpg")
        both = [beside, shown] if is_first else [shown, beside]
        record_at_once(server_library, other, both, model, run)
    (stacked,) = server_library.files([State.STACKED])
    assert (stacked.path.name, stacked.path.parent.name) == (name, "folder0")


def test_who_takes_over_waits_for_what_helpers_are_writing(
    server: Server, server_library: ServerLibrary, other: ServerLibrary
) -> None:
    helper: Any = other.helping()
    begun, go = threading.Event(), threading.Event()

    def work(connection: Any) -> None:
        connection.exec_driver_sql("INSERT INTO filesystem (name) VALUES ('late')")
        begun.set()
        assert go.wait(30)

    with server_library.writing() as writer:
        writer.hold([Path("/p")])
        helper._session.run = writer.begin_run()
        thread = threading.Thread(target=lambda: helper._change(work, together=True))
        thread.start()
        assert begun.wait(30)
        server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'clipsearch' AND state = 'idle'"
        )
    after: list[list[tuple[Any, ...]]] = []
    names = "SELECT name FROM filesystem"

    def take_over(writer: LibraryWriter) -> None:
        writer.hold([Path("/p")])
        after.append(server.run(names, url=other.address.url))

    waiting = Waiting(server_library, take_over)
    time.sleep(1)
    assert not waiting.done.is_set()
    go.set()
    waiting.end()
    thread.join()
    assert after == [[("late",)]]


# -- the end of a run while others go on --------------------------------------------------------


def test_one_makes_the_index_and_others_go_on(
    server_library: ServerLibrary, other: ServerLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.sql.dialect.nearby.FEW", 2)
    with server_library.writing() as one, other.writing() as two:
        model = one.add_model("m", "1", 3)
        root = one.add_root(Path("/p"), (), replace=False)
        one.record(records(root.id, 0, np.eye(3, dtype=np.float32)), model, one.begin_run())
        second: Any = two
        with second._session.transaction() as connection:
            assert second._session.is_first_to_index(connection)
            assert one.save_index(model) is None
        assert one.save_index(model) == "built on the server"


def test_edits_are_judged_by_the_run_that_has_their_root(
    server_library: ServerLibrary, other: ServerLibrary
) -> None:
    vectors = np.eye(3, dtype=np.float32)
    with server_library.writing() as one, other.writing() as two:
        model = one.add_model("m", "1", 3)
        one.add_root(Path("/a"), (), replace=False)
        root = two.add_root(Path("/b"), (), replace=False)
        run = two.begin_run()
        before, after = records(root.id, 0, vectors[:2])
        two.record([before], model, run)
        server_library.user_data.add_tag(server_library.contents_at(Path("/b")), "sea")
        two.record([replace(before, picture=after.picture)], model, run)
        assert one.settle_edits(lambda _before, _after: True).followed == []
        (edit,) = two.settle_edits(lambda _before, _after: True).followed
        assert edit.path == Path("/b") / before.folder / before.name
    assert list(server_library.user_data.tagged()) == ["sea"]
