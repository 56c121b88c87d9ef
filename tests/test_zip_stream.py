"""Zip files that are never whole in memory, with names that are good everywhere."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from app.web.zip_stream import Entry, zip_stream

WHEN = datetime(2019, 7, 14, 15, 30)


def unpack(parts: list[bytes]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_is_made_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    path.write_bytes(os.urandom(3_000_000))
    parts = list(zip_stream([[Entry(path, path.name, WHEN)]] * 3))
    assert max(map(len, parts)) < 600_000
    files = unpack(parts)
    assert list(files) == ["large.jpg", "large (2).jpg", "large (3).jpg"]
    assert set(files.values()) == {path.read_bytes()}


def test_times_and_what_zip_has_none_for(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    entries = [
        Entry(tmp_path / "a", "a", WHEN),
        Entry(tmp_path / "a", "b", datetime(1901, 1, 1)),
    ]
    with zipfile.ZipFile(io.BytesIO(b"".join(zip_stream([entries])))) as archive:
        assert [info.date_time for info in archive.infolist()] == [
            (2019, 7, 14, 15, 30, 0),
            (1980, 1, 1, 0, 0, 0),
        ]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._.._etc_passwd"),
        ("..", "photo"),
        ("C:\\Windows\\x.jpg", "C__Windows_x.jpg"),
        ("con.jpg", "_con.jpg"),
        ("a\nb\x00.jpg", "a_b_.jpg"),
        (".hidden", "_.hidden"),
        ("ends. ", "ends"),
        ("\udcff.jpg", "_udcff.jpg"),
        ("grün 猫.jpg", "grün 猫.jpg"),
        ("", "photo"),
    ],
)
def test_names(tmp_path: Path, name: str, safe: str) -> None:
    (tmp_path / "a").write_bytes(b"x")
    assert list(unpack(list(zip_stream([[Entry(tmp_path / "a", name, WHEN)]])))) == [safe]


def test_names_that_differ_in_case_only(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    entries = [Entry(tmp_path / "a", name, WHEN) for name in ("A.jpg", "a.JPG")]
    for photos in ([[entry] for entry in entries], [entries]):
        assert list(unpack(list(zip_stream(photos)))) == ["A.jpg", "a (2).JPG"]


def test_files_of_one_photo_keep_one_name(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    photos = [
        [Entry(tmp_path / "a", name, WHEN) for name in names]
        for names in (["1.jpg"], ["1.JPG", "1.CR2"], ["1.CR2"])
    ]
    named = list(unpack(list(zip_stream(photos))))
    assert named == ["1.jpg", "1 (2).JPG", "1 (2).CR2", "1.CR2"]


def test_what_went_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"b")
    entries = [[Entry(tmp_path / name, name, WHEN)] for name in ("a", "b")]
    assert unpack(list(zip_stream(entries))) == {"b": b"b"}
    assert unpack(list(zip_stream([]))) == {}
