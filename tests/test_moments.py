"""When photos were taken: a server looks it up, and answers as a folder's library does."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import text

from conftest import draw, index_into
from fakes import ColourEncoder
from store import filters
from store.address import Address
from store.library import Library
from store.online import is_online
from store.server_library import ServerLibrary
from store.sql import filter_sql
from store.sql.database import reading
from store.sql.dialect import nearest
from store.values import ContentFacts, FileRecord, Picture

pytestmark = pytest.mark.one_python

NOON = datetime(2020, 5, 17, 12)
START = datetime(2020, 5, 17)


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "America/New_York"])
def zone(request: pytest.FixtureRequest, in_zone: Callable[[str], None]) -> str:
    in_zone(request.param)
    return str(request.param)


def taken(library: Library, filter: filters.PhotoFilter) -> list[str]:
    model = library.model()
    assert model
    photos = library.photos_of(library.matching(model, filter).tolist())
    return sorted(photo.path.name for paths in photos.values() for photo in paths)


def test_times_of_files_are_those_of_whoever_asks(
    zone: str, library: Library, server: object, server_library: ServerLibrary, tmp_path: Path
) -> None:
    """Every three hours of five days one file: the day has eight, whatever the time zone."""
    folder = tmp_path / "hours"
    folder.mkdir()
    for number in range(-20, 20):
        path = draw(folder / f"{number}.png", "red", (50 + number, 20))
        when = (NOON + timedelta(hours=3 * number)).timestamp()
        os.utime(path, (when, when))
    for one in (library, server_library):
        index_into(one, ColourEncoder(), folder)
    # Opened anew, as every command does: a connection has the time zone of its process.
    with ServerLibrary.at(server_library.address, tmp_path / "again") as asked:
        for filter, count in (
            (filters.Taken(START, START + timedelta(days=1)), 8),
            (filters.Taken(START), 24),
            (filters.Taken(None, START), 16),
            (filters.Not(filters.Taken(START, START + timedelta(days=1))), 32),
            (filters.Taken(datetime.min, datetime.max), 40),
        ):
            assert len(taken(library, filter)) == count
            assert taken(library, filter) == taken(asked, filter)


def test_a_photo_that_was_edited_is_at_its_new_time(
    server_library: ServerLibrary, tmp_path: Path
) -> None:
    folder = tmp_path / "album"
    folder.mkdir()
    for year in (2018, 2019):
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9003] = f"{year}:07:14 18:30:00"
        Image.new("RGB", (64, 64), (200, 30, 30)).save(folder / "a.jpg", exif=exif)
        index_into(server_library, ColourEncoder(), folder)
        for asked in (2018, 2019):
            filter = filters.Taken(datetime(asked, 7, 14), datetime(asked, 7, 15))
            assert taken(server_library, filter) == ["a.jpg"] * (asked == year)


@pytest.fixture
def many(server_library: ServerLibrary) -> ServerLibrary:
    """3,000 photos, one an hour; every other one without the camera's time."""
    vector = ColourEncoder().encode_texts(["red"])[0]
    with server_library.writing() as writer:
        model = writer.add_model("colours", "1", len(vector))
        root = writer.add_root(Path("/many"), (), replace=False).id
        file = FileRecord(root, "", "", 1, 0, "indexed")  # type: ignore[arg-type]
        files = []
        for hour in range(3_000):
            when = START + timedelta(hours=hour)
            facts = ContentFacts(1, 1, "JPEG", None if hour % 2 else when)
            picture = Picture(hour.to_bytes(32, "big"), facts, vector)
            ns = int(when.timestamp()) * 1_000_000_000
            files.append(replace(file, name=f"{hour}.jpg", mtime_ns=ns, picture=picture))
        writer.record(files, model, writer.begin_run())
    with server_library._engine.begin() as connection:
        connection.execute(text("ANALYZE photo, content"))
    return server_library


def test_a_day_is_looked_up_and_its_photos_can_be_estimated(many: ServerLibrary) -> None:
    for days in (1, 10, 60):
        filter = filters.Taken(START, START + timedelta(days=days))
        with reading(many._engine) as connection:
            living = filter_sql.living(connection, filter, is_online)
            count = len(connection.execute(living).all())
            estimated = nearest.estimated(connection, living)
            plan = str(connection.execute(nearest._Plan(living)).scalar_one())
        assert count == 24 * days
        assert count / 3 < estimated < 3 * count
        if days == 1:
            assert "photo_moment" in plan


def test_who_was_there_at_about_the_same_time(many: ServerLibrary) -> None:
    model = many.model()
    assert model
    ids = many.matching(model, filters.Taken(START, START + timedelta(hours=3))).tolist()
    times = many.camera_times_around([START, START + timedelta(hours=2, seconds=9)])
    assert sorted(times.values()) == [START, START + timedelta(hours=2)]
    assert set(times) < set(ids)
    assert many.camera_times_around([START + timedelta(minutes=1)]) == {}
    assert many.camera_times_around([]) == {}


def test_who_asks_connects_with_the_time_zone_of_its_process(
    zone: str, server_library: ServerLibrary, tmp_path: Path
) -> None:
    with (
        ServerLibrary.at(Address(server_library.address.url), tmp_path / "again") as asked,
        reading(asked._engine) as connection,
    ):
        assert connection.execute(text("SHOW TimeZone")).scalar_one() == zone
