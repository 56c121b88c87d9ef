"""Whatever is opened is closed by who opened it: not one connection to a library stays open.

Python 3.13 reports those that are left to the garbage collector; here they are looked for.
"""

from __future__ import annotations

import gc
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

import app.services
import clipsearch
from app.cli import cli
from app.config import load_config
from app.gallery.gallery_service import GalleryService
from app.web import shared_service
from app.web.routes import routes
from conftest import Index, index_into
from fakes import ColourEncoder
from store.errors import LibraryNotFound
from store.library import Library
from store.sql.dialect.connections import writing_engine


def open_files() -> list[str]:
    """The files of all SQLite connections that are open in this process."""
    files = []
    for one in gc.get_objects():
        if type(one) is sqlite3.Connection:
            with suppress(sqlite3.ProgrammingError):  # it is closed
                files += [Path(row[2]).name for row in one.execute("PRAGMA database_list")]
    return files


@pytest.fixture
def photos_indexed(
    index: Index, library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The photos, in a library that nobody has open."""
    monkeypatch.setattr(app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name))
    index(photos)
    library.close()
    assert open_files() == []
    return photos


COMMANDS: list[list[str]] = [
    ["index"],
    ["index", "PHOTOS"],
    ["search", "red"],
    ["search", "in:nowhere"],
    ["search", "(("],
    ["similar", "PHOTOS/red.png"],
    ["similar", "99"],
    ["explain", "PHOTOS/red.png", "red"],
    ["duplicates"],
    ["status"],
    ["files"],
    ["files", "--state", "none"],
    ["label", "--labels", "red,blue"],
    ["tag", "add", "family", "PHOTOS/red.png"],
    ["favourite", "PHOTOS/none.png"],
    ["concept", "list"],
    ["concept", "add", "avi", "PHOTOS/red.png"],
    ["concept", "show", "none"],
    ["relocate", "PHOTOS", "PHOTOS/sub"],
    ["forget", "--yes", "PHOTOS/red.png"],
    ["prune"],
    ["doctor"],
    ["backup", "PHOTOS/../backup.db"],
    ["marks", "export"],
    ["marks", "import", "PHOTOS/none.jsonl"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_closes_what_it_opens(photos_indexed: Path, command: list[str]) -> None:
    """However it ends."""
    arguments = [part.replace("PHOTOS", str(photos_indexed)) for part in command]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code in (0, 1, 2, 3), result.output
    assert open_files() == []


def test_python_closes_it_by_a_with(photos_indexed: Path) -> None:
    with clipsearch.open_library() as opened:
        assert len(opened.search("red")) == 5
        assert open_files()
    assert open_files() == []


def test_a_library_that_cannot_be_searched_is_not_left_open(tmp_path: Path) -> None:
    Library.open(tmp_path / "library", create=True).close()
    with pytest.raises(LibraryNotFound, match="is empty"):
        clipsearch.open_library()
    assert open_files() == []


def test_the_page_closes_all_when_the_server_ends(photos_indexed: Path) -> None:
    served = Starlette(
        routes=routes(shared_service.gallery_service(), {}), lifespan=shared_service.lifespan
    )
    with TestClient(served, base_url="http://127.0.0.1", client=("127.0.0.1", 1)) as client:
        assert client.get("/clipsearch/results?q=red&count=1").json()["tiles"]
        assert client.get("/clipsearch/facets").json()["months"]
        assert open_files()
    assert open_files() == []


def test_the_page_closes_what_it_opens_anew(photos_indexed: Path, tmp_path: Path) -> None:
    with GalleryService(load_config()) as gallery_service:
        first = gallery_service.searcher()
        before = sorted(open_files())
        with Library.open(tmp_path / "library") as library:
            index_into(library, ColourEncoder(fingerprint="2"))
        assert gallery_service.searcher() is not first  # the model is another one
        assert sorted(open_files()) == before
        (tmp_path / "library").rename(tmp_path / "moved")
        with pytest.raises(LibraryNotFound):
            gallery_service.library()
        assert open_files() == []
        (tmp_path / "moved").rename(tmp_path / "library")
        assert gallery_service.library().roots() and open_files()
    assert open_files() == []


def test_settings_that_change_close_what_was_open(
    photos_indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        first = shared_service.gallery_service()
        assert (
            shared_service.gallery_service() is first and first.library().roots() and open_files()
        )
        monkeypatch.setenv("CLIPSEARCH_LIBRARY", str(tmp_path / "another"))
        assert shared_service.gallery_service() is not first
        assert open_files() == []
        assert first.library().roots()  # whoever still has it may go on
    finally:
        shared_service.close_services()
    assert open_files() == []


def test_what_is_in_use_is_closed_when_it_is_given_back(tmp_path: Path) -> None:
    engine = writing_engine(tmp_path / "one.db")
    with engine.connect() as used:
        engine.dispose()
        assert used.exec_driver_sql("SELECT 1").scalar() == 1
        assert open_files() == ["one.db"]
    assert open_files() == []
    with engine.connect() as later:  # of a thread that has not heard of it
        assert later.exec_driver_sql("SELECT 1").scalar() == 1
    assert open_files() == []
