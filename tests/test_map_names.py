from __future__ import annotations

import json

import pytest

from tools.map_names import TARGET, map_names

pytestmark = pytest.mark.one_python


def test_the_names_are_of_countries_and_of_cities_but_of_no_quarters() -> None:
    names = map_names()
    middles = {one[0]: one[2:4] for one in names["countries"]}
    latitude, longitude = middles["FJ"]  # on both sides of the date line
    assert -19 < float(latitude) < -16 and abs(float(longitude)) > 176
    cities = {one[0] for one in names["cities"]}
    assert {"Rome", "New York City", "Hong Kong"} <= cities
    assert not {"Brooklyn", "Altona", "Kowloon City"} & cities


def test_the_page_has_these_names() -> None:
    """Not the same in every version of the gazetteer, but nearly."""
    made, kept = map_names(), json.loads(TARGET.read_text(encoding="utf-8"))
    assert kept.keys() == made.keys()
    for kind, listed in made.items():
        assert [len(one) for one in kept[kind]] == [len(listed[0])] * len(kept[kind])
        both = {one[0] for one in listed} & {one[0] for one in kept[kind]}
        assert len(both) > 0.9 * len({one[0] for one in kept[kind]})
