"""Connections that are cut, a server that is stopped: a message, and then it goes on."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from test_server_library import names

from app.config import load_config
from app.gallery.gallery_service import GalleryService
from app.web.routes import guard, routes
from asking import address, get, id_of
from conftest import Run, draw, index_into
from fakes import ColourEncoder
from replicas import replica
from servers import Server, running
from store.address import Address
from store.errors import LibraryError
from store.library import Library
from store.server_library import ServerLibrary
from store.vectors import Vectors

pytestmark = pytest.mark.one_python

CUT = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE application_name = 'clipsearch'"
)


class Stoppable:
    """A server that can be stopped at once, as by a crash, and started again."""

    def __init__(self, server: Server) -> None:
        self.server, self._data = server, str(server.socket)
        words = shlex.split((server.socket / "postmaster.opts").read_text())
        self._options = shlex.join(words[words.index("-D") + 2 :] if "-D" in words else words[1:])

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        log = str(self.server.socket / "again.log")
        self._control("start", "-l", log, "-o", self._options)

    def _control(self, *arguments: str) -> None:
        user: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = {"user": self.server.socket.stat().st_uid}
        subprocess.run(
            [str(self.server.programs / "pg_ctl"), "-D", self._data, "-w", *arguments],
            check=True,
            cwd=self._data,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **user,
        )


@pytest.fixture(scope="module")
def stoppable() -> Iterator[Stoppable]:
    """Not the server of all tests, which other fixtures are connected to."""
    with running() as server:
        made = Stoppable(server)
        yield made


@pytest.fixture
def library(stoppable: Stoppable, photos: Path) -> Iterator[Library]:
    url = stoppable.server.database()
    with ServerLibrary.at(Address(url), load_config(library=url).library, create=True) as opened:
        index_into(opened, ColourEncoder("ViT-B-32/openai"), photos)
        yield opened


@pytest.fixture
def client(
    library: ServerLibrary, loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    monkeypatch.setenv("CLIPSEARCH_LIBRARY", library.address.url)
    with GalleryService(load_config()) as service:
        served = Starlette(routes=routes(service, {}), middleware=guard({}))
        with TestClient(served, base_url="http://127.0.0.1", client=("127.0.0.1", 1)) as one:
            yield one


def searches(client: TestClient) -> bool:
    return len(get(client, "results", q="red", count=9)["tiles"]) == 5


@pytest.fixture
def shown(client: TestClient, library: Library, photos: Path) -> tuple[int, str]:
    """A photo of a page that has answered: its id, and the address of its thumbnail."""
    assert searches(client)
    red = id_of(library, photos / "red.png")
    return red, address(library, "thumb", red)


QUESTIONS = (
    *("results?q=red", "results?q=name:*.png", "results?q=-red", "results?q=tag:sea"),
    *("facets", "facets?q=red", "places", "duplicates"),
)


def ask_all(client: TestClient, red: int, picture_address: str) -> list[int]:
    """The status of each answer; a search is answered, or there is a message."""
    answers = [client.get(f"/clipsearch/{question}") for question in QUESTIONS]
    answers += [client.get(f"/clipsearch/photo/{red}")]
    for body in ({"ids": [red], "name": "sea"}, {"ids": [red], "favourite": True}):
        answers.append(client.post("/clipsearch/tag", json=body))
    for answer in answers:
        assert answer.status_code == 200 or (
            answer.status_code == 503 and "can't be used" in answer.json()["error"]
        ), answer.text
    picture = client.get(picture_address)
    assert picture.status_code in (200, 503), picture.text
    return [one.status_code for one in (*answers, picture)]


def test_all_connections_are_cut_under_the_page(
    stoppable: Stoppable, client: TestClient, shown: tuple[int, str]
) -> None:
    red, thumb = shown
    for _ in range(3):
        assert stoppable.server.run(CUT)[0][0] > 0
        statuses = ask_all(client, red, thumb)
        assert set(statuses) == {200}  # each first looks whether its connection is still there
    assert searches(client)


def test_connections_are_cut_in_the_middle_of_searches(
    stoppable: Stoppable, client: TestClient, shown: tuple[int, str]
) -> None:
    """As often and as unluckily as can be: what is asked meanwhile gets an answer or a message."""
    red, thumb = shown
    cuts, done = 0, threading.Event()

    def cut() -> None:
        nonlocal cuts
        while not done.wait(0.01):
            cuts += stoppable.server.run(CUT)[0][0]

    cutter = threading.Thread(target=cut)
    cutter.start()
    try:
        statuses = [status for _ in range(15) for status in ask_all(client, red, thumb)]
    finally:
        done.set()
        cutter.join()
    assert cuts > 10 and 200 in statuses
    assert searches(client) and set(ask_all(client, red, thumb)) == {200}


def test_the_server_is_stopped_under_the_page(
    stoppable: Stoppable, client: TestClient, shown: tuple[int, str]
) -> None:
    red, thumb = shown
    answer = client.post("/clipsearch/tag", json={"ids": [red], "name": "kept"})
    assert answer.status_code == 200
    for _ in range(2):
        stoppable.stop()
        try:
            answer = client.get("/clipsearch/results?q=red")
            assert answer.status_code == 503
            (line,) = answer.json()["error"].splitlines()
            assert line.startswith("The library at postgresql://") and "can't be used" in line
            assert 503 in ask_all(client, red, thumb)
        finally:
            stoppable.start()
        assert searches(client)
        assert set(ask_all(client, red, thumb)) == {200}
    assert len(get(client, "results", q="tag:kept")["tiles"]) == 1


def test_searches_go_on_at_a_replica_while_the_first_server_is_stopped(
    stoppable: Stoppable, library: ServerLibrary, photos: Path, tmp_path: Path
) -> None:
    with replica(stoppable.server) as second:
        read = Address(second.replica_of(library.address.url))
        with ServerLibrary.at(library.address, tmp_path / "reading", read=read) as opened:
            red = id_of(opened, photos / "red.png")
            opened.user_data.add_tag([red], "before")
            second.catch_up()
            stoppable.stop()
            try:
                assert opened.replica
                opened.replica._next_look = 0  # as after half a minute
                for _ in range(2):
                    assert len(names(opened, "red")) == 5
                    assert opened.user_data.tagged() == {"before": [red]}
                    with pytest.raises(LibraryError, match="can't be used"):
                        opened.user_data.add_tag([red], "meanwhile")
            finally:
                stoppable.start()
            opened.user_data.add_tag([red], "after")
            assert set(opened.user_data.tagged()) == {"before", "after"}


def test_the_command_line_says_it_in_one_line(
    stoppable: Stoppable, library: ServerLibrary, run: Run, photos: Path
) -> None:
    url = library.address.url
    commands = (
        *(("search", "red"), ("status",), ("files",), ("tag", "add", "sea", photos), ("doctor",)),
        *(("index", photos), ("prune",), ("duplicates",), ("marks", "export")),
    )
    stoppable.stop()
    try:
        for command in commands:
            done = run(*command, "--library", url)
            assert done.code == 1 and done.out == "", done.out
            assert len(done.err.splitlines()) == 1 and "can't be used" in done.err, done.err
    finally:
        stoppable.start()
    for command in commands[:4]:
        assert run(*command, "--library", url).code == 0


class CuttingOff(ColourEncoder):
    """Has every connection cut while it encodes."""

    def __init__(self, server: Server, at: int) -> None:
        super().__init__("ViT-B-32/openai", batch_size=1)
        self._server, self._at = server, at

    def encode_images(self, images: Any) -> Vectors:
        vectors = super().encode_images(images)
        if self.encoded == self._at:
            self._server.run(CUT)
        return vectors


def test_an_indexing_run_ends_in_one_line_and_goes_on_later(
    stoppable: Stoppable, library: ServerLibrary, photos: Path
) -> None:
    for number in range(8):
        draw(photos / f"more{number}.png", "blue", (20 + number, 20))
    for at in (1, 3, 6):
        with suppress(LibraryError):  # in one line, or it goes on
            index_into(library, CuttingOff(stoppable.server, at), photos)
    index_into(library, ColourEncoder("ViT-B-32/openai"), photos)
    model = library.model()
    assert model and library.searchable_count(model) == 13
    assert library.check(model, library.index(model).index) == []


WRITING = """
import sys
from pathlib import Path
import psycopg
from sqlalchemy import Engine, event
from benchmarks.bench_vectors import records
from store.address import Address
from store.errors import LibraryError
from store.server_library import ServerLibrary
from store.sql.dialect import nearby
from test_server_cut import CUT
from test_server_library import unit
url, moment = sys.argv[1:]
def cut():
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(CUT)
@event.listens_for(Engine, "before_cursor_execute")
def before(connection, cursor, statement, parameters, context, executemany):
    if moment == "rows" and executemany:
        cut()
binary = nearby._binary
def late(*arguments):
    if moment == "vectors":
        cut()
    return binary(*arguments)
nearby._binary = late
with ServerLibrary.at(Address(url), Path("derived")) as library, library.writing() as writer:
    model = writer.add_model("random", "1", 32)
    root = writer.add_root(Path("/crowd"), (), replace=False).id
    run = writer.begin_run()
    try:
        writer.record(records(root, 0, unit(200, 32)), model, run)
    except LibraryError as error:
        print(error)
"""


@pytest.mark.parametrize("moment", ["rows", "vectors"])
def test_nothing_but_one_line_is_said(stoppable: Stoppable, tmp_path: Path, moment: str) -> None:
    """Not what psycopg and SQLAlchemy would log: in a process without pytest's handlers of logs."""
    url = stoppable.server.database()
    ServerLibrary.at(Address(url), tmp_path / "derived", create=True).close()
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", WRITING, url, moment],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(here.parent), str(here)])},
    )
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    assert line.startswith("The connection to postgresql://") and "was lost" in line
    assert stoppable.server.run("SELECT count(*) FROM content", url=url) == [(0,)]
