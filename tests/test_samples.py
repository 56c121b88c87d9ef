"""Photos to try clipsearch with come and go without a trace."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.samples import remove_samples, sample_folders, samples_in
from asking import client, get, post
from conftest import Index, draw
from store.library import Library

__all__ = ["client"]


def test_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {*sys.modules}
    folders = sample_folders()
    assert [folder.name for folder in folders] == ["data", "images"]
    assert len([*folders[0].glob("*.png")]) > 10 and len([*folders[1].glob("*.jpg")]) == 2
    assert not {"skimage", "sklearn"} & ({*sys.modules} - before)

    def without(name: str) -> object:
        return None if name == "sklearn" else find_spec(name)

    monkeypatch.setattr("app.samples.find_spec", without)
    assert sample_folders() == []


def test_they_go_and_the_rest_stays(
    library: Library, index: Index, photos: Path, tmp_path: Path
) -> None:
    (tmp_path / "gone venv" / "skimage").mkdir(parents=True)
    samples = (tmp_path / "gone venv" / "skimage" / "data").resolve()
    photos.rename(samples)
    (tmp_path / "own" / "data").mkdir(parents=True)
    index(samples)
    index(tmp_path / "own" / "data")
    assert samples_in(library) == [samples]
    remove_samples(library)
    assert samples_in(library) == []
    assert [root.path.name for root in library.roots()] == ["data"]
    assert len([*samples.rglob("*.png")]) == 5


def test_what_the_page_asks_for(
    client: TestClient,
    library: Library,
    index: Index,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    samples = tmp_path / "skimage" / "data"
    samples.mkdir(parents=True)
    draw(samples / "sample.png", "red", (31, 17))
    index(samples)
    assert get(client, "results")["total"] == 6
    monkeypatch.setattr("app.web.indexing_routes.sample_folders", lambda: [])
    said = post(client, "index", {"samples": True}, 400)
    assert 'pip install "clipsearch[samples]"' in said["error"]
    with library.writing():
        said = post(client, "index", {"samples": False}, 400)
        assert "Another clipsearch is changing the library" in said["error"]
    assert get(client, "results")["total"] == 6
    assert post(client, "index", {"samples": False})["running"] is False
    assert get(client, "results")["total"] == 5
