"""Places at the end or the beginning of other words, with no "in" before them."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.query.library_names import LibraryNames
from app.query.model import Query
from app.query.parser import parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood

NAMES = LibraryNames(
    places=(
        "Boston, Massachusetts, United States",
        "Florence, Tuscany, Italy",
        "London, England, United Kingdom",
        "Nice, Provence-Alpes-C\u00f4te d'Azur, France",
        "Osaka, Osaka, Japan",
        "Paris, Texas, United States",
        "Riverside, California, United States",
        "Rome, Lazio, Italy",
        "San Francisco, California, United States",
        "Ayr, Scotland, United Kingdom",
        "Mexico City, Mexico City, Mexico",
        "Newcastle, New South Wales, Australia",
    ),
)


def read(text: str) -> Query:
    return understood(parse_text(text), Surroundings(lambda: NAMES, datetime(2026, 6, 1))).query()


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("beach rome", "beach, in Rome"),
        ("rome beach", "beach, in Rome"),
        ("Rome beach", "beach, in Rome"),
        ("rome at night", "at night, in Rome"),
        ("food italy", "food, in Italy"),
        ("japan food", "food, in Japan"),
        ("boston", "in Boston"),
        ("in boston", "in Boston"),
        ("boston harbour at night", "harbour at night, in Boston"),
        ("san francisco sunset", "sunset, in San Francisco"),
        ("sunset san francisco", "sunset, in San Francisco"),
        ("show me photos of rome beach", "beach, in Rome"),
        ("rome trip, 2019", "trip, in Rome, 2019"),
        ("london bridge", "bridge, in London"),
        ("rome roma", "in Rome, in Roma (Rome)"),
        ("rome osaka", "in Rome or in Osaka"),
        ("mexico city food", "food, in Mexico City"),
        ("dinner with friends rome", "dinner with friends, in Rome"),
        ("rome bei nacht", "bei nacht, in Rome"),
        ("Londres de noche", "de noche, in Londres (London)"),
        ("londres la nuit", "la nuit, in Londres (London)"),
        ("roma por la noche", "por la noche, in Roma (Rome)"),
        ("osaka en hiver", "en hiver, in Osaka"),
        ("osaka sous la neige", "sous la neige, in Osaka"),
        ("photos i took of rome yesterday", "in Rome, yesterday (31 May 2026)"),
        ("florence en robe rouge", "florence en robe rouge"),  # she may be in it
        ("florence en hiver", "florence en hiver"),
        ("osaka en rose", "osaka en rose"),  # a dog may be called so
        ("rom im winter", "rom im winter"),  # short words may be anything
        # Words of English, even rare ones, and names of people and things, are none.
        ("nice dinner", "nice dinner"),
        ("dinner nice", "dinner nice"),
        ("riverside house", "riverside house"),
        ("house riverside", "house riverside"),
        ("florence dancing", "florence dancing"),
        ("boston terrier", "boston terrier"),
        ("boston cream pie", "boston cream pie"),
        ("jack london", "jack london"),
        ("japan flag", "japan flag"),
        ("paris hilton", "paris hilton"),
        # Nor is what is too short, or stands beside words that English has not.
        ("beach ayr", "beach ayr"),
        ("beach Ayr", "beach, in Ayr"),
        ("rome kolosseum", "rome kolosseum"),
        ("weisse rose rome", "weisse rose rome"),
        # What goes on is another name, or says something of it.
        ("London Bridge", "London Bridge"),
        ("south london", "south london"),
        ("new mexico", "new mexico"),
        ("beach new south wales", "beach new south wales"),
        ("Paris Hilton", "Paris Hilton"),
        ("rome is burning", "rome is burning"),
        ("fall of rome", "fall of rome"),
        ('"rome beach"', "rome beach"),
        # A description is none of a place.
        ("london player hits the ball with a bat", "london player hits the ball with a bat"),
    ],
)
def test_what_it_becomes(text: str, reading: str) -> None:
    assert str(read(text)) == reading


def test_it_can_be_taken_literally() -> None:
    (change,) = read("rome beach").changes
    assert (change.kind, change.typed, change.became) == ("place", "rome", "in Rome")
