"""What README promises to Python programs, with the real model."""

from __future__ import annotations

import os
import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest

import app
from app.config import load_config
from benchmarks.samples import index_photos
from store.errors import LibraryNotFound, QueryError

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def indexed(real_photos: Path, tmp_path: Path) -> Path:
    """A library of three photos, all of 2019."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in ("coffee.png", "chelsea.png", "rocket.jpg"):
        shutil.copy(real_photos / name, photos)
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
    with app.open_library() as library:
        assert len(library) == 3
        best = library.search("a cup of coffee")[0]
        assert isinstance(best, app.Hit)
        assert best.path == indexed / "coffee.png"
        assert best.relevance in ("strong", "fair", "weak")
        assert [h.path.name for h in library.search("name:*.png", sort="name")] == [
            *("chelsea.png", "coffee.png"),
        ]
        assert len(library.similar(best.id)) == 2
        assert library.similar(indexed / "coffee.png") == library.similar(best.id)
        shutil.copy(indexed / "coffee.png", tmp_path / "elsewhere.png")
        assert library.similar(tmp_path / "elsewhere.png", 1)[0].path == best.path
        with pytest.raises(QueryError):
            library.search("yaer:2019")


def test_a_folder_without_a_library(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound):
        app.open_library(tmp_path / "none")


def test_only_what_is_promised_is_there() -> None:
    assert all(hasattr(app, name) for name in app.__all__)
    with pytest.raises(AttributeError):
        app.nothing  # noqa: B018
