"""Queries typed without quotes, and the hint for a word that looks like an option."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.query_words import joined
from conftest import Run


@pytest.mark.parametrize(
    ("words", "query"),
    [
        (["a", "dog", "on", "a", "beach"], "a dog on a beach"),
        (["in:My Trips beach"], "in:My Trips beach"),  # one argument is the query as it stands
        (["in:My Trips", "beach"], 'in:"My Trips" beach'),
        (["-in:My Trips,Home", "beach"], '-in:"My Trips","Home" beach'),
        (["near:1, 2;3, 4~5", "beach"], 'near:"1, 2";"3, 4~5" beach'),
        (["image:my sofa.jpg", "+", "blue"], 'image:"my sofa.jpg" + blue'),
        (["sunset at the beach, 2019", "type:jpg"], "sunset at the beach, 2019 type:jpg"),
        (["note: this is", "it"], "note: this is it"),
        (['in:"My Trips"', "x"], 'in:"My Trips" x'),
        ([], ""),
    ],
)
def test_joined(words: list[str], query: str) -> None:
    assert joined(words) == query


@given(st.lists(st.from_regex(r"[a-z,+*.0-9-]+", fullmatch=True), min_size=2))
def test_words_without_spaces_stay_as_they_are(words: list[str]) -> None:
    assert joined(words) == " ".join(words)


def test_a_search_without_quotes(run: Run, photos: Path) -> None:
    run("index", photos)
    quoted = run("search", "red, type:png in:sub", "--json")
    assert quoted.code == 0 and len(quoted.lines) == 2
    assert run("search", "red,", "type:png", "in:sub", "--json").out == quoted.out
    assert run("search", "red,", "--json", "type:png", "-n", "9", "in:sub").out == quoted.out


def test_a_quoted_value_keeps_its_spaces(run: Run, photos: Path) -> None:
    (photos / "sub").rename(photos / "my trips")
    run("index", photos)
    assert len(run("search", "red", "in:my trips", "--paths").lines) == 2


def test_explain_without_quotes(run: Run, photos: Path) -> None:
    run("index", photos)
    path = photos / "red.png"
    shown = run("explain", path, "red", "without", "green")
    assert shown.code == 0
    assert shown.out == run("explain", path, "red without green").out


def test_a_query_that_begins_with_a_minus(run: Run, photos: Path) -> None:
    run("index", photos)
    result = run("search", "-n", "2", "--paths", "--", "red", "-green")
    assert result.code == 0 and result.lines[0] == str(photos / "red.png")
    assert "without green" in result.err
    assert len(run("search", "--paths", "--", "-in:sub").lines) == 3


@pytest.mark.parametrize(
    ("typed", "advised"),
    [
        ("search -green", "clipsearch search -- -green"),
        ("search red -green -n 1", "clipsearch search -n 1 -- red -green"),
        ("search --paths red -green -blue", "clipsearch search --paths -- red -green -blue"),
        ("search red -nature", "clipsearch search -- red -nature"),  # -n with a wrong value
        ("search red -hills", "clipsearch search -- red -hills"),  # begins like -h
        ("explain a.jpg red -green", "clipsearch explain -- a.jpg red -green"),
    ],
)
def test_a_minus_without_its_dashes_says_what_to_type(run: Run, typed: str, advised: str) -> None:
    result = run(*shlex.split(typed))
    assert (result.code, result.out) == (2, "")
    said = result.err.splitlines()[-1]
    assert said.endswith(f"put -- before the query: {advised}")
    assert "was read as an option" in said


def test_what_is_advised_works(run: Run, photos: Path) -> None:
    run("index", photos)
    said = run("search", "red", "-green", "-n", "1", "--paths").err.splitlines()[-1]
    name, *advised = shlex.split(said.rpartition("query: ")[2])
    assert name == "clipsearch"
    assert run(*advised).lines == [str(photos / "red.png")]


@pytest.mark.parametrize("typed", ["search red --jsno", "search red -n x", "search red -t"])
def test_options_that_are_mistyped_are_not_taken_for_words(run: Run, typed: str) -> None:
    result = run(*shlex.split(typed))
    assert result.code == 2
    assert "put -- before" not in result.err
