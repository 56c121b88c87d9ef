from __future__ import annotations

import os

import pytest

from store.sql.fspath import from_text, to_text

NAMES = [
    "plain.jpg",
    "Größe ❤ 写真.jpg",
    "",
    "\U0010fffd",  # the escape itself
    "\U0010fffddc80",  # what looks like an escaped character
    os.fsdecode(b"caf\xe9.jpg"),
    os.fsdecode(bytes(range(0x80, 0x100))),
    "\ud800 lone",  # as Windows can have it
]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_comes_back(name: str) -> None:
    text = to_text(name)
    text.encode("utf-8")  # a database can store it
    assert from_text(text) == name


def test_ordinary_names_stay_readable() -> None:
    assert to_text("Größe ❤.jpg") == "Größe ❤.jpg"


def test_different_names_stay_different() -> None:
    assert len({to_text(name) for name in NAMES}) == len(NAMES)
