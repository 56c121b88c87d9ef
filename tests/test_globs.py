"""Globs as PostgreSQL gets them match what ``fnmatch`` matches of a name without case."""

from __future__ import annotations

import re

import pytest

from store.sql.dialect.globs import server_pattern
from store.sql.fspath import from_text, glob_pattern, to_text

GLOBS = ("*.jpg", "IMG_????.*", "[a-c]*", "[!a-c]*", "[]x]*", "[!]]*", "[", "x[", "[z-a]", "[!z-a]")
MORE = (
    "*STRASSE*",
    "stra?e",
    "a.b",
    "a\\b",
    "^a$",
    "(x|y)",
    "{2}",
    "[a^-]*",
    "ÄÖ*",
    "*\udce9*",
    "?",
)
NAMES = (
    *("a.jpg", "A.JPG", "img_0001.png", "Img_01.png", "beach.png", "Ä.jpg", "zz", "]x", "x[", "["),
    *("Straße.jpg", "STRASSE", "strase", "a.b", "aXb", "a\\b", "^a$", "x", "(x|y)", "xx", "{2}"),
    *("äöü", "ÄÖ", "caf\udce9.jpg", "\udce9", "\U0010fffd", "K", "\u212a", "-", "line\nbreak.jpg"),
)


@pytest.mark.parametrize("glob", [*GLOBS, *MORE])
def test_a_glob_means_the_same(glob: str) -> None:
    ours = re.compile(server_pattern(glob), re.DOTALL)
    theirs = re.compile(from_text(glob_pattern(glob)))
    for name in NAMES:
        expected = bool(theirs.match(name.casefold()))
        assert bool(ours.match(to_text(name))) == expected, (glob, name)


def test_many_pairs_make_no_huge_pattern() -> None:
    assert len(server_pattern("ss" * 100)) < 5_000
