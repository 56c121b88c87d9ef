"""What is special about a library on a server: refusals, passwords, rights, cut connections."""

from __future__ import annotations

import fnmatch
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import event

from app.query.parser import parse_query
from app.search.searcher import Searcher
from benchmarks.bench_vectors import records
from conftest import Run, draw, index_into
from fakes import ColourEncoder
from servers import Server
from store.address import Address
from store.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryNotFound,
    LibraryReadOnly,
    LibraryTooNew,
)
from store.filters import Name
from store.library import Library
from store.server_library import ServerLibrary
from store.sql.dialect.server import check_server, warning_of
from store.values import ModelInfo
from store.vectors import Ids, Vectors

ADDRESS = Address("postgresql://anna:s3cret@host/photos")


def opened(url: str, tmp_path: Path, *, create: bool = False) -> ServerLibrary:
    return ServerLibrary.at(Address(url), tmp_path / "derived", create=create)


def names(library: Library, query: str) -> list[str]:
    model = library.model()
    assert model
    searcher = Searcher(library, model, ColourEncoder())
    return [hit.path.name for hit in searcher.search(parse_query(query), bursts=False)]


# -- what can't be opened -----------------------------------------------------------------------


def test_there_is_no_library_yet(server: Server, tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound, match=r"no library at postgresql://.* yet\. Make one"):
        opened(server.database(), tmp_path)
    assert not (tmp_path / "derived").exists()


def test_there_is_no_server(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"127\.0\.0\.1:1/x can't be used: .*refused\.$"):
        opened("postgresql://anna:s3cret@127.0.0.1:1/x", tmp_path)


def test_there_is_no_such_database(server: Server, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match='database "nowhere" does not exist'):
        opened(server.url("nowhere"), tmp_path)


def test_an_address_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="can't be understood") as caught:
        opened("postgresql://anna:s3cret@host/x?s3cret", tmp_path)
    assert "s3cret" not in str(caught.value)


def test_a_newer_format(server: Server, tmp_path: Path) -> None:
    url = server.database()
    opened(url, tmp_path, create=True).close()
    server.run("UPDATE setting SET value = '99' WHERE key = 'format'", url=url)
    with pytest.raises(LibraryTooNew, match="has format 99"):
        opened(url, tmp_path)
    server.run("DELETE FROM setting WHERE key = 'format'", url=url)
    with pytest.raises(LibraryDamaged, match="tables of another program"):
        opened(url, tmp_path, create=True)


def test_old_servers_and_extensions() -> None:
    check_server(160004, "0.8.0", ADDRESS)
    for version, pgvector, said in (
        (150004, "0.8.1", "is PostgreSQL 15; a library needs 16 or newer"),
        (170000, None, "lacks the extension vector"),
        (170000, "0.7.4", "has pgvector 0.7.4; a library needs 0.8 or newer"),
    ):
        with pytest.raises(LibraryError, match=said) as caught:
            check_server(version, pgvector, ADDRESS)
        assert "s3cret" not in str(caught.value)
    assert warning_of("0.8.4") is warning_of("0.10.0") is None
    assert "0.8.4" in (warning_of("0.8.3") or "")


def test_an_extension_that_this_user_may_not_add(server: Server, tmp_path: Path) -> None:
    server.run("CREATE ROLE owner LOGIN", "CREATE DATABASE owned OWNER owner")
    url = server.url("owned", "owner")
    with pytest.raises(LibraryError, match=r"lacks the extension vector.*CREATE EXTENSION vector"):
        opened(url, tmp_path, create=True)
    server.run("CREATE EXTENSION vector", url=server.url("owned"))
    with opened(url, tmp_path, create=True) as library:
        assert library.writable and library.status() == []


def test_no_right_to_make_a_library(server: Server, tmp_path: Path) -> None:
    url = server.database()
    server.run("CREATE EXTENSION vector", "CREATE ROLE guest LOGIN", url=url)
    with pytest.raises(LibraryReadOnly, match="permission denied for schema public"):
        opened(url.replace("postgres@", "guest@"), tmp_path, create=True)


