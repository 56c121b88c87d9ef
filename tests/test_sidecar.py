from __future__ import annotations

import os
import shutil
import time
from datetime import datetime
from pathlib import Path

import exiftool
import pytest
from exiftool import needs_exiftool, picture
from test_xmp import packet

from conftest import draw, index_into
from fakes import ColourEncoder
from indexer.pictures.sidecar import read_sidecar
from indexer.pictures.xmp_properties import LIMIT
from store.errors import PhotoError
from store.library import Library
from store.states import State
from store.values import PhotoInfo

pytestmark = needs_exiftool


def indexed(library: Library, path: Path) -> PhotoInfo:
    (id,) = library.contents_at(path)
    return next(photo for photo in library.photos_of([id])[id] if photo.path == path)


def keywords(library: Library, path: Path) -> list[str]:
    (id,) = library.contents_at(path)
    return library.keywords([id]).get(id, [])


def test_a_sidecar_corrects_its_photo_and_is_read_without_it(
    library: Library, encoder: ColourEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    photo = picture(
        folder / "a.jpg",
        "-EXIF:DateTimeOriginal=2019:07:14 18:30:05",
        "-XMP-dc:Subject=own",
        "-XMP-dc:Title=own",
    )
    index_into(library, encoder, folder)
    assert keywords(library, photo) == ["own"]
    assert indexed(library, photo).taken_from == "exif"

    sidecar = exiftool.write(
        folder / "a.jpg.xmp",
        "-XMP-dc:Subject=corrected",
        "-XMP-xmp:Rating=5",
        "-XMP-exif:DateTimeOriginal=2018:01:02 03:04:05",
    )
    opened = index_into(library, encoder).opened
    assert opened == 1  # the sidecar, and not the photo
    seen = indexed(library, photo)
    assert seen.facts and seen.facts.rating == 5
    assert seen.facts.title == "own"
    assert seen.taken_at == datetime(2018, 1, 2, 3, 4, 5)
    assert seen.taken_from == "sidecar"
    assert keywords(library, photo) == ["corrected"]

    exiftool.write(sidecar, "-XMP-dc:Subject=again", "-XMP-exif:DateTimeOriginal=")
    os.utime(sidecar, ns=(1, 1))
    assert index_into(library, encoder).opened == 1
    assert keywords(library, photo) == ["again"]
    assert indexed(library, photo).taken_at == datetime(2019, 7, 14, 18, 30, 5)
    assert index_into(library, encoder).opened == 0

    sidecar.unlink()
    generation = library.generation()
    assert index_into(library, encoder).opened == 0
    assert keywords(library, photo) == ["own"]
    assert library.generation() > generation
    (after,) = [indexed(library, photo).facts]
    assert after and after.rating is None
    assert encoder.encoded == 1


def test_the_nearer_name_counts_and_a_copy_has_none(
    library: Library, encoder: ColourEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    photo = picture(folder / "a.jpg")
    other = picture(folder / "b.jpg", size=(33, 24))
    exiftool.write(folder / "A.xmp", "-XMP-dc:Title=far", "-XMP-dc:Description=far")
    exiftool.write(folder / "a.jpg.xmp", "-XMP-dc:Title=near")
    exiftool.write(folder / "sub" / "b.xmp", "-XMP-dc:Title=elsewhere")
    index_into(library, encoder, folder)
    facts, others = indexed(library, photo).facts, indexed(library, other).facts
    assert facts and (facts.title, facts.description) == ("near", "far")
    assert others and others.title is None
    shutil.move(folder / "b.jpg", folder / "sub" / "b.jpg")
    index_into(library, encoder)
    moved = indexed(library, folder / "sub" / "b.jpg").facts
    assert moved and moved.title == "elsewhere"


def test_places_of_sidecars(library: Library, encoder: ColourEncoder, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    photo = picture(
        folder / "a.jpg",
        *("-EXIF:GPSLatitude=48.8566", "-EXIF:GPSLatitudeRef=N"),
        *("-EXIF:GPSLongitude=2.3522", "-EXIF:GPSLongitudeRef=E"),
    )
    index_into(library, encoder, folder)
    facts = indexed(library, photo).facts
    assert facts and facts.place and "Paris" in facts.place
    sidecar = exiftool.write(
        folder / "a.xmp", "-XMP-exif:GPSLatitude=52.52", "-XMP-exif:GPSLongitude=13.405"
    )
    index_into(library, encoder)
    facts = indexed(library, photo).facts
    assert facts and facts.place and "Berlin" in facts.place
    exiftool.write(sidecar, "-XMP-photoshop:City=Our garden")
    os.utime(sidecar, ns=(1, 1))
    index_into(library, encoder)
    facts = indexed(library, photo).facts
    assert facts and facts.place == "Our garden"
    sidecar.unlink()
    index_into(library, encoder)
    facts = indexed(library, photo).facts
    assert facts and facts.place and "Paris" in facts.place


def test_a_huge_or_broken_sidecar_is_recorded_and_stops_nothing(
    library: Library, encoder: ColourEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    photo = picture(folder / "a.jpg", "-XMP-dc:Title=own")
    with (folder / "a.jpg.xmp").open("wb") as huge:
        huge.truncate(1_000_000_000)  # a hole: it takes no room
    bomb = packet("<xmp:Label>&a;</xmp:Label>", head='<!DOCTYPE x [<!ENTITY a "b">]>')
    (folder / "b.xmp").write_bytes(bomb)
    (folder / "c.xmp").touch()
    start = time.monotonic()
    index_into(library, encoder, folder)
    assert time.monotonic() - start < 60
    failed = {photo.path.name: photo for photo in library.files([*State]) if photo.reason}
    assert failed["a.jpg.xmp"].state is State.TOO_LARGE
    assert "8 MB" in (failed["a.jpg.xmp"].reason or "")
    assert failed["b.xmp"].state is State.DAMAGED
    assert "document type" in (failed["b.xmp"].reason or "")
    assert failed["c.xmp"].state is State.EMPTY
    facts = indexed(library, photo).facts
    assert facts and facts.title == "own"
    assert index_into(library, encoder).opened == 0


def test_a_large_one_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.xmp"
    with path.open("wb") as file:
        file.truncate(LIMIT + 1)
    with pytest.raises(PhotoError) as caught:
        read_sidecar(path)
    assert caught.value.state is State.TOO_LARGE


def test_dates_of_names_come_before_the_files_own(
    library: Library, encoder: ColourEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    draw(folder / "IMG-20190704-WA0001.png", "red")
    draw(folder / "Screenshot_20180203-040506.png", "green")
    draw(folder / "plain.png", "blue")
    index_into(library, encoder, folder)
    day = indexed(library, folder / "IMG-20190704-WA0001.png")
    assert (day.taken_at, day.taken_from) == (datetime(2019, 7, 4), "name")
    assert day.facts and day.facts.only_day
    screen = indexed(library, folder / "Screenshot_20180203-040506.png")
    assert (screen.taken_at, screen.taken_from) == (datetime(2018, 2, 3, 4, 5, 6), "name")
    assert indexed(library, folder / "plain.png").taken_from == "file"
    ids = [*library.contents_at(folder)]
    # What says no more than a day is in no burst.
    assert list(library.camera_times(ids).values()) == [datetime(2018, 2, 3, 4, 5, 6)]
    (folder / "plain.png").rename(folder / "plain 2017-01-01.png")
    index_into(library, encoder)
    renamed = indexed(library, folder / "plain 2017-01-01.png")
    assert (renamed.taken_at, renamed.taken_from) == (datetime(2017, 1, 1), "name")


def test_what_sidecars_say_counts_while_photos_are_away(
    library: Library, encoder: ColourEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    draw(folder / "here.png", "red")
    for number in range(12):  # so many at once may come back
        draw(folder / "sub" / f"{number}.png", "green", (20 + number, 9))
        exiftool.write(folder / "sub" / f"{number}.png.xmp", "-XMP-dc:Subject=family")
    index_into(library, encoder, folder)
    photo = folder / "sub" / "3.png"
    assert keywords(library, photo) == ["family"]
    shutil.move(folder / "sub", tmp_path / "unplugged")
    assert index_into(library, encoder).missing
    assert keywords(library, photo) == ["family"]
    index_into(library, encoder)
    assert keywords(library, photo) == ["family"]
    shutil.move(tmp_path / "unplugged", folder / "sub")
    index_into(library, encoder)
    assert keywords(library, photo) == ["family"]
    photo.unlink()
    photo.with_name("3.png.xmp").unlink()
    for _ in range(2):  # a sidecar stays one run longer than its photo
        index_into(library, encoder)
    assert [one.path.name for one in library.files([State.OTHER])].count("3.png.xmp") == 0
