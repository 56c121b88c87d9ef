"""In which language a query is: words that are looked up, and what is left to statistics."""

from __future__ import annotations

import pytest

from app.labels.vocabulary import everyday
from app.languages.detection import language_of


@pytest.mark.parametrize(
    "text",
    [
        *("handy", "gift", "chat", "restaurant", "taxi", "hotel", "garage", "dog", "kind", "rot"),
        *("a dog on a beach", "two people on skis", "the dog's bone", "dog sniffs", "café", ""),
        *("man climbing a rock wall", "children", "IMG_1234", "2019", "!?", "red"),
    ],
)
def test_english_stays_english(text: str) -> None:
    assert language_of(text) == "en"


def test_every_label_is_english() -> None:
    assert {name for name in everyday().names if language_of(name) != "en"} == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hund", "de"),
        ("ein Hund", "de"),
        ("am Strand", "de"),
        ("zwei Hunde spielen im Schnee", "de"),
        ("chien", "fr"),
        ("un homme sur une plage", "fr"),
        ("perro", "es"),
        ("una mujer con un sombrero rojo", "es"),
        ("Malá dívka leze do dřevěného domu", "cs"),
        ("un cane che corre sulla spiaggia", "it"),
        ("狗", "zh"),
        ("海滩上的狗", "zh"),
        ("海辺の犬", "ja"),
        ("해변의 개", "ko"),
        ("большая чёрная собака бежит по пляжу", "ru"),
        ("σκύλος", "el"),
    ],
)
def test_another_language_is_told(text: str, code: str) -> None:
    assert language_of(text) == code


def test_a_browser_decides_about_short_names_only() -> None:
    assert language_of("chat", hint="fr") == "fr"
    assert language_of("un chat", hint="fr") == "fr"
    assert language_of("chat", hint="de") == "en"
    assert language_of("a dog on a beach", hint="fr") == "en"
    assert language_of("dog", hint="fr") == "en"
