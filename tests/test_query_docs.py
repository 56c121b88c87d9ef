"""``docs/query-language.md``: its examples are read as it says, and it leaves no filter out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.query_parser import parse_query
from app.query_values import FILTERS

TEXT = (Path(__file__).parent.parent / "docs" / "query-language.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(.+?)` \| (.+) \|$", TEXT, re.MULTILINE)
SECTIONS = dict(re.findall(r"^## (.+)\n((?:.|\n)*?)(?=^## |\Z)", TEXT, re.MULTILINE))
EXAMPLES = [
    *re.findall(r"^    (\S.*)$", TEXT, re.MULTILINE),
    *(query for query, _ in ROWS),
    *(
        code
        for code in re.findall(r"`([^`\n]+)`", TEXT)
        if re.match(r'-?[a-z]+:\S|"', code) and not code.startswith("Searching")
    ),
]


@pytest.mark.parametrize("query", EXAMPLES)
def test_every_example_is_read(query: str) -> None:
    assert str(parse_query(query))


def test_every_filter_has_its_row_with_its_example() -> None:
    examples = re.findall(r"^\| `(.+?)` \|", SECTIONS["Filters"], re.MULTILINE)
    assert examples == [kind.example for kind in FILTERS.values()]


@pytest.mark.parametrize(
    "query", re.findall(r"^\| `(.+?)` \|", SECTIONS["What it does not show"], re.MULTILINE)
)
def test_negatives_are_negatives(query: str) -> None:
    parsed = parse_query(query)
    assert parsed.negatives
    assert parsed.positives
    assert parsed.filter is None


def test_the_reading_that_it_shows() -> None:
    (shown,) = re.findall(r"`Searching for: (.+)`", TEXT)
    assert str(parse_query("sunset at the beach, 2019, not people")) == shown
