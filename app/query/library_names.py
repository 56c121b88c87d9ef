"""The names that one library has: what a query's words may be beside words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from store.folding import fold

_WORD = re.compile(r"[^\W_]+")


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
        for place in self.places:
            small, region, country = _parted(place)
            for part in small:
                parts.setdefault(part, False)
            parts.update(dict.fromkeys((*region, *country), True))
        return parts

    def place(self, name: str) -> bool | None:
        """Whether a place is larger than a town; None if no photo is from a place of this name."""
        return self._parts_of_places.get(fold(name))

    @cached_property
    def _folded_folders(self) -> frozenset[str]:
        return frozenset(fold(folder) for folder in self.folders)

    def has_folder(self, name: str) -> bool:
        return fold(name) in self._folded_folders

    @cached_property
    def _folded_cameras(self) -> tuple[str, ...]:
        return tuple(f" {' '.join(fold(camera).split())} " for camera in self.cameras)

    def has_camera(self, name: str) -> bool:
        """Whether whole words of a camera's name are ``name``."""
        return any(f" {fold(name)} " in camera for camera in self._folded_cameras)


def _parted(place: str) -> tuple[list[str], list[str], list[str]]:
    """A place's town with its quarters, its region and its country, folded.

    A country is known by each of its names: "Iran, Islamic Republic of" is Iran as well.
    """
    whole = fold(place)
    long = next((name for name in _countries_with_comma() if whole.endswith(f", {name}")), "")
    town, *others = (part.strip() for part in whole.removesuffix(f", {long}").split(","))
    country = [long, long.split(", ")[0]] if long else others[-1:]
    others = others if long else others[:-1]
    regions = [] if town in country else others[-1:]
    return [town, *others[: len(others) - len(regions)]], regions, country


@cache
def _countries_with_comma() -> tuple[str, ...]:
    """The countries whose names have a comma, folded."""
    from indexer.towns import countries

    return tuple(fold(name) for name in countries().values() if ", " in name)


GetNames = Callable[[], LibraryNames]
"""Gives the names when something of a query may be one: most queries need none."""


def no_names() -> LibraryNames:
    """Those of an empty library."""
    return LibraryNames()
