"""The text in pictures as rows: written, searched in both databases, mended, removed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from test_store_contract import Both, both, model_of

from conftest import draw
from store.filters import HasText
from store.library import DATABASE, Library
from store.picture_text import ReadText, TextCounts, TextLine
from store.words import words_of

__all__ = ["both"]

_BOX = (0.1, 0.2, 0.9, 0.2, 0.9, 0.4, 0.1, 0.4)


def text(*lines: str, problem: str | None = None) -> ReadText:
    return ReadText([TextLine(line, 0.9, _BOX) for line in lines], "drawn", problem)


def test_what_was_read_is_kept_and_counted(library: Library, ids: list[int]) -> None:
    one, two, three, four, five = ids
    assert library.text_counts() == TextCounts(5, 0, 0, 0)
    assert library.without_text(library.roots()).tolist() == sorted(ids)
    sign = text("Café", "OPEN")
    with library.writing() as writer:
        writer.set_texts({one: sign, two: text(), three: text(problem="truncated"), 999: sign})
    assert library.texts(ids) == {one: sign, two: text(), three: text(problem="truncated")}
    assert library.text_counts() == TextCounts(5, 3, 1, 1)
    assert library.without_text(library.roots()).tolist() == sorted([four, five])
    with library.writing() as writer:
        writer.set_texts({one: text("closed")})
        assert writer.forget_texts(problems_only=True) == 1
    assert library.texts(ids) == {one: text("closed"), two: text()}
    with library.writing() as writer:
        assert writer.forget_texts() == 2
    assert library.texts(ids) == {}


def test_text_goes_with_its_picture(library: Library, ids: list[int], photos: Path) -> None:
    with library.writing() as writer:
        writer.set_texts(dict.fromkeys(ids, text("HELLO")))
        writer.forget(photos)
    assert library.texts(ids) == {}
    with closing(sqlite3.connect(library.folder / DATABASE)) as database:
        query = "SELECT count(*) FROM picture_trigrams"
        assert database.execute(query).fetchone() == (0,)


@pytest.mark.parametrize(
    ("damage", "complaint", "mended"),
    [
        (
            "DELETE FROM picture_trigrams",
            "entries of the index of text differ from their rows",
            "the index of the text in pictures did not fit its rows, and was made anew",
        ),
        (
            "UPDATE picture_text SET lines = '[' WHERE content_id = 1",
            "1 texts in pictures are damaged, or belong to a picture that is not there",
            "1 texts in pictures are damaged, or belong to a picture that is not there",
        ),
    ],
)
def test_damage_is_seen_and_mended(
    library: Library, ids: list[int], damage: str, complaint: str, mended: str
) -> None:
    with library.writing() as writer:
        writer.set_texts(dict.fromkeys(ids, text("HELLO")))
    with closing(sqlite3.connect(library.folder / DATABASE)) as database, database:
        database.execute(damage)
    model = library.model()
    assert model is not None
    problems = library.check(model, library.index(model).index)
    assert any(complaint in line for line in problems), problems
    with library.writing() as writer:
        assert mended in writer.mend_rows()
    assert library.check(model, library.index(model).index) == []


FOUND_BY = {
    "miami": ["beach"],
    "MIAM": ["beach"],
    "m1am1": ["beach"],
    "beach ahead": ["beach"],
    "beachahead": ["beach"],
    "ahead beach": [],
    "cafe": ["cafe"],
    "modem": ["cafe"],  # "modern", whose r and n look like an m
    "restauramt": ["cafe"],
    "restau": ["cafe"],
    "0pen": ["cafe"],
    "东京": ["tokyo"],
    "京": ["tokyo"],
    "東京タワー": ["tokyo"],
    "москва": ["tokyo"],
    "mockba": ["tokyo"],
    "tower": [],
    "%": [],
}
PLAIN: dict[str, list[list[str]]] = {
    "miami": [["beach"]],
    "miam": [[]],
    "at": [[]],
    "京": [[]],  # one character tells nothing
    "东京": [["tokyo"]] * 2,
    "东京 beach": [["tokyo"]] * 2 + [["beach"]],
    "京东": [[]] * 2,
    "東京タワー": [["tokyo"]] * 5,
}
"""The pictures that each word of a plain query counts for."""
_READ = {
    "beach": text("MIAMI", "Beach ahead"),
    "cafe": text("Modern Restaurant Café 0PEN"),
    "tokyo": text("东京 東京タワー \u041c\u041e\u0421\u041a\u0412\u0410"),
    "none": text(),
}


def test_both_databases_find_words_and_what_they_are_misread_for(
    both: Both, tmp_path: Path
) -> None:
    (tmp_path / "signs").mkdir()
    for place, name in enumerate(_READ):
        draw(tmp_path / "signs" / f"{name}.png", "red", (32, 24 + place))
    both.index(tmp_path / "signs")
    for library in (both.folder, both.server):
        with library.writing() as writer:
            writer.set_texts(
                {
                    library.contents_at(tmp_path / "signs" / f"{name}.png")[0]: read
                    for name, read in _READ.items()
                }
            )
    for asked, expected in FOUND_BY.items():

        def names(library: Library, asked: str = asked) -> list[str]:
            ids = library.matching(model_of(library), HasText(asked)).tolist()
            return sorted(p.path.stem for id in ids for p in library.photos_of([id])[id])

        assert both.same(names) == expected, asked
    for query, of_each in PLAIN.items():

        def having(library: Library, query: str = query) -> list[list[str]]:
            words = words_of(query)
            named = library.named([[word] for word in words], ["".join(words)], 100).words
            return [
                sorted(p.path.stem for id in one.text.tolist() for p in library.photos_of([id])[id])
                for one in named
            ]

        assert both.same(having) == of_each, query
    assert both.same(lambda library: library.text_counts()) == TextCounts(4, 4, 3, 0)
    assert both.same(lambda library: library.without_text(library.roots()).tolist()) == []
