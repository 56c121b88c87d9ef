from __future__ import annotations

import pytest
from test_several_places import ITALY, OSAKA, ROME, read

from store.filters import All, Any, Contains, InFolder, Not


@pytest.mark.parametrize(
    "text", ["not in Rome, Italy", "everything except Rome, Italy", "pas à Rome, Italy"]
)
def test_a_country_says_where_the_town_is_that_is_left_out(text: str) -> None:
    query = read(text)
    assert query.filter == Not(All((ROME, ITALY)))
    assert query.reading == ("not (in Rome, in Italy)",)
    (change,) = [one for one in query.changes if one.kind == "place"]
    assert change.typed.endswith("Rome, Italy")
    assert change.became == query.reading[0]


def test_names_in_other_languages_say_which() -> None:
    query = read("nicht in Rom, Italien")
    assert query.reading == ("not (in Rom (Rome), in Italien (Italy))",)


def test_folders_of_its_name_are_left_out_as_well() -> None:
    within = InFolder(("Rome 2018",))
    query = read("dogs, not in Rome, Italy", "Rome 2018")
    assert query.filter == Not(Any((All((ROME, ITALY)), within)))
    assert query.reading == ("not ((in Rome, in Italy) or in folder Rome 2018)",)
    assert [term.value for term in query.terms] == ["dog"]


@pytest.mark.parametrize(
    "text",
    [
        "not in Rome, Osaka",
        "everything except Rome, Osaka",
        "not Rome, Osaka",
        "not Rome, not Osaka",
    ],
)
def test_a_place_behind_it_is_left_out_as_well(text: str) -> None:
    query = read(text)
    assert query.filter == All((Not(ROME), Not(OSAKA)))
    assert query.reading == ("not in Rome", "not in Osaka")


@pytest.mark.parametrize("text", ["not in Rome, Lazio, Italy", "except Rome, Lazio, Italy"])
def test_the_library_s_own_spelling_is_one_place(text: str) -> None:
    query = read(text)
    assert query.filter == Not(All((ROME, Contains("place", "Lazio"), ITALY)))
    assert query.reading == ("not (in Rome, in Lazio, in Italy)",)


def test_lists_with_an_and_are_left_out_as_a_whole() -> None:
    prague = Contains("place", "Prague")
    for text in ("everything except Rome, Prague and Osaka", "not in Rome, Prague or Osaka"):
        assert read(text).filter == All((Not(ROME), Not(Any((prague, OSAKA)))))


def test_what_is_smaller_is_one_more_place() -> None:
    assert read("not in Italy, Rome").filter == All((Not(ITALY), Not(ROME)))


@pytest.mark.parametrize(
    "text",
    ["not Rome, in Osaka", "Osaka, not Rome", "not Rome, a dog, Osaka", "not Rome, Osaka market"],
)
def test_a_place_with_an_in_or_elsewhere_is_not_left_out(text: str) -> None:
    filter = read(text).filter
    assert isinstance(filter, All)
    assert set(filter.inner) == {Not(ROME), OSAKA}
