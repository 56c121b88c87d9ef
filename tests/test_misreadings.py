"""How many patterns a text has, and that a library can be asked for all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Index
from store.filters import HasText
from store.library import Library
from store.misreadings import spellings
from store.picture_text import ReadText, TextLine

LONG = {
    "word": "abcdefghij" * 20,
    "shapes": "rn" * 200,
    "several": " ".join(["abcdefghij"] * 300),
    "edited": "abcdefghij" * 4,
}


@pytest.mark.parametrize("asked", LONG.values(), ids=LONG.keys())
def test_long_texts_are_looked_for(
    library: Library, index: Index, photos: Path, asked: str
) -> None:
    index(photos)
    line = TextLine(f"x{asked}x", 1.0, (0.0,) * 8)
    with library.writing() as writer:
        writer.set_texts({1: ReadText([line], "drawn")})
    model = library.model()
    assert model is not None
    assert library.matching(model, HasText(asked)).tolist() == [1]
    assert library.matching(model, HasText(f"{asked}z")).tolist() == []


def test_a_very_long_word_is_not_misread() -> None:
    assert len(spellings("a" * 41)) == 1 < len(spellings("a" * 40)) <= 150
    assert len(spellings("rn" * 1000)) <= 150
    assert spellings("rn" * 1000)[0] == f"%{'rn' * 1000}%"
