"""Towns as people say them."""

from __future__ import annotations

import pytest

from app.query.library_names import LibraryNames
from app.query.parser import parse_text
from app.query.place_parts import ways_to_say
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from store.filters import Contains, PhotoFilter
from store.folding import containing

PLACES = (
    "Frankfurt am Main, Hesse, Germany",
    "Rothenburg ob der Tauber, Bavaria, Germany",
    "Halle (Saale), Saxony-Anhalt, Germany",
    "Garmisch-Partenkirchen, Bavaria, Germany",
    "Aix-en-Provence, Provence-Alpes-Côte d'Azur, France",
    "Saint-Malo, Brittany, France",
    "Bar-sur-Aube, Grand Est, France",
    "Newcastle upon Tyne, England, United Kingdom",
    "Playa del Carmen, Quintana Roo, Mexico",
    "Ma On Shan, Hong Kong",
    "Pont-sur-Yonne, Bourgogne-Franche-Comté, France",
    "Buch am Erlbach, Bavaria, Germany",
    "Weil am Rhein, Baden-Württemberg, Germany",
    "Mont-sur-Rolle, Vaud, Switzerland",
)


def filter_of(text: str) -> PhotoFilter | None:
    around = Surroundings(lambda: LibraryNames(places=PLACES))
    return understood(parse_text(text), around).query().filter


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Frankfurt", PLACES[0]),
        ("Fotos aus Frankfurt", PLACES[0]),
        ("skyline frankfurt", PLACES[0]),
        ("in Frankfurt am Main", PLACES[0]),
        ("Rothenburg", PLACES[1]),
        ("Halle", PLACES[2]),
        ("garmisch partenkirchen", PLACES[3]),
        ("Garmisch-Partenkirchen", PLACES[3]),
        ("Aix", PLACES[4]),
        ("aix en provence", PLACES[4]),
        ("beach in saint malo", PLACES[5]),
        ("bar sur aube", PLACES[6]),
        ("newcastle", PLACES[7]),
        ("pont sur yonne", PLACES[10]),
        ("Weil", PLACES[12]),
        ("in weil", PLACES[12]),
    ],
)
def test_a_town_is_known_as_people_say_it(text: str, place: str) -> None:
    filter = filter_of(text)
    assert isinstance(filter, Contains)
    assert [one for one in PLACES if containing(filter.text, words=True)(one)] == [place]


@pytest.mark.parametrize("text", ["Bar", "in Bar", "playa", "in Playa", "in Ma"])
def test_a_part_that_is_a_word_or_not_enough_is_no_town(text: str) -> None:
    assert filter_of(text) is None


@pytest.mark.parametrize(
    ("text", "looked_for"),
    [
        *(("photos du pont", "pont"), ("pont", "pont"), ("rivière, pont", "rivière, pont")),
        *(("Buch", "Buch"), ("buch", "buch"), ("weil", "weil"), ("mont", "mont")),
    ],
)
def test_a_word_of_another_language_is_no_town(text: str, looked_for: str) -> None:
    around = Surroundings(lambda: LibraryNames(places=PLACES))
    query = understood(parse_text(text), around).query()
    assert query.filter is None
    assert [term.value for term in query.terms] == [looked_for]


def test_a_person_is_no_town() -> None:
    assert list(ways_to_say("quincy-sous-senart")) == ["quincy-sous-senart", "quincy sous senart"]
