"""Filters by country and city: ``place:Deutschland`` means the photos whose places end with
"Germany", ``place:Rom`` those of Rome.

What is no name of one that the library has photos of stays the text that it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.query.countries import countries, plain_name, shown_country
from app.query.groups import Group, Item
from app.query.library_names import GetNames, NamedCountry
from app.query.values import FilterPart
from store.filters import Any, Contains, Not, PhotoFilter, alternatives, any_of
from store.folding import fold


def with_countries(item: Item, names: GetNames, language: str) -> Item:
    """An item of a query, whose values of ``place:`` mean the countries and cities that they name.

    Args:
        language: the code of the one that the query is asked in; empty if nobody said so.
    """
    if isinstance(item, Group):
        meant_by_each = tuple(
            tuple(with_countries(one, names, language) for one in alternative)
            for alternative in item.alternatives
        )
        return replace(item, alternatives=meant_by_each)
    if not isinstance(item, FilterPart) or item.key != "place":
        return item
    filter = item.filter.inner if isinstance(item.filter, Not) else item.filter
    meant = [_meant(one, names, language) for one in alternatives(filter)]
    every = tuple(one for one, _ in meant)
    reading = " or ".join(f"in or near {said}" for _, said in meant)
    filter = any_of(every)
    if isinstance(item.filter, Not):
        filter, reading = Not(filter), f"not {reading}"
    return replace(item, filter=filter, reading=reading)


def country_filter(country: NamedCountry) -> PhotoFilter:
    """The photos of a country."""
    return any_of([Contains("place", name, last=True) for name in country.in_places])


def city_filter(called: Sequence[str]) -> PhotoFilter:
    """The photos of cities, by what places call each of them."""
    return any_of([Contains("place", name) for name in called])


def city_called(typed: str, called: Sequence[str]) -> str:
    """A city as it is read back: "Rom (Rome)"."""
    typed = typed if typed != typed.lower() else typed.title()
    return f"{typed} ({' or '.join(called)})"


def place_or_country(filter: Contains, country: NamedCountry | None) -> PhotoFilter:
    """The photos whose places have a name, and those whose places call the country otherwise."""
    others = country.in_places if country else ()
    if all(fold(filter.text) in fold(name) for name in others):
        return filter
    return Any((filter, *(Contains("place", name, last=True) for name in others)))


def called(typed: str, country: NamedCountry, language: str) -> str:
    """A country as it is read back: "Deutschland (Germany)" where it was typed in another language
    than ``language``, or English without one."""
    shown = shown_country(country.name, language)
    usual = (shown, shown_country(country.name), country.name)
    if plain_name(typed) in map(plain_name, usual):
        return shown
    every = (name for names in countries()[country.name].values() for name in names)
    written = next((one for one in every if plain_name(one) == plain_name(typed)), typed)
    return f"{written} ({shown})"


def _meant(filter: PhotoFilter, names: GetNames, language: str) -> tuple[PhotoFilter, str]:
    """What one value of ``place:`` asks for, and what to call that."""
    assert isinstance(filter, Contains)  # as ``app.query.values`` makes it
    typed = filter.text
    country = names().country(typed, language)
    if country is None:
        if (cities := names().cities(typed)) and not names().has_in_place(typed):
            return city_filter(cities), city_called(typed, cities)
        return filter, typed
    if names().place(typed) is not None:  # as places have it
        return place_or_country(filter, country), called(typed, country, language)
    is_in_place = names().has_in_place(typed)
    if is_in_place and not country.is_own:
        return filter, typed
    meant: PhotoFilter = country_filter(country)
    if is_in_place:  # "Island" is Iceland, and in Long Island
        meant = Any((filter, meant))
    return meant, called(typed, country, language)
