"""OR, AND, NOT and brackets: what they do, and what is said where they can't."""

from __future__ import annotations

import pytest

from app.query.parser import parse_query
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
        ('"dog OR cat"', "dog OR cat"),
        ("ORANGE ANDES NOTE", "ORANGE ANDES NOTE"),
        ("dog && cat", "dog + cat"),
        ("dog & cat", "dog & cat"),
        ("in:Trips AND dog", "dog, in Trips"),
        ("dog AND in:Trips", "dog, in Trips"),
        ("in:Trips AND year:2019", "in Trips, 2019"),
    ],
)
def test_what_works(text: str, reading: str) -> None:
    assert str(parse_query(text)) == reading


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("dog OR cat", 5, "there is no OR between words"),
        ("in:Trips OR in:Home", 10, "in:Trips,Home"),
        ("(dog OR cat) beach", 1, "nothing but words in brackets"),
        ("beach (dog -cat)", 7, "nothing but words in brackets"),
        ("(dog + cat)", 1, "nothing but words in brackets"),
        ("(dog in:Trips)", 1, "nothing but words in brackets"),
        ("-(red car", 2, "a closing bracket"),
        ("AND dog", 1, 'a term before "AND"'),
        ("dog AND", 5, 'a term after "AND"'),
        ("in:Trips AND", 10, 'a term after "AND"'),
        ("dog || cat", 5, "there is no OR between words"),
        ("dog | cat", 5, "there is no OR between words"),
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
