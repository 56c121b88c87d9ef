"""The names that one library has: what a query's words may be beside words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from app.languages.asked import ENGLISH
from app.query import countries
from app.query.cities import BEGINNINGS, City, cities_called, cities_with_word
from app.query.place_parts import parted, ways_to_say
from store.folding import fold, whole_words

_WORD = re.compile(r"[^\W_]+")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class NamedCountry:
    """A country that a library has photos of.

    Attributes:
        name: as our own places have it.
        is_own: whether it was named in English, or in the language that was asked in.
        in_places: what the library's places call it: photos may say it in another language.
    """

    name: str
    is_own: bool
    in_places: tuple[str, ...]


@dataclass(frozen=True)
class LibraryNames:
    """Names as the library has them.

    Attributes:
        places: "Town, region, country"; quarters of a city stand behind it.
        folders: single names, of every folder on the way to a photo.
    """

    places: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    has_videos: bool = False

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of all names, in lower case and without accents."""
        names: Iterable[str] = (
            *self.places,
            *self.cameras,
            *self.folders,
            *self.tags,
            *self.concepts,
        )
        return frozenset(word for name in names for word in _WORD.findall(fold(name)))

    @cached_property
    def _parts_of_places(self) -> dict[str, bool]:
        """Towns, regions and countries, folded; whether it is a country or region.

        The last two are these: what is between a town and its region may be a quarter. A city that
        is a country has no regions, but quarters.
        """
        parts: dict[str, bool] = {}
        for small, region, country in self._parted_places:
            for part in small:
                for name in ways_to_say(part):
                    parts.setdefault(name, False)
            parts.update(dict.fromkeys((*region, *country), True))
        return parts

    def place(self, name: str) -> bool | None:
        """Whether a place is larger than a town; None if no photo is from a place of this name."""
        return self._parts_of_places.get(fold(name))

    def country(self, name: str, language: str = "") -> NamedCountry | None:
        """The country that people call ``name``, in any language that we know.

        None if no photo is from there, and where a town or region of the library has this name.

        Args:
            language: the code of the one that is asked in; empty if nobody said so.
        """
        plain = countries.plain_name(name)
        if plain in self._not_countries:
            return None
        own = (ENGLISH, language)
        for one in dict.fromkeys((language, *countries.LANGUAGES)):
            country = countries.plain_names(one).get(plain, "")
            if in_places := self._countries.get(country):
                return NamedCountry(country, one in own, in_places)
        return None

    def cities(self, name: str) -> tuple[str, ...]:
        """What places call the cities that people call ``name``, in any language that we know.

        Nothing if no photo is from there, and where a place of the library has this name.
        """
        plain = countries.plain_name(name)
        if not self.places or self.place(name) is not None:
            return ()
        return tuple(dict.fromkeys(self._called(cities_called(plain))))

    def is_of_city(self, word: str) -> bool:
        """Whether a name of a city that photos are from begins or ends with ``word``."""
        plain = countries.plain_name(word)
        return any(self._called(cities_with_word(plain))) if self.places else False

    def _called(self, every: Iterable[City]) -> Iterator[str]:
        """What places call those of these cities that photos are from."""
        for city in every:
            for name in city.names:
                for shown, country in self._towns.get(name, ()):
                    if country in (None, city.country):
                        yield shown

    @cached_property
    def _towns(self) -> dict[str, set[tuple[str, str | None]]]:
        """Towns and quarters, not regions, by their plain names: as places have each, and the
        country of that; None for a place that says none."""
        towns: dict[str, set[tuple[str, str | None]]] = {}
        for place in self.places:
            smaller, last = countries.smaller_and_country(place)
            country = countries.meant_by(last)
            smaller += [] if country else [last]
            for town in smaller[: max(1, len(smaller) - 1)]:
                towns.setdefault(countries.plain_name(town), set()).add((town, country))
        return towns

    def has_in_place(self, text: str) -> bool:
        """Whether ``text`` is in the name of some place, as whole words of it."""
        return whole_words(text).search(self._folded_places) is not None

    @cached_property
    def _folded_places(self) -> str:
        """All of them, a line each."""
        return fold("\n".join(self.places))

    @cached_property
    def _parted_places(self) -> list[tuple[list[str], list[str], list[str]]]:
        return list(map(parted, self.places))

    @cached_property
    def words_of_countries(self) -> frozenset[str]:
        """The words of what the library's countries are called in other languages, folded."""
        named = (countries.countries()[one].values() for one in self._countries)
        every = (fold(name) for languages in named for names in languages for name in names)
        return frozenset(word for name in every for word in _WORD.findall(name))

    @cached_property
    def _countries(self) -> dict[str, tuple[str, ...]]:
        """Those of the photos, each with what their places call it."""
        parted = map(countries.parts_of, self.places)
        last = {
            parts[-1]: None
            for parts in parted
            if len(parts) > 1 or parts[0] in countries.countries()
        }
        called: dict[str, tuple[str, ...]] = {}
        for name in last:
            if country := countries.meant_by(name):
                called[country] = (*called.get(country, ()), name)
        return called

    @cached_property
    def _not_countries(self) -> frozenset[str]:
        """What towns and regions are called; a city that is a country is none of them."""
        return frozenset(
            part
            for small, region, country in self._parted_places
            for part in (*small, *region)
            if part not in country
        )

    @cached_property
    def _folded_folders(self) -> frozenset[str]:
        return frozenset(folded for _, folded in self._folders_with_folded)

    def has_folder(self, name: str) -> bool:
        return fold(name) in self._folded_folders

    def folders_called(self, name: str, *, exactly: bool) -> list[str]:
        """The folders that have ``name`` as whole words in theirs: "Rome 2018", and not "Romeo".

        Args:
            exactly: whether nothing but figures may stand beside it, as beside "Nice".
        """
        wanted, whole = fold(name), whole_words(name)
        return [
            folder
            for folder, folded in self._folders_with_folded
            if wanted in folded
            and (match := whole.search(folded))
            and not (exactly and _LETTER.search(folded[: match.start()] + folded[match.end() :]))
            and BEGINNINGS.isdisjoint(_WORD.findall(folded[: match.start()])[-1:])  # "New Mexico"
        ]

    @cached_property
    def _folders_with_folded(self) -> list[tuple[str, str]]:
        return [(folder, fold(folder)) for folder in self.folders]

    @cached_property
    def _folded_cameras(self) -> tuple[str, ...]:
        return tuple(f" {' '.join(fold(camera).split())} " for camera in self.cameras)

    def has_camera(self, name: str) -> bool:
        """Whether whole words of a camera's name are ``name``."""
        return any(f" {fold(name)} " in camera for camera in self._folded_cameras)


GetNames = Callable[[], LibraryNames]
"""Gives the names when something of a query may be one: most queries need none."""


def no_names() -> LibraryNames:
    """Those of an empty library."""
    return LibraryNames()
