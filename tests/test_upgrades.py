"""Revisions of the tables: one line of them for both databases, whole or not at all."""

from __future__ import annotations

import signal
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from test_database import library_of, structure

from conftest import index_into
from fakes import ColourEncoder
from next_version import NextVersion
from servers import Server
from store.address import Address
from store.errors import LibraryBusy, LibraryTooNew
from store.library import DATABASE, Library
from store.server_library import ServerLibrary
from store.sql.database import reading
from store.sql.dialect import name_words
from store.sql.dialect.server_upgrades import bring_up_to_date
from store.sql.dialect.upgrades import FORMATS, SCHEMA_VERSION, SERVER_FORMAT

VERSIONS = Path(__file__).parent.parent / "store" / "sql" / "dialect" / "upgrades" / "versions"


def test_the_revisions_are_one_line_and_each_makes_a_format() -> None:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(VERSIONS.parent), version_locations=[str(VERSIONS)])
    (head,) = scripts.get_heads()
    line = [script.revision for script in scripts.walk_revisions()][::-1]
    assert len(line) == len(list(VERSIONS.glob("r*.py")))
    named = {revision for formats in FORMATS.values() for revision in formats.values()}
    assert named == set(line) and head == line[-1]
    for formats in FORMATS.values():
        places = [line.index(revision) for _, revision in sorted(formats.items())]
        assert places == sorted(places) and len(set(places)) == len(places)
        assert sorted(formats) == list(range(min(formats), max(formats) + 1))


@pytest.fixture
def later(tmp_path: Path) -> NextVersion:
    folder = tmp_path / "next version"
    folder.mkdir()
    return NextVersion(folder)


# -- in a folder ----------------------------------------------------------------------------------


def test_the_next_version_brings_a_folder_up_to_date(later: NextVersion, tmp_path: Path) -> None:
    for name in ("old", "oldest", "new"):
        (tmp_path / name).mkdir()
    Library.open(tmp_path / "old", create=True).close()
    before = structure(tmp_path / "old" / DATABASE)
    library_of(1, tmp_path / "oldest")
    for name in ("old", "oldest", "new"):
        done = later.open(str(tmp_path / name), create=name == "new")
        assert (done.returncode, done.stderr) == (0, "")
    new = structure(tmp_path / "new" / DATABASE)
    assert {"album", "content_back"} <= set(new)
    assert structure(tmp_path / "old" / DATABASE) == new
    assert structure(tmp_path / "oldest" / DATABASE) == new
    assert structure(tmp_path / "old" / f"library-format-{SCHEMA_VERSION}.db") == before
    with closing(sqlite3.connect(tmp_path / "oldest" / DATABASE)) as connection:
        assert connection.execute("SELECT DISTINCT back FROM content").fetchall() == [("of PNG",)]
    with pytest.raises(LibraryTooNew, match=f"has format {SCHEMA_VERSION + 1}, this"):
        Library.open(tmp_path / "old")


def test_how_far_a_large_library_is_is_said(tmp_path: Path) -> None:
    path = library_of(5, tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE photo SET id = 120000 WHERE id = (SELECT max(id) FROM photo)")
    told: list[str] = []
    with Library.open(tmp_path, tell=told.append) as library, reading(library._engine) as now:
        assert name_words.different(now) == 0
    assert told == [f"Bringing the library up to date: {done} %" for done in (41, 83, 100)]
    Library.open(tmp_path, tell=told.append).close()
    assert len(told) == 3


# -- on a server ----------------------------------------------------------------------------------


def server_structure(server: Server, url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Columns, indexes, constraints and what counts up, whatever the order of columns is."""
    queries = {
        "columns": "SELECT table_name, column_name, data_type, collation_name, is_nullable, "
        "column_default, identity_generation FROM information_schema.columns "
        "WHERE table_schema = 'public'",
        "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "constraints": "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    }
    return {what: sorted(server.run(query, url=url), key=str) for what, query in queries.items()}


def test_the_next_version_brings_a_server_up_to_date(
    later: NextVersion, server: Server, server_library: ServerLibrary, photos: Path
) -> None:
    index_into(server_library, ColourEncoder(), photos)
    url, new = server_library.address.url, server.database()
    for where in (new, url):
        done = later.open(where, create=where == new)
        assert (done.returncode, done.stderr) == (0, "")
    assert server_structure(server, url) == server_structure(server, new)
    assert server.run("SELECT value FROM setting WHERE key = 'format'", url=url) == [
        (SERVER_FORMAT + 1,)
    ]
    assert server.run("SELECT back, count(*) FROM content GROUP BY 1", url=url) == [("of PNG", 5)]
    with pytest.raises(LibraryTooNew, match=f"has format {SERVER_FORMAT + 1}, this"):
        ServerLibrary.at(Address(url), photos.parent / "x")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_kill_at_any_statement_leaves_the_earlier_format_on_a_server(
    later: NextVersion, server: Server, server_library: ServerLibrary
) -> None:
    url = server_library.address.url
    before = server_structure(server, url)
    for statements in range(20):
        killed = later.open(url, killed_after=statements)
        if killed.returncode == 0:
            break
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert server_structure(server, url) == before
        with ServerLibrary.at(server_library.address, server_library.folder) as opened:
            assert opened.writable
    assert statements >= 4  # it was killed now and then
    assert server_structure(server, url) != before


def test_who_may_not_change_tables_is_told(
    later: NextVersion, server: Server, server_library: ServerLibrary
) -> None:
    url = server_library.address.url
    for right in ("SELECT", "SELECT, INSERT, UPDATE, DELETE"):
        role = f"visitor{len(right)}"
        server.run(
            f"CREATE ROLE {role} LOGIN",
            f"GRANT {right} ON ALL TABLES IN SCHEMA public TO {role}",
            url=url,
        )
        done = later.open(url.replace("postgres@", f"{role}@"))
        assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
        assert "LibraryReadOnly" in done.stderr
        assert "only the owner of its tables can bring it up to date" in done.stderr


def test_a_library_that_is_in_use_is_not_changed(
    later: NextVersion, server: Server, server_library: ServerLibrary
) -> None:
    url = server_library.address.url
    before = server_structure(server, url)
    with server_library.writing() as writer:
        writer.begin_run()
        done = later.open(url)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert "LibraryBusy" in done.stderr and "while nobody uses it" in done.stderr
    assert server_structure(server, url) == before
    assert later.open(url).returncode == 0


def test_a_reader_is_not_waited_for_without_end(
    server_library: ServerLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.sql.dialect.server_upgrades._LONGEST_WAIT", "50ms")
    engine, address = server_library._engine, server_library.address
    with engine.connect() as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM photo").scalar_one() == 0
        with pytest.raises(LibraryBusy, match="while nobody uses it"):
            bring_up_to_date(engine, address)
    bring_up_to_date(engine, address)


def test_two_bring_it_up_to_date_at_once(
    later: NextVersion, server: Server, server_library: ServerLibrary
) -> None:
    url = server_library.address.url
    with ThreadPoolExecutor(3) as threads:
        done = list(threads.map(later.open, [url] * 3))
    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 3
    assert server.run("SELECT to_regclass('album')", url=url) == [("album",)]
