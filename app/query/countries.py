"""What countries are called: as places have them, as people say, and in other languages.

A photo's place ends with the English name of its country: "Seoul, Seoul, Korea, Republic of".
``tools.country_names`` makes the file, of Unicode CLDR (``countries.LICENSE.txt``) and more.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib.resources import files

from app.languages.asked import ENGLISH
from store.folding import fold

BETWEEN = ", "
"""What stands between the parts of a place."""

PEOPLE = frozenset({"dominique", "malte", "maurice", "mauricio", "salvador"})
"""Names of countries in one language that people have in others, folded."""
WORDS = frozenset({"bermudas", "suede"})
"""Names in other languages that are words of English, too rare to be ordinary ones; folded."""
CLEAR = frozenset({"isle of man", "ivory coast", "united kingdom", "united states"})
"""Names that mean nothing else, although each of their words is an ordinary one; folded."""


@functools.cache
def countries() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The names of each country by language ("en", "de", "fr", "es", "zh"), the one to show first;
    by its English name as places have it."""
    text = (files("app.query") / "countries.json").read_text(encoding="utf-8")
    return {
        country: {language: tuple(names) for language, names in named.items()}
        for country, named in json.loads(text).items()
    }


def shown_country(country: str, language: str = ENGLISH) -> str:
    """What to call the country that places have as ``country``; in English for other languages.

    What is no country is called what it is.
    """
    named = countries().get(country)
    return named.get(language, named[ENGLISH])[0] if named else country


def names_in(country: str, language: str) -> tuple[str, ...]:
    """All that people call a country in a language; nothing for what is no country."""
    return countries().get(country, {}).get(language, ())


def shown_place(place: str, language: str = ENGLISH) -> str:
    """A place, with its country as ``shown_country`` calls it."""
    *parts, country = parts_of(place)
    city_state = parts[:1] == [country]
    called = shown_country(country, language)
    return BETWEEN.join([*([called, *parts[1:]] if city_state else parts), called])


def parts_of(place: str) -> list[str]:
    """A place's parts, from its town to its country, whose name may have a comma."""
    if not f"{BETWEEN}{place}".endswith(_with_comma()):
        return place.split(BETWEEN)
    ending = next(one for one in _with_comma() if f"{BETWEEN}{place}".endswith(one))
    country = ending.removeprefix(BETWEEN)
    return [*place.removesuffix(ending).split(BETWEEN), country] if place != country else [country]


def smaller_and_country(place: str) -> tuple[list[str], str]:
    """The names of a place's towns and regions, the smallest first, and that of its country."""
    *parts, country = parts_of(place)
    pieces = (piece.strip() for part in parts for piece in part.split(","))
    return [piece for piece in pieces if piece], country


@functools.cache
def _with_comma() -> tuple[str, ...]:
    """How the places of countries end whose names have a comma."""
    return tuple(f"{BETWEEN}{country}" for country in countries() if BETWEEN in country)


def plain_name(name: str) -> str:
    """A name without what people write in different ways: case, accents, apostrophes."""
    return " ".join(fold(name).replace("\u2019", "'").split())


@functools.cache
def plain_names(language: str) -> Mapping[str, str]:
    """Every country by all of its names in a language, each as ``plain_name`` has it."""
    every = countries().items()
    return {plain_name(name): key for key, named in every for name in named.get(language, ())}


LANGUAGES = (ENGLISH, "de", "fr", "es", "zh")
"""Those in which countries are named; of two that share a name, the first is meant."""


def meant_by(name: str) -> str | None:
    """The country that a photo means which says that it is from ``name``, in any language."""
    if name in countries():
        return name
    meant = (plain_names(language).get(plain_name(name)) for language in LANGUAGES)
    return next((country for country in meant if country), None)
