"""Countries by their names in other languages, where the library has photos of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.languages.asked import Asked
from app.query.library_names import LibraryNames
from app.query.model import Query
from app.query.parser import parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from store.filters import Any, Contains, InFolder, Not

NAMES = LibraryNames(
    places=(
        "Amsterdam, North Holland, Netherlands",
        "Berlin, Mitte, State of Berlin, Germany",
        "Curepipe, Mauritius",
        "Granada, Andalusia, Spain",
        "Hempstead, Long Island, New York, United States",
        "Hamilton, Bermuda",
        "Istanbul, Turkey",
        "London, England, United Kingdom",
        "Moscow, Moscow, Russian Federation",
        "Reykjavik, Capital Region, Iceland",
        "Rome, Lazio, Italy",
        "Saint George's, Grenada",
        "Santiago, Chile",
        "Seoul, Seoul, Korea, Republic of",
        "Saint-Denis, Reunion",
        "Singapore, Novena, Singapore",
        "Stockholm, Sweden",
        "Valletta, Malta",
        "Zermatt, Valais, Switzerland",
    ),
    folders=("Frankreich", "Spanien"),
)


def read(text: str, language: str = "", names: LibraryNames = NAMES) -> Query:
    parsed = replace(parse_text(text), asked=Asked(hint=language))
    return understood(parsed, Surroundings(lambda: names)).query()


def of(country: str) -> Contains:
    return Contains("place", country, last=True)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("place:Deutschland", "Germany"),
        ("Deutschland", "Germany"),
        ("in Deutschland", "Germany"),
        ("Strand, Italien", "Italy"),
        ("strand in italien", "Italy"),
        ('place:"Vereinigtes Königreich"', "United Kingdom"),
        ("place:grossbritannien", "United Kingdom"),
        ("Berge in der Schweiz", "Switzerland"),
        ("a canal in the Netherlands", "Netherlands"),
        ("plage en Italie", "Italy"),
        ("playa, Italia", "Italy"),
        ("意大利", "Italy"),
        ("Türkei", "Turkey"),
        ("USA", "United States"),
        ("in the UK", "United Kingdom"),
        ("United Kingdom", "United Kingdom"),
        ("a castle in the united kingdom", "United Kingdom"),
        ("a beach, united states", "United States"),
        ("意大利 海滩", "Italy"),
        ("在意大利", "Italy"),
        ("海滩\uff0c意大利", "Italy"),
        ("Strand,Italien", "Italy"),
        ("plage en Suède", "Sweden"),
        ("schweden", "Sweden"),
        ("South Korea", "Korea, Republic of"),
        ("place:Südkorea", "Korea, Republic of"),
        ('place:"Korea, Republic of"', None),
        ("Russland", "Russian Federation"),
        ("place:Russia", "Russian Federation"),
        ("place:Singapur", "Singapore"),
    ],
)
def test_a_country_in_other_words(text: str, country: str | None) -> None:
    filter = read(text).filter
    assert filter == (of(country) if country else Contains("place", text[7:-1]))


@pytest.mark.parametrize(
    "text",
    [
        "island",
        "Island",
        "a house in island",
        "chili",
        "beans in chili",
        "Maurice",
        "in Maurice",
        "Malte",
        "suede",
        "a jacket in suede",
        "a man in bermudas",
        "la reunion",
        '"意大利" 海滩',
        "turkey",
        "a house in Spanish style",
        "to go",
        "people of italy",
        '"Deutschland"',
        "Polen",  # of which there is no photo
        "in Brasil",
    ],
)
def test_ordinary_words_and_people_are_no_countries(text: str) -> None:
    assert read(text).filter is None


@pytest.mark.parametrize(
    ("text", "filter"),
    [
        ("place:Italy", Contains("place", "Italy")),
        ("Italy", Contains("place", "Italy")),
        ("in turkey", Contains("place", "Turkey")),
        ("Granada", Contains("place", "Granada")),  # not what Spanish calls Grenada
        ("place:Granada", Contains("place", "Granada")),
        ("place:Island", Contains("place", "Island")),
        ("place:Polen", Contains("place", "Polen")),
        ("Singapore", Contains("place", "Singapore")),
    ],
)
def test_what_was_a_place_before_is_that_place(text: str, filter: Contains) -> None:
    assert read(text).filter == filter


def test_georgia_is_whatever_is_called_so() -> None:
    for places in (
        ("Tbilisi, Georgia",),
        ("Atlanta, Georgia, United States",),
        ("Tbilisi, Georgia", "Atlanta, Georgia, United States"),
    ):
        names = LibraryNames(places=places)
        assert read("Georgia", "de", names).filter == Contains("place", "Georgia")
        assert read("place:Georgia", "de", names).filter == Contains("place", "Georgia")
    assert read("place:Georgia", "de", names).reading == ("in or near Georgia",)
    only = LibraryNames(places=("Tbilisi, Georgia",))
    assert read("place:Georgia", "de", only).reading == ("in or near Georgien",)
    assert read("Georgien", "", names).filter == of("Georgia")


def test_photos_may_say_their_country_in_another_language() -> None:
    names = LibraryNames(places=("Rom, Italien", "Rome, Lazio, Italy", "Oslo, Norge", "Island"))
    said, ours = of("Italien"), of("Italy")
    assert read("Italia", "", names).filter == Any((said, ours))
    for text, name in (("place:Italien", "Italien"), ("Italy", "Italy"), ("in Italy", "Italy")):
        both = Any((Contains("place", name), said, ours))
        assert read(text, "", names).filter == both
    assert read("Iceland", "", names).filter is None  # whoever has the place "Island" means that
    only = LibraryNames(places=("Rom, Italien",))
    assert read("place:Italy", "", only).filter == said
    assert read("Italien", "", only).filter == Contains("place", "Italien")


def test_a_folder_of_that_name_is_meant_too() -> None:
    both = Any((of("Spain"), InFolder(("Spanien",))))
    for text in ("in Spanien", "Spanien", "Strand in Spanien"):
        assert read(text).filter == both
        assert read(text).reading == ("in Spanien (Spain) or in folder Spanien",)
    assert read("in folder Spanien").filter == InFolder(("Spanien",))
    assert read("place:Spanien").filter == of("Spain")


def test_in_the_language_that_is_asked_in_ordinary_words_have_a_capital() -> None:
    assert read("Hund in Island", "de").filter == of("Iceland")
    assert read("Island", "de").filter == of("Iceland")
    assert read("island", "de").filter is None
    assert read("Maurice", "fr").filter == of("Mauritius")
    assert read("Suede", "fr").filter == of("Sweden")
    assert read("la Réunion", "fr").filter == of("Reunion")
    both = Any((Contains("place", "Island"), of("Iceland")))
    assert read("place:Island", "de").filter == both


@pytest.mark.parametrize(
    ("text", "language", "reading"),
    [
        ("place:Deutschland", "", "in or near Deutschland (Germany)"),
        ("place:Deutschland", "de", "in or near Deutschland"),
        ("place:Germany", "", "in or near Germany"),
        ("place:Germany", "de", "in or near Deutschland"),
        ("germany", "de", "in Deutschland"),
        ("in Italie", "de", "in Italie (Italien)"),
        ("usa", "", "in USA (United States)"),
        ('place:"Korea, Republic of"', "", "in or near South Korea"),
        ("place:Rom,Italien", "de", "in or near Rom (Rome) or in or near Italien"),
        ("-place:Italien", "de", "not in or near Italien"),
        ("place:Italien OR place:Rom", "de", "in or near Italien or in or near Rom (Rome)"),
        ("Singapore", "de", "in Singapur"),
    ],
)
def test_it_is_read_back(text: str, language: str, reading: str) -> None:
    assert read(text, language).reading == (reading,)


def test_values_and_groups() -> None:
    rome, italy = Contains("place", "Rome"), of("Italy")
    assert read("place:Rome,Italien").filter == Any((rome, italy))
    assert read("-place:Italien").filter == Not(italy)
    assert read("(place:Italien OR type:jpg) a dog").reading[0].startswith("in or near Italien")
    (term,) = read("(a dog + place:Italien) OR (a cat + place:Rome)").terms
    assert [one.filter for one in term.alternatives] == [italy, rome]


def test_names_of_countries_are_not_misspelt() -> None:
    assert [one.kind for one in read("italien, schweiz").changes] == ["place", "place"]
    assert read("der Wald in der Schweiz").filter == of("Switzerland")
