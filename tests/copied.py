"""What the tests of ``clipsearch copy`` share: places, a library with all in it, all it answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import copying
from app.config import Config, load_config
from app.query.parser import parse_query
from app.search.searcher import Searcher
from app.services import open_library_of
from conftest import draw, index_into
from fakes import ColourEncoder
from servers import Server
from store.copying.copies import Copied
from store.library import Library
from store.states import Away, State
from store.values import Example


@pytest.fixture(params=["folder", "server"])
def origin(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return _place(request.param, request, tmp_path / "origin")


@pytest.fixture(params=["folder", "server"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return _place(request.param, request, tmp_path / "target")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIPSEARCH_CACHE", str(tmp_path / "cache"))


def _place(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    if kind == "folder":
        return str(folder)
    server: Server = request.getfixturevalue("server")
    return server.database()


def config(place: str) -> Config:
    return load_config(library=place)


def opened(place: str, *, create: bool = False) -> Library:
    return open_library_of(config(place), create=create)


def copy(origin: str, target: str) -> Copied:
    return copying.copy(config(origin), config(target), lambda *_: None)


def fill(place: str, photos: Path) -> None:
    """Make a library with all that one can have."""
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    (photos / "Ähre \U0001f33e %").mkdir()
    draw(photos / "Ähre \U0001f33e %" / "x.png", "red", (9, 8))
    gone = draw(photos / "gone.png", "green", (8, 9))
    with opened(place, create=True) as library:
        index_into(library, ColourEncoder(), photos)
        index_into(library, ColourEncoder("others", "2"), photos)
        gone.unlink()
        with library.writing() as writer:
            writer.add_root(photos, ["*.tmp"], replace=False)
            (away,) = [p.id for p in library.files([State.INDEXED]) if p.path.name == "blue.png"]
            writer.set_away([away], Away.AT_ONCE)
        index_into(library, ColourEncoder("others", "2"), photos)
        add_marks(library, photos)


def add_marks(library: Library, photos: Path) -> None:
    user, model = library.user_data, library.model()
    assert model
    ids = library.contents_at(photos / "sub")
    vectors = library.vectors(model, np.array(ids, np.int64))
    user.add_tag(ids, "Liked")
    user.add_to_album("Étés", ids[::-1])
    user.add_tag(ids[:1], "süß")
    user.hide(library.contents_at(photos / "Ähre \U0001f33e %"))
    user.write_sidecars(True)
    user.add_examples("warm", [Example("/a.png", False, ids[0], model.id, vectors[0])])
    user.add_examples("warm", [Example("/b.png", True, None, model.id, vectors[1])])
    user.save_search("Sky", "a blue sky")
    for query in ("one", "two", "one"):
        user.remember(query)


def all_of(place: str) -> dict[str, Any]:
    """Everything that a library answers."""
    with opened(place) as library:
        models = library.models()
        model = library.model()
        assert model
        ids = [id for id in range(1, 40) if library.digest(id)]
        user = library.user_data
        searcher = Searcher(library, model, ColourEncoder("others", "2"))
        return {
            "model": (model, library.building_model(), models),
            "roots": library.roots(),
            "status": [entry.counts for entry in library.status()],
            "files": [vars(file) for file in library.files(list(State))],
            "digests": {id: library.digest(id) for id in ids},
            "vectors": {
                (one.id, id): library.vectors(one, np.array([id])).tolist()
                for one in models
                for id in library.matching(one, None).tolist()
            },
            "generation": library.generation(),
            "tags": user.tagged(),
            "albums": {one.name: user.album(one.name) for one in user.albums()},
            "marks": list(user.exported()),
            "saved": user.saved_searches(),
            "history": user.history(9),
            "answers": {
                query: [
                    (str(hit.path), round(hit.score, 5), hit.relevance)
                    for hit in searcher.search(parse_query(query), 20)
                ]
                for query in ("red", "a yellow thing -white", "blue is:favourite", "tag:liked")
            },
            "places": library.unplaced(9),
            "without thumbnail": library.without_thumbnail(),
        }
