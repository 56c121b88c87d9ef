"""Searches read from a replica: a real one, that lags, is not there, or is of something else."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.config import load_config
from app.gallery.gallery_service import GalleryService
from app.web.routes import guard, routes
from asking import address, get, id_of
from conftest import Run, draw, index_into
from fakes import ColourEncoder
from replicas import ReplicaServer, replica
from servers import Server
from store.address import Address
from store.library import Library
from store.server_library import ServerLibrary

pytestmark = pytest.mark.one_python


@pytest.fixture(scope="module")
def second(server: Server) -> Iterator[ReplicaServer]:
    with replica(server) as made:
        yield made


@pytest.fixture
def both(
    server_library: ServerLibrary,
    second: ReplicaServer,
    photos: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[ServerLibrary]:
    """A library that is on the replica too, and is the configured one; one that only writes."""
    index_into(server_library, ColourEncoder("ViT-B-32/openai"), photos)
    second.catch_up()
    first = server_library.address.url
    read = second.replica_of(first).replace("postgres@", "postgres:s3cr3t@")
    monkeypatch.setenv("CLIPSEARCH_LIBRARY", first)
    monkeypatch.setenv("CLIPSEARCH_READ_LIBRARY", read)
    yield server_library
    second.catch_up()


@pytest.fixture
def reading(both: ServerLibrary, second: ReplicaServer, tmp_path: Path) -> Iterator[ServerLibrary]:
    read = Address(second.replica_of(both.address.url))
    with ServerLibrary.at(both.address, tmp_path / "reading", read=read) as opened:
        assert isinstance(opened, ServerLibrary)
        yield opened


def paths(library: Library) -> list[str]:
    model = library.model()
    assert model
    ids = library.matching(model, None, "name").tolist()
    return [library.photos_of([id])[id][0].path.name for id in ids]


def test_searches_read_from_it(
    both: ServerLibrary, reading: ServerLibrary, second: ReplicaServer, photos: Path
) -> None:
    assert reading.warning is None and reading.writable
    second.pause()
    draw(photos / "new.png", "red", (9, 9))
    index_into(both, ColourEncoder("ViT-B-32/openai"), photos)
    assert "new.png" in paths(both) and "new.png" not in paths(reading)
    second.catch_up()
    assert "new.png" in paths(reading)
    assert reading.generation() == both.generation()


@pytest.mark.parametrize("change", ["tag", "search", "write"])
def test_own_changes_are_never_missed(
    reading: ServerLibrary, second: ReplicaServer, photos: Path, change: str
) -> None:
    (red,) = reading.contents_at(photos / "red.png")
    changes: dict[str, tuple[Callable[[], object], Callable[[], object], object]] = {
        "tag": (
            lambda: reading.user_data.add_tag([red], "mine"),
            reading.user_data.tagged,
            {"mine": [red]},
        ),
        "search": (
            lambda: reading.user_data.save_search("sea", "blue"),
            reading.user_data.saved_searches,
            {"sea": "blue"},
        ),
        "write": (
            lambda: index_into(reading, ColourEncoder("ViT-B-32/openai"), photos),
            lambda: "new.png" in paths(reading),
            True,
        ),
    }
    make, ask, expected = changes[change]
    draw(photos / "new.png", "red", (9, 9))
    second.pause()
    assert ask() != expected
    make()
    assert ask() == expected  # of the first
    assert on_replica(reading) is False
    second.catch_up()
    assert on_replica(reading) is True
    assert ask() == expected


def on_replica(library: Library) -> bool:
    """Whether the next question would go to the replica."""
    assert library.replica
    with library.replica.connect() as connection:
        return bool(connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one())


def test_many_threads_miss_nothing_of_their_own(
    reading: ServerLibrary, second: ReplicaServer, photos: Path
) -> None:
    (red,) = reading.contents_at(photos / "red.png")
    missed: list[str] = []

    def tag(name: str) -> None:
        for number in range(20):
            reading.user_data.add_tag([red], f"{name}{number}")
            if f"{name}{number}" not in reading.user_data.tags([red])[red]:
                missed.append(f"{name}{number}")

    threads = [threading.Thread(target=tag, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert missed == [] and len(reading.user_data.tagged()) == 80


def test_the_page(
    both: ServerLibrary, second: ReplicaServer, loaded: list[str], photos: Path
) -> None:
    """A tag that was given on it shows at once, though the replica does not have it yet."""
    with GalleryService(load_config()) as service:
        served = Starlette(routes=routes(service, {}), middleware=guard({}))
        with TestClient(served, base_url="http://127.0.0.1", client=("127.0.0.1", 1)) as client:
            assert len(get(client, "results", q="red", count=9)["tiles"]) == 5
            library = service.library()
            assert isinstance(library, ServerLibrary) and on_replica(library)
            second.pause()
            red = id_of(library, photos / "red.png")
            assert client.get(address(library, "thumb", red)).status_code == 200
            both.user_data.add_tag([red], "elsewhere")
            assert get(client, "results", q="tag:elsewhere")["tiles"] == []
            library.user_data.add_tag([red], "favourite")
            assert len(get(client, "results", q="is:favourite")["tiles"]) == 1
            second.catch_up()
            assert len(get(client, "results", q="is:favourite tag:elsewhere")["tiles"]) == 1
            assert on_replica(library)


# -- a replica that can't be used -----------------------------------------------------------------


def test_one_that_is_not_there(
    both: ServerLibrary, second: ReplicaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is read from the first, with a note; and from the replica again once it is back."""
    read = Address(second.replica_of(both.address.url).replace("postgres@", "postgres:s3cr3t@"))
    monkeypatch.setattr("store.sql.dialect.replica._AGAIN_S", 3600)  # a start may take a while
    with ServerLibrary.at(both.address, tmp_path / "reading", read=read) as opened:
        assert on_replica(opened)
        second.stop()
        try:
            assert "red.png" in paths(opened) and not on_replica(opened)
            with ServerLibrary.at(both.address, tmp_path / "more", read=read) as other:
                assert other.warning and other.warning.endswith(f"All is read from {both.address}.")
                assert "s3cr3t" not in other.warning and len(other.warning.splitlines()) == 1
                assert "red.png" in paths(other)
        finally:
            second.start()
        assert not on_replica(opened)  # it is not asked again at once
        monkeypatch.setattr("store.sql.dialect.replica._AGAIN_S", 0)
        assert opened.replica
        opened.replica._next_look = 0
        assert on_replica(opened) and "red.png" in paths(opened)


