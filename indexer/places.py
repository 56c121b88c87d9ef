"""The name of the place of a photo, offline: the nearest town, and the city that it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.gazetteer import Gazetteer, gazetteer

EDITION = 2
"""How places are named; a run that meets a library with an earlier edition names its places anew.
1: by the nearest town alone, so that a city was as many places as it has quarters."""

FAR_KM = 100.0
"""A photo that is farther than this from every town (mostly at sea) has no place."""


def places_of(coordinates: Sequence[tuple[float, float]]) -> list[str]:
    """The name of each (latitude, longitude), as one text: town, county, region and country.

    In a large city the city is the town, and the quarter comes behind it: "Paris, Montmartre,
    Île-de-France, France". Empty for what is far from any town, or no place on earth.
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
    parts = [*names, town.name, county, region]
    told = [part for part in dict.fromkeys(parts) if part and part != country]
    if country in names:  # a city that is a country: its quarters are in both
        told = [country, *told]
    return ", ".join([*told, country] if country else told)
