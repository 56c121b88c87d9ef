"""Queries of which a model can read nothing."""

from __future__ import annotations

import pytest

from app.query.library_names import LibraryNames
from app.query.parser import parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from app.query.unknown_words import ONLY_ENGLISH, Reads


@pytest.mark.parametrize("text", ["asdfgh", "Asdfgh qwertzuiop", "without asdfgh"])
def test_words_that_nobody_knows(text: str) -> None:
    unread = understood(parse_text(text)).unread
    assert unread is not None and "No word of this is known (asdfgh" in unread
    assert "\n" not in unread


@pytest.mark.parametrize(
    "text", ["собака", "一只狗", "كلب", "Hund am Strand", "un chien sur la plage"]
)
def test_other_languages(text: str) -> None:
    parsed = understood(parse_text(text))
    assert parsed.unread == ONLY_ENGLISH
    assert not parsed.changes


@pytest.mark.parametrize(
    "text",
    [
        "a dog",
        "asdfgh dog",
        '"asdfgh"',
        "2019",
        "la la land",
        "crème brûlée",
        "in:Trips",
        "like:7 asdfgh",
    ],
)
def test_what_can_be_read(text: str) -> None:
    assert understood(parse_text(text)).unread is None


def test_names_of_the_library_need_no_model() -> None:
    around = Surroundings(lambda: LibraryNames(concepts=("asdfgh",)))
    assert understood(parse_text("asdfgh"), around).unread is None


def test_languages_that_can_be_read_are_left_as_they_are() -> None:
    reads = Reads(frozenset({"en", "de"}), lambda text: "de" if "Hund" in text else None)
    parsed = understood(parse_text("Hunde am Strand"), Surroundings(reads=reads))
    assert parsed.unread is None and not parsed.changes
    other = Reads(frozenset({"en"}), lambda _: "de")
    assert understood(parse_text("der Hund bellt"), Surroundings(reads=other)).unread
