from __future__ import annotations

import pytest

from app.languages.asked import ENGLISH
from app.query.countries import (
    CLEAR,
    LANGUAGES,
    PEOPLE,
    WORDS,
    countries,
    parts_of,
    plain_names,
    shown_country,
    shown_place,
)
from indexer.towns import countries as countries_of_places
from store.folding import fold
from tools.country_names import country_names

BUSAN = "Busan, Busan, Korea, Republic of"


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("", "Busan, Busan, South Korea"),
        ("en", "Busan, Busan, South Korea"),
        ("de", "Busan, Busan, Südkorea"),
        ("fr", "Busan, Busan, Corée du Sud"),
        ("es", "Busan, Busan, Corea del Sur"),
        ("zh", "Busan, Busan, 韩国"),
        ("it", "Busan, Busan, South Korea"),
    ],
)
def test_a_place_in_a_language(language: str, shown: str) -> None:
    assert shown_place(BUSAN, language) == shown


@pytest.mark.parametrize(
    ("place", "german"),
    [
        ("Rome, Lazio, Italy", "Rome, Lazio, Italien"),
        ("Atlanta, Georgia, United States", "Atlanta, Georgia, Vereinigte Staaten"),
        ("Tbilisi, Georgia", "Tbilisi, Georgien"),
        ("Singapore, Novena, Singapore", "Singapur, Novena, Singapur"),
        ("Luxembourg, Luxembourg", "Luxemburg, Luxemburg"),
        ("Home", "Home"),  # as a photo may say it
        ("Rom, Italien", "Rom, Italien"),
        ("", ""),
    ],
)
def test_only_the_country_is_translated(place: str, german: str) -> None:
    assert shown_place(place, "de") == german


def test_a_comma_in_a_name_parts_nothing() -> None:
    assert parts_of(BUSAN) == ["Busan", "Busan", "Korea, Republic of"]
    assert parts_of("Korea, Republic of") == ["Korea, Republic of"]
    assert parts_of("Rome, Italy") == ["Rome", "Italy"]


def test_countries_are_called_as_people_say() -> None:
    said = {
        "Bolivia", "Iran", "Laos", "Moldova", "North Korea", "Russia", "South Korea", "Syria",
        "Taiwan", "Tanzania", "Venezuela", "Vietnam",
    }  # fmt: skip
    assert said <= {shown_country(one) for one in countries()}
    assert shown_country("Russian Federation", "de") == "Russland"
    shown = [shown_country(one, language) for one in countries() for language in LANGUAGES]
    assert not [name for name in shown if ", " in name]


def test_the_file_has_every_country_of_the_gazetteer() -> None:
    """Not the same names in every version of CLDR, but nearly."""
    made = country_names()
    assert countries().keys() == made.keys()
    assert set(made) <= set(countries_of_places().values())
    same = [
        made[one][language][0] == names[0]
        for one, named in countries().items()
        for language, names in named.items()
    ]
    assert sum(same) > 0.97 * len(same)
    assert all(set(named) == set(LANGUAGES) for named in countries().values())


def test_no_name_means_two_countries_in_a_language() -> None:
    for language in LANGUAGES:
        every = [
            (fold(name), one) for one, named in countries().items() for name in named[language]
        ]
        assert len({name for name, _ in every}) == len({*every})
    assert plain_names(ENGLISH)["cote d'ivoire"] == "Cote d'Ivoire"
    assert all(any(name in plain_names(one) for one in LANGUAGES) for name in PEOPLE | WORDS)
    assert all(name in plain_names(ENGLISH) for name in CLEAR)
