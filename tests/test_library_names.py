from __future__ import annotations

import pytest

from app.query.library_names import LibraryNames
from app.query.parser import parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from indexer.places import places_of


@pytest.mark.parametrize(
    ("place", "small", "large"),
    [
        ((1.4360, 103.7860), ["Woodlands"], ["Singapore"]),  # a country without regions
        ((53.55, 10.09), ["Horn"], ["Hamburg", "Germany"]),  # a region called like its city
        ((-36.8490, 174.8300), ["Mission Bay"], ["Auckland", "New Zealand"]),
        ((48.8867, 2.3431), ["Paris", "Saint-Vincent de Paul"], ["Île-de-France", "France"]),
        ((22.2819, 114.1589), ["Central"], ["Hong Kong"]),
        ((46.0207, 7.7491), ["Zermatt"], ["Valais", "Switzerland"]),
        (
            (35.1590, 129.1600),  # Busan
            ["Dongnae", "Dongnae-gu"],
            ["Busan", "Korea, Republic of", "Korea"],
        ),
        ((32.6572, 51.6776), ["Isfahan"], ["Iran, Islamic Republic of", "Iran"]),
        ((-2.4360, 34.8510), [], ["Mara", "Tanzania", "Tanzania, United Republic of"]),
    ],
)
def test_what_is_larger_than_a_town(
    place: tuple[float, float], small: list[str], large: list[str]
) -> None:
    names = LibraryNames(places=tuple(places_of([place])))
    assert [name for name in small if names.place(name) is not False] == []
    assert [name for name in large if names.place(name) is not True] == []
    for part in ("Republic of", "United Republic of", "Islamic Republic of"):
        assert names.place(part) is None


def test_names_that_photos_say() -> None:
    names = LibraryNames(places=("Home", "Springfield, Oregon"))
    assert names.place("home") is False
    assert names.place("springfield") is False
    assert names.place("oregon") is True
    assert names.place("shelbyville") is None


@pytest.mark.parametrize("place", [(1.4360, 103.7860), (53.55, 10.09)])
def test_a_quarter_called_like_an_ordinary_word_is_no_filter(place: tuple[float, float]) -> None:
    names = LibraryNames(places=tuple(places_of([place])))
    for text in ("a walk in woodlands", "a bird with a horn"):
        assert understood(parse_text(text), Surroundings(lambda: names)).query().filter is None
