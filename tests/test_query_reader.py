"""Queries read with the names of a real library, and the file that keeps these."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from app.languages.asked import Asked
from app.languages.query_texts import QueryTexts
from app.search.query_reader import QueryReader
from conftest import Index, draw
from fakes import ColourEncoder
from store.errors import QueryError
from store.library import Library
from store.library_names import NAMES, StoredNames, kept_names


@pytest.fixture
def placed(photos: Path, index: Index) -> Path:
    """Indexed photos, one of which says that a camera took it in Paris."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Canon", "EOS 5D"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (48.0, 51.0, 24.0), "E", (2.0, 21.0, 8.0)
    Image.new("RGB", (50, 40), (255, 0, 0)).save(photos / "placed.jpg", exif=exif)
    index(photos)
    return photos


def test_names_of_the_library(library: Library, placed: Path) -> None:
    reader = QueryReader(library, now=lambda: datetime(2026, 11, 26))
    assert str(reader.query("red, in France, yesterday")) == (
        "red, in France, yesterday (25 November 2026)"
    )
    assert str(reader.query("canon eos 5d")) == "camera canon eos 5d"
    assert str(reader.query("red in Rome")) == "red in Rome"
    assert str(reader.query("red in folder sub")) == "red, in folder sub"
    with pytest.raises(QueryError, match="empty"):
        reader.query(" ")
    assert reader.read(" ").terms == ()


def test_tags_are_words_that_are_known(library: Library, placed: Path) -> None:
    reader = QueryReader(library)
    assert str(reader.query("famly")) == "family"
    library.user_data.add_tag(library.contents_at(placed / "red.png"), "famly")
    draw(placed / "new.png", "blue", (9, 9))
    assert library.user_data.tag_names() == ("famly",)
    assert str(QueryReader(library).query("famly")) == "famly"


@pytest.mark.parametrize(("hint", "reading"), [("en", "Lighter"), ("de", "Lichter")])
def test_spelling_goes_by_the_language_of_the_browser(
    library: Library, placed: Path, hint: str, reading: str
) -> None:
    model = library.model()
    assert model is not None
    texts = QueryTexts(model, ColourEncoder())
    assert str(QueryReader(library, lambda: texts).query("Lichter", Asked(hint=hint))) == reading


def test_a_change_of_the_library_is_seen(library: Library, placed: Path, index: Index) -> None:
    assert "sub" in library.names(library.names_state()).folders
    (placed / "later").mkdir()
    draw(placed / "later" / "new.png", "blue", (9, 9))
    before = library.names_state()
    index(placed)
    assert library.names_state() != before


def test_names_are_kept_until_the_library_changes(tmp_path: Path) -> None:
    asked = []

    def gather() -> StoredNames:
        asked.append(1)
        return StoredNames(("Rome, Italy",), ("Canon",), ("caf\udce9",))

    first = kept_names(tmp_path, "1", gather)
    assert kept_names(tmp_path, "1", gather) == first
    assert len(asked) == 1
    content = json.loads((tmp_path / NAMES).read_text())
    (tmp_path / NAMES).write_text(json.dumps(content | {"until": 0}))
    assert kept_names(tmp_path, "2", gather) == first
    assert len(asked) == 2


def test_a_library_that_changes_all_the_time_is_not_read_all_the_time(tmp_path: Path) -> None:
    def never() -> StoredNames:
        raise AssertionError("it was read again")

    kept_names(tmp_path, "1", lambda: StoredNames(("Rome, Italy",)))
    content = json.loads((tmp_path / NAMES).read_text())
    far = {"until": content["until"] + 60}
    (tmp_path / NAMES).write_text(json.dumps(content | far))
    assert kept_names(tmp_path, "2", never).places == ("Rome, Italy",)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"state": "1", "until": 0}', "\0"])
def test_a_damaged_file_counts_as_missing(tmp_path: Path, damage: str) -> None:
    (tmp_path / NAMES).write_text(damage)
    assert kept_names(tmp_path, "1", StoredNames) == StoredNames()


def test_a_folder_that_cannot_be_written_makes_no_difference(tmp_path: Path) -> None:
    names = kept_names(tmp_path / "none", "1", lambda: StoredNames(("Rome, Italy",)))
    assert names.places == ("Rome, Italy",)


@pytest.mark.parametrize(
    "text",
    ["text:foo", "red OR text:foo", "(red text:foo) OR blue", "red (green OR (blue -text:foo))"],
)
def test_text_that_nobody_has_read(library: Library, placed: Path, text: str) -> None:
    with pytest.raises(QueryError, match="clipsearch text"):
        QueryReader(library).query(text)
