"""The routes of the library's page, over a real library."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

import app.services
from app.config import load_config
from app.gallery import library_overview
from app.gallery.gallery_service import GalleryService
from app.gallery.library_overview import overview
from app.locales.texts import Texts
from app.web import folder_watch, indexing
from app.web.asked_values import LARGEST_BODY
from app.web.routes import PASSWORD, routes
from asking import client, get, id_of, post
from conftest import Index, draw
from fakes import ColourEncoder
from store import locks
from store.library import Library
from store.values import DATABASE
from watching import until

__all__ = ["client"]

Visit = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    yield
    folder_watch.end_watches()
    indexing.end_runs()


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Visitors of the page of whatever library there is; those from elsewhere have logged in."""
    monkeypatch.setattr(app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name))
    with GalleryService(load_config()) as service:

        def visitor(*, elsewhere: bool = False) -> TestClient:
            environment = {PASSWORD: "open sesame"} if elsewhere else {}
            return TestClient(Starlette(routes=routes(service, environment)))

        yield visitor


def paths(shown: dict[str, Any]) -> list[str]:
    return [folder["path"] for folder in shown["folders"]]


def test_before_there_is_a_library(visit: Visit) -> None:
    shown = get(visit(), "library")
    assert (shown["folders"], shown["shown"], shown["model"]) == ([], 0, "")
    assert shown["writable"] and shown["at_machine"]
    assert get(visit(), "indexing")["generation"] == 0


def test_numbers_and_folders(
    client: TestClient, library: Library, index: Index, photos: Path
) -> None:
    (photos / "empty.jpg").touch()
    (photos / "cut.png").write_bytes((photos / "red.png").read_bytes()[:60])
    draw(photos / "gone.png", "yellow", (40, 30))
    index(photos)
    (photos / "gone.png").unlink()
    index(photos)
    library.user_data.hide([id_of(library, photos / "red.png")])
    shown = get(client, "library")
    assert (shown["shown"], shown["hidden"]) == (4, 1)
    assert shown["model"] and shown["bytes"] > 10_000 and shown["where"] == str(library.folder)
    (folder,) = shown["folders"]
    assert (folder["path"], folder["online"], folder["photos"]) == (str(photos), True, 5)
    assert (folder["unread"], folder["gone"], folder["away"]) == (2, 1, 0)
    assert get(client, "results", q=folder["query"])["total"] == 4
    kinds = {kind["state"]: kind for kind in shown["unread"]}
    assert set(kinds) == {"empty", "truncated"} and shown["more_unread"] == 0
    assert kinds["empty"]["count"] == 1
    ((path, reason),) = kinds["truncated"]["files"]
    assert path == str(photos / "cut.png") and "truncated" in reason
    german = client.get("/clipsearch/library", headers={"Accept-Language": "de"}).json()
    assert {kind["state"]: kind["files"][0][1] for kind in german["unread"]} == {
        "leer": "die Datei ist leer",
        "abgeschnitten": "das Bild bricht mittendrin ab",
    }


