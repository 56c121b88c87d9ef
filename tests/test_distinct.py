"""The different values of columns are the same on a server, which jumps from one to the next."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import event

from conftest import draw, index_into
from fakes import ColourEncoder
from store.library import Library
from store.server_library import ServerLibrary
from store.sql.database import reading
from store.sql.dialect.distinct import distinct_rows
from store.sql.dialect.nearest import _Plan
from store.sql.schema import Content, Photo

pytestmark = pytest.mark.one_python


def rows(library: Library, *columns: object) -> list[tuple[object, ...]]:
    with reading(library._engine) as connection:
        return [tuple(row) for row in distinct_rows(connection, *columns)]  # type: ignore[arg-type]


def test_both_have_the_same_values(
    library: Library, server_library: ServerLibrary, photos: Path
) -> None:
    assert rows(server_library, Photo.root_id, Photo.folder) == []
    assert rows(server_library, Content.camera) == []
    for number, name in enumerate(("X-T3", "D 750", "x-t3", "X-T3")):
        exif = Image.Exif()
        exif[0x0110] = name
        Image.new("RGB", (64, 60 + number), (200, 30, 30)).save(photos / f"{number}.jpg", exif=exif)
    for name in ("b/c", "b", "B", "a b", "ä", "z"):
        (photos / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(photos / "red.png", photos / name / "red.png")
        draw(photos / name / "own.png", "blue", (40 + len(name), 20))
    second = photos.parent / "second"
    shutil.copytree(photos / "b", second)
    for one in (library, server_library):
        index_into(one, ColourEncoder(), photos)
        index_into(one, ColourEncoder(), second)
    folders = [
        sorted(str(folder) for _, folder in rows(one, Photo.root_id, Photo.folder))
        for one in (library, server_library)
    ]
    assert folders[0] == folders[1] and len(folders[0]) == 10
    cameras = [
        {value for (value,) in rows(one, Content.camera)} for one in (library, server_library)
    ]
    assert cameras[0] - {None} == cameras[1] == {"X-T3", "D 750", "x-t3"}


def test_a_server_does_not_read_the_table_for_it(
    server_library: ServerLibrary, photos: Path
) -> None:
    index_into(server_library, ColourEncoder(), photos)
    heard: list[object] = []

    def hear(_: object, statement: object, *__: object) -> None:
        heard.append(statement)

    with reading(server_library._engine) as connection:
        event.listen(connection, "before_execute", hear)
        distinct_rows(connection, Photo.root_id, Photo.folder)
        (statement,) = heard
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = str(connection.execute(_Plan(statement)).scalar_one())  # type: ignore[arg-type]
    assert "Recursive Union" in plan and plan.count("photo_root_id_folder_name_key") == 2
    assert "Seq Scan" not in plan
