"""What people type, on the command line: what is said, in JSON, and how to have it as typed."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from conftest import Run


@pytest.fixture
def photos_in_library(run: Run, photos: Path) -> Path:
    run("index", photos)
    return photos


def test_what_was_changed_is_said_with_the_way_back(run: Run, photos_in_library: Path) -> None:
    result = run("search", "show", "me", "yelow", "balloons")
    first, second, *_ = result.err.splitlines()
    assert first == "Searching for: yellow balloon (you typed show me yelow balloons)"
    assert second == """As you typed it: clipsearch search '"show me" "yelow" "balloons"'"""
    assert shlex.split(second.partition(": ")[2])[-1] == '"show me" "yelow" "balloons"'


def test_a_filter_in_plain_words_is_said(run: Run, photos_in_library: Path) -> None:
    result = run("search", "red", "before", "july", "2018")
    assert result.code == 3
    assert "Searching for: red, before July 2018\n" in result.err
    assert """As you typed it: clipsearch search 'red "before july 2018"'""" in result.err


def test_negatives_alone(run: Run, photos_in_library: Path) -> None:
    result = run("search", "--", "-red")
    assert "Searching for: all photos without red\n" in result.err
    assert "As you typed it" not in result.err


def test_the_way_back_to_a_query_that_begins_with_a_minus_is_no_option(
    run: Run, photos_in_library: Path
) -> None:
    result = run("search", "--", "-blue yelow")
    (said,) = [line for line in result.err.splitlines() if line.startswith("As you typed it")]
    assert said == """As you typed it: clipsearch search -- '-blue "yelow"'"""


def test_words_that_mean_themselves_are_not_repeated(run: Run, photos_in_library: Path) -> None:
    assert run("search", "red").err == ""
    assert run("search", 'red "ballloons"').err == ""


def test_what_nobody_knows_is_said_and_matches_nothing(run: Run, photos_in_library: Path) -> None:
    result = run("search", "asdfgh", "--json")
    assert "No word of this is known (asdfgh)" in result.err
    hits = [json.loads(line) for line in result.lines]
    assert hits
    assert {hit["relevance"] for hit in hits} == {"weak"}
    assert all(hit["note"].startswith("No word of this is known") for hit in hits)


def test_json_says_what_was_changed(run: Run, photos_in_library: Path) -> None:
    first, *_ = [json.loads(line) for line in run("search", "yelow", "--json").lines]
    assert first["searched"] == "yellow"
    assert first["changes"] == [{"kind": "spelling", "typed": "yelow", "became": "yellow"}]
    assert first["note"] is None


def test_explain_says_it(run: Run, photos_in_library: Path) -> None:
    photo = photos_in_library / "red.png"
    said = run("explain", photo, "yelow").out
    assert "as an answer to: yellow (you typed yelow)" in said
    (line,) = run("explain", photo, "yelow", "--json").lines
    assert json.loads(line)["changes"][0]["typed"] == "yelow"


def test_an_or_of_one_thing_is_refused_before_anything_is_opened(run: Run) -> None:
    result = run("search", "dog", "OR")
    assert result.code == 2
    assert 'expected a term after "OR"' in result.err
