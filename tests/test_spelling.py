"""Misspelt words, and the words that are known."""

from __future__ import annotations

import pytest

from app.query.lexicon import english
from app.query.spelling import corrected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bycicle", "bicycle"),
        ("beahc", "beach"),
        ("elefant", "elephant"),
        ("snowborder", "snowboarder"),
        ("swiming", "swimming"),
        ("dgo", "dog"),
        ("caat", "cat"),
        ("elepant", "elephant"),
        ("zebrra", "zebra"),
        ("mountian", "mountain"),
        ("skatbord", "skateboard"),
        ("wmoan", "woman"),
        ("childern", "children"),
        ("motercycle", "motorcycle"),
    ],
)
def test_typing_errors(typed: str, meant: str) -> None:
    assert corrected(typed, english()) == meant


@pytest.mark.parametrize(
    "word",
    ["beech", "zebras", "bmx", "ikea", "paris", "hardhat", "wheelchair", "asdfgh", "qx", "x1"],
)
def test_known_words_and_those_like_nothing_stay(word: str) -> None:
    assert corrected(word, english()) is None


def test_names_are_known_and_may_be_meant() -> None:
    assert corrected("zuzuu", english(), lambda: {"zuzu"}) == "zuzu"
    assert corrected("zuzu", english(), lambda: {"zuzu"}) is None


def test_every_word_of_a_label_is_known() -> None:
    words = english().labels
    assert {"zebra", "bicycle"} <= words
    assert [word for word in sorted(words) if len(word) > 1 and not english().knows(word)] == []


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("zebras", "zebra"),
        ("buses", "bus"),
        ("churches", "church"),
        ("puppies", "puppy"),
        ("wolves", "wolf"),
        ("children", "child"),
        ("glasses", None),
        ("grass", None),
        ("zebra", None),
        ("unicornlikes", None),
    ],
)
def test_singulars(plural: str, one: str | None) -> None:
    assert english().singular(plural) == one


def test_common_words_are_no_names() -> None:
    assert english().is_common("turkey") and english().is_common("dogs")
    assert not english().is_common("paris") and english().knows("paris")
