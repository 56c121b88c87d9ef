"""Groups: what each alternative asks for, and how controls change a query that has some."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.gallery.chips import chips_of
from app.query.editing import filters_only, only_like, toggle, values_of
from app.query.library_names import LibraryNames
from app.query.model import Alternative, Term
from app.query.parser import parse_query, parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from store.filters import Any, Contains, InFolder, Not, Tagged, Taken

NAMES = LibraryNames(places=("Paris, Ile-de-France, France", "Rome, Lazio, Italy"))
AROUND = Surroundings(lambda: NAMES, datetime(2026, 6, 1))


def test_filters_are_one_filter() -> None:
    assert parse_query("tag:a OR in:Trips").filter == Any((Tagged("a"), InFolder(("Trips",))))
    assert parse_query("tag:a OR -tag:b").filter == Any((Tagged("a"), Not(Tagged("b"))))
    of_brackets = parse_query("-(tag:a OR in:Trips)").filter
    assert of_brackets == Not(Any((Tagged("a"), InFolder(("Trips",)))))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("tag:a OR tag:b", "tag:a,b"),
        ("(type:jpg OR type:heic)", "type:jpg,heic"),
        ("near:1,2 OR near:3,4~5", "near:1,2;3,4~5"),
        ("NOT (tag:a OR tag:b)", "-tag:a,b"),
    ],
)
def test_of_one_kind_they_are_a_list(text: str, same: str) -> None:
    assert parse_query(text) == parse_query(same)
    (part,) = parse_text(text).keyed
    assert (part.start, part.end) == (0, len(text))


def test_alternatives_of_words() -> None:
    (term,) = parse_query("dog OR (cat year:2019)").terms
    taken = Taken(datetime(2019, 1, 1), datetime(2020, 1, 1))
    assert term.alternatives == (
        Alternative((Term("text", "dog"),)),
        Alternative((Term("text", "cat"),), taken, ("2019",)),
    )


def test_a_query_stands_for_each_of_its_alternatives() -> None:
    query = parse_query("beach 2*(dog OR (3*cat -car in:Home)) in:Trips")
    assert [str(one) for one in query.alternatives] == [
        "2*dog + beach, in Trips",
        "6*cat + beach, without car, in Trips, in Home",
    ]
    assert query.texts == ("dog", "cat", "car", "beach")
    assert parse_query("dog -cat").alternatives == (parse_query("dog -cat"),)
    assert query.widest == Any(tuple(one.filter for one in query.alternatives if one.filter))
    assert parse_query("dog OR (cat in:Home)").widest is None


def test_plain_words_are_understood_in_each() -> None:
    query = understood(parse_text("show me dogs in Paris OR cats in Rome, 2019"), AROUND).query()
    assert str(query) == "(dog, in Paris) or (cat, in Rome), 2019"
    filters = [one.filter for one in query.terms[0].alternatives]
    assert filters == [Contains("place", "Paris"), Contains("place", "Rome")]
    places = understood(parse_text("beach (in Paris OR in Rome)"), AROUND).query()
    assert str(places) == "beach, in Paris or in Rome"


@pytest.mark.parametrize(
    ("text", "chips"),
    [
        ("dog OR cat", [("dog OR cat", "")]),
        ("beach, dog OR cat, 2019", [("dog OR cat", "beach, 2019"), ("2019", "beach, dog OR cat")]),
        ("beach (dog OR tag:pet) in:Home", [("(dog OR tag:pet)", "beach in:Home"),
                                            ("in Home", "beach (dog OR tag:pet)")]),
        ("dogs in Paris OR cats", [("dogs in Paris OR cats", "")]),
        ("x (tag:a OR tag:b)", [("tagged a or tagged b", "x")]),
        ("x NOT (tag:a OR in:Trips)", [("NOT (tag:a OR in:Trips)", "x")]),
        ("dog NOT in:Work", [("not in Work", "dog")]),
    ],
)  # fmt: skip
def test_a_group_is_one_chip(text: str, chips: list[tuple[str, str]]) -> None:
    made = [(chip.text, chip.rest) for chip in chips_of(understood(parse_text(text), AROUND))]
    assert made == chips


def test_controls_read_and_write_a_list_that_was_typed_with_or() -> None:
    parsed = parse_text("beach (camera:canon OR camera:nikon)")
    assert values_of(parsed, "camera") == ("canon", "nikon")
    assert toggle(parsed, "camera", "nikon") == "beach camera:canon"
    mixed = parse_text("beach (tag:a OR in:Trips) dog OR cat")
    assert values_of(mixed, "tag") == ()
    assert toggle(mixed, "tag", "b") == "beach (tag:a OR in:Trips) dog OR cat tag:b"
    assert filters_only(mixed) == "(tag:a OR in:Trips)"
    assert only_like(mixed, "like", ["7"]) == "(tag:a OR in:Trips) like:7"
