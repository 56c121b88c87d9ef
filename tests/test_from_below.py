"""What lower layers say in English is said in the language of the page."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from app.gallery.summary import reading as summarized
from app.languages.asked import NAMES
from app.locales.from_below import reading_in, translated
from app.locales.texts import IN_ENGLISH, Texts, catalogue
from app.query.library_names import LibraryNames
from app.query.parser import parse_query, parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from app.query.unknown_words import ONLY_ENGLISH
from app.query.values import FILTERS, read_filter
from store.errors import QueryError
from store.states import FAILURES

GERMAN = Texts("de", "de-DE")
WRONG = [
    ("", "empty"),
    ("yaer:2019", "no-filter"),
    ("zzzz:2", "no-such-filter"),
    ('"a dog', "expected-quote"),
    ("(dog OR cat", "expected-bracket"),
    ("katze)", "expected-opening"),
    ("0*dog", "expected-weight"),
    ("2*in:Trips", "expected-weighted"),
    ("like:", "expected-value"),
    ("tag:", "expected-value"),
    ("+ dog", "expected-before"),
    ("dog +", "expected-after"),
    ("dog OR", "expected-after"),
    ("dog NOT", "expected-not"),
    ("(OR)", "expected-before"),
    ("(" * 21 + "a + b" + ")" * 21, "expected-depth"),
    ("NOT (dog OR (cat + tree))", "expected-each-not"),
    ("in:.", "expected-folder"),
    ("type:%", "expected-kind"),
    ("orientation:round", "expected-shape"),
    ("near:abc", "expected-near"),
    ("near:100,200", "expected-on-earth"),
    ("has:x", "expected-gps"),
    ("is:x", "expected-is"),
    ("tag:\ud800", "expected-encoding"),
    ("album:\ud800", "expected-encoding"),
    ("concept:\ud800", "expected-concept"),
    ("tag::hidden", "expected-tag"),
    ("keyword:/", "expected-keyword"),
    ("text:.", "expected-text"),
    ('label:"walking on a beach"', "expected-label"),
    ("label:dog+cat", "expected-label-like"),
    (" ".join(["(dog OR cat)"] * 5), "too-many"),
    ("after:xx", "expected-a-date"),
    ("on:2019-13", "expected-date"),
    ("before:2019-02-30", "expected-date"),
    ("on:..", "expected-range"),
    ("on:2020..2019", "expected-order"),
    ("width:9..2", "expected-order"),
    ("year:20", "expected-year"),
    ("size:x", "expected-size"),
    ("width:x", "expected-number"),
    ("duration:x", "expected-time"),
    ("rating:9", "expected-stars"),
    ("width:..", "expected-end"),
]
"""Queries that can't be read, each with the key of what is said."""


@pytest.mark.parametrize("key", FILTERS)
def test_the_reading_of_each_filter(key: str) -> None:
    kind = FILTERS[key]
    example = kind.example.partition(":")[2].strip('"')
    reading = read_filter(key, example.split(kind.separator), False)[1]
    assert reading_in(reading, IN_ENGLISH) == reading
    german = reading_in(reading, GERMAN)
    ours = ("in Trips",)  # which is the same in German
    assert german != reading or reading in ours


@pytest.mark.parametrize(
    ("reading", "german"),
    [
        ("not tagged work", "nicht mit dem Tag work"),
        ("in Trips or in Garden", "in Trips oder in Garden"),
        ("jpg files or heic files", "JPG-Dateien oder HEIC-Dateien"),
        ("in the album Rome or Paris", "im Album Rome or Paris"),  # its name
        ("in the album trip to Rome", "im Album trip to Rome"),
        ("in Road to Hell", "in Road to Hell"),
        ("in My files", "in My files"),
        ("by A to B", "von A to B"),
        ("named a colour label", "mit dem Namen a colour label"),
        ("camera from 2019 on", "mit der Kamera from 2019 on"),
        ("tagged a or b to c", "mit dem Tag a or b to c"),
        ("2018 to 2020", "2018 bis 2020"),
        ("June to August 2018", "Juni bis August 2018"),
        ("14 July 2018", "14. Juli 2018"),
        ("2018-07-04", "4. Juli 2018"),
        ("from 2018-05 on", "ab Mai 2018"),
        ("2018-13", "2018-13"),  # none
        ("from July 2019 on", "ab Juli 2019"),
        ("last summer (June to August 2025)", "Juni bis August 2025"),
        ("winter 2018/19 (December 2018 to February 2019)", "Dezember 2018 bis Februar 2019"),
        ("last summer (June to August 2025) or 2018", "Juni bis August 2025 oder 2018"),
        ("the day before yesterday (3 May 2026)", "3. Mai 2026"),
        ("before last summer (June to August 2025)", "vor Juni 2025"),
        ("after christmas 2018 (24 December 2018 to 26 December 2018)", "nach 26. Dezember 2018"),
        ("last 3 weeks (11 May 2026 to 1 June 2026)", "11. Mai 2026 bis 1. Juni 2026"),
        ("in July of any year", "im Juli jedes Jahres"),
        ("14 July of any year", "14. Juli jedes Jahres"),
        ("24 to 26 December of any year", "24. bis 26. Dezember jedes Jahres"),
        ("in Rome or in 5 folders of that name", "in Rome oder in 5 Ordnern dieses Namens"),
        (
            "not 24 December to 2 January of any year",
            "nicht 24. Dezember bis 2. Januar jedes Jahres",
        ),
        (
            "(in Rome, in Italy) or in Prague or in folder Prag",
            "(in Rome, in Italy) oder in Prague oder im Ordner Prag",
        ),
        ("in July", "in July"),  # a folder
        ("in the morning (5 to 12 o'clock)", "morgens (5 bis 12 Uhr)"),
        ("screenshots, by name or folder", "Bildschirmfotos, nach Name oder Ordner"),
        ("in folder Trips", "im Ordner Trips"),
        ("in or near A or in or near B", "in oder bei A oder in oder bei B"),
        ("not in or near A or in or near B", "nicht in oder bei A oder in oder bei B"),
        ("(in A, tagged b) or jpg files", "(in A, mit dem Tag b) oder JPG-Dateien"),
        ("not (in A, not tagged b)", "nicht (in A, nicht mit dem Tag b)"),
        ("not ((in A or in B), photos)", "nicht ((in A oder in B), Fotos)"),
        ("in A ( or in B", "in A ( oder in B"),
        ("within 2.5 km of 48.85,2.35", "höchstens 2,5 km von 48.85,2.35"),
        ("taken >= 2019", "aufgenommen >= 2019"),
        ("rating -1", "Bewertung -1"),
        ("width > 2000", "Breite > 2000"),
        ("labelled Hund (dog)", "mit dem Motiv Hund (dog)"),
        ("labelled cat", "mit dem Motiv Katze"),
        (
            "red colour label or Eilig colour label",
            "mit der Farbmarkierung rot oder mit der Farbmarkierung Eilig",
        ),
        ("not favourites", "keine Favoriten"),
        ("not jpg files or heic files", "keine JPG-Dateien oder HEIC-Dateien"),
        ("not (in Trips or tagged work)", "nicht (in Trips oder mit dem Tag work)"),
        ("2018 or 2020", "2018 oder 2020"),
        ("something else", "something else"),
    ],
)
def test_readings(reading: str, german: str) -> None:
    assert reading_in(reading, GERMAN, "de") == german


