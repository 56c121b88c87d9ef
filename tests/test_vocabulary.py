"""The built-in concepts: the files that come with the package, and how they are read."""

from __future__ import annotations

import pytest

from app.labels.vocabulary import everyday, read

CONCEPTS = "# why\n\n[animals]\ndog, puppy, beagle,\ncat\n\n[places]\nswimming pool\n"


def test_a_concept_may_run_over_lines_and_shows_itself() -> None:
    vocabulary = read(CONCEPTS, "# why\ndog = puppy,\n    beagle\n")
    assert vocabulary.names == ("dog", "puppy", "beagle", "cat", "swimming pool")
    assert vocabulary.subjects == ("animals",) * 4 + ("places",)
    assert {key: shown.tolist() for key, shown in vocabulary.narrower.items()} == {0: [0, 1, 2]}


@pytest.mark.parametrize(
    ("concepts", "narrower"),
    [("[a]\ndog, dog\n", ""), ("[a]\ndog\n", "cat = dog\n"), ("[a]\ndog\n", "dog = cat\n")],
)
def test_what_does_not_fit_is_refused(concepts: str, narrower: str) -> None:
    with pytest.raises(ValueError, match=r"twice|no concept"):
        read(concepts, narrower)


def test_a_name_is_found_however_it_is_written() -> None:
    vocabulary = read(CONCEPTS, "")
    assert vocabulary.number(" Swimming  POOL") == 4
    assert vocabulary.number("pool") is None
    assert vocabulary.like("dogg")[0] == "dog"
    assert vocabulary.like("pool") == ["swimming pool"]
    assert vocabulary.like("") == []


def test_the_digest_changes_with_every_word() -> None:
    assert read(CONCEPTS, "").digest != read(CONCEPTS, "dog = puppy\n").digest
    assert read(CONCEPTS, "").digest == read(CONCEPTS, "").digest


def test_the_built_in_one() -> None:
    vocabulary = everyday()
    assert 2_000 <= len(vocabulary.names) <= 2_600
    assert {"animals", "food", "places", "activities", "weather and light"} <= set(
        vocabulary.subjects
    )
    assert all(name == name.strip().lower() or "-" in name for name in vocabulary.names)
    dog = vocabulary.number("dog")
    assert dog is not None
    kinds = {vocabulary.names[number] for number in vocabulary.narrower[dog]}
    assert {"dog", "puppy", "golden retriever", "beagle"} <= kinds
    assert not kinds & {"hot dog", "cat", "dog bowl"}
    # What shows something shows it for all that takes that in: a puppy is an animal.
    animal = vocabulary.number("animal")
    assert animal is not None and set(vocabulary.narrower[dog]) <= set(vocabulary.narrower[animal])


@pytest.mark.parametrize(
    ("kind", "subjects"),
    [
        ("person", {"people", "activities", "actions"}),
        ("food", {"food", "activities", "actions"}),
        ("meat", {"food"}),
        ("animal", {"animals", "people", "activities", "actions", "vehicles"}),
        ("weapon", {"things", "vehicles"}),
        ("furniture", {"household", "things", "actions", "places"}),
    ],
)
def test_kinds_are_not_those_of_another_meaning(kind: str, subjects: set[str]) -> None:
    """In a dictionary macaroni and doormats are persons, slugs are weapons, ducklings are meat."""
    vocabulary = everyday()
    number = vocabulary.number(kind)
    assert number is not None
    shown = vocabulary.narrower[number].tolist()
    others = {vocabulary.names[one] for one in shown if vocabulary.subjects[one] not in subjects}
    assert not others and len(shown) > 5


@pytest.mark.parametrize("text", ["dog", "a dog", "Dogs", "the  puppies", "swimming pools"])
def test_a_query_that_is_a_concept(text: str) -> None:
    meant = read(CONCEPTS, "").number_meant(text)
    assert meant is not None


@pytest.mark.parametrize("text", ["", "a", "a red dog", "dogged", "pool"])
def test_a_query_that_is_none(text: str) -> None:
    assert read(CONCEPTS, "").number_meant(text) is None
