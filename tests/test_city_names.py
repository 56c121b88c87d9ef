"""Cities by their names in other languages, where the library has photos of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.languages.asked import Asked
from app.query.cities import PEOPLE, WORDS, cities_called, cities_with_word
from app.query.countries import countries, plain_name
from app.query.library_names import LibraryNames
from app.query.model import Query
from app.query.parser import parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from store.filters import Any, Contains, Not

NAMES = LibraryNames(
    places=(
        "Essen, D\u00fcsseldorf District, North Rhine-Westphalia, Germany",
        "Genoa, Liguria, Italy",
        "Gent, East Flanders, Belgium",
        "K\u00f6ln, North Rhine-Westphalia, Germany",
        "London, England, United Kingdom",
        "Munich, Bavaria, Germany",
        "New York City, New York, United States",
        "Nice, Provence-Alpes-C\u00f4te d'Azur, France",
        "Prague, Czech Republic",
        "Rome, Lazio, Italy",
        "The Hague, South Holland, Netherlands",
        "Vienna, Virginia, United States",
    ),
)


def read(text: str, language: str = "", names: LibraryNames = NAMES) -> Query:
    parsed = replace(parse_text(text), asked=Asked(hint=language))
    return understood(parsed, Surroundings(lambda: names)).query()


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("in Rom", "in Rom (Rome)"),
        ("in rom", "in Rom (Rome)"),
        ("Strand Rom", "Strand, in Rom (Rome)"),
        ("Strand, roma", "Strand, in Roma (Rome)"),
        ("Roma", "in Roma (Rome)"),
        ("Praha", "in Praha (Prague)"),
        ("M\u00fcnchen", "in M\u00fcnchen (Munich)"),
        ("muenchen", "in Muenchen (Munich)"),
        ("\u00e0 Londres", "in Londres (London)"),
        ("en Nueva York", "in Nueva York (New York City)"),
        ("in Den Haag", "in Den Haag (The Hague)"),
        ("viaje a Roma", "viaje, in Roma (Rome)"),
        ("Reise nach Prag", "Reise, in Prag (Prague)"),
        ("in Cologne", "in Cologne (K\u00f6ln)"),
        ("\u7f57\u9a6c", "in \u7f57\u9a6c (Rome)"),
        ("\u5728\u7f57\u9a6c", "in \u7f57\u9a6c (Rome)"),
        ("\u5728\u7f57\u9a6c\u7684\u6d77\u6ee9", "\u6d77\u6ee9, in \u7f57\u9a6c (Rome)"),
        ("\u6d77\u6ee9 \u5728 \u7f57\u9a6c", "\u6d77\u6ee9, in \u7f57\u9a6c (Rome)"),
        ("place:Rom", "in or near Rom (Rome)"),
        ("-place:Rom", "not in or near Rom (Rome)"),
        ("g\u00eanes", "in G\u00eanes (Genoa)"),
        # As the library calls them, as ever.
        ("Rome", "in Rome"),
        ("beach Rome", "beach, in Rome"),
        ("photos of Rome", "in Rome"),
        ("in New York", "in New York"),
        ("in Essen", "in Essen"),
        # In quotes, words of English, names of people, what the library has no photos of.
        ('"Rom"', "Rom"),
        ('in "Rom"', "in Rom"),
        ("genes", "genes"),
        ("a cologne bottle", "a cologne bottle"),
        ("nice", "nice"),
        ("in Mailand", "in Mailand"),
        ("in Wien", "in Wien"),  # Vienna in Virginia is none
        ("cathedral of Rome", "cathedral of Rome"),
        ("Uncle Cologne", "Uncle Cologne"),
        ("a woman named Roma", "a woman named Roma"),
        ("CD ROM", "CD ROM"),
        ("Rome Prague", "in Rome or in Prague"),
        ("Strand Italien", "Strand, in Italien (Italy)"),
        ("Little Italy", "Little Italy"),
        ("beach New London", "beach New London"),
        # Words of other languages, which need a capital or an "in".
        ("essen", "essen"),
        ("essen, Rom", "essen, in Rom (Rome)"),
        ("gutes Essen", "gutes Essen"),
        # Several.
        ("beach in Rome and Prague", "beach, in Rome or in Prague"),
        ("in Rom oder in Prag", "in Rom (Rome) or in Prag (Prague)"),
        ("Rome or Prague or Genoa at night", "Rome or Prague or Genoa at night"),
        ("Rome or Prague or Genoa", "in Rome or in Prague or in Genoa"),
        (
            "\u5728\u7f57\u9a6c\u548c\u5e03\u62c9\u683c\uff0c\u6d77\u6ee9",
            "\u6d77\u6ee9, in \u7f57\u9a6c (Rome) or in \u5e03\u62c9\u683c (Prague)",
        ),
        ("\u7f57\u9a6c\u548c\u5e73", "\u7f57\u9a6c\u548c\u5e73"),  # peace in Rome
        ("Rome Italy", "in Rome, in Italy"),
        ("beach Rome Italy", "beach, in Rome, in Italy"),
        ("in Italy or Mailand", "or Mailand, in Italy"),
        ("in Rome and a dog", "and a dog, in Rome"),
        ("Essen", "in Essen"),
        ("in essen", "in Essen"),
        # No photo is from there, but it is no mistake either.
        ("Mailand", "Mailand"),
        ("Mailand Dom", "Mailand Dom"),
        ("suecia", "suecia"),
    ],
)
def test_what_it_becomes(text: str, reading: str) -> None:
    assert str(read(text)) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("beach not in Rom", "beach, not in Rom (Rome)"),
        ("Strand nicht in Rom", "Strand, not in Rom (Rome)"),
        ("Strand, nicht aus Rom", "Strand, not in Rom (Rome)"),
        ("au\u00dfer in Rom", "not in Rom (Rome)"),
        ("Strand au\u00dfer Rom", "Strand, not in Rom (Rome)"),
        ("nicht in Italien", "not in Italien (Italy)"),
        ("nicht in Nice", "not in Nice"),
        ("plage pas \u00e0 Rome", "plage, not in Rome"),
        ("sauf \u00e0 Londres", "not in Londres (London)"),
        ("pas en Italie", "not in Italie (Italy)"),
        ("playa no en Roma", "playa, not in Roma (Rome)"),
        ("excepto en Roma", "not in Roma (Rome)"),
        ("\u4e0d\u5728\u7f57\u9a6c", "not in \u7f57\u9a6c (Rome)"),
        ("\u4e0d\u5728\u7f57\u9a6c\u7684\u6d77\u6ee9", "\u6d77\u6ee9, not in \u7f57\u9a6c (Rome)"),
        ("\u6d77\u6ee9 \u4e0d\u5728 \u7f57\u9a6c", "\u6d77\u6ee9, not in \u7f57\u9a6c (Rome)"),
        ("\u4e0d\u5728\u610f\u5927\u5229", "not in \u610f\u5927\u5229 (Italy)"),
        ("nicht in Rom, 2019", "not in Rom (Rome), 2019"),
        ("everything except Rome", "not in Rome"),
        ("alles au\u00dfer Rom", "not in Rom (Rome)"),
        ("tout sauf Rome", "not in Rome"),
        ("todo excepto Roma", "not in Roma (Rome)"),
        ("todo menos Roma", "not in Roma (Rome)"),
        ("everything but Rome", "not in Rome"),
        ("excluding Italy", "not in Italy"),
        ("everything except Rome and Prague", "not in Rome, not in Prague"),
        ("beach, not Rome", "beach, not in Rome"),
        ("everything except Rome 2019", "not in Rome, 2019"),
        ("alle Fotos au\u00dfer denen aus Rom", "not in Rom (Rome)"),
        ("tout sauf les photos de Rome", "not in Rome"),
        ("tout sauf l'Italie", "not in Italie (Italy)"),
        ("all photos except the ones with dogs", "all photos without dog"),
        ("everything except screenshots", "not screenshots, by name or folder"),
        ("beach Rome or Prague", "beach, in Rome or in Prague"),
        ("everything except the ones from Rome", "not in Rome"),
        ("everything except Rome, beach", "beach, not in Rome"),
        ("no people in Rome and Prague", "all photos without people in Rome, without Prague"),
        ("a salad without nice", "a salad, without nice"),
        ("not outside of Rome", "all photos without outside of Rome"),
        ("\u4e0d\u5728\u7f57\u9a6c\u4ee5\u5916", "\u4e0d\u5728\u7f57\u9a6c\u4ee5\u5916"),
        ("beach not in Rome or Prague", "beach, not in Rome, not in Prague"),
        ("photos not taken in Italy", "not in Italy"),
        ("beach but Rome", "beach but, in Rome"),
        ("\u9664\u4e86\u7f57\u9a6c", "not in \u7f57\u9a6c (Rome)"),
        (
            "\u9664\u4e86\u7f57\u9a6c\u4ee5\u5916\u7684\u7167\u7247",
            "not in \u7f57\u9a6c (Rome)",
        ),
        ("\u7f57\u9a6c\u4ee5\u5916\u7684\u7167\u7247", "not in \u7f57\u9a6c (Rome)"),
        (
            "\u7f57\u9a6c\u4e4b\u5916\u7684\u6d77\u6ee9",
            "\u6d77\u6ee9, not in \u7f57\u9a6c (Rome)",
        ),
        ("nicht am Strand", "nicht am Strand"),
        ("pas en for\u00eat", "pas en for\u00eat"),
    ],
)
def test_not_there(text: str, reading: str) -> None:
    assert str(read(text)) == reading


def test_not_there_leaves_its_photos_out() -> None:
    assert read("nicht in Rom").filter == Not(Contains("place", "Rome"))
    changes = read("Strand, pas \u00e0 Rome").changes
    assert [(one.typed, one.became) for one in changes] == [("pas \u00e0 Rome", "not in Rome")]


def test_a_city_is_a_filter_of_what_places_call_it() -> None:
    assert read("in Rom").filter == Contains("place", "Rome")
    assert read("-place:Rom").filter == Not(Contains("place", "Rome"))


def test_photos_may_call_it_in_any_language() -> None:
    names = LibraryNames(places=("M\u00fcnchen, Bayern, Deutschland", "Munich, Bavaria, Germany"))
    own = replace(names, places=names.places[:1])
    assert read("in Munich", names=own).filter == Contains("place", "M\u00fcnchen")
    both = read("in \u6155\u5c3c\u9ed1", names=names)
    assert isinstance(both.filter, Any)
    assert set(both.filter.inner) == {
        Contains("place", "M\u00fcnchen"),
        Contains("place", "Munich"),
    }


def test_a_place_of_the_library_comes_first() -> None:
    names = LibraryNames(places=("Roma, Queensland, Australia", "Rome, Lazio, Italy"))
    assert str(read("in Roma", names=names)) == "in Roma"


def test_the_name_of_a_region_is_none_of_its_city() -> None:
    names = LibraryNames(places=("Albany, New York, United States",))
    assert read("in Nueva York", names=names).filter is None


def test_one_of_several_is_enough() -> None:
    both = Any((Contains("place", "Rome"), Contains("place", "Prague")))
    assert read("in Rom und Prag").filter == both
    names = LibraryNames(places=("Sofia, Bulgaria", "Victoria, Canada"))
    assert str(read("Sofia and Victoria", names=names)) == "Sofia and Victoria"


def test_a_country_at_the_end_may_be_an_abbreviation() -> None:
    names = LibraryNames(places=("Reno, Nevada, United States",))
    assert str(read("desert USA", names=names)) == "desert, in USA (United States)"


def test_people_are_no_places_at_the_end() -> None:
    names = LibraryNames(places=("Florence, Tuscany, Italy",))
    assert str(read("birthday Florence", names=names)) == "birthday Florence"
    assert str(read("birthday in Florence", names=names)) == "birthday, in Florence"


def test_names_of_cities_are_not_misspelt() -> None:
    assert str(read("a street in nizza")) == "a street, in Nizza (Nice)"
    names = LibraryNames(places=("Turku, Finland",))
    assert str(read("a street in nizza", names=names)) != "a street, in Nizza (Nice)"


def test_the_file() -> None:
    rome = next(city for city in cities_called("rom") if city.country == "Italy")
    assert rome.names[0] == "rome"
    assert {"roma", "\u7f57\u9a6c"} <= set(rome.names)
    assert any("nueva york" in city.names for city in cities_with_word("nueva"))
    assert not list(cities_called("no such city"))
    assert not list(cities_called("a|b\nc"))
    for name in PEOPLE | WORDS:
        for city in cities_called(name):
            assert city.country in countries()
            assert all(plain_name(one) == one for one in city.names)