def test_the_package_is_missing(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from app.start import main\n"
        "sys.argv = ['clipsearch', 'status', '--library', 'postgresql://anna:s3cret@host/x']\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "pip install 'clipsearch[server]'" in done.stderr and "s3cret" not in done.stderr


@pytest.mark.parametrize(
    "command", [("doctor", "--salvage", "x"), ("backup", "x"), ("restore", "x", "-y")]
)
def test_commands_for_folders_only(run: Run, command: tuple[str, ...]) -> None:
    done = run(*command, "--library", ADDRESS.url)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert f"clipsearch {command[0]}" in done.err and "only for libraries in a folder" in done.err
    assert "Instead: " in done.err
    assert "s3cret" not in done.err


# -- backups ------------------------------------------------------------------------------------


@pytest.mark.one_python
def test_pg_dump_backs_it_up(
    server: Server, server_library: ServerLibrary, photos: Path, tmp_path: Path
) -> None:
    """As ``docs/server.md`` says: while it is in use, and into a new database."""
    index_into(server_library, ColourEncoder(), photos)
    server_library.user_data.add_tag(server_library.contents_at(photos / "red.png"), "sea")
    dump, url = tmp_path / "library.sql", server.database()
    with server_library.writing():
        run_program(server, "pg_dump", server_library.address.url, "--file", str(dump))
    run_program(server, "psql", url, "--quiet", "--set=ON_ERROR_STOP=1", "--file", str(dump))
    with opened(url, tmp_path / "restored") as restored:
        assert names(restored, "red") == names(server_library, "red")
        assert restored.user_data.tagged() == server_library.user_data.tagged() != {}
        assert restored.generation() == server_library.generation()


def run_program(server: Server, program: str, *arguments: str) -> None:
    subprocess.run(
        [str(server.programs / program), *arguments], check=True, capture_output=True, text=True
    )


# -- passwords ----------------------------------------------------------------------------------


@pytest.fixture
def guarded(server: Server) -> Iterator[str]:
    """The address, with a password, of a database that asks for it."""
    url = server.database()
    (name,) = (part.partition("?")[0] for part in url.split("/") if part.startswith("library"))
    rules = server.socket / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local {name} keeper scram-sha-256\n{before}")
    server.run("CREATE ROLE keeper LOGIN PASSWORD 's3cr3t'", "SELECT pg_reload_conf()")
    server.run("CREATE EXTENSION vector", "GRANT ALL ON SCHEMA public TO keeper", url=url)
    yield url.replace("postgres@", "keeper:s3cr3t@")
    rules.write_text(before)
    server.run(f"DROP DATABASE {name} WITH (FORCE)", "DROP ROLE keeper", "SELECT pg_reload_conf()")


def command(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "clipsearch", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )


@pytest.mark.one_python
def test_no_password_is_shown(guarded: str, photos: Path, tmp_path: Path) -> None:
    wrong = guarded.replace("s3cr3t", "wr0ng")
    with opened(guarded, tmp_path, create=True) as library:
        index_into(library, ColourEncoder("ViT-B-32/openai"), photos)  # which is not here
    runs = [
        command("index", photos, "--library", guarded, "-v"),
        command("search", "name:*.png", "--library", guarded, "-v"),
        command("status", "--json", CLIPSEARCH_LIBRARY=guarded),
        command("--version", CLIPSEARCH_LIBRARY=guarded),
        command("doctor", "-v", "--library", guarded),
        command("status", "-v", "--library", wrong),
    ]
    assert [done.returncode for done in runs] == [0, 0, 0, 0, 0, 1], runs
    assert "password authentication failed" in runs[-1].stderr
    logged = "".join(path.read_text() for path in (tmp_path / "log").iterdir())
    assert "postgresql://keeper@" in logged
    for text in [*(done.stdout + done.stderr for done in runs), logged]:
        assert "s3cr3t" not in text and "wr0ng" not in text


def test_the_password_from_elsewhere(guarded: str, tmp_path: Path) -> None:
    bare = guarded.replace(":s3cr3t", "")
    assert "no password supplied" in command("status", "--library", bare).stderr
    file = tmp_path / "pgpass"
    file.write_text("*:*:*:keeper:s3cr3t\n")
    file.chmod(0o600)
    for environment in ({"PGPASSFILE": str(file)}, {"PGPASSWORD": "s3cr3t"}):
        done = command("status", "--library", bare, **environment)
        assert "There is no library at" in done.stderr and "s3cr3t" not in done.stderr


# -- rights, and connections that are cut ---------------------------------------------------------


def test_who_may_only_read(server: Server, photos: Path, tmp_path: Path) -> None:
    url = server.database()
    with opened(url, tmp_path, create=True) as library:
        index_into(library, ColourEncoder(), photos)
    server.run(
        "CREATE ROLE reader LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", url=url
    )
    with opened(url.replace("postgres@", "reader@"), tmp_path) as library:
        assert not library.writable
        assert names(library, "red")[0] == "red.png"
        with pytest.raises(LibraryReadOnly, match="can't be changed"), library.writing():
            pass
        with pytest.raises(LibraryReadOnly, match="permission denied for table tag"):
            library.user_data.add_tag(library.contents_at(photos), "mine")


def test_who_may_index_without_owning_the_tables(
    server: Server, photos: Path, tmp_path: Path
) -> None:
    """With the rights that ``docs/server.md`` names."""
    url = server.database()
    opened(url, tmp_path, create=True).close()
    server.run(
        "CREATE ROLE indexer LOGIN",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO indexer",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO indexer",
        url=url,
    )
    with opened(url.replace("postgres@", "indexer@"), tmp_path) as library:
        assert index_into(library, ColourEncoder(), photos).embedded == 5
        with library.writing() as writer:
            writer.prune()
        assert names(library, "red")[0] == "red.png"


def test_a_connection_that_is_cut_is_made_again(
    server: Server, server_library: ServerLibrary, photos: Path
) -> None:
    index_into(server_library, ColourEncoder(), photos)
    assert names(server_library, "red")[0] == "red.png"
    cut(server, server_library)
    assert names(server_library, "red")[0] == "red.png"


def cut(server: Server, library: ServerLibrary) -> None:
    """End every connection to the library's database, as an administrator can."""
    server.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        "AND application_name = 'clipsearch'"
    )
    assert library.address


