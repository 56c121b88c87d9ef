"""The names of the labels in other languages."""

from __future__ import annotations

import pytest

from app.labels.vocabulary import everyday, translations
from app.labels.vocabulary.translations import LANGUAGES, folded, names, read
from app.query.parser import parse_query
from store.filters import Labelled


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_concept_has_a_name_and_no_other_has(language: str) -> None:
    assert tuple(names(language)) == everyday().names


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_concepts_share_a_name(language: str) -> None:
    others = [name.casefold() for name in names(language).values()]
    assert [name for name in others if others.count(name) > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_is_the_english_one_of_something_else(language: str) -> None:
    english = set(everyday().names)
    wrong = {e: o for e, o in names(language).items() if o.casefold() in english - {e}}
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_that_no_earlier_language_has_is_understood(language: str) -> None:
    earlier = LANGUAGES[: LANGUAGES.index(language)]
    taken = {name.casefold() for one in earlier for name in names(one).values()}
    vocabulary = everyday()
    for english, other in names(language).items():
        if other.casefold() not in taken:
            assert vocabulary.english(other) == english


@pytest.mark.parametrize("typed", ["Hund", "hund", "CHIEN", "perro", "狗", "Dog"])
def test_a_label_is_understood_in_any_language(typed: str) -> None:
    assert parse_query(f"label:{typed}").filter == Labelled("dog")


def test_accents_count_where_they_make_a_difference() -> None:
    vocabulary = everyday()
    assert vocabulary.english("Bär") == "bear"
    assert vocabulary.english("Bar") == "bar"
    assert vocabulary.english("marchee aux puces") == "marchee aux puces"
    assert vocabulary.english("marche aux puces") == "flea market"
    assert vocabulary.english("âne") == vocabulary.english("ane") == "donkey"


def test_what_a_label_is_called() -> None:
    assert translations.shown("dog", "de") == "Hund"
    assert translations.shown("dog", "en") == translations.shown("dog", "") == "dog"
    assert folded("  Große  ÉGLISE ") == "grosse eglise"


@pytest.mark.parametrize("text", ["dog\n", "dog =\n", "dog = Hund\ndog = Hund\n"])
def test_a_file_with_a_wrong_line_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no line of a concept"):
        read(text)


def test_a_query_names_a_label_in_its_own_language_only() -> None:
    assert everyday().number_meant("chat") is None
    assert translations.meant_by("un chat", "fr") == "cat"
    assert translations.meant_by("der Bär", "de") == "bear"
    assert translations.meant_by("chat", "de") is None
    assert translations.meant_by("chat", "cs") is None
