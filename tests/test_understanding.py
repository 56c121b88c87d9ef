"""What people type, read with the names of a library."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.languages.asked import Asked
from app.languages.detection import language_of
from app.query.changes import literal_text, typed_words
from app.query.library_names import LibraryNames
from app.query.model import Query
from app.query.parser import parse_query, parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from app.query.unknown_words import Reads
from store.errors import QueryError
from store.filters import Contains, InFolder, Name

NOW = datetime(2026, 11, 26, 14, 30)
NAMES = LibraryNames(
    places=(
        "Rome, Lazio, Italy",
        "Ankara, Ankara, Turkey",
        "Nice, Alpes-Maritimes, France",
        "Kyoto, Kyoto, Japan",
    ),
    cameras=("Canon EOS 5D Mark II", "FUJIFILM X-T4", "Apple iPhone 12"),
    folders=("Trips", "Kyoto", "Wanderlust2019"),
    tags=("famly",),
    concepts=("zuzu",),
)
AROUND = Surroundings(lambda: NAMES, NOW)


SHOT = "screenshots, by name or folder"


def read(text: str) -> Query:
    return understood(parse_text(text), AROUND).query()


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("zebras", "zebra"),
        ("a Zebras", "a Zebra"),
        ("two dogs", "two dogs"),
        ("bycicle", "bicycle"),
        ("Bycicle!", "Bicycle!"),
        ("bycicles", "bicycle"),
        ("a dgo on a beech", "a dog on a beech"),
        ("show me photos of zebras", "zebra"),
        ("find me all the pictures with a dog", "a dog"),
        ("I want to see cats", "cat"),
        ("please show me the images of Avi", "Avi"),
        ("show", "show"),
        ("photos", "photos"),
        ("show jumping", "show jumping"),
        ("beach without peple", "beach, without people"),
        ("beach -peple", "beach, without people"),
        ("without people", "all photos without people"),
        ("-people -cars", "all photos without people, without car"),
        ("beach, in Rome, July 2018", "beach, in Rome, July 2018"),
        ("beach, Rome", "beach, in Rome"),
        ("beach,Rome,2019", "beach, in Rome, 2019"),
        ("2019,beach", "beach, 2019"),
        ("beach ,2019", "beach, 2019"),
        ("海滩\uff0c2019", "海滩, 2019"),
        ("5,2019", "5,2019"),
        ("2018,2019", "2018,2019"),
        ("1,000 dogs", "1,000 dog"),
        ("my dog,2019.jpg", "named my dog,2019.jpg"),
        ("\uff0c", "\uff0c"),
        ("rome", "in Rome"),
        ("photos taken in rome", "in Rome"),
        ("beach 2016 - 2018", "beach, 2016 to 2018"),
        ("beach - Rome", "beach, in Rome"),
        ("dogs in italy last summer", "dog, in Italy, last summer (June to August 2026)"),
        ("turkey", "turkey"),
        ("dogs in turkey", "dog, in Turkey"),
        ("a man in nice clothes", "a man in nice clothes"),
        ("a dinner in nice", "a dinner in nice"),
        ("a dinner in Nice", "a dinner, in Nice"),
        ("in kyotoo", "in Kyoto or in folder Kyoto"),
        ("beach in Paris", "beach in Paris"),
        ("canon eos 5d", "camera canon eos 5d"),
        ("cats taken with my iphone", "cat, camera iphone"),
        ("a man with an iphone", "a man with an iphone"),
        ("canon", "canon"),
        ("IMG_1234", "named IMG_1234"),
        ("IMG 1234", "named IMG 1234"),
        ("20190714_183000", "named 20190714_183000"),
        ("bea*", "named bea*"),
        ("my dog.jpg", "named my dog.jpg"),
        ("what is this?", "what is this?"),
        ("from wanderlust2019", "in folder wanderlust2019"),
        ("children in folder Trips", "child, in folder Trips"),
        ("famly", "famly"),
        ("zuzu in the snow", "zuzu in the snow"),
        ("2*bycicle + beach", "2*bicycle + beach"),
        ("like:7 zebras in:Trips", "like:7 + zebra, in Trips"),
        ("zebras please", "zebra"),
        ("a rocket launch, pls", "a rocket launch"),
        ("zeig mir Fotos von einer Katze", "eine Katze"),
        ("montre-moi des photos d'un chat, s'il te pla\u00eet", "un chat"),
        ("Fotos aus dem Jahr 2019", "2019"),
        ("Hunde in Rome, letzten Sommer", "Hunde, in Rome, last summer (June to August 2026)"),
        ("Strand ohne Menschen und ohne die Autos", "Strand, without Menschen, without Autos"),
        ("une plage sans les gens", "une plage, without gens"),
        ("2018\u5e747\u6708\u7684\u6d77\u6ee9", "\u6d77\u6ee9, July 2018"),
        (
            "2018\u5e74\u7684\u6d77\u6ee9\u6628\u5929",
            "\u6d77\u6ee9, 2018 or yesterday (25 November 2026)",
        ),
        ("\u53bb\u5e74\u7684\u7167\u7247", "last year (2025)"),
        ("Ma\u0308rz 2019", "March 2019"),
        ("ein Hund, bitte", "ein Hund"),
        ("last summer please", "last summer (June to August 2026)"),
        ("a sign saying thank you", "a sign saying thank you"),
        ("quiero ver fotos de gatos", "gatos"),
        ("meine Fotos vom Sommer 2019", "summer 2019 (June to August 2019)"),
        ("photos prises en 2019", "2019"),
        ("Berlin Mitte 2019", "Berlin Mitte, 2019"),
        ("plage sans personne", "plage, without personne"),
        ("Feld ohne Mais aber mit Kuh", "Feld mit Kuh, without Mais"),
        ("Mais im Feld", "Mais im Feld"),
        ("Oder", "Oder"),
        ("ET phone home", "ET phone home"),
        ("a man without a hat outside 2019", "a man outside, without hat, 2019"),
        ("beach without people in july 2018", "beach, without people, July 2018"),
        ("beach without people last year", "beach, without people, last year (2025)"),
        ("beach not from 2019", "beach, not 2019"),
        ("beach, no photos from 2019", "beach, not 2019"),
        ("Strand, nicht von 2019", "Strand, not 2019"),
        ("Strand, aber nicht 2019", "Strand, not 2019"),
        ("plage mais pas en 2019", "plage, not 2019"),
        ("Strand aber nicht in Rome", "Strand, not in Rome"),
        ("Strand und nicht in Rome", "Strand, not in Rome"),
        ("plage mais pas \u00e0 Rome", "plage, not in Rome"),
        ("playa pero no en Rome", "playa, not in Rome"),
        ("Mais nicht in Rome", "Mais, not in Rome"),
        ("photos which aren't from rome", "not in Rome"),
        ("photos that weren't taken in 2019", "not 2019"),
        ("dogs that arent in rome", "dog, not in Rome"),
        ("neither rome nor ankara", "not in Rome, not in Ankara"),
        ("weder aus Rome noch aus Ankara", "not in Rome, not in Ankara"),
        ("ni Rome ni Ankara", "not in Rome, not in Ankara"),
        ("photos that do not show people", "all photos without people"),
        ("photos qui ne sont pas prises \u00e0 Rome", "not in Rome"),
        ("fotos que no son de Rome", "not in Rome"),
        ("fotos que no son de 2019", "not 2019"),
        ("fotos que no son del 24 de diciembre", "not 24 December of any year"),
        ("playa pero no 2019", "playa, not 2019"),
        ("beach, no 2019", "beach, not 2019"),
        ("don't show me Rome", "not in Rome"),
        ("perros que no est\u00e1n en Rome", "perros, not in Rome"),
        ("beach not in Rome", "beach, not in Rome"),
        ("photos without people", "all photos without people"),
        ("sin city", "sin city"),
        ("screenshots from yesterday", SHOT + ", yesterday (25 November 2026)"),
        ("show me my screenshots", SHOT),
        ("captures d'\u00e9cran", SHOT),
        ("my favourites, 2019", "favourites, 2019"),
        ("Lieblingsfotos vom letzten Sommer", "favourites, last summer (June to August 2026)"),
        ("favourite food", "favourite food"),
        ("screenshots rome", SHOT + ", in Rome"),
        ("favorites from italy", "favourites, in Italy"),
        ("my favourite food, rome", "my favourite food, in Rome"),
        ("photos where there are no people", "all photos without people"),
        ("photos that are from rome", "in Rome"),
        ("Bilder, auf denen keine Menschen sind", "all photos without Menschen"),
        ("Fotos, die nicht aus Rome sind", "not in Rome"),
        ("photos o\u00f9 il n'y a pas de train", "all photos without train"),
        ("montre mes photos de Rome", "in Rome"),
        ("please, show me cats", "cat"),
        ("please, cats", "please, cat"),
        ("please, photos of cats", "cat"),
        ("please, photos from Rome", "in Rome"),
        ("por favor, fotos de perros", "perros"),
        ("s'il vous pla\u00eet, photos de chats", "chats"),
        ("do you have pictures of lions", "lion"),
        ("14 juillet", "14 July of any year"),
        ("videos of kids", "videos of kids"),
        ("pictures from our trip to Rome in 2019", "in Rome, 2019"),
        ("best photos of last year", "last year (2025)"),
        ("where is my bike", "my bike"),
        ("Fotos, auf denen wir lachen", "wir lachen"),
        ("comic sans ms", "comic sans ms"),
        ("gold pendant 2019", "gold pendant, 2019"),
        ("sans serif font", "sans serif font"),
        ("a dog walking past an open bus", "a dog walking past an open bus"),
    ],
)
def test_what_it_becomes(text: str, reading: str) -> None:
    assert str(read(text)) == reading


@pytest.mark.parametrize(
    ("text", "filter"),
    [
        ("beach in rome", Contains("place", "Rome")),
        ("canon eos 5d", Contains("camera", "canon eos 5d")),
        ("in folder trips", InFolder(("trips",))),
        ("IMG_1234.jpg", Name("IMG_1234.jpg")),
        ("/home/me/My Pictures/beach.jpg", Name("beach.jpg")),
        (r"C:\Pictures\at the beach.jpg", Name("at the beach.jpg")),
        ("DSC01234", Name("DSC01234*")),
    ],
)
def test_names_become_filters(text: str, filter: object) -> None:
    assert read(text).filter == filter


@pytest.mark.parametrize(
    ("text", "literal", "typed"),
    [
        ("bycicle", '"bycicle"', "bycicle"),
        ("show me zebras in Rome", '"show me" "zebras" "in Rome"', "show me zebras"),
        ("beach, yesterday", 'beach, "yesterday"', ""),
        ("a dog", "a dog", ""),
        ("beach, 2019", "beach, 2019", ""),
        (
            "zeig mir Fotos von einer Katze",
            '"zeig mir Fotos von" einer Katze',
            "zeig mir Fotos von",
        ),
        ("beach please", 'beach "please"', "please"),
        ("show me please", '"show me" please', "show me"),
        ("yesterday photos of please", '"yesterday" "photos of" please', "photos of"),
        ("ein Hund, bitte", 'ein Hund, "bitte"', "bitte"),
        ("beach not from 2019", 'beach not "from 2019"', ""),
        ("photos without people", '"photos" without people', "photos"),
        ("beach without people in july 2018", 'beach without people "in july 2018"', ""),
        ("2018\u5e74\u6d77\u4eca\u5e74", '"2018\u5e74"\u6d77 "\u4eca\u5e74"', ""),
        ("2018\u5e74\u7684\u6d77\u6ee9", '"2018\u5e74\u7684"\u6d77\u6ee9', ""),
    ],
)
def test_it_can_be_taken_as_typed(text: str, literal: str, typed: str) -> None:
    changes = read(text).changes
    assert literal_text(text, changes) == literal
    assert typed_words(text, changes) == typed
    again = read(literal)
    assert not again.changes
    assert again == parse_query(literal)


def test_what_is_not_to_be_seen_is_in_the_language_of_the_rest() -> None:
    reads = Reads(frozenset({"en", "fr"}), language_of)
    parsed = understood(parse_text("une plage sans voitures"), replace(AROUND, reads=reads))
    assert str(parsed.query()) == "une plage, without voitures"
    assert str(read("a beach without voitures")) == "a beach, without ventures"
    reads = Reads(frozenset({"en", "de", "es"}), language_of)
    for text, reading in (
        ("Mann ohne Hut klettert", "Mann klettert, without Hut"),
        ("playa sin gente", "playa, without gente"),
        ("hombre sin casco en el agua", "hombre en el agua, without casco"),
        ("en man med sin hund", "en man med sin hund"),
    ):
        parsed = understood(parse_text(text), replace(AROUND, reads=reads))
        assert str(parsed.query()) == reading


@pytest.mark.parametrize(
    ("asked", "reading"),
    [
        (Asked("auto", "fr"), "yesterday (25 November 2026)"),
        (Asked("fr", "de"), "yesterday (25 November 2026)"),
        (Asked("de", "fr"), "hier"),
    ],
)
def test_the_language_that_was_chosen_comes_before_that_of_the_browser(
    asked: Asked, reading: str
) -> None:
    parsed = replace(parse_text("hier"), asked=asked)
    assert str(understood(parsed, AROUND).query()) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("videos", "videos"),
        ("show me videos of my dog", "my dog, videos"),
        ("Videos von letztem Jahr", "videos, last year (2025)"),
        ("a video game", "a video game"),
        ("videos from rome", "videos, in Rome"),
        ("rome videos 2019", "in Rome, videos, 2019"),
        ("a video game, rome", "a video game, in Rome"),
    ],
)
def test_videos_are_a_filter_where_there_are_some(text: str, reading: str) -> None:
    around = replace(AROUND, names=lambda: replace(NAMES, has_videos=True))
    assert str(understood(parse_text(text), around).query()) == reading


def test_changes_say_what_and_where() -> None:
    (lead, spelt, place) = read("show me bycicles in Rome").changes
    assert (lead.kind, lead.typed, lead.became) == ("phrase", "show me", "")
    assert (spelt.kind, spelt.typed, spelt.became) == ("spelling", "bycicles", "bicycle")
    assert (place.kind, place.typed, place.became) == ("place", "in Rome", "in Rome")
    assert read("zebras").plain() == {
        "searched": "zebra",
        "changes": [{"kind": "plural", "typed": "zebras", "became": "zebra"}],
        "note": None,
    }


@pytest.mark.parametrize("text", ["a dog on a beach", "two people on skis", "zebra", "2019"])
def test_most_queries_ask_the_library_for_no_names(text: str) -> None:
    def never() -> LibraryNames:
        raise AssertionError("names were asked for")

    assert read(text) == understood(parse_text(text), Surroundings(never, NOW)).query()


def test_words_around_a_filter_are_not_put_in_quotes_with_it() -> None:
    """What stands in between would be in the quotes too."""
    assert not read("beach july in:Trips 2018").changes


WORDS = st.sampled_from(
    [
        *("zebras", "bycicle", "show me", "photos of", "a dog", "in Rome", ",", "July", "2018"),
        *("yesterday", "without", "peple", "IMG_1234", "canon eos 5d", "asdfgh", "last summer"),
        *("bea*", "two", "turkey", "find", "please"),
    ]
)
TEXTS = st.lists(WORDS, max_size=7).map(" ".join)


@settings(deadline=None)
@given(TEXTS)
def test_what_is_in_quotes_is_never_changed(text: str) -> None:
    quoted = f'"{text}"'
    parsed = understood(parse_text(quoted), AROUND)
    assert parsed.terms == parse_text(quoted).terms
    assert not parsed.changes and not parsed.filters and parsed.unread is None


@given(TEXTS.filter(lambda text: "2018" not in text))  # one year less, and another is at the end
def test_reading_what_was_read_changes_nothing_more(text: str) -> None:
    """The words of a query are as they should be once they were read."""
    for term in understood(parse_text(text), AROUND).terms:
        if term.negative:
            continue
        try:
            again = understood(parse_text(term.value), AROUND)
        except QueryError:
            continue
        if again.filters:  # a year among fewer words than before
            continue
        assert [c for c in again.changes if c.kind in ("spelling", "phrase")] == []


@settings(deadline=None)
@given(TEXTS)
def test_the_literal_text_has_no_changes_left(text: str) -> None:
    parsed = understood(parse_text(text), AROUND)
    literal = literal_text(text, parsed.changes)
    assert understood(parse_text(literal), AROUND).changes == ()
