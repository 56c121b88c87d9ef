"""What tests of the page's routes share: a client over a small library, and how to ask."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

import app.services
from app.config import load_config
from app.gallery.addresses import library_token
from app.gallery.gallery_service import GalleryService
from app.web.routes import guard, routes
from conftest import Index
from fakes import ColourEncoder
from store.library import Library


@pytest.fixture
def client(index: Index, photos: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name))
    index(photos)
    with GalleryService(load_config()) as service:
        served = Starlette(routes=routes(service, {}), middleware=guard({}))
        with TestClient(served, base_url="http://127.0.0.1", client=("127.0.0.1", 1)) as one:
            yield one


def id_of(library: Library, path: Path) -> int:
    (id,) = library.contents_at(path)
    return id


def get(client: TestClient, path: str, **asked: object) -> Any:
    """The answer; as the page does, it asks again while the look for copies goes on."""
    while (said := get_once(client, path, **asked)) and path == "duplicates":
        if said["done"] is None:
            break
        time.sleep(0.05)
    return said


def get_once(client: TestClient, path: str, **asked: object) -> Any:
    answer = client.get(f"/clipsearch/{path}", params={k: str(v) for k, v in asked.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(client: TestClient, path: str, value: object, status: int = 200) -> Any:
    answer = client.post(f"/clipsearch/{path}", json=value)
    assert answer.status_code == status, answer.text
    return answer.json()


def address(library: Library, kind: str, id: int) -> str:
    """Of a picture; ``kind`` is thumb, preview or original."""
    digest = library.digest(id)
    assert digest
    return f"/clipsearch/{kind}/{library_token(library.folder)}/{id}-{digest.hex()[:8]}"


def chosen(library: Library, ids: str) -> dict[str, str]:
    """The form that asks for a zip of photos."""
    return {"library": library_token(library.folder), "ids": ids}
