"""What people say around what they look for."""

from __future__ import annotations

import pytest

from app.query.lead_ins import as_first, lead_in, says_nothing, thanks
from app.query.phrases import Word


def words(text: str) -> list[Word]:
    return [Word(word) for word in text.split()]


@pytest.mark.parametrize(
    "text",
    [
        *("show me photos of | zebras", "show me a photo of | a cat", "| a photo of a cat"),
        *("zeig mir Fotos von | einer Katze", "zeige mir bitte alle Bilder mit | Hunden"),
        *("ich m\u00f6chte Fotos von | Katzen sehen", "kannst du mir Bilder mit | Hunden zeigen"),
        *("wo ist | mein Fahrrad", "where are | my keys", "best photos of | dogs"),
        *("ich suche | einen Hund", "ein Foto von | einer Katze", "| das Bild", "| Fotos"),
        *("Suche nach Fotos von | Hunden", "zeig Bilder vom | Meer", "eine Aufnahme von | Hunden"),
        *("| Dame mit Hut", "dame fotos de | perros", "finde | Hunde", "| finde en la playa"),
        *("je veux voir des photos de | chats", "| photo d'identit\u00e9", "| foto de perfil"),
        *("montre-moi des photos de | chats", "photos | d'un chat", "cherche | un chat"),
        *(
            "do you have any pictures of | lions",
            "is there a photo of | a cat",
            "| do you have a pet",
        ),
        *("please show me | cats", "have you got pictures of | dogs", "| got milk"),
        *("hast du ein Foto von | einem Hund", "gibt es Fotos von | Hunden", "| gibt es Hunde"),
        *("bitte Fotos von | Hunden", "ich h\u00e4tte gerne Bilder von | Hunden", "| bitte nicht"),
        *("affiche les photos de | Rome", "je veux des photos de | chats", "| montre en or"),
        *("s'il te pla\u00eet montre-moi | des chats", "avez-vous des photos de | chats"),
        *("mostrar fotos de | vacaciones", "quiero fotos de | gatos", "| quiero un perro"),
        *("please photos of | cats", "| please a cat", "por favor fotos de | perros"),
        *("s'il vous pla\u00eet photos de | chats", "| por favor un perro"),
        *("por favor mu\u00e9strame | gatos", "hay fotos de | gatos", "| hay bale"),
        *("mu\u00e9strame fotos de | perros", "fotos con | gatos", "una foto de | un gato"),
    ],
)
def test_what_says_nothing_at_the_beginning(text: str) -> None:
    before, _, _ = text.partition("|")
    assert lead_in(words(text.replace("|", ""))) == len(before.split())


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a dog please", 1),
        ("un chien s'il te pla\u00eet", 3),
        ("ich m\u00f6chte Fotos von Katzen sehen", 1),
        ("Kannst du mir Bilder von Bergen zeigen?", 1),
        ("ich kann dich sehen", 0),
        ("please", 0),
        ("a thank you card", 0),
        ("saying thank you", 0),
        ("giving thanks", 0),
    ],
)
def test_what_says_nothing_at_the_end(text: str, count: int) -> None:
    assert thanks(words(text)) == count
    assert thanks([*words(text), Word("danke", quoted=True)]) == 0


def test_words_behind_a_lead_in_are_as_they_are_by_themselves() -> None:
    behind = [as_first(Word(text)).text for text in ("einer", "einem", "d'un", "a", "der")]
    assert behind == ["eine", "ein", "un", "a", "der"]
    assert as_first(Word("einer", quoted=True)).text == "einer"


@pytest.mark.parametrize(
    "text",
    [
        *("photos taken", "photos I took", "all the pictures that we've made", "photos I have"),
        *("pictures from when we were", "Fotos aus", "Fotos die wir gemacht haben"),
        *("die ich gemacht habe", "photos prises en", "les photos que j'ai prises", "fotos de"),
        *("fotos que hicimos", "photos where", "photos that are", "Bilder auf denen sind"),
        *(
            "die sind",
            "Fotos die aufgenommen wurden",
            "photos qui ne sont",
            "photos o\u00f9 il n'y a",
        ),
    ],
)
def test_photos_beside_a_filter_say_nothing(text: str) -> None:
    assert says_nothing(words(text))
    assert not says_nothing(words(f"{text} dog"))


@pytest.mark.parametrize("text", ["pendant", "im urlaub", "made in", "on our honeymoon"])
def test_what_leads_to_a_filter_says_something_without_photos(text: str) -> None:
    assert not says_nothing(words(text))
