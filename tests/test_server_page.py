"""The page over a library on a server, by its routes; and the run that it starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.config import load_config
from app.gallery.gallery_service import GalleryService
from app.gallery.pictures import Pictures
from app.web.indexing import IndexRun
from app.web.routes import guard, routes
from asking import address, get, id_of
from conftest import index_into
from fakes import ColourEncoder
from store.address import Address
from store.server_library import ServerLibrary


@pytest.fixture
def page(
    server_library: ServerLibrary, loaded: list[str], photos: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GalleryService]:
    """Of that library; its address, which is with a password, comes from the environment."""
    index_into(server_library, ColourEncoder("ViT-B-32/openai"), photos)
    url = server_library.address.url.replace("postgres@", "postgres:s3cr3t@")
    monkeypatch.setenv("CLIPSEARCH_LIBRARY", url)
    with GalleryService(load_config()) as service:
        yield service


def test_what_it_shows(page: GalleryService, photos: Path) -> None:
    library = page.library()
    assert library.name.startswith("postgresql://postgres@") and not page.must_rebuild()
    served = Starlette(routes=routes(page, {}), middleware=guard({}))
    with TestClient(served, base_url="http://127.0.0.1", client=("127.0.0.1", 1)) as client:
        assert len(get(client, "results", q="red", count=9)["tiles"]) == 5
        assert len(get(client, "results", q=f"in:{photos}/sub type:png")["tiles"]) == 2
        (top,) = get(client, "facets")["folders"]
        assert top["count"] == 5
        assert get(client, "places")["pins"] == []
        assert get(client, "duplicates")["total"] == 0
        red = id_of(library, photos / "red.png")
        answer = client.get(address(library, "thumb", red))
        assert answer.status_code == 200 and answer.content.startswith(b"\xff\xd8")
        library.user_data.add_tag([red], "favourite")
        assert len(get(client, "results", q="is:favourite")["tiles"]) == 1
        for path in ("results?q=red", "facets"):
            assert "s3cr3t" not in client.get(f"/clipsearch/{path}").text


def test_indexing_from_it_names_no_password(page: GalleryService, photos: Path) -> None:
    run = IndexRun(page.config)
    run.start([photos])
    assert run._process
    arguments = run._process.args
    assert isinstance(arguments, list) and not any("s3cr3t" in str(one) for one in arguments)
    assert run.wait(120)
    assert not run.failed, run.result
    with ServerLibrary.at(Address(page.config.library_value), photos.parent / "x") as library:
        assert [root.path for root in library.roots()] == [photos]


def test_another_machine_makes_thumbnails_of_what_is_looked_at(
    server_library: ServerLibrary, photos: Path, tmp_path: Path
) -> None:
    index_into(server_library, ColourEncoder(), photos)
    assert server_library.thumbnails.count() == 5
    with ServerLibrary.at(server_library.address, tmp_path / "theirs") as theirs:
        index_into(theirs, ColourEncoder(), photos)
        assert theirs.thumbnails.count() == 0
        red = id_of(theirs, photos / "red.png")
        assert (Pictures(theirs).thumbnail(red) or b"").startswith(b"\xff\xd8")
        assert theirs.thumbnails.count() == 1
