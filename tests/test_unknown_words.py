"""Queries of which a model can read nothing."""

from __future__ import annotations

from functools import partial

import pytest

from app.languages.detection import is_guess, language_of
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


@pytest.mark.parametrize(
    "text",
    [
        *("Ostern", "Mitte August", "30 derniers jours", "Amerika", "Ausweis", "Schloss"),
        *("enfants", "vacances 2019", "soeur", "hermano", "vacaciones 2019", "factura"),
    ],
)
def test_words_of_other_languages_are_not_misspelt(text: str) -> None:
    """Not even in a browser that says nothing of them."""
    reads = Reads(frozenset({"en", "de", "fr", "es"}), language_of, is_guess)
    for around in (Surroundings(reads=reads), Surroundings()):
        changes = understood(parse_text(text), around).changes
        assert [change for change in changes if change.kind == "spelling"] == []


@pytest.mark.parametrize(
    ("text", "hint", "meant"),
    [
        ("Lichter", "de", None),
        ("Lichter", "en", "Lighter"),
        ("espace", "fr", None),
        ("mensaje", "es", None),
        ("dnokey", "de", "donkey"),
        ("bycicle", "fr", "bicycle"),
    ],
)
def test_what_may_be_of_the_writers_own_language_is_left(
    text: str, hint: str, meant: str | None
) -> None:
    """Letters that changed places are a mistake in any language."""
    reads = Reads(frozenset({"en", hint}), partial(language_of, hint=hint), is_guess, hint=hint)
    changes = understood(parse_text(text), Surroundings(reads=reads)).changes
    assert [one.became for one in changes if one.kind == "spelling"] == ([meant] if meant else [])
