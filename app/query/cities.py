"""What cities are called in other languages: "Rom", "Roma" and 罗马 are Rome.

``tools.city_names`` makes the file, of GeoNames (https://www.geonames.org, CC BY 4.0) and Unicode
CLDR (``countries.LICENSE.txt``): cities with 15,000 people or more.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


WORDS = frozenset({"bada", "canton", "cologne", "frankenstein", "genes", "mira", "tartar"})
"""Names in other languages that are words of English, too rare to be ordinary ones; folded."""
WORDS_ELSEWHERE = _set(
    # German
    "adler auch bade baden bulle bunde essen galle halle hof horten kalmar kamen "
    "kanton karo klang lage lauf lohne morden nord norden raub salto siegen singen sitten soja "
    "sparte wedel weiden weil wetter wurzen zug "
    # French
    "alliance bains baise bourg butte celle dole fez fier grasse jambes landau largo lens "
    "levis lier lierre marche marin mestre mont noyers peine plaisance ponce portage racine "
    "roseau ruse sables sens serres stade sucre sur tarse tata tete tours trente tulle villers "
    "vitre "
    # Spanish
    "adelanto aja alameda alta amarillo anda aurora azul bando barroso bata bello bonito bufalo "
    "cabo calabozo campina centro chico chino coro dese escondido flores floresta fortaleza "
    "frontera goma gracia hilo iba indio laguna laurel leon limon madera manta "
    "manteca mariquita merced mesa milagro mira molde montana morena nada norte novena onda "
    "parla pilar plano playa progreso pueblo puno resistencia rosario saco seto soledad soma "
    "tamano taza tema tirar tiro tomar tono torre torrente vaso ventura"
)
"""Names of places that are words of German, French or Spanish, folded: in lower case, and
as the last words, they are a place only behind an "in" ("essen" and "gutes Essen" are food)."""
PLACES_FIRST = _set(
    "berlin bolivia boston brazil brussels bursa cordoba curacao geneva japan jodhpur latakia "
    "liege lucerne manhattan marseille morocco nimes samara saskatoon shanghai silesia tangier "
    "tripoli troyes varna wales waterloo zaire"
) | {"cape town", "palm springs", "salt lake city"}
"""Names that mean the place first, although English writes them, or their words, in lower case,
too: a berlin is a carriage, a boston a game of cards, and japan is lacquer; folded."""
PEOPLE = _set(
    "adelaide allen arnold aurora austin belen brandon bryan carolina chad chandler "
    "charlotte chelsea chester clinton constance dallas daphne darwin david devon diego "
    "dolores donna elizabeth eugene everett florence florencia franklin frederick george "
    "georgia gilbert gracia harvey helena hudson irving isabela israel jackson jordan kai "
    "kent kyle laurel lawrence leon leticia lincoln logan lorena lourdes madison mariana "
    "marina marion martin mary mercedes miranda nancy nelson norman olympia parker phoenix "
    "pilar preston quincy ramona regina roman rosario roy salvador santiago savannah "
    "sebastian selma sidney sofia soledad stanley sydney taylor tracy trinidad troy tyler "
    "valencia vernon verona victoria vincent virginia wayne whitney zara"
)
"""Names of places that people have, too; folded."""
BEGINNINGS = _set(
    "north south east west northern southern eastern western central upper lower inner outer new "
    "little great greater lake mount port fort san santa saint st norte sur nuevo nueva nord ost "
    "neu klein petite petit nouveau nouvelle"
)
"""What begins the name of another place: "New Mexico", "Northern Ireland"."""
_END, _BETWEEN = "\n", "|"


class City(NamedTuple):
    """A city.

    Attributes:
        country: its English name, as places have it.
        names: what the city is called, as ``countries.plain_name`` has it.
    """

    country: str
    names: tuple[str, ...]


def cities_called(name: str) -> Iterator[City]:
    """The cities that have ``name`` in some language, as ``countries.plain_name`` has it."""
    return _cities_with(f"{_BETWEEN}{name}{_BETWEEN}")


def cities_with_word(word: str) -> Iterator[City]:
    """The cities that have a name which begins or ends with ``word``, or is that."""
    for before, behind in ((_BETWEEN, " "), (" ", _BETWEEN), (_BETWEEN, _BETWEEN)):
        yield from _cities_with(f"{before}{word}{behind}")


def _cities_with(part: str) -> Iterator[City]:
    text = _text()
    at = -1 if _END in part else text.find(part)
    while at >= 0:
        start, end = text.rfind(_END, 0, at) + 1, text.index(_END, at)
        country, *names = text[start:end].strip(_BETWEEN).split(_BETWEEN)
        yield City(country, tuple(names))
        at = text.find(part, end)


@functools.cache
def _text() -> str:
    """The whole file, a line for each city: it takes less to look through than to part."""
    return (files("app.query") / "cities.txt").read_text(encoding="utf-8")
