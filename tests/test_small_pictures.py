"""What makes small pictures in the background, over a real library."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from app.gallery import small_pictures
from app.gallery.small_pictures import SmallPictures, make_small_pictures
from conftest import Index, draw
from indexer.pictures.thumbnails import small_of
from store.library import Library


def test_each_is_made_once_and_goes_with_its_photo(
    library: Library, index: Index, photos: Path
) -> None:
    draw(photos / "large.png", "red", (1200, 900))
    index(photos)
    (id,) = library.contents_at(photos / "large.png")
    large = library.digest(id)
    assert large
    (thumbnail,) = library.thumbnails.get_some([large]).values()
    assert make_small_pictures(library)
    small = library.small_pictures
    assert small.digests() == library.thumbnails.digests()
    assert small.get_some(list(small.digests())) == {large: small_of(thumbnail)}  # others are small
    log = library.folder / "small-pictures.db-wal"  # where SQLite writes first
    before = log.stat().st_mtime_ns
    assert make_small_pictures(library)
    assert log.stat().st_mtime_ns == before
    with library.writing() as writer:
        writer.forget(photos / "large.png")
    assert large not in small.digests()


def test_a_photo_forgotten_while_its_picture_is_made_leaves_none(
    library: Library, index: Index, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(photos)
    everything = library.thumbnails.digests()
    (id,) = library.contents_at(photos / "red.png")
    red = library.digest(id)
    assert red in everything

    def forgotten_meanwhile(thumbnail: bytes) -> bytes | None:
        if library.thumbnails.digests() == everything:
            with library.writing() as writer:
                writer.forget(photos / "red.png")
        return small_of(thumbnail)

    monkeypatch.setattr(small_pictures, "small_of", forgotten_meanwhile)
    assert make_small_pictures(library)
    assert library.small_pictures.digests() == everything - {red}


def test_a_damaged_thumbnail_keeps_no_other_waiting(library: Library) -> None:
    library.thumbnails.put([(b"a" * 32, b"no picture")])
    assert make_small_pictures(library)


def test_they_are_made_again_after_their_file_was_removed(
    library: Library, index: Index, photos: Path
) -> None:
    index(photos)
    assert make_small_pictures(library)
    for file in library.folder.glob("small-pictures.db*"):  # as ``clipsearch cache clean`` does
        file.unlink()
    assert make_small_pictures(library)
    assert library.small_pictures.digests() == library.thumbnails.digests()


def test_a_nearly_full_disk_gets_none(
    library: Library, index: Index, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(photos)
    monkeypatch.setattr(small_pictures, "_SPARE", 10**18)
    assert not make_small_pictures(library)
    assert not (library.folder / "small-pictures.db").exists()


def test_they_are_made_while_the_page_is_open(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    maker = SmallPictures(library, first_s=0.0)
    end = time.monotonic() + 60
    while library.small_pictures.digests() != library.thumbnails.digests():
        assert time.monotonic() < end
        time.sleep(0.01)
    maker.stop()
    maker = SmallPictures(library, first_s=3_600.0)
    maker.stop()  # at once, also while it waits