@pytest.mark.parametrize("name", ["[2019] x*?", 'a "b", c', "(c) -d OR e", "~", "Ünï\u202eß", "é"])
def test_the_query_for_a_folder_finds_its_photos(
    client: TestClient, index: Index, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "more" / name
    folder.mkdir(parents=True)
    draw(folder / "pink.png", "yellow", (9, 9))
    index(folder)
    own = next(one for one in get(client, "library")["folders"] if one["photos"] == 1)
    assert get(client, "results", q=own["query"])["total"] == 1


def test_the_query_for_a_folder_whose_name_is_no_text(
    client: TestClient, index: Index, tmp_path: Path
) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("Names of files are text here.")
    draw(folder / "pink.png", "yellow", (9, 9))
    index(folder)
    own = next(one for one in get(client, "library")["folders"] if one["photos"] == 1)
    assert get(client, "results", q=own["query"])["total"] == 1


def test_a_folder_that_is_away(client: TestClient, photos: Path) -> None:
    photos.rename(photos.with_name("unplugged"))
    (folder,) = get(client, "library")["folders"]
    assert (folder["online"], folder["photos"]) == (False, 5)


def test_only_the_first_unread_files_are_listed(
    client: TestClient, index: Index, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_overview, "MOST_UNREAD", 3)
    for number in range(4):
        (photos / f"{number}.jpg").touch()
    (photos / "9.jpg").write_bytes(b"no picture")
    index(photos)
    shown = get(client, "library")
    empty, unsupported = shown["unread"]
    assert (empty["count"], len(empty["files"])) == (4, 3)
    assert (unsupported["count"], unsupported["files"]) == (1, [])
    assert shown["more_unread"] == 2


def test_files_that_a_run_meets_meanwhile(
    library: Library, index: Index, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (photos / "0.jpg").touch()
    index(photos)
    counted = library.status()
    for number in range(1, 4):
        (photos / f"{number}.jpg").touch()
    (photos / "9.jpg").write_bytes(b"no picture")
    index(photos)
    monkeypatch.setattr(library, "status", lambda: counted)  # as of before
    shown = overview(library, Texts("en"), at_machine=True)
    assert [(kind.count, len(kind.files)) for kind in shown.unread] == [(4, 4), (1, 1)]
    assert shown.more_unread == 0


def test_a_folder_is_removed_from_the_library(
    client: TestClient, library: Library, index: Index, photos: Path, tmp_path: Path
) -> None:
    other = tmp_path / "others"
    other.mkdir()
    draw(other / "pink.png", "red", (9, 9))
    index(other)
    red = id_of(library, photos / "red.png")
    library.user_data.add_tag([red], "sea")
    library.user_data.add_to_album("Sea", [red])
    own = next(root.id for root in library.roots() if root.path == photos)
    assert get(client, "library/at-stake", id=own) == {"marks": 2, "pictures": 1}
    with library.writing():
        busy = post(client, "library/remove", {"id": own}, 503)
        assert "Another" in busy["error"] or "busy" in busy["error"]
    assert own == 1
    for wrong in (None, True, 1.0, "1", [1], 2**70):
        assert "not in the library" in post(client, "library/remove", {"id": wrong}, 400)["error"]
    assert paths(post(client, "library/remove", {"id": own})) == [str(other)]
    assert len(list(photos.rglob("*.png"))) == 5
    assert "not in the library" in post(client, "library/remove", {"id": own}, 400)["error"]
    assert get(client, "library/at-stake", id=own) == {"marks": 0, "pictures": 0}

    index(photos)  # marks are there again with their photos
    assert library.user_data.album("sea") == [id_of(library, photos / "red.png")]
    own = next(root.id for root in library.roots() if root.path == photos)
    post(client, "library/remove", {"id": own, "marks": True})
    index(photos)
    assert library.user_data.albums() == [] and library.user_data.tagged() == {}


def test_no_folder_is_removed_while_photos_are_read(
    client: TestClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing.IndexRun, "is_running", lambda _: True)
    (root,) = library.roots()
    assert "run is under way" in post(client, "library/remove", {"id": root.id}, 400)["error"]
    assert len(library.roots()) == 1


def test_folders_are_watched_while_the_switch_is_on(client: TestClient, tmp_path: Path) -> None:
    place = tmp_path / "library"
    assert not locks.is_watched(place) and get(client, "indexing")["watching"] is False
    post(client, "library/watch", {"on": True})
    until(lambda: locks.is_watched(place))
    assert get(client, "indexing")["watching"] is True  # for other visitors too
    post(client, "library/watch", {"on": False})
    assert not locks.is_watched(place) and get(client, "indexing")["watching"] is False


def test_tags_go_into_sidecars_once_somebody_says_so(client: TestClient, library: Library) -> None:
    assert get(client, "library")["sidecars"] is False
    assert post(client, "library/sidecars", {"on": True})["sidecars"] is True
    assert library.user_data.writes_sidecars()
    assert post(client, "library/sidecars", {"on": False})["sidecars"] is False
    assert not library.user_data.writes_sidecars()


def test_visitors_from_elsewhere_reach_no_folders(
    visit: Visit, index: Index, photos: Path, library: Library
) -> None:
    index(photos)
    stranger = visit(elsewhere=True)
    shown = get(stranger, "library")
    assert paths(shown) == [str(photos)] and shown["at_machine"] is False
    (root,) = library.roots()
    for path in ("library/remove", "library/sidecars"):
        assert stranger.post(f"/clipsearch/{path}", json={"id": root.id, "on": True}).is_error
    for path in ("library/at-stake", "folders"):
        assert stranger.get(f"/clipsearch/{path}", params={"id": root.id}).is_error
    for asked in ({"folder": "/"}, {"samples": True}, {"samples": False}):
        assert "at the machine itself" in post(stranger, "index", asked, 400)["error"]
    assert len(library.roots()) == 1 and not library.user_data.writes_sidecars()
    assert not get(stranger, "indexing")["running"]
    assert post(stranger, "index", {"stop": True})["running"] is False  # a run is theirs to follow


def test_a_page_of_another_library_changes_nothing(client: TestClient, library: Library) -> None:
    (root,) = library.roots()
    other = {"Clipsearch-Library": "0123456789abcdef"}
    for path in ("index", "library/remove", "library/watch", "library/sidecars"):
        asked = {"id": root.id, "on": True}
        answer = client.post(f"/clipsearch/{path}", json=asked, headers=other)
        assert answer.status_code == 409
    assert client.get("/clipsearch/library", headers=other).status_code == 409
    assert len(library.roots()) == 1 and not get(client, "indexing")["running"]


def test_changes_are_json(client: TestClient) -> None:
    for path in ("library/remove", "library/watch", "library/sidecars"):
        assert client.post(f"/clipsearch/{path}", content=b"{}").status_code == 400
        assert client.get(f"/clipsearch/{path}").status_code == 405


def test_a_run_begins_only_with_what_makes_sense(client: TestClient, tmp_path: Path) -> None:
    strange: tuple[object, ...] = (3, [], "a\0b", "\ud800", str(tmp_path / ("long" * 100)))
    for content in (
        *("[]", "[" * 9_000, "a" * (LARGEST_BODY + 1)),
        *(json.dumps({"folder": folder}) for folder in strange),
    ):
        headers = {"Content-Type": "application/json"}
        answer = client.post("/clipsearch/index", content=content, headers=headers)
        assert answer.status_code == 400 and answer.json()["error"]
    assert client.get("/clipsearch/folders", params={"path": "a\0b/"}).json() == []
    assert not get(client, "indexing")["running"]


def test_a_library_that_cannot_be_read_is_said_and_a_run_still_followed(
    client: TestClient, library: Library
) -> None:
    with closing(sqlite3.connect(library.folder / DATABASE)) as database, database:
        database.execute("UPDATE setting SET value = '\"no number\"' WHERE key = 'generation'")
    assert get(client, "indexing")["generation"] == 0
