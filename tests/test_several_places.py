"""Several places in one query, and folders that are called as a place is."""

from __future__ import annotations

import pytest

from app.query.library_names import LibraryNames
from app.query.model import Query
from app.query.parser import parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from store.filters import All, Any, Contains, InFolder, InMonth, Not

ROME, ITALY, OSAKA = (Contains("place", name) for name in ("Rome", "Italy", "Osaka"))
PLACES = (
    "Osaka, Osaka, Japan",
    "Paris, Texas, United States",
    "Prague, Czech Republic",
    "Rome, Lazio, Italy",
)


def read(text: str, *folders: str, places: tuple[str, ...] = PLACES) -> Query:
    names = LibraryNames(places, folders=folders)
    return understood(parse_text(text), Surroundings(lambda: names)).query()


@pytest.mark.parametrize(
    "text", ["Rome, Osaka", "rome osaka", "in Rome, in Osaka", "in Rome or Osaka"]
)
def test_no_photo_is_from_two_places(text: str) -> None:
    assert read(text).filter == Any((ROME, OSAKA))
    assert read(text).reading == ("in Rome or in Osaka",)


def test_others_stand_beside_them() -> None:
    query = read("beach, Rome, Osaka, 2019")
    assert str(query) == "beach, in Rome or in Osaka, 2019"
    assert [change.typed for change in query.changes] == ["Rome", "Osaka"]


def test_a_town_and_its_country_are_one_place() -> None:
    assert read("Rome, Italy").filter == All((ROME, ITALY))
    assert read("paris texas").reading == ("in Paris", "in Texas")
    both = read("Rome, Italy, Osaka")
    assert both.filter == Any((All((ROME, ITALY)), OSAKA))
    assert both.reading == ("(in Rome, in Italy) or in Osaka",)


def test_what_is_left_out_is_left_out_of_each() -> None:
    assert read("in Rome, not in Osaka").filter == All((ROME, Not(OSAKA)))
    assert read("not in Rome, not in Osaka").filter == All((Not(ROME), Not(OSAKA)))


def test_folders_have_the_name_of_a_place() -> None:
    folder, other = InFolder(("Rome 2018",)), InFolder(("In Rome",))
    one = read("beach in Rome", "Rome 2018", "Romeo", "Trips")
    assert one.filter == Any((ROME, folder))
    assert one.reading == ("in Rome or in folder Rome 2018",)
    two = read("beach in Rome", "Rome 2018", "In Rome")
    assert two.filter == Any((ROME, folder, other))
    assert two.reading == ("in Rome or in folder Rome 2018 or in folder In Rome",)


def test_many_folders_are_counted() -> None:
    """More than some hundreds are not looked at: SQLite takes a thousand conditions at the most."""
    many = read("in Rom", *(f"Rome {year}" for year in range(1_000, 2_200)), "Romeo", "Rom")
    assert isinstance(many.filter, Any)
    assert many.filter.inner[:3] == (ROME, InFolder(("Rom",)), InFolder(("Rome 1000",)))
    assert len(many.filter.inner) == 201
    assert many.reading == ("in Rom (Rome) or in 200 folders of that name",)


def test_folders_are_of_the_smallest_place() -> None:
    query = read("Rome, Italy", "Rome 2018", "Italy")
    assert query.filter == Any((All((ROME, ITALY)), InFolder(("Rome 2018",))))
    assert query.reading == ("(in Rome, in Italy) or in folder Rome 2018",)
    assert read("Italy, Rome", "Rome 2018", "Italy").filter == Any(
        (All((ITALY, ROME)), InFolder(("Rome 2018",)))
    )


def test_several_beside_one_are_none_of_it() -> None:
    query = read("Rome, Italy and Osaka")
    assert query.filter == Any((ROME, ITALY, OSAKA))
    assert query.reading == ("in Rome or in Italy or in Osaka",)


def test_days_of_any_year_are_one_or_the_other() -> None:
    query = read("24 december, 31 december, Rome")
    assert query.filter == All((Any((InMonth(12, 24), InMonth(12, 31))), ROME))
    assert query.reading == ("24 December of any year or 31 December of any year", "in Rome")


@pytest.mark.parametrize(
    ("text", "folder", "counts"),
    [
        ("in Nice", "Nice photos", False),
        ("in Nice", "Nice", True),
        ("in Nice", "Nice 2019-07", True),
        ("in Florence", "Florence's wedding", False),
        ("in Florence", "2018 Florence", True),
        ("in Prague", "Prague with Anna", True),
    ],
)
def test_folders_with_a_word_or_a_person_in_their_name(
    text: str, folder: str, counts: bool
) -> None:
    names = LibraryNames(("Nice, France", "Florence, Italy", *PLACES), folders=(folder,))
    query = understood(parse_text(text), Surroundings(lambda: names)).query()
    place = Contains("place", text.removeprefix("in "))
    assert query.filter == (Any((place, InFolder((folder,)))) if counts else place)


def test_folders_have_it_in_any_language() -> None:
    assert read("in Rom", "Rome 2018").filter == Any((ROME, InFolder(("Rome 2018",))))
    assert read("in Rom", "Rom").filter == Any((ROME, InFolder(("Rom",))))


def test_a_folder_is_called_as_it_is() -> None:
    assert read("rome", "rome [old]").filter == Any((ROME, InFolder(("rome [[]old]",))))


def test_places_with_folders_are_said_whole() -> None:
    query = read("Osaka, Rome", "Rome")
    assert query.reading == ("in Osaka or in Rome or in folder Rome",)
    left_out = read("not in Rome", "Rome")
    assert left_out.filter == Not(Any((ROME, InFolder(("Rome",)))))
    assert left_out.reading == ("not (in Rome or in folder Rome)",)


@pytest.mark.parametrize("text", ["close to Rome or Osaka", "pr\u00e8s de Rome ou Osaka"])
def test_what_leads_to_the_first_leads_to_the_others(text: str) -> None:
    assert read(text).filter == Any((ROME, OSAKA))
