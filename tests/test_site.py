"""The documentation site builds without a warning, and what it shows comes from itself alone."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.one_python

pytest.importorskip("sphinx", reason="needs the extra docs")

TOP = Path(__file__).parent.parent
_LOADED = {"src", "srcset", "data", "poster", "background", "action"}  # attributes that fetch


class Page(HTMLParser):
    """What a page fetches by itself, what it links to, and what can be linked to in it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.linked: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in _LOADED or (tag == "link" and name == "href"):
                self.fetched.append(value or "")
            elif tag == "a" and name == "href":
                self.linked.append(value or "")
            elif name == "style":
                self.fetched += _of_css(value or "")
            elif name == "id":
                self.ids.add(value or "")


def _of_css(text: str) -> list[str]:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    named = re.findall(r"@import\s+(?:url\()?\s*[\"']?([^\"');\s]+)|url\(\s*([^)]*)\)", text)
    return [(imported or url).strip("\"' ") for imported, url in named]


def _is_elsewhere(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as ``make docs`` does; a warning fails."""
    folder = tmp_path_factory.mktemp("site")
    recipe = re.search(r"-m (sphinx .*?) \. build/docs", _makefile(), re.DOTALL)
    assert recipe
    options = recipe[1].replace("\\\n", " ").replace("build/doctrees", str(folder / "doctrees"))
    command = [sys.executable, "-m", *options.split(), ".", str(folder / "html")]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "html"


def _makefile() -> str:
    return (TOP / "Makefile").read_text(encoding="utf-8")


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 20
    for path in pages:
        assert [a for a in Page(path).fetched if _is_elsewhere(a)] == [], path
        styles = re.findall(r"<style.*?>(.*?)</style>", path.read_text("utf-8"), re.DOTALL)
        assert [a for style in styles for a in _of_css(style) if _is_elsewhere(a)] == [], path
    sheets = sorted(site.rglob("*.css"))
    assert sheets
    for path in sheets:
        assert [a for a in _of_css(path.read_text("utf-8")) if _is_elsewhere(a)] == [], path


def test_links_and_pictures_are_there(site: Path) -> None:
    """Those into a page as well: a heading that was renamed would break them."""
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    checked = 0
    for path, page in pages.items():
        for address in page.linked + page.fetched:
            parts = urlsplit(address)
            if _is_elsewhere(address) or parts.scheme or path.name in ("search.html",):
                continue
            target = (path.parent / parts.path).resolve() if parts.path else path
            assert target.exists(), f"{path}: {address}"
            if parts.fragment and target in pages:
                assert parts.fragment in pages[target].ids, f"{path}: {address}"
            checked += 1
    assert checked > 1_000


def test_what_is_made_from_the_code_is_on_it(site: Path) -> None:
    api = Page(site / "docs" / "api.html")
    for name in ("open_library", "PhotoLibrary.search", "Hit", "LibraryNotFound"):
        assert any(id == name or id.endswith(f".{name}") for id in api.ids), name
    for protocol, method in (("Encoder", "encode_texts"), ("VectorSearch", "search")):
        assert any(id.endswith(f"{protocol}.{method}") for id in api.ids), method
    assert (site / "index.html").exists()


@pytest.mark.parametrize(
    "address",
    ["https://example.com/a.js", "//example.com/a.css", "http://example.com", "ftp://example.com"],
)
def test_elsewhere_is_seen_as_such(address: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        f'<script src="{address}"></script><link href="{address}"><p style="b:url({address})">'
    )
    assert Page(page).fetched == [address] * 3
    assert _is_elsewhere(address)
    assert _of_css(f'@import "{address}"; a {{ b: url("{address}") }}') == [address] * 2
