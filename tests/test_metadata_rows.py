"""What photos say beside their pixels is believed, found and counted alike in both databases."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from test_store_contract import Both, both, model_of
from test_xmp import packet

import indexer.unread_metadata
from app.query.parser import parse_query
from conftest import draw, index_into
from fakes import ColourEncoder
from indexer.folders.missing import AT_ONCE
from store.library import DATABASE, Library

__all__ = ["both"]


def xmp(title: str, rating: int, *keywords: str, more: str = "") -> bytes:
    items = "".join(f"<rdf:li>{word}</rdf:li>" for word in keywords)
    return packet(
        f"<dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>"
        f"<dc:title><rdf:Alt><rdf:li>{title}</rdf:li></rdf:Alt></dc:title>"
        f"<dc:creator><rdf:Seq><rdf:li>Ana Müller</rdf:li></rdf:Seq></dc:creator>",
        f'xmp:Rating="{rating}" xmp:Label="Rot" {more}',
    )


@pytest.fixture
def said(photos: Path) -> Path:
    """The photos, of which red and green have a sidecar; blue has a day in its name."""
    (photos / "red.png.xmp").write_bytes(
        xmp("Am Meer", 5, "Sea", "Straße", more='exif:DateTimeOriginal="2019-07-14T23:59:58.5"')
    )
    (photos / "sub" / "green.xmp").write_bytes(xmp("Wedding", 2, "sea", "Dog"))
    (photos / "blue.png").rename(photos / "IMG-20190704-WA0001.png")
    return photos


def names_meeting(library: Library, query: str) -> Sequence[str]:
    model = model_of(library)
    parsed = parse_query(query)
    ids = library.matching(model, parsed.filter).tolist()
    catalogue = library.catalogue(model)
    chosen = catalogue.choose(parsed.filter)
    assert len(chosen) == len(ids), query  # by the columns as by the rows
    return sorted(p.path.stem for id in ids for p in library.photos_of([id])[id])


QUERIES = {
    "keyword:SEA": ["green", "red"],
    "keyword:strasse": ["red"],
    "keyword:se": [],
    "keyword:se*": ["green", "red"],
    "keyword:dog,straße": ["green", "red"],
    "title:meer": ["red"],
    "by:muller": ["green", "red"],
    "by:nobody": [],
    "rating:>=4": ["red"],
    "rating:1..2": ["green"],
    "-rating:0": ["green", "red"],
    "colour-label:ROT": ["green", "red"],
    "colour-label:ro": [],
    "on:2019-07-14": ["red"],
    "on:2019-07-04": ["IMG-20190704-WA0001"],
}


def test_filters_and_counts(both: Both, said: Path) -> None:
    both.index(said)
    for query, expected in QUERIES.items():
        assert both.same(partial(names_meeting, query=query)) == expected, query

    def counted(library: Library) -> object:
        everything = library.catalogue(model_of(library)).everything
        return [dict(everything.counts("keyword")), dict(everything.counts("year"))]

    assert both.same(counted) == [{"Dog": 1, "Sea": 1, "Straße": 1, "sea": 1}, {"2019": 1}]
    months = both.same(lambda one: one.catalogue(model_of(one)).everything.counts("month"))
    assert months["2019-07"] == 2


def test_a_sidecar_that_changes_or_goes(both: Both, said: Path) -> None:
    both.index(said)
    sidecar = said / "red.png.xmp"
    sidecar.write_bytes(xmp("Later", 1, "Fog", more='exif:DateTimeOriginal="2021-01-02"'))
    assert both.index().opened == 1
    changed = both.same(
        lambda library: names_meeting(library, "keyword:fog on:2021-01-02 rating:1")
    )
    assert changed == ["red"]
    assert both.same(lambda library: names_meeting(library, "keyword:straße")) == []
    assert both.same(lambda library: names_meeting(library, "on:2019-07-14")) == []
    sidecar.unlink()
    assert both.index().opened == 0
    assert both.same(lambda library: names_meeting(library, "keyword:fog")) == []
    assert both.same(lambda library: names_meeting(library, "on:2021-01-02")) == []


@pytest.mark.parametrize("what", ["forgotten", "gone", "edited", "away"])
def test_what_is_said_of_one_copy_counts_while_that_is_there(
    both: Both, said: Path, what: str
) -> None:
    def told(library: Library) -> Sequence[str]:
        return names_meeting(library, "keyword:dog title:wedding")

    folder = said / "sub"
    green = folder / "green.png"
    shutil.copy(green, said / "copy.png")
    for number in range(AT_ONCE):  # so many may come back
        draw(folder / f"{number}.png", "blue", (31 + number, 17))
    both.index(said)
    assert both.same(told) == ["copy", "green"]
    if what == "forgotten":
        for library in (both.folder, both.server):
            with library.writing() as writer:
                writer.forget(green)
    elif what == "gone":
        green.unlink()
        both.index()
    elif what == "edited":
        draw(green, "red", (31, 17))
        both.index()
    else:
        mounted_elsewhere = said.with_name("unplugged")
        folder.rename(mounted_elsewhere)
        both.index()
        assert both.same(lambda library: library.away_count(said))
    assert both.same(told) == (["green"] if what == "edited" else [])
    if what == "away":
        mounted_elsewhere.rename(folder)
        both.index()
        assert both.same(told) == ["copy", "green"]


def test_times_of_a_day_are_not_made_up(both: Both, said: Path) -> None:
    both.index(said)
    hours = both.same(
        lambda library: sorted(
            str(time) for time in library.camera_times(library.contents_at(said)).values()
        )
    )
    assert hours == ["2019-07-14 23:59:58.500000"]


def test_names_and_keywords_of_a_search(both: Both, said: Path) -> None:
    both.index(said)

    def named(library: Library) -> object:
        one = library.named([["dog"]], ["dog"], 100)
        return [
            p.path.stem for i in one.words[0].keyword.tolist() for p in library.photos_of([i])[i]
        ]

    assert both.same(named) == ["green"]


def test_libraries_of_before_are_read_bit_by_bit(
    library: Library,
    encoder: ColourEncoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, colour in enumerate(("red", "green", "blue")):
        draw(folder / f"2019010{number + 1}.png", colour)
    index_into(library, encoder, folder)
    (gone,) = library.contents_at(folder / "20190103.png")
    before = library.photos_of(library.contents_at(folder))
    with closing(sqlite3.connect(library.folder / DATABASE)) as database:
        database.execute("UPDATE content SET embedded = NULL, taken_at = NULL, taken_from = NULL")
        database.commit()
    monkeypatch.setattr(indexer.unread_metadata, "MOST", 2)
    (root,) = library.roots()
    for left in (1, 0):
        summary = index_into(library, encoder)
        assert (summary.opened, summary.embedded) == (0, 0)
        assert len(library.unread([root], 10)) == left
    assert library.photos_of(library.contents_at(folder)) == before
    assert gone in before
    assert encoder.encoded == 3


@pytest.mark.skipif(os.name == "nt", reason="no rights to take away there")
def test_of_a_file_that_is_gone_what_was_known_stays(
    library: Library, encoder: ColourEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    path = draw(folder / "a.png", "red")
    index_into(library, encoder, folder)
    with closing(sqlite3.connect(library.folder / DATABASE)) as database:
        database.execute(
            "UPDATE content SET embedded = NULL, taken_at = '2018-01-02 03:04:05.000000'"
        )
        database.commit()
    seen = path.stat()
    path.write_bytes(b"x" * seen.st_size)  # damaged, and nobody could tell by its size and time
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    index_into(library, encoder)
    ((photo,),) = library.photos_of(library.contents_at(folder)).values()
    assert photo.facts and str(photo.facts.taken_at) == "2018-01-02 03:04:05"
    assert library.unread(library.roots(), 1) == []