def test_names_from_right_to_left_turn_nothing_around() -> None:
    name = "\u05d7\u05d5\u05e3"
    assert reading_in(f"in {name}", IN_ENGLISH) == f"in \u2068{name}\u2069"
    assert (
        reading_in(f"not by {name} or by A", GERMAN) == f"nicht von \u2068{name}\u2069 oder von A"
    )
    assert reading_in(f"tagged {name}\u202e", IN_ENGLISH) == f"tagged \u2068{name}\u2069"
    query = parse_query(f"in:{name} year:2017..2026")
    assert summarized(query) == f"in \u2068{name}\u2069, 2017 to 2026"


@pytest.mark.parametrize(("query", "key"), WRONG, ids=[query for query, _ in WRONG])
def test_each_thing_that_the_parser_says(query: str, key: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse_query(query)
    message = str(raised.value)
    said = translated(message, GERMAN)
    assert translated(message, IN_ENGLISH) == message
    own = re.split(r"\{\w+\}", str(catalogue("de")[f"below.{key}"]))
    assert all(part in said for part in own)
    english = re.compile(r"\b(the|of|or|with|expected|beginning|between|as in)\b")
    assert not english.search(said)


def test_what_is_expected_is_said_in_german_or_all_in_english() -> None:
    message = "The query can't be read at column 4: expected a miracle for on:, as in on:2020."
    assert translated(message, GERMAN) == message
    wrong = "Die Suchanfrage ist an Stelle 4 nicht lesbar. Erwartet: "
    expected = (
        f"{wrong}ein Datum, das es gibt, zwischen 0001 und 9998 für on:, wie in on:2020-07-14."
    )
    with pytest.raises(QueryError) as raised:
        parse_query("on:2019-13")
    assert translated(str(raised.value), GERMAN) == expected


def test_a_concept_that_there_is_not() -> None:
    message = "There is no concept avi. Known: none yet. Make one with: clipsearch concept add"
    assert "Bekannt: noch keine." in translated(message, GERMAN)


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
    cut = "image file is truncated (8 bytes not processed)"
    assert translated(cut, GERMAN) == "das Bild bricht mittendrin ab (8 Bytes bleiben übrig)"
    begins = translated("it begins as JPEG but is damaged", GERMAN)
    assert begins == "sie beginnt als JPEG, ist aber beschädigt"


@pytest.mark.parametrize(
    "text",
    [
        *("a dog yesterday", "last summer", "christmas 2019", "july 2018", "3 days ago"),
        *("from june to august 2018", "before easter 2021", "since july 2019", "in the 90s"),
        *("last 3 weeks", "a cat in july", "a cat in the evening", "screenshots", "2018-07"),
        *("place:Rome,Paris", "NOT (in:Trips tag:work)", "(in:Trips type:jpg) OR is:favourite"),
        *("camera:fuji -rating:3", "keyword:sea,beach", 'text:"no parking"', "in folder Trips"),
        *("near:48.85,2.35~2.5km", "(a dog + place:Rome) OR a cat", "after:2019 before:2021-06"),
        *("label:dog,cat -type:raw,heic", "on:2018..2020,2022", "a dog -people last month"),
    ],
)
def test_nothing_of_a_typed_query_stays_english(text: str) -> None:
    """But the words themselves."""
    now = Surroundings(lambda: LibraryNames(folders=("Trips",)), datetime(2026, 6, 1))
    query = understood(parse_text(text), now).query()
    assert query.filter is not None or query.terms
    said = summarized(query, GERMAN)
    english = r"\b(or|and|to|from|on|in the|before|after|near|not|last|ago|J\w+[yer]|May|March)\b"
    assert not re.search(english, said), said
