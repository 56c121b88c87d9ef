"""Towns that are ordinary words, where what is behind the comma says that they are towns."""

from __future__ import annotations

from functools import partial

import pytest
from test_several_places import read as read_in

PLACES = (
    "Nice, Provence-Alpes-Côte d'Azur, France",
    "Reading, England, United Kingdom",
    "Rome, Lazio, Italy",
)
read = partial(read_in, places=PLACES)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nice, France", "in Nice, in France"),
        ("Nice, Frankreich", "in Nice, in Frankreich (France)"),
        ("photos of Nice, France", "in Nice, in France"),
        ("beach in Nice, France", "beach, in Nice, in France"),
        ("a walk near Nice, France, 2019", "a walk, in Nice, in France, 2019"),
    ],
)
def test_a_country_says_that_a_word_is_a_town(text: str, shown: str) -> None:
    assert str(read(text)) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a nice beach, france", "a nice beach, in France"),
        ("Nice, Italy", "Nice, in Italy"),
        ("nice, france", "nice, in France"),
        ("Nice, in France", "Nice, in France"),
        ("Reading, England", "Reading, in England"),  # somebody may do that
        ("nice, a beach in france", "nice, a beach, in France"),
        ('"nice", france', "nice, in France"),
        ("nice, rome", "nice, in Rome"),
    ],
)
def test_else_it_is_a_word(text: str, shown: str) -> None:
    assert str(read(text)) == shown


def test_folders_of_its_name_count_too() -> None:
    query = read("Nice, France", "nice", "nicest")
    assert query.reading == ("(in Nice, in France) or in folder nice",)
