from __future__ import annotations

import pytest

from store.words import forms_of, name_words, singular, whole_name, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("two-dogs_on the.beach", ["two", "dogs", "on", "the", "beach"]),
        ("GoldenRetriever2019", ["golden", "retriever", "2019"]),
        ("ABCDef", ["abc", "def"]),
        ("IMG_1234", ["img", "1234"]),
        ("DSC0001", ["dsc", "0001"]),
        ("Été à Paris", ["ete", "a", "paris"]),
        ("cafe\u0301", ["cafe"]),
        ("ДЯДЯ2019", ["дядя", "2019"]),
        ("ΟΔΟΣ", ["οδοσ"]),
        ("海滩 sunset", ["海", "滩", "sunset"]),
        ("\N{DOG FACE}dog!", ["dog"]),
        ("\udcff.x", ["x"]),
        ("--- ...", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_name_without_its_ending() -> None:
    assert name_words("two-dogs.v2.JPG") == "two dogs v 2"
    assert whole_name("IMG_1234.HEIC") == "img1234"
    assert name_words("Trip to St. Anton") == "trip to st anton"
    assert (name_words(None), whole_name(b"\xff")) == ("", "")  # a damaged row


def test_plurals() -> None:
    many = ("dogs", "beaches", "cities", "boxes", "children", "people", "glasses", "buses")
    one = ["dog", "beach", "city", "box", "child", "person", "glass", "bus"]
    assert [singular(word) for word in many] == one
    for word in ("bus", "glass", "tennis", "gas"):
        assert singular(word) == word
    assert set(forms_of("dog")) == set(forms_of("dogs")) == {"dog", "dogs"}
    assert forms_of("2019") == ("2019",)
