"""Edits of a query's text: what is asked for changes, all else stays as it was typed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.gallery.page_edits import apply_edit, chosen_months
from app.query.editing import (
    add_terms,
    filters_only,
    set_filter,
    toggle,
    values_of,
    without_filters,
)
from app.query.parser import parse_query, parse_text
from store import filters


@pytest.mark.parametrize(
    ("text", "key", "value", "after"),
    [
        ("", "camera", "Canon", "camera:Canon"),
        ("a dog", "camera", "Canon EOS R6", 'a dog camera:"Canon EOS R6"'),
        ("a dog camera:fuji on grass", "camera", "Canon", "a dog on grass camera:fuji,Canon"),
        ("a dog camera:fuji,Canon", "camera", "canon", "a dog camera:fuji"),
        ("camera:fuji a dog", "camera", "Fuji", "a dog"),
        ("place:Singapur,Rom", "place", "Singapore", "place:Rom"),
        ("-camera:fuji", "camera", "fuji", "-camera:fuji camera:fuji"),
        ("dog", "in", "/media/My, photos", 'dog in:"/media/My, photos"'),
    ],
)
def test_toggle(text: str, key: str, value: str, after: str) -> None:
    assert toggle(parse_text(text), key, value) == after


def test_values_and_removal() -> None:
    text = parse_text('a dog camera:fuji,"Canon R6" -tag:work year:2019')
    assert values_of(text, "camera") == ("fuji", "Canon R6")
    assert values_of(text, "tag") == ()
    assert values_of(text, "tag", negative=True) == ("work",)
    assert without_filters(text, ["camera", "tag"]) == "a dog year:2019"
    assert (
        filters_only(parse_text(text.text + " like:7"))
        == 'camera:fuji,"Canon R6" -tag:work year:2019'
    )
    assert set_filter(text, "year", []) == 'a dog camera:fuji,"Canon R6" -tag:work'


def test_terms() -> None:
    assert add_terms(parse_text(""), "like", ["7"]) == "like:7"
    assert add_terms(parse_text("a dog in:x"), "like", ["7"]) == "a dog in:x + like:7"
    assert add_terms(parse_text("in:x"), "like", ["7"]) == "in:x like:7"
    assert add_terms(parse_text("like:7"), "like", ["7"]) == "like:7"
    assert add_terms(parse_text("a dog"), "like", ["7"], negative=True) == "a dog -like:7"


@given(st.text(min_size=1).filter(lambda v: v.strip() and "\n" not in v), st.booleans())
def test_any_value_is_read_back_as_it_was(value: str, with_words: bool) -> None:
    text = set_filter(parse_text("a dog" if with_words else ""), "tag", [value])
    assert values_of(parse_text(text), "tag") == (value,)
    assert parse_query(text).filter == filters.Tagged(value)


@pytest.mark.parametrize(
    ("text", "edit", "after"),
    [
        ("dog", {"op": "query", "text": "cat"}, "cat"),
        ("dog", {"op": "toggle", "key": "is", "value": "favourite"}, "dog is:favourite"),
        ("dog", {"op": "dates", "from": "2019-07", "until": "2019-07"}, "dog on:2019-07"),
        (
            "on:2019 dog",
            {"op": "dates", "from": "2018-01", "until": "2020-12"},
            "dog on:2018..2020",
        ),
        ("year:2019", {"op": "dates", "from": "2019-01", "until": "2019-12"}, "on:2019"),
        ("dog", {"op": "dates", "from": "2019-07", "until": ""}, "dog on:2019-07.."),
        ("dog after:2019 on:2020", {"op": "dates", "from": "", "until": ""}, "dog"),
        ("near:1,2 dog", {"op": "near", "value": "3,4~5km"}, "dog near:3,4~5km"),
        ("dog in:x", {"op": "like", "ids": [7, 9]}, "in:x like:7 + like:9"),
        ("", {"op": "like", "ids": [7, 9], "moments": [-1, 62_433]}, "like:7 + like:9@62.4"),
        ("", {"op": "without", "ids": [7], "moments": [0]}, "-like:7@0.0"),
        ("dog", {"op": "without", "ids": [7, 9]}, "dog -like:7 -like:9"),
        ("dog", {"op": "concept", "name": "avi"}, "dog + concept:avi"),
        ("dog + concept:avi", {"op": "concept", "name": "Avi"}, "dog"),
        (
            "concept:avi + concept:bob beach -concept:eve",
            {"op": "concept", "name": "avi"},
            "concept:bob beach -concept:eve",
        ),
        ("dog -concept:avi", {"op": "concept", "name": "avi"}, "dog"),
        ("dog", {"op": "dates", "from": "2020-05", "until": "2019-03"}, "dog on:2019-03..2020-05"),
        ("dog", {"op": "dates", "from": "2020-12", "until": "2019-01"}, "dog on:2019..2020"),
        ("dog in:x", {"op": "picture", "path": "/a b.jpg"}, 'in:x image:"/a b.jpg"'),
        ('a "broken query', {"op": "like", "ids": [7]}, "like:7"),
    ],
)
def test_edits(text: str, edit: dict[str, Any], after: str) -> None:
    edited = apply_edit(text, edit)
    assert edited == after
    parse_query(edited)


@pytest.mark.parametrize(
    "edit",
    [
        {},
        {"op": "no such thing"},
        {"op": "toggle", "key": "nothing", "value": "x"},
        {"op": "toggle"},
        {"op": "like", "ids": ["x"]},
        {"op": "like", "ids": None},
        {"op": "like", "ids": [7], "moments": [1, 2]},
        {"op": "like", "ids": [7], "moments": ["x"]},
        {"op": "dates"},
    ],
)
def test_nonsense_changes_nothing(edit: dict[str, Any]) -> None:
    assert apply_edit("a dog", edit) == "a dog"


def test_a_query_that_cannot_be_understood_stays() -> None:
    assert apply_edit('a "dog', {"op": "toggle", "key": "tag", "value": "x"}) == 'a "dog'


def test_a_photo_that_is_asked_for_twice_counts_once() -> None:
    assert apply_edit("", {"op": "like", "ids": [7, 7]}) == "like:7"
    assert apply_edit("a -like:7", {"op": "without", "ids": [7, 8, 8]}) == "a -like:7 -like:8"


@pytest.mark.parametrize(
    "text", ["2019 dog", "dog + tag:x", "dog -tag:x in:y cat, no birds year:2020"]
)
def test_a_query_without_a_filter_is_what_its_text_without_it_says(text: str) -> None:
    parsed = parse_text(text)
    keys = ("year", "tag")
    assert parsed.query() == parse_query(text)
    assert parsed.query(without=keys) == parse_query(without_filters(parsed, keys))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", None, None),
        ("a dog in:2019", None, None),
        ("on:2019-07", "2019-07", "2019-07"),
        ("dog on:2019-07-14", "2019-07", "2019-07"),
        ("year:2018..2020", "2018-01", "2020-12"),
        ("on:2019-07..", "2019-07", None),
        ("on:..2019-07", None, "2019-07"),
        ("after:2019-07-14", "2019-07", None),
        ("before:2019-07", None, "2019-06"),
        ("after:2018 before:2019-07-14", "2018-01", "2019-07"),
        ("year:2019 after:2019-03", "2019-03", "2019-12"),
        ("on:>2019-07 on:<=2020-02", None, None),  # both are values of on: either will do
        ("year:2015,2019", "2015-01", "2019-12"),
        ("year:2015 -year:2019", "2015-01", "2015-12"),
        ("before:0001", None, "0001-01"),
        ("on:0999-12", "0999-12", "0999-12"),
    ],
)
def test_the_months_that_a_query_asks_for(text: str, first: str | None, last: str | None) -> None:
    assert chosen_months(parse_text(text)) == {"from": first, "until": last}


@pytest.mark.parametrize("text", ["on:2019-07", "on:2018..2020", "on:2019-07..", "on:..2019-07"])
def test_the_months_that_are_shown_can_be_asked_for_again(text: str) -> None:
    assert apply_edit(text, {"op": "dates", **chosen_months(parse_text(text))}) == text
