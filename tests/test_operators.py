"""OR, AND, NOT and brackets: what they do, and what is said where they can't."""

from __future__ import annotations

import pytest

from app.query.editing import set_filter
from app.query.parser import parse_query, parse_text
from store.errors import QueryError


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("dog AND cat", "dog + cat"),
        ("dog AND NOT cat", "dog, without cat"),
        ("dog NOT cat", "dog, without cat"),
        ("NOT people", "all photos without people"),
        ("dog NOT in:Work", "dog, not in Work"),
        ("not tag:family", "not tagged family"),
        ("NOT -in:Work", "in Work"),
        ("-(red car) street", "street, without red car"),
        ("street NOT (red car)", "street, without red car"),
        ("2*(red kite) beach", "2*red kite beach"),
        ("a man (in red) runs", "a man (in red) runs"),
        ("three boys ( one in red , two in blue", "three boys ( one in red two in blue"),
        ("black or white dog", "black or white dog"),
        ("a cat :) and (a dog), :-)", "a cat :) and (a dog), :-)"),
        ('"dog) cat"', "dog) cat"),
        ("smile :). 1) beach b) cat", "smile :). 1) beach b) cat"),
        ("foo(bar OR baz)", "foo(bar or baz)"),
        ('"dog OR cat"', "dog OR cat"),
        ("ORANGE ANDES NOTE", "ORANGE ANDES NOTE"),
        ("dog && cat", "dog + cat"),
        ("dog & cat", "dog & cat"),
        ("in:Trips AND dog", "dog, in Trips"),
        ("dog AND in:Trips", "dog, in Trips"),
        ("in:Trips AND year:2019", "in Trips, 2019"),
        ("dog OR cat", "dog or cat"),
        ("dog || cat | bird", "dog or cat or bird"),
        ('"red car" OR a bicycle', "red car or a bicycle"),
        ("(red car) OR (blue car)", "red car or blue car"),
        ("tag:a OR tag:b", "tagged a or tagged b"),
        ("(camera:canon OR camera:nikon) beach", "beach, camera canon or camera nikon"),
        ("in:Trips OR year:2019 beach", "beach, in Trips or 2019"),
        ("dog OR cat, 2019", "dog or cat, 2019"),
        ("sunset, dog OR cat, 2019", "(dog or cat) + sunset, 2019"),
        ("beach (dog OR cat), 2019", "(dog or cat) + beach, 2019"),
        ("dog AND cat OR bird", "dog + (cat or bird)"),
        ("dog OR cat in:Trips", "dog or cat, in Trips"),
        ("dog OR cat -people", "dog or cat, without people"),
        ("a dog OR cat without people", "a dog or (cat, without people)"),
        ("(dog year:2018) OR (cat year:2019)", "(dog, 2018) or (cat, 2019)"),
        ("beach OR tag:beach", "beach or tagged beach"),
        ("x OR dog NOT in:Work", "x or dog, not in Work"),
        ("2*(dog OR cat) + beach", "2*(dog or cat) + beach"),
        ("3*dog OR cat", "3*dog or cat"),
        ("NOT (dog OR cat) street", "street, without dog, without cat"),
        ("-(dog OR 2*cat)", "all photos without dog, without 2*cat"),
        ("NOT (tag:a OR tag:b)", "not tagged a or tagged b"),
        ("-(tag:a OR in:Trips)", "not (tagged a or in Trips)"),
        ("-(tag:a year:2018)", "not (tagged a, 2018)"),
        ("(dog + cat) beach", "dog + cat + beach"),
        ("(dog in:Trips)", "dog, in Trips"),
        ("beach (dog -cat)", "dog + beach, without cat"),
        ("((dog OR cat) OR bird)", "(dog or cat) or bird"),
        ("like:7 OR like:8", "like:7 or like:8"),
    ],
)
def test_what_works(text: str, reading: str) -> None:
    assert str(parse_query(text)) == reading


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("OR dog", 1, 'a term before "OR"'),
        ("dog OR", 5, 'a term after "OR"'),
        ("dog OR ()", 5, 'a term after "OR"'),
        ("dog OR AND cat", 5, 'a term after "OR"'),
        ("dog + OR cat", 7, 'a term before "OR"'),
        ("dog OR -cat", 1, "something to look for in each alternative"),
        ("beach NOT dog OR cat, 2019 OR -x", 23, "something to look for in each alternative"),
        ("beach -(dog + cat)", 7, "one thing in each alternative behind NOT"),
        ("NOT (dog OR tag:a)", 1, "one thing in each alternative behind NOT"),
        ("2*(tag:a OR in:Trips)", 1, "a filter is met or not"),
        ("(dog OR cat", 1, "a closing bracket"),
        ("(" * 40 + "a OR b" + ")" * 40, 21, "no more than 20 brackets"),
        ("-(red car", 2, "a closing bracket"),
        ("dog) cat", 4, "an opening bracket"),
        ("(dog OR cat) )", 14, "an opening bracket"),
        ("(dog OR cat)) bird", 13, "an opening bracket"),
        ("dog OR cat) bird", 11, "an opening bracket"),
        ("1)) beach", 2, "an opening bracket"),
        ("a man (in red) runs)", 20, "an opening bracket"),
        ("a (small) dog OR cat)", 21, "an opening bracket"),
        ("(dog in:Trips))", 15, "an opening bracket"),
        ("in:Trips)", 9, "an opening bracket"),
        ("dog in:Trips(1)) cat", 16, "an opening bracket"),
        ("dog OR in:Trips)", 16, "an opening bracket"),
        ('in:"a)b") tag:x', 9, "an opening bracket"),
        ("like:7)", 7, "an opening bracket"),
        ("AND dog", 1, 'a term before "AND"'),
        ("dog AND", 5, 'a term after "AND"'),
        ("in:Trips AND", 10, 'a term after "AND"'),
        ("NOT", 1, "after NOT"),
        ("dog NOT", 5, "after NOT"),
        ("NOT -cat", 1, "after NOT"),
        ("NOT NOT cat", 1, "after NOT"),
        ("dog NOT ()", 5, "after NOT"),
        ("dog -NOT cat", 5, "after NOT"),
    ],
)
def test_what_can_not_is_said(text: str, column: int, expected: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert f"column {column}:" in str(caught.value)
    assert expected in str(caught.value)


def test_there_is_an_end_to_alternatives() -> None:
    assert len(parse_query("(a OR b) (c OR d) (e OR f) (g OR h)").alternatives) == 16
    with pytest.raises(QueryError, match="at most 16"):
        parse_query(" ".join(f"(a{n} OR b{n})" for n in range(100)))


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("in:Trips(1)", "Trips(1)"),
        ("in:(1)Trips", "(1)Trips"),
        ('in:"Trips)"', "Trips)"),
        ("in:“Trips)”", "Trips)"),
        ("(in:Trips OR tag:work)", "Trips"),
    ],
)
def test_brackets_of_values(text: str, folder: str) -> None:
    parsed = parse_text(text)
    assert parsed.filters[0].reading.startswith(f"in {folder}")
    assert set_filter(parse_text("a dog"), "in", [folder]) in (
        f"a dog in:{folder}",
        f'a dog in:"{folder}"',
    )
    again = parse_text(set_filter(parse_text("a dog"), "in", [folder]))
    assert again.keyed[0].values == (folder,)
