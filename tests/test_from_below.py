"""What lower layers say in English is said in the language of the page."""

from __future__ import annotations

import pytest

from app.languages.asked import NAMES
from app.locales.from_below import reading_in, translated
from app.locales.texts import IN_ENGLISH, Texts, catalogue
from app.query.parser import parse_query
from app.query.unknown_words import ONLY_ENGLISH
from app.query.values import FILTERS, read_filter
from store.errors import QueryError
from store.states import FAILURES

GERMAN = Texts("de", "de-DE")


@pytest.mark.parametrize("key", FILTERS)
def test_the_reading_of_each_filter(key: str) -> None:
    kind = FILTERS[key]
    example = kind.example.partition(":")[2].strip('"')
    reading = read_filter(key, example.split(kind.separator), False)[1]
    assert reading_in(reading, IN_ENGLISH) == reading
    german = reading_in(reading, GERMAN)
    ours = ("in Trips", "2020-07-14")  # which are the same in German
    assert german != reading or reading in ours


@pytest.mark.parametrize(
    ("reading", "german"),
    [
        ("not tagged work", "nicht mit dem Tag work"),
        ("in Trips or in Garden", "in Trips oder in Garden"),
        ("jpg files or heic files", "jpg-Dateien oder heic-Dateien"),
        ("in the album Rome or Paris", "im Album Rome or Paris"),  # its name
        ("in the album trip to Rome", "im Album trip to Rome"),
        ("2018 to 2020", "2018 bis 2020"),
        ("width > 2000", "Breite > 2000"),
        ("labelled Hund (dog)", "Motiv Hund (dog)"),
        ("something else", "something else"),
    ],
)
def test_readings(reading: str, german: str) -> None:
    assert reading_in(reading, GERMAN) == german


@pytest.mark.parametrize(
    "query", ["", "yaer:2019", "zzzz:2", '"a dog', "year:20", "dog OR", "size:x"]
)
def test_a_query_that_cannot_be_read(query: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse_query(query)
    message = str(raised.value)
    said = translated(message, GERMAN)
    assert said != message and said.startswith("Die Suchanfrage ist")
    assert translated(message, IN_ENGLISH) == message


def test_a_language_is_named_in_the_other() -> None:
    assert translated("Searching in German", GERMAN) == "Suche auf Deutsch"
    assert {f"language.{code}" for code in NAMES} == {
        key for key in catalogue("en") if key.startswith("language.")
    }
    for code, name in NAMES.items():
        assert IN_ENGLISH(f"language.{code}") == name
    assert "Englisch" in translated(ONLY_ENGLISH, GERMAN)


def test_why_a_file_was_not_read() -> None:
    assert all(translated(str(state), GERMAN) != str(state) for state in FAILURES)
