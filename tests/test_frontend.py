"""The page's JavaScript as it is packaged and served; its unit tests are in ``tests/frontend``."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.config import load_config
from app.gallery.gallery_service import GalleryService
from app.locales.texts import Texts, catalogue, languages
from app.pages.component import localized
from app.web import frontend_routes
from app.web.frontend_routes import (
    ENTRY,
    LATER_STYLES,
    STYLES,
    main_address,
    styles_address,
    texts_address,
)
from app.web.routes import TOKEN, guard, routes
from asking import client

pytestmark = pytest.mark.one_python

__all__ = ["client"]

TOP = Path(__file__).parent.parent
FOLDER = TOP / "app" / "pages" / "frontend"
MODULES = sorted(path.name for path in FOLDER.glob("*.js"))

WRITES_HTML = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|srcdoc|parseFromString"
    r"|createContextualFragment|document\.write(ln)?|eval|new Function)\b"
)
IMPORT = re.compile(
    r"""\b(?:import|export)\b[^"';()]*?\bfrom\s*["']([^"']*)["']"""
    r"""|\bimport\s*\(?\s*["']([^"']*)["']"""
)


def code(name: str) -> str:
    """A module without its comments: types are imported in those."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/|^\s*//[^\n]*|\s//\s[^\n]*", "", text, flags=re.DOTALL | re.MULTILINE)


def imports(text: str) -> list[str]:
    return [one or other for one, other in IMPORT.findall(text)]


def test_imports_of_every_kind_are_seen() -> None:
    text = """import a from "./a.js"; import { b,
        c } from './b.js'; export { d } from "./d.js"; import "./e.js"; await import("./f.js");"""
    assert imports(text) == ["./a.js", "./b.js", "./d.js", "./e.js", "./f.js"]


@pytest.mark.parametrize("name", MODULES)
def test_no_import_leaves_the_folder(name: str) -> None:
    for asked in imports(code(name)):
        assert re.fullmatch(r"\./\w+\.js", asked)
        assert asked[2:] in MODULES


def test_main_reaches_every_module_and_a_browser_gets_each(client: TestClient) -> None:
    seen: dict[str, str] = {}
    waiting = [main_address()]
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        name = address.rpartition("/")[2]
        assert answer.content == (FOLDER / name).read_bytes()
        seen[name] = address
        asked = [urljoin(address, one) for one in imports(code(name))]
        waiting += [one for one in asked if one not in (*seen.values(), *waiting)]
    assert sorted(seen) == sorted(set(MODULES) - {ENTRY})


@pytest.mark.parametrize("language", languages())
def test_a_browser_gets_the_texts_that_its_scripts_name(client: TestClient, language: str) -> None:
    answer = client.get(texts_address(language))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    given = json.loads(answer.text.removeprefix("export default ").removesuffix(";\n"))

    def asked(names: Iterable[str]) -> set[str]:
        return {key for name in names for key in re.findall(r'\bt\(\s*"([^"]+)"', code(name))}

    first = asked(name for name in MODULES if not name.startswith("library_"))
    assert first <= set(given) and len(first) > 200
    assert given == {key: catalogue(language)[key] for key in given}
    assert "notice.empty" not in given  # that is said by Python
    # Those of the library's page come when it is opened.
    answer = client.get(urljoin(texts_address(language), f"texts-later-{language}.js"))
    assert answer.status_code == 200
    later = json.loads(answer.text.removeprefix("export default ").removesuffix(";\n"))
    assert not set(later) & set(given) and asked(MODULES) <= {*later, *given}
    assert later == {key: catalogue(language)[key] for key in later}
    assert "library.title" in later


def test_the_styles_of_the_librarys_page_come_when_it_is_opened(client: TestClient) -> None:
    for name in LATER_STYLES:
        answer = client.get(urljoin(main_address(), name), headers={"Accept-Encoding": "br"})
        assert answer.headers["content-type"] == "text/css; charset=utf-8"
        assert answer.headers["content-encoding"] == "br"
        assert answer.content == (FOLDER / name).read_bytes()


def test_a_browser_keeps_the_styles_as_one(client: TestClient) -> None:
    answer = client.get(styles_address())
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    places = [answer.text.index((FOLDER / f"{name}.css").read_text("utf-8")) for name in STYLES]
    assert places == sorted(places)


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_browser_keeps_the_data_of_the_maps(client: TestClient, encoding: str) -> None:
    def given(name: str) -> Any:
        answer = client.get(urljoin(main_address(), name), headers={"Accept-Encoding": encoding})
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        assert answer.headers["content-type"] == "application/json"
        return answer.json()

    names = given("map_names.json")
    assert ["IT", "Italy"] in [country[:2] for country in names["countries"]]
    assert "Naples" in [city[0] for city in names["cities"]]
    outline = given("land.json")
    assert len(outline) > 100
    for ring in outline:
        assert all(-180 <= x <= 180 for x in ring[::2])
        assert all(-90 <= y <= 90 for y in ring[1::2])


def test_the_html_has_all_of_its_texts() -> None:
    template = (FOLDER / "gallery.html").read_text(encoding="utf-8")
    said = localized(template, Texts("de"))
    assert "{{" in template and "{{" not in said
    assert 'placeholder="Was zeigt das Foto?"' in said
    assert localized("<p>{{page.gone}}</p>", Texts()) == (
        "<p>The page&#x27;s server does not answer</p>"
    )


def test_the_type_is_not_what_the_registry_of_windows_says(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mimetypes.guess_type", lambda *_, **__: ("text/plain", None))
    kind = client.get(main_address()).headers["content-type"]
    assert kind.startswith("text/javascript")


@pytest.mark.parametrize(
    "wrong",
    ["grid.css", "types.d.ts", "entry.js", "no_such.js", "..%2fcomponent.py", "%2e%2e/x.js", ""],
)
def test_nothing_else_is_served(client: TestClient, wrong: str) -> None:
    answer = client.get(urljoin(main_address(), ".") + wrong)
    assert answer.status_code == 404
    assert "max-age" not in answer.headers.get("cache-control", "")


def test_other_contents_have_another_address(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = main_address()
    changed = {**frontend_routes.contents(), "dates.js": b"export {};"}
    monkeypatch.setattr(frontend_routes, "contents", lambda: changed)
    frontend_routes._version.cache_clear()
    try:
        assert main_address() != before
        assert client.get(main_address()).status_code == 200
        stale = client.get(before)
        assert (stale.status_code, stale.headers["cache-control"]) == (404, "private, no-store")
        assert "Reload the page" in stale.text
    finally:
        monkeypatch.undo()
        frontend_routes._version.cache_clear()
    assert main_address() == before


def test_the_guard_stands_before_the_scripts_too() -> None:
    environment = {TOKEN: "a-token-for-this-test"}
    with GalleryService(load_config()) as service:
        served = Starlette(routes=routes(service, environment), middleware=guard(environment))
        with TestClient(served, base_url="http://127.0.0.1", client=("127.0.0.1", 1)) as one:
            assert one.get(main_address()).status_code == 401
            one.get("/", params={"token": "a-token-for-this-test"})  # brings a cookie
            assert one.get(main_address()).status_code == 200
            elsewhere = {"Sec-Fetch-Site": "cross-site"}
            assert one.get(main_address(), headers=elsewhere).status_code == 403


def test_what_the_page_needs_is_packaged_and_no_more() -> None:
    settings = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    files = {path.name for path in FOLDER.iterdir()}
    taken = settings["tool"]["setuptools"]["package-data"]["app.pages"]
    left = settings["tool"]["setuptools"]["exclude-package-data"]["*"]
    packaged = {name for name in files if any(fnmatch(f"frontend/{name}", p) for p in taken)}
    styles = {f"{name}.css" for name in STYLES} | set(LATER_STYLES)
    others = {"gallery.html", "around.css", "mark.svg", "icons.LICENSE.txt"}
    assert packaged == {*MODULES, *others, *styles}
    assert {name for name in files if any(fnmatch(name, p) for p in left)} == {"types.d.ts"}
    assert settings["tool"]["setuptools"]["package-data"]["app.locales"] == ["*.json"]


@pytest.mark.parametrize("name", MODULES)
def test_modules_are_checked_small_and_write_no_html(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text.startswith("// @ts-check\n")
    assert len(text.splitlines()) <= 250
    assert not WRITES_HTML.search(code(name))


def test_the_tools_of_the_checks_come_from_the_usual_registry() -> None:
    lock = (TOP / "package-lock.json").read_text(encoding="utf-8")
    assert set(re.findall(r'"resolved": "(\w+://[^/]+)/', lock)) == {"https://registry.npmjs.org"}