def test_what_is_no_replica_of_it(
    both: ServerLibrary, server: Server, second: ReplicaServer, tmp_path: Path
) -> None:
    other = server.database()
    ServerLibrary.at(Address(other), tmp_path / "other", create=True).close()
    empty = server.database()
    second.catch_up()
    for url, said in (
        (both.address.url, "is no replica of another server"),
        (second.replica_of(other), "has no replica of this library"),
        (second.replica_of(empty), "has no replica of this library"),
        (second.replica_of(server.url("nowhere")), 'database "nowhere" does not exist'),
    ):
        with ServerLibrary.at(both.address, tmp_path / "r", read=Address(url)) as opened:
            assert said in (opened.warning or "")
            assert "red.png" in paths(opened)


def test_a_replica_alone_is_a_library_to_read_from(
    both: ServerLibrary, second: ReplicaServer, run: Run, photos: Path, tmp_path: Path
) -> None:
    """Who names it as the library can search, and is told that nothing can be changed."""
    url = second.replica_of(both.address.url)
    with ServerLibrary.at(Address(url), tmp_path / "alone") as opened:
        assert not opened.writable and "red.png" in paths(opened)
    assert run("search", "red", "--library", url).code == 0
    done = run("tag", "add", "mine", photos, "--library", url)
    assert done.code == 1 and "nothing in it can be changed" in done.err
    assert len(done.err.splitlines()) == 1


# -- what is said ---------------------------------------------------------------------------------


def test_status_says_how_far_it_is_behind(
    both: ServerLibrary, second: ReplicaServer, run: Run, photos: Path
) -> None:
    second.catch_up()  # with what the server itself has written meanwhile
    done = run("status")
    (line,) = [line for line in done.lines if line.startswith("Replica")]
    assert line.startswith("Replica   postgresql://postgres@/") and "(has everything)" in line
    second.pause()
    draw(photos / "new.png", "red", (9, 9))
    index_into(both, ColourEncoder("ViT-B-32/openai"), photos)
    status = json.loads(run("status", "--json").out)
    assert status["searchable"] == 6  # which the first is asked
    assert status["replica"]["lag_bytes"] > 0 and status["replica"]["lag_seconds"] >= 0
    assert "MB of changes)" in run("status").out
    assert "new.png" not in run("search", "name:*.png").out
    second.catch_up()
    assert json.loads(run("status", "--json").out)["replica"]["lag_bytes"] == 0
    assert "new.png" in run("search", "name:*.png").out


def test_a_note_where_it_is_not_used(
    both: ServerLibrary, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "CLIPSEARCH_READ_LIBRARY", "postgresql://reader:s3cr3t@/p?host=/nowhere&password=0ther"
    )
    done = run("search", "name:*.png", "-v")
    assert done.code == 0 and "red.png" in done.out
    assert "can't be used" in done.err and "All is read from" in done.err
    status = run("status")
    assert "(not used: The library at postgresql://reader@/p?host=/nowhere" in status.out
    assert json.loads(run("status", "--json").out)["replica"]["trouble"]
    for text in (done.out, done.err, status.out, status.err):
        assert "s3cr3t" not in text and "0ther" not in text
