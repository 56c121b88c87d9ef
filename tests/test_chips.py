"""What restricts a query is taken out of it part by part, and the rest stays as it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from app.gallery.chips import chips_of
from app.gallery.did_you_mean import better_queries, with_known_names
from app.languages.asked import Asked
from app.locales.texts import Texts
from app.query.library_names import LibraryNames
from app.query.parser import parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from store.errors import QueryError

NAMES = LibraryNames(
    places=("Kyoto, Kyoto, Japan", "New York, New York, United States"),
    cameras=("EOS R6",),
    folders=("Trips", "Garden"),
    tags=("family",),
)
AROUND = Surroundings(lambda: NAMES, datetime(2026, 6, 1))


def chips(text: str) -> list[tuple[str, str, str]]:
    return [chip[:3] for chip in chips_of(understood(parse_text(text), AROUND))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a dog", []),
        ("a dog in:Trips", [("folder", "in Trips", "a dog")]),
        ("in:Trips a dog -tag:work", [("folder", "in Trips", "a dog -tag:work"),
                                      ("tag", "not tagged work", "in:Trips a dog")]),
        ("a dog in kyoto", [("place", "in Kyoto", "a dog")]),
        ("show me photos I took in kyoto", [("place", "in Kyoto", "")]),
        ("dog, 2019, beach", [("date", "2019", "dog, beach")]),
        ("dog, 2019", [("date", "2019", "dog")]),
        ("2019", [("date", "2019", "")]),
        ("2017, 2019", [("date", "2017", "2019"), ("date", "2019", "2017")]),
        ("in 2019 and 2022", [("date", "2019 or 2022", "")]),
        ("may 2019 or june 2022", [("date", "May 2019 or June 2022", "")]),
        ("may 2019 or in 2022", [("date", "May 2019", "or in 2022"),
                                 ("date", "2022", "may 2019")]),
        ("2019, may 2019, 2022", [("date", "2019", "may 2019, 2022"),
                                  ("date", "May 2019", "2019, 2022"),
                                  ("date", "2022", "2019, may 2019")]),
        ("dog on:2019 in 2019", [("date", "2019", "dog in 2019"), ("date", "2019", "dog on:2019")]),
        ("like:7", [("photo", "like this photo", "")]),
        ("a cat + like:7", [("photo", "like this photo", "a cat")]),
        ("a cat -like:7", [("photo", "not like this photo", "a cat")]),
        ("like:7@0:42", [("photo", "like this video at 0:42", "")]),
        ("concept:avi", [("concept", "concept avi", "")]),
    ],
)  # fmt: skip
def test_each_part_and_the_query_without_it(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert chips(text) == expected


@pytest.mark.parametrize(
    ("text", "rests"),
    [
        ("beach not in Kyoto", ["beach"]),
        ("beach, not in Kyoto", ["beach"]),
        ("not in Kyoto, Japan", [""]),
        ("everything except Kyoto", [""]),
        ("beach nicht in Kyoto", ["beach"]),
        ("not in Kyoto, New York", ["not New York", "not in Kyoto"]),
        ("dogs except in Kyoto and New York", ["dogs except New York", "dogs except in Kyoto"]),
        ("not in Kyoto, not in New York", ["not in New York", "not in Kyoto"]),
        ("beach not from 2019", ["beach"]),
        ("nicht in Kyoto, New York", ["nicht New York", "nicht in Kyoto"]),
        ("plage, pas à Kyoto, New York", ["plage, pas New York", "plage, pas à Kyoto"]),
        ("everything except Kyoto and dogs", ["everything except dogs"]),
        ("not in Kyoto, New York, beach", ["not New York, beach", "not in Kyoto, beach"]),
        ("dogs not in Kyoto, cats", ["dogs, cats"]),
        ("not in Kyoto and not in New York", ["not in New York", "not in Kyoto"]),
        ("dogs but not in Kyoto", ["dogs"]),
        ("dogs that aren't in Kyoto", ["dogs"]),
        ("photos that weren\u2019t taken in Kyoto", [""]),
        ("Hunde aber nicht in Kyoto", ["Hunde"]),
        ("Hunde aber nicht in Kyoto, New York",
         ["Hunde aber nicht New York", "Hunde aber nicht in Kyoto"]),
        ("dogs neither in Kyoto nor New York", ["dogs neither New York", "dogs neither in Kyoto"]),
        ("weder Kyoto noch New York", ["weder New York", "weder Kyoto"]),
        ("dogs, not from the 1990s", ["dogs"]),
    ],
)  # fmt: skip
def test_what_is_left_out_goes_with_its_not(text: str, rests: list[str]) -> None:
    assert [rest for _, _, rest in chips(text)] == rests


@pytest.mark.parametrize(
    "text", ["Fotos, die wir in Kyoto gemacht haben", "photos in Kyoto we took"]
)
def test_words_around_a_place_do_not_hide_its_chip(text: str) -> None:
    assert [said for _, said, _ in chips(text)] == ["in Kyoto"]


def test_labels_and_colours_have_the_names_of_the_page() -> None:
    parsed = replace(parse_text("label:cat colour-label:red -like:7"), asked=Asked(hint="de"))
    said = [chip.text for chip in chips_of(parsed, Texts("de", "de-DE"))]
    assert said == ["mit dem Motiv Katze", "mit der Farbmarkierung rot", "nicht wie dieses Foto"]


def test_countries_have_the_names_of_the_page() -> None:
    parsed = replace(parse_text("a dog place:Japan -place:USA in japan"), asked=Asked(hint="de"))
    said = [chip[:3] for chip in chips_of(understood(parsed, AROUND), Texts("de", "de-DE"))]
    assert said == [
        ("place", "in oder bei Japan", "a dog -place:USA in japan"),
        ("place", "nicht in oder bei USA (Vereinigte Staaten)", "a dog place:Japan in japan"),
        ("place", "in Japan", "a dog place:Japan -place:USA"),
    ]
    korea = LibraryNames(places=("Seoul, Seoul, Korea, Republic of",))
    german = replace(parse_text("place:Südkorrea"), asked=Asked(hint="de"))
    assert with_known_names(german, korea) == ["place:Südkorea"]
    assert with_known_names(parse_text("place:Republic"), korea) == []


def test_pictures_are_named_to_be_shown() -> None:
    (photo,), (moment,) = chips_of(parse_text("like:7")), chips_of(parse_text("like:7@62.4"))
    assert moment.photo == "7"
    (picture,) = chips_of(parse_text("image:/library/uploads/0123456789abcdef.jpg"))
    assert (photo.photo, photo.upload) == ("7", "")
    assert (picture.photo, picture.upload) == ("", "0123456789abcdef.jpg")


def test_a_filter_that_there_is_not() -> None:
    with pytest.raises(QueryError) as raised:
        parse_text("cat yaer:2019")
    assert better_queries("cat yaer:2019", str(raised.value)) == ["cat year:2019"]
    assert better_queries("cat", "something else is wrong") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dog place:Kyto", ["dog place:Kyoto"]),
        ("dog place:kyoto", []),  # it is there
        ("dog place:Berlin", []),  # it is like none
        ('place:"New Yrok" dog', ['dog place:"New York"']),
        ("in:Tripps", ["in:Trips"]),
        ("-in:Tripps", []),
        ("tag:famly", ["tag:family"]),
        ("width:>2000", []),
        ("place:Jpan", ["place:Japan"]),
        ("place:Japon", []),  # so it is called in French
        ('place:"Republic off"', []),  # no country
    ],
)
def test_names_that_the_library_has_instead(text: str, expected: list[str]) -> None:
    assert with_known_names(parse_text(text), NAMES) == expected
