"""The outermost HTML is ours, scripts are compressed, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app.web.compression import Compression
from app.web.index_page import MANIFEST, MARK, IndexPage, index_page_routes, without_icon_font
from app.web.indexing_routes import folders
from asking import client, get

__all__ = ["client"]

STATIC = Path(streamlit.__file__).parent / "static"
HTML = (STATIC / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def served() -> TestClient:
    """A server with the page of the Streamlit that is installed."""
    script = Route(
        "/static/js/a.js", lambda _: Response("a();" * 999, media_type="text/javascript")
    )
    inside = Starlette(
        routes=[
            Route("/", lambda _: HTMLResponse(HTML, headers={"ETag": '"1"'})),
            Route("/library", lambda _: HTMLResponse(HTML)),
            Route("/_stcore/health", lambda _: PlainTextResponse("ok")),
            Route("/clipsearch/login", lambda _: HTMLResponse("<title>Streamlit</title>")),
            script,
            *index_page_routes(),
        ]
    )
    # Streamlit compresses some of its pages itself.
    return TestClient(Compression(IndexPage(GZipMiddleware(inside))))


@pytest.mark.parametrize("path", ["/", "/library"])
def test_it_has_our_name_mark_and_styles(served: TestClient, path: str) -> None:
    answer = served.get(path)
    assert "<title>clipsearch</title>" in answer.text
    assert f'href="{MARK}"' in answer.text and f'href="{MANIFEST}"' in answer.text
    assert "favicon.png" not in answer.text and "stSkipToContent" in answer.text
    assert 'as="font"' not in answer.text  # nothing here is written in it
    assert "<script>" not in answer.text  # the policy lets none run, and the console says so
    assert answer.text.count('type="module"') == HTML.count('type="module"')
    assert "etag" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_mark_and_manifest(served: TestClient) -> None:
    assert served.get(MARK).headers["content-type"].startswith("image/svg+xml")
    manifest = served.get(MANIFEST).json()
    assert manifest["display"] == "standalone"
    assert [icon["src"] for icon in manifest["icons"]] == [MARK]


def test_only_what_is_the_same_for_all_is_compressed(served: TestClient) -> None:
    sizes = {}
    for encoding in ("gzip", "br"):
        packed = served.get("/static/js/a.js", headers={"Accept-Encoding": f"x, {encoding};q=0.9"})
        assert packed.headers["content-encoding"] == encoding
        assert "Accept-Encoding" in packed.headers["vary"]
        sizes[encoding] = int(packed.headers["content-length"])
        again = served.get("/static/js/a.js", headers={"Accept-Encoding": encoding})
        assert again.content == packed.content and packed.content != b""
    assert sizes["br"] < sizes["gzip"]
    assert served.head("/static/js/a.js").headers.get("content-encoding") != "br"
    plain = served.get("/static/js/a.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for path in ("/", "/clipsearch/login", "/_stcore/health"):
        assert "content-encoding" not in served.get(path).headers
    assert served.get("/clipsearch/login").text == "<title>Streamlit</title>"
    assert served.get("/_stcore/health").text == "ok"


def test_the_font_of_icons_is_left_out() -> None:
    (styles,) = (STATIC / "static" / "css").glob("index.*.css")
    text = styles.read_text(encoding="utf-8")
    left = without_icon_font(text)
    assert "MaterialSymbols" in text and "MaterialSymbols" not in left
    assert left.count("@font-face") == text.count("@font-face") - 1


def test_scripts_of_ours_come_compressed(client: TestClient) -> None:
    from app.web.frontend_routes import main_address

    address = main_address().replace("main.js", "grid.js")
    for encoding in ("gzip", "br"):
        answer = client.get(address, headers={"Accept-Encoding": encoding})
        assert answer.headers["content-encoding"] == encoding
        assert answer.text.startswith("// @ts-check")


def test_folders_to_choose_from(tmp_path: Path) -> None:
    for name in ("Photos", "photos of 2019", ".hidden", "Music"):
        (tmp_path / name).mkdir()
    (tmp_path / "photo.jpg").touch()
    assert folders(f"{tmp_path}/ph") == [
        str(tmp_path / "Photos"), str(tmp_path / "photos of 2019"),
    ]  # fmt: skip
    assert folders(f"{tmp_path}/") == sorted(
        str(tmp_path / name) for name in ("Photos", "photos of 2019", "Music")
    )
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "long").symlink_to("x" * 300)  # Python 3.11 raises of it, which 3.14 does not
    assert len(folders(f"{tmp_path}/")) == 3
    assert folders(f"{tmp_path}/nowhere/x") == []
    assert folders("")  # where photos usually are


def test_a_run_is_begun_and_followed(client: TestClient, tmp_path: Path) -> None:
    headers = {"Content-Type": "application/json"}
    nowhere = client.post("/clipsearch/index", json={"folder": str(tmp_path / "no")})
    assert nowhere.status_code == 400 and "no such folder" in nowhere.json()["error"]
    assert client.post("/clipsearch/index", json={"folder": " "}).status_code == 400
    assert client.post("/clipsearch/index", content=b"[", headers=headers).status_code == 400
    assert client.post("/clipsearch/index", content=b"{}").status_code == 400
    assert not get(client, "indexing")["running"]
