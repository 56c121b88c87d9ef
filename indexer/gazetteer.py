"""Which towns of the world are near a place, and which of them are quarters of a large city.

``indexer.towns`` has points and numbers of people, and no borders, so what belongs to a city is
worked out:

- Where a county or region has the city's name and ends near it ("Paris", "Greater London", "State
  of Berlin"), the city is what is in there, and no more.
- Elsewhere the city ends at a distance that grows with it: 10 km for 2.3 million people. Of several
  that are so near, one in the town's own county comes first, then the one that is nearest for its
  size. A city of another county is no quarter, unless the region has the larger city's name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.towns import Area, Town, read_towns
from store.distances import EARTH_KM

_CITY = 100_000  # people that a place has at least to have quarters, or be no quarter elsewhere
_BOROUGH = 1_000_000  # people that a part of a city has at least to have quarters itself
_LARGER = 3  # times as many people as in its quarter live in a city
_OWN_AREA = (0.4, 3.0)  # times its reach: a county or region that ends there is the city's own
_FARTHEST_KM = 100.0  # from a city to its quarters, in the largest of the world


class Gazetteer:
    """All towns, by number; takes a second to load."""

    def __init__(self) -> None:
        from scipy.spatial import KDTree

        self.towns = read_towns()
        self._spots = _on_globe([(one.latitude, one.longitude) for one in self.towns])
        self._tree = KDTree(self._spots)
        large = [n for n, town in enumerate(self.towns) if town.people >= _CITY]
        self._cities = np.array(large, np.int64)
        self._widest = max(self.towns[number].reach_km for number in large)
        self._city_tree = KDTree(self._spots[self._cities])
        self._within: dict[tuple[str, ...], list[int]] = {}  # a country, or a region of one
        for number, town in enumerate(self.towns):
            self._within.setdefault(town.area[:2], []).append(number)
            self._within.setdefault(town.area[:1], []).append(number)
        self._parents: dict[int, int | None] = {}
        self._own_areas: dict[int, set[Area]] = {}
        self._held: dict[tuple[int, str], bool] = {}

    def nearest(self, coordinates: Sequence[tuple[float, float]]) -> list[tuple[int, float]]:
        """The number of the town nearest to each (latitude, longitude), and how far it is in km."""
        chords, numbers = self._tree.query(_on_globe(coordinates))
        return list(zip(numbers.tolist(), _km(chords).tolist(), strict=True))

    def city_of(self, number: int) -> int | None:
        """The city that a town is a quarter of; None if it is a place of its own."""
        around = self._around(number)
        return around[-1] if around else None

    def borough_of(self, number: int) -> int | None:
        """The part of its city that a quarter is in, as Bushwick is in Brooklyn; None: in none."""
        parts = [one for one in self._around(number)[:-1] if self.towns[one].people >= _BOROUGH]
        return parts[-1] if parts else None

    def city_around(self, place: tuple[float, float], number: int) -> int | None:
        """The city that reaches to a place, if it may be there and not in a town.

        Args:
            number: the town nearest to the place. Another region than the town's is another place,
                but the nearest town may be all of a tiny country within the city: Rome has one.
        """
        town = self.towns[number]
        reaching = [
            (city, km)
            for city, km in self._cities_near(_on_globe([place])[0], self._widest)
            if km <= self.towns[city].reach_km
            and self.towns[city].people >= _LARGER * town.people
            and (self._holds_around(city, town) or self._holds_country(city, town))
        ]
        return self._closest(reaching, town)

    def _around(self, number: int) -> list[int]:
        """The cities that a town is in, from the one that it is a quarter of to the largest."""
        around: list[int] = []
        city: int | None = number
        while city is not None:
            if city not in self._parents:
                self._parents[city] = self._find_city(city)
            city = self._parents[city]
            if city is not None:
                around.append(city)
        return around

    def _find_city(self, number: int) -> int | None:
        """The city that a town is a quarter of, which may itself be in a larger one."""
        town = self.towns[number]
        larger = [
            (city, km)
            for city, km in self._cities_near(self._spots[number])
            if self.towns[city].people >= _LARGER * town.people
        ]
        own = [city for city, _ in larger if town.area in self._areas_of(city)]
        if own:
            return max(own, key=lambda city: self.towns[city].people)
        reaching = [
            (city, km)
            for city, km in larger
            if km <= self.towns[city].reach_km and self._holds_around(city, town)
        ]
        return self._closest(reaching, town)

    def _closest(self, cities: list[tuple[int, float]], town: Town) -> int | None:
        """Of cities and how far they are, the nearest for its size, in the town's county if any."""

        def order(city: int, km: float) -> tuple[bool, float]:
            other = self.towns[city]
            return not town.area[2] or other.area != town.area, km / other.reach_km

        return min(cities, key=lambda one: order(*one))[0] if cities else None

    def _holds_around(self, city: int, town: Town) -> bool:
        """Whether a town that is near a city may be its quarter: in the same region, if the city
        is no county, and the town no city of another one."""
        other = self.towns[city]
        country, region, county = other.area
        if (country, region) != town.area[:2]:
            return False
        if (country, region, other.name) in self._areas_of(city):
            return False
        if town.people < _CITY or not town.area[2] or town.area[2] == county:
            return True
        return _names(region, other.name) or _names(other.name, region)

    def _holds_country(self, city: int, town: Town) -> bool:
        """Whether all of a town's country is so near to a city abroad that it is in the city."""
        country = town.area[0]
        if self.towns[city].area[0] == country:
            return False
        if (city, country) not in self._held:
            farthest = max(self._ends((country,), city).values())
            self._held[city, country] = farthest <= self.towns[city].reach_km
        return self._held[city, country]

    def _cities_near(
        self, spot: NDArray[np.float64], within_km: float = _FARTHEST_KM
    ) -> list[tuple[int, float]]:
        near = self._cities[self._city_tree.query_ball_point(spot, _chord(within_km))]
        chords = np.linalg.norm(self._spots[near] - spot, axis=1)
        return list(zip(near.tolist(), _km(chords).tolist(), strict=True))

    def _areas_of(self, city: int) -> set[Area]:
        """The counties that are the city's own, all those of a region or country if that is."""
        if city not in self._own_areas:
            self._own_areas[city] = self._find_areas(city)
        return self._own_areas[city]

    def _find_areas(self, city: int) -> set[Area]:
        town = self.towns[city]
        least, most = (town.reach_km * times for times in _OWN_AREA)
        for depth in (1, 2):
            ends = self._ends(town.area[:depth], city)
            if _names(town.area[depth - 1], town.name) and least <= max(ends.values()) <= most:
                return set(ends)
        return {
            area
            for area, end in ends.items()
            if _names(area[2], town.name) and least <= end <= most
        }

    def _ends(self, within: tuple[str, ...], city: int) -> dict[Area, float]:
        """How far each county of a country or region goes from a city, in km."""
        inside = self._within[within]
        chords = np.linalg.norm(self._spots[inside] - self._spots[city], axis=1)
        ends: dict[Area, float] = {}
        for number, km in zip(inside, _km(chords).tolist(), strict=True):
            area = self.towns[number].area
            ends[area] = max(ends.get(area, 0.0), km)
        return ends


@functools.cache
def gazetteer() -> Gazetteer:
    """The gazetteer, loaded when the first photo says where it was taken."""
    return Gazetteer()


def _names(area: str, city: str) -> bool:
    area = area.replace("St.-", "Saint ")  # as of Saint Petersburg
    return bool(city) and re.search(rf"\b{re.escape(city)}\b", area) is not None


def _on_globe(coordinates: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Points (n, 3) on a globe with a radius of 1."""
    north, east = np.radians(np.array(coordinates, np.float64).reshape(-1, 2)).T
    return np.stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1
    )


def _km(chords: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances from the lengths of chords of that globe."""
    return 2 * EARTH_KM * np.arcsin(np.minimum(chords / 2, 1))


def _chord(km: float) -> float:
    return float(2 * np.sin(km / EARTH_KM / 2))
