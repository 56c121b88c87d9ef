"""Who may only read a library on a server: can search, and is told plainly what they may not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.config import load_config
from app.gallery.gallery_service import GalleryService
from app.web.indexing import IndexRun
from app.web.routes import guard, routes
from asking import address, get, id_of
from conftest import Run, index_into
from fakes import ColourEncoder
from servers import Server
from store.server_library import ServerLibrary
from store.values import Example
from watching import until

pytestmark = pytest.mark.one_python

TABLES = (
    *(
        "root",
        "content",
        "photo",
        "embedding",
        "nearby",
        "picture_text",
        "tag",
        "concept_example",
        "model",
    ),
    *("album_photo", "saved_search", "past_search", "setting", "filesystem"),
)


@pytest.fixture
def reader(server: Server, server_library: ServerLibrary, photos: Path) -> Iterator[str]:
    """The address of a library for a role that may only read it."""
    index_into(server_library, ColourEncoder("ViT-B-32/openai"), photos)
    (red,) = server_library.contents_at(photos / "red.png")
    server_library.user_data.add_tag([red], "sea")
    server_library.user_data.save_search("sea", "blue")
    model = server_library.model()
    assert model
    vector = server_library.vectors(model, np.array([red]))[0]
    example = Example(str(photos / "red.png"), False, red, model.id, vector)
    server_library.user_data.add_examples("cold", [example])
    url = server_library.address.url
    server.run(
        "DROP ROLE IF EXISTS onlooker",
        "CREATE ROLE onlooker LOGIN",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO onlooker",
        url=url,
    )
    yield url.replace("postgres@", "onlooker@")
    server.run("DROP OWNED BY onlooker", "DROP ROLE onlooker", url=url)


def everything(server: Server, library: ServerLibrary) -> list[list[tuple[Any, ...]]]:
    queries = [f"SELECT * FROM {table}" for table in TABLES]
    return [sorted(server.run(query, url=library.address.url), key=str) for query in queries]


READING = (
    *(("search", "red"), ("search", "tag:sea"), ("similar", "PHOTOS/red.png"), ("status",)),
    *(("explain", "PHOTOS/red.png", "red"), ("duplicates",), ("files",), ("marks", "export")),
    ("label", "--labels", "red,blue"),
)
CHANGING = (
    *(("index", "PHOTOS"), ("index",), ("index", "--retry"), ("doctor",), ("prune", "--yes")),
    *(("forget", "PHOTOS", "--yes"), ("relocate", "PHOTOS", "PHOTOS-moved")),
    *(("tag", "add", "mine", "PHOTOS"), ("tag", "remove", "sea", "PHOTOS")),
    *(("favourite", "PHOTOS"), ("concept", "add", "warm", "PHOTOS/red.png")),
    *(("concept", "remove", "cold"), ("marks", "import", "PHOTOS/marks.jsonl")),
)


def filled_in(command: tuple[str, ...], photos: Path) -> list[str]:
    return [part.replace("PHOTOS", str(photos)) for part in command]


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_what_they_may(reader: str, run: Run, photos: Path, command: tuple[str, ...]) -> None:
    done = run(*filled_in(command, photos), "--library", reader)
    assert done.code in (0, 3), done.err
    assert "permission denied" not in done.err


@pytest.mark.parametrize("command", CHANGING, ids=" ".join)
def test_what_they_may_not(
    server: Server,
    server_library: ServerLibrary,
    reader: str,
    run: Run,
    photos: Path,
    command: tuple[str, ...],
) -> None:
    lines = run("marks", "export", "--library", reader).out
    (photos / "marks.jsonl").write_text(lines.replace('"sea"', '"ocean"'))
    shutil.copytree(photos, f"{photos}-moved")
    before = everything(server, server_library)
    done = run(*filled_in(command, photos), "--library", reader)
    assert done.code == 1, (done.out, done.err)
    *notes, last = done.err.splitlines()
    assert "nothing in it can be changed" in last
    assert all("can't be written to: it is searched as it is" in note for note in notes)
    assert everything(server, server_library) == before


def test_the_page(
    server: Server,
    server_library: ServerLibrary,
    reader: str,
    loaded: list[str],
    photos: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLIPSEARCH_LIBRARY", reader)
    before = everything(server, server_library)
    with GalleryService(load_config()) as service:
        served = Starlette(routes=routes(service, {}), middleware=guard({}))
        with TestClient(served, base_url="http://127.0.0.1", client=("127.0.0.1", 1)) as client:
            assert len(get(client, "results", q="red", count=9)["tiles"]) == 5
            assert len(get(client, "results", q="tag:sea")["tiles"]) == 1
            assert get(client, "facets")["folders"]
            library = service.library()
            red = id_of(library, photos / "red.png")
            assert client.get(address(library, "thumb", red)).status_code == 200
            for path, body in (
                ("tag", {"ids": [red], "name": "mine"}),
                ("tag", {"ids": [red], "name": "sea", "add": False}),
                ("tag", {"ids": [red], "favourite": True}),
                ("concept", {"ids": [red], "name": "warm"}),
                ("concept", {"name": "warm", "forget": True}),
                ("search", {"name": "red", "query": "red"}),
                ("search", {"name": "sea"}),
                ("history", {}),
            ):
                answer = client.post(f"/clipsearch/{path}", json=body)
                assert answer.status_code == 503, (path, answer.text)
                (line,) = answer.json()["error"].splitlines()
                assert "nothing in it can be changed" in line
            assert len(get(client, "results", q="red", count=9)["tiles"]) == 5
    assert everything(server, server_library) == before


def test_indexing_from_the_page(
    reader: str, loaded: list[str], photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIPSEARCH_LIBRARY", reader)
    run = IndexRun(load_config())
    run.start([photos])
    assert run.wait(120)
    until(lambda: run.result)  # which comes a moment after the end
    assert run.failed
    (line,) = run.result
    assert "nothing in it can be changed" in line