class Cutting(ColourEncoder):
    """Has all connections cut while it encodes its eighth batch, for a writer to notice."""

    def __init__(self, server: Server, library: ServerLibrary) -> None:
        super().__init__(batch_size=1)
        self._server, self._library = server, library

    def encode_images(self, images: object) -> Vectors:
        vectors = super().encode_images(images)  # type: ignore[arg-type]
        if self.encoded == 8:
            cut(self._server, self._library)
        return vectors


def test_a_backend_that_dies_leaves_whole_transactions(
    server: Server, server_library: ServerLibrary, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.recorder.COMMIT_FILES", 1)
    for number in range(10):
        draw(photos / f"more{number}.png", "blue", (20 + number, 20))
    with pytest.raises(LibraryError, match="was lost, and with it the right to change"):
        index_into(server_library, Cutting(server, server_library), photos)
    url = server_library.address.url
    lost = server.run(
        "SELECT count(*) FROM photo LEFT JOIN embedding USING (content_id) "
        "LEFT JOIN nearby USING (content_id, model_id) "
        "WHERE state = 'indexed' AND (embedding.vector IS NULL OR nearby.vector IS NULL)",
        url=url,
    )
    assert lost == [(0,)]
    encoder = ColourEncoder()
    index_into(server_library, encoder, photos)
    assert encoder.encoded < 15  # what was written before is not read again
    counts = "SELECT (SELECT count(*) FROM content), (SELECT count(*) FROM embedding), "
    counts += "(SELECT count(*) FROM nearby), (SELECT count(*) FROM photo)"
    assert server.run(counts, url=url) == [(15, 15, 15, 15)]


def test_the_right_to_write_goes_with_its_connection(
    server: Server, server_library: ServerLibrary, tmp_path: Path
) -> None:
    with opened(server_library.address.url, tmp_path) as other:
        with server_library.writing() as writer:
            writer.begin_run()
            with (
                pytest.raises(LibraryBusy, match="here or on another machine"),
                other.writing() as another,
            ):
                another.prune()
            cut(server, server_library)
            with pytest.raises(LibraryError, match="was lost, and with it the right to change"):
                writer.begin_run()
        with other.writing() as another:
            another.prune()


def test_a_camera_of_a_very_long_name_stops_no_run(
    server: Server, server_library: ServerLibrary, photos: Path
) -> None:
    """PostgreSQL's indexes take no value that is longer than a third of a page."""
    exif = Image.Exif()
    letters = np.random.default_rng(3).integers(33, 127, 9_000)
    exif[0x0110] = "".join(map(chr, letters.tolist()))
    Image.new("RGB", (64, 64), (200, 30, 30)).save(photos / "long.jpg", exif=exif)
    assert index_into(server_library, ColourEncoder(), photos).new == 6
    lengths = "SELECT max(length(camera)) FROM content"
    assert server.run(lengths, url=server_library.address.url) == [(200,)]


# -- vectors ------------------------------------------------------------------------------------


def unit(count: int, dim: int = 3) -> Vectors:
    vectors = np.random.default_rng(1).normal(size=(count, dim)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@dataclass
class Crowd:
    library: ServerLibrary
    model: ModelInfo
    ids: Ids
    vectors: Vectors

    def best(self, query: Vectors, k: int, allowed: NDArray[np.bool_] | None = None) -> list[int]:
        """The ids nearest to ``query``, by NumPy."""
        chosen = np.arange(len(self.ids)) if allowed is None else np.flatnonzero(allowed)
        order = np.argsort(-(self.vectors[chosen] @ query))[:k]
        nearest: list[int] = self.ids[chosen[order]].tolist()
        return nearest


@pytest.fixture
def crowd(server_library: ServerLibrary, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    """2,000 vectors in a library that takes 100 for many."""
    monkeypatch.setattr("store.sql.dialect.nearby.FEW", 100)
    vectors = unit(2_000, 32)
    with server_library.writing() as writer:
        model = writer.add_model("random", "1", 32)
        root = writer.add_root(Path("/crowd"), (), replace=False).id
        writer.record(records(root, 0, vectors), model, writer.begin_run())
        assert writer.save_index(model) == "built on the server"
        assert writer.save_index(model) is None
    return Crowd(server_library, model, np.sort(server_library.matching(model, None)), vectors)


@pytest.mark.one_python
def test_the_index_finds_the_nearest(crowd: Crowd) -> None:
    index = crowd.library.index(crowd.model).index
    assert len(index) == 2_000 and index.dim == 32
    hits = 0
    for query in unit(20, 32):
        ids, cosines = index.search(query, 10)
        assert np.allclose(cosines, index.vectors(ids) @ query) and (np.diff(cosines) <= 0).all()
        hits += len(set(ids.tolist()) & set(crowd.best(query, 10)))
    assert hits >= 190  # of 200, by an index


@pytest.mark.one_python
def test_a_search_within_a_filter(crowd: Crowd) -> None:
    index = crowd.library.index(crowd.model).index
    query = unit(1, 32)[0]
    for glob, kept in (("*7.jpg", 200), ("77?.jpg", 10), ("nothing", 0)):
        names = [f"{number}.jpg" for number in range(2_000)]
        allowed = np.array([fnmatch.fnmatch(name, glob) for name in names])
        assert allowed.sum() == kept
        narrowed = crowd.library.narrowed(crowd.model, index, Name(glob))
        ids, _ = narrowed.search(query, 10)
        assert len(ids) == min(10, kept) and np.isin(ids, crowd.ids[allowed]).all()
        best = set(crowd.best(query, 10, allowed))
        assert len(best & set(ids.tolist())) >= min(9, kept)
        assert narrowed.ids().tolist() == crowd.ids[allowed].tolist() and len(narrowed) == kept
        assert narrowed.among(crowd.ids[::-1]).tolist() == crowd.ids[allowed][::-1].tolist()
        everything, _ = narrowed.search(query, 2_000)
        assert sorted(everything.tolist()) == crowd.ids[allowed].tolist()


@pytest.mark.one_python
def test_how_many_a_filter_leaves_is_asked_once(crowd: Crowd) -> None:
    explained: list[str] = []

    def hear(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("EXPLAIN"):
            explained.append(statement)

    event.listen(crowd.library._engine, "before_cursor_execute", hear)
    index = crowd.library.index(crowd.model).index
    for _ in range(3):
        crowd.library.narrowed(crowd.model, index, Name("*7.jpg")).search(unit(1, 32)[0], 10)
    assert len(explained) == 1
    crowd.library.narrowed(crowd.model, index, Name("*8.jpg")).search(unit(1, 32)[0], 10)
    assert len(explained) == 2


@pytest.mark.one_python
def test_a_long_list_comes_from_the_index_too(crowd: Crowd) -> None:
    heard: list[str] = []
    listen = (crowd.library._engine, "before_cursor_execute", lambda *given: heard.append(given[2]))
    event.listen(*listen)
    query = unit(1, 32)[0]
    ids, cosines = crowd.library.index(crowd.model).index.search(query, 1_200)
    assert len(ids) == 1_200 and (np.diff(cosines) <= 0).all()
    assert len(set(ids[:1_000].tolist()) & set(crowd.best(query, 1_000))) >= 950
    assert not any("chosen" in statement for statement in heard)


@pytest.mark.one_python
def test_some_of_all(crowd: Crowd) -> None:
    index = crowd.library.index(crowd.model).index
    assert index.some(500).tolist() == crowd.ids[::4].tolist()
    assert index.some(5_000).tolist() == crowd.ids.tolist()


@pytest.mark.one_python
def test_vectors_that_are_gone_are_not_found(crowd: Crowd) -> None:
    query = unit(1, 32)[0]
    best = crowd.best(query, 5)
    photos = crowd.library.photos_of(best)
    with crowd.library.writing() as writer:
        writer.set_gone([photo.id for one in photos.values() for photo in one], "missing")
        ids, _ = crowd.library.index(crowd.model).index.search(query, 10)
        assert len(ids) == 10 and not set(ids.tolist()) & set(best)
        writer.prune()
    (left,) = server_rows(crowd, "SELECT count(*) FROM nearby")
    assert left == (1_995,)


def server_rows(crowd: Crowd, query: str) -> list[tuple[object, ...]]:
    import psycopg

    with psycopg.connect(crowd.library.address.url) as connection:
        return connection.execute(query.encode()).fetchall()
