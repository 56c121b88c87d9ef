"""The name of the place of a photo, offline: the nearest town, and the city that it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.gazetteer import Gazetteer, gazetteer
from store.folding import fold

EDITION = 3
"""How places are named; a run that meets a library with an earlier edition names its places anew.
1: by the nearest town alone, so that a city was as many places as it has quarters.
2: cities reached across borders, and into the counties of other cities."""

FAR_KM = 100.0
"""A photo that is farther than this from every town (mostly at sea) has no place."""


def places_of(coordinates: Sequence[tuple[float, float]]) -> list[str]:
    """The name of each (latitude, longitude), as one text: town, county, region and country.

    In a large city the city is the town, and the quarter comes behind it: "Paris, Montmartre,
    Île-de-France, France". The region stays where it tells the last quarter from the country:
    "Hamburg, Horn, Hamburg, Germany". Empty for what is far from any town, or no place on earth.
    """
    on_earth = [abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in coordinates]
    asked = [place for place, good in zip(coordinates, on_earth, strict=True) if good]
    if not asked:
        return [""] * len(coordinates)
    towns = gazetteer()
    nearest = zip(asked, towns.nearest(asked), strict=True)
    names = (_text(towns, place, *town) for place, town in nearest)
    return [next(names) if good else "" for good in on_earth]


def _text(towns: Gazetteer, place: tuple[float, float], number: int, km: float) -> str:
    if km > FAR_KM:
        return ""
    town = towns.towns[number]
    if km > town.reach_km and towns.city_of(number) is None:
        city = towns.city_around(place, number)
        if city is not None:
            number, town = city, towns.towns[city]
    around = (towns.city_of(number), towns.borough_of(number))
    names = [towns.towns[one].name for one in around if one is not None]
    country, region, county = town.area
    told: list[str] = []
    for part in (*names, town.name, county):
        if part and part != country and fold(part) not in map(fold, told):
            told.append(part)
    if country in names:  # a city that is a country: its quarters are in both
        told = [country, *told]
    is_told = region in told[-1:] or (region in told and not names)
    if region not in ("", country) and not is_told:
        told.append(region)
    return ", ".join([*told, country] if country else told)
