"""What README promises to Python programs, with the real model."""

from __future__ import annotations

import ast
import inspect
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

import clipsearch
from app.config import load_config
from benchmarks.samples import index_photos
from store import errors
from store.errors import ConfigError, LibraryNotFound, QueryError

TOP = Path(__file__).parent.parent
README = (TOP / "README.md").read_text(encoding="utf-8")
PROMISED = [
    *("ClipsearchError", "ClusterError", "ConfigError", "DataError", "DeviceUnavailable"),
    "EngineUnavailable",
    *("FileRefused", "Hit", "LibraryBusy", "LibraryDamaged", "LibraryError", "LibraryNotFound"),
    *("LibraryReadOnly", "LibraryTooNew", "ModelError", "ModelFailed", "ModelUnavailable"),
    *("PhotoError", "PhotoLibrary", "QueryError", "Results", "RootNotFound", "UnknownModel"),
    *("__version__", "open_library"),
]


@pytest.fixture
def indexed(real_photos: Path, tmp_path: Path) -> Path:
    """A library of three photos, all of 2019."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in ("coffee.png", "chelsea.png", "rocket.jpg"):
        shutil.copy(real_photos / name, photos)
        if name == "chelsea.png":  # whose XMP says when it really was
            with Image.open(real_photos / name) as dated:
                dated.convert("RGB").save(photos / name)
        os.utime(photos / name, (datetime(2019, 7, 1).timestamp(),) * 2)
    index_photos(load_config().library, [photos], "starter")
    return photos


def test_the_example_of_the_readme_runs(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"^```python\n(.+?)^```", README, re.MULTILINE | re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert all("2019-07-01" in line for line in lines[:3])


def test_search_and_similar(indexed: Path, tmp_path: Path) -> None:
    with clipsearch.open_library() as library:
        assert len(library) == 3
        results = library.search("a cup of coffee")
        assert isinstance(results, clipsearch.Results)
        assert (len(results), list(results), results[1:]) == (3, results.hits, results.hits[1:])
        assert not results.cut and str(results.query) == "a cup of coffee"
        best = results[0]
        assert isinstance(best, clipsearch.Hit)
        assert best.path == indexed / "coffee.png"
        assert best.relevance in ("strong", "fair", "weak")
        assert [h.path.name for h in library.search("name:*.png", sort="name")] == [
            *("chelsea.png", "coffee.png"),
        ]
        assert len(library.similar(best.id)) == 2
        assert list(library.similar(indexed / "coffee.png")) == list(library.similar(best.id))
        shutil.copy(indexed / "coffee.png", tmp_path / "elsewhere.png")
        assert library.similar(tmp_path / "elsewhere.png", 1)[0].path == best.path
        with pytest.raises(QueryError):
            library.search("yaer:2019")
        assert len(library.search("coffee OR cat", 0)) == 0
        for limit, offset in ((-1, 0), (1, -1)):
            with pytest.raises(QueryError, match="0 or more"):
                library.search("coffee", limit, offset=offset)


def test_a_folder_without_a_library(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound):
        clipsearch.open_library(tmp_path / "none")


def test_an_address_is_no_library() -> None:
    with pytest.raises(ConfigError, match="no libraries at mysql:// addresses"):
        clipsearch.open_library("mysql://host/photos")


def test_only_what_is_promised_is_there() -> None:
    assert clipsearch.__all__ == PROMISED
    assert set(PROMISED) <= set(dir(clipsearch))
    assert all(getattr(clipsearch, name) is not None for name in PROMISED)
    with pytest.raises(AttributeError):
        clipsearch.nothing  # noqa: B018


def test_every_error_is_among_it() -> None:
    raised = {
        name
        for name, value in inspect.getmembers(errors, inspect.isclass)
        if issubclass(value, errors.ClipsearchError)
    }
    assert raised <= set(PROMISED)
    assert clipsearch.QueryError is QueryError


def test_what_type_checkers_see_is_what_is_there() -> None:
    """A module by itself can't be marked as typed, so there is a stub of it."""
    module = ast.parse((TOP / "clipsearch.py").read_text(encoding="utf-8"))
    stub = ast.parse((TOP / "clipsearch-stubs" / "__init__.pyi").read_text(encoding="utf-8"))
    block = next(node for node in module.body if isinstance(node, ast.If))
    said, shown = ([ast.unparse(node) for node in tree] for tree in (block.body, stub.body))
    assert said == shown[:-1]
    assert shown[-1] == f"__all__ = {PROMISED!r}"
    for line in said:
        names: dict[str, object] = {}
        exec(line, names)
        for name in names.keys() - {"__builtins__"}:
            assert names[name] is getattr(clipsearch, name)


def test_importing_it_imports_nothing_else() -> None:
    script = (
        "import sys; before = set(sys.modules); import clipsearch; "
        "print(*sorted(set(sys.modules) - before)); clipsearch.QueryError; "
        "print(*sorted({'app', 'indexer', 'store'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=TOP, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["clipsearch", "store"]
