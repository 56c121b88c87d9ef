"""``docs/query-language.md``: its examples run, mean what it says, and leave no filter out."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest

import clipsearch
from app import services
from app.config import load_config
from app.query.library_names import LibraryNames
from app.query.parser import parse_query, parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from app.query.values import FILTERS
from benchmarks.samples import index_photos
from store.library import Library
from store.picture_text import ReadText
from store.values import Example

TEXT = (Path(__file__).parent.parent / "docs" / "query-language.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(.+?)` \| (.+) \|$", TEXT, re.MULTILINE)
SECTIONS = dict(re.findall(r"^## (.+)\n((?:.|\n)*?)(?=^## |\Z)", TEXT, re.MULTILINE))
EXAMPLES = sorted(
    {
        *re.findall(r"^    (\S.*)$", TEXT, re.MULTILINE),
        *(query for query, _ in ROWS),
        *(
            code
            for code in re.findall(r"`([^`\n]+)`", TEXT)
            if re.match(r'-?[a-z]+:\S|"', code) and not code.startswith("Searching")
        ),
    }
)


@pytest.mark.one_python
def test_every_example_runs(
    real_photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the real model, on real photos; what the examples name is there."""
    photos = tmp_path / "Pictures"
    photos.mkdir()
    for path in sorted(real_photos.iterdir())[:8]:
        shutil.copy(path, photos)
    shutil.copy(real_photos / "coffee.png", photos / "sofa.jpg")
    monkeypatch.chdir(photos)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    index_photos(load_config().library, [photos], "starter")
    library = Library.open(load_config().library)
    model = services.answering_model(library)
    vector = library.index(model).index.vectors(library.index(model).index.ids()[:1])[0]
    library.user_data.add_examples("avi", [Example("avi.jpg", False, None, model.id, vector)])
    with library.writing() as writer:  # whether it has any is looked at before its filters are
        writer.set_texts({int(library.contents_at(photos)[0]): ReadText((), "by hand")})
    library.close()
    assert len(EXAMPLES) > 50
    with clipsearch.open_library() as opened:
        for query in EXAMPLES:
            hits = opened.search(query)
            if understood(parse_text(query)).query().widest is None:
                assert hits, query


@pytest.mark.parametrize(
    ("query", "reading"),
    re.findall(r"^\| `(.+?)` \| (.+?) \|$", SECTIONS["In plain words"], re.MULTILINE),
)
def test_plain_words_become_what_it_says(query: str, reading: str) -> None:
    """In a library that has the names which the table names."""
    names = LibraryNames(
        places=("Rome, Lazio, Italy", "Osaka, Osaka, Japan"),
        cameras=("Canon EOS 5D", "Apple iPhone 12"),
        folders=("Trips",),
    )
    around = Surroundings(lambda: names, datetime(2026, 11, 26, 12))
    assert str(understood(parse_text(query), around).query()) == reading


def test_every_filter_has_its_row_with_its_example() -> None:
    examples = re.findall(r"^\| `(.+?)` \|", SECTIONS["Filters"], re.MULTILINE)
    assert examples == [kind.example for kind in FILTERS.values()]


@pytest.mark.parametrize(
    "query", re.findall(r"^\| `(.+?)` \|", SECTIONS["What it does not show"], re.MULTILINE)
)
def test_negatives_are_negatives(query: str) -> None:
    parsed = parse_query(query)
    assert parsed.negatives
    assert parsed.positives
    assert parsed.filter is None


def test_the_reading_that_it_shows() -> None:
    (shown,) = re.findall(r"`Searching for: (.+)`", TEXT)
    assert str(parse_query("sunset at the beach, 2019, not people")) == shown
