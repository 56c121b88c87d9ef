"""Where what is not to be seen ends, in the words of each language."""

from __future__ import annotations

import pytest

from app.query.negatives import split_negatives
from app.query.phrases import Word, split_at_commas, written


def split(text: str, *, spanish: bool = False) -> tuple[str, list[str]]:
    words, place = [], 0
    for typed in text.split():
        start = text.index(typed, place)
        place = start + len(typed)
        bare = typed.rstrip(",")
        words.append(Word(bare, False, typed != bare, start, start + len(bare)))
    positive, negatives = split_negatives(split_at_commas(words), spanish=spanish)
    return written(positive), [written(negative) for negative in negatives]


@pytest.mark.parametrize(
    ("text", "positive", "negatives"),
    [
        (
            "a man without a helmet standing in the water",
            "a man standing in the water",
            ["helmet"],
        ),
        ("a man without a helmet poses with a dog", "a man poses with a dog", ["helmet"]),
        ("a man without a helmet on is riding", "a man is riding", ["helmet"]),
        ("a boy without a hat or gloves in the snow", "a boy in the snow", ["hat", "gloves"]),
        ("a girl without a pair of shoes", "a girl", ["pair of shoes"]),
        ("a street without a street sign", "a street", ["street sign"]),
        ("a man wearing no helmet and a hat jumps", "a man wearing a hat jumps", ["helmet"]),
        ("a man with no helmet and wearing shorts", "a man wearing shorts", ["helmet"]),
        ("a man without a helmet and a woman", "a man and a woman", ["helmet"]),
        ("a dog without a collar covered in mud", "a dog covered in mud", ["collar"]),
        ("photos that are not blurry", "photos", ["blurry"]),
        ("photos that aren't blurry", "photos", ["blurry"]),
        ("a dog which isn\u2019t black", "a dog", ["black"]),
        ("dogs that werent taken in rome", "dogs", ["taken in rome"]),
        ("a beach where there aren't any people", "a beach", ["people"]),
        ("isn't it lovely", "isn't it lovely", []),
        ("photos that aren't", "photos that aren't", []),
        ("photos that do not show people", "photos", ["people"]),
        ("photos that don't have people", "photos", ["people"]),
        ("don't show people", "", ["people"]),
        ("don't show me people", "", ["people"]),
        ("do not show us dogs", "", ["dogs"]),
        ("don't show me", "", ["me"]),
        ("don't show me or my dog", "", ["me", "dog"]),
        ("photos that don't show us", "photos", ["us"]),
        ("photos that don't show me alone", "photos", ["me alone"]),
        ("dogs that don't bark", "dogs", ["bark"]),
        ("a do not enter sign", "a do not enter sign", []),
        ("please don't walk on the grass", "please don't walk on the grass", []),
        ("photos that do not", "photos that do not", []),
        ("neither dogs nor cats", "", ["dogs", "cats"]),
        ("dogs from neither rome nor paris", "dogs", ["rome", "paris"]),
        ("neither in rome nor in paris", "", ["in rome", "in paris"]),
        ("weder Hunde noch Katzen", "", ["Hunde", "Katzen"]),
        ("noch ein Hund", "noch ein Hund", []),
        ("ni chiens ni chats", "", ["chiens", "chats"]),
        ("ni hao", "ni hao", []),
        ("sans chiens ni chats", "", ["chiens", "chats"]),
        ("gato pero no perro", "gato", ["perro"]),
        ("playas donde no hay gente", "playas", ["gente"]),
        ("fotos que no son de perros", "fotos", ["perros"]),
        ("mi padre que no está", "mi padre", ["está"]),
        ("mi padre que no está, playa", "mi padre playa", ["está"]),
        ("photo pas prise", "photo pas prise", []),
        ("Foto nicht aufgenommen", "Foto nicht aufgenommen", []),
        ("Foto nicht aufgenommen, Strand", "Foto nicht aufgenommen Strand", []),
        ("fotos que no son de 2019", "fotos", ["2019"]),
        ("playa, no 2019", "playa", ["2019"]),
        ("bus no 2019", "bus no 2019", []),
        ("shirt but no 5 jersey", "shirt but no 5 jersey", []),
        ("father with no son", "father", ["son"]),
        ("a road with no cars and no people", "a road", ["cars", "people"]),
        ("everything except dogs and cats", "everything", ["dogs", "cats"]),
        ("all the photos except for dogs", "all the photos", ["dogs"]),
        ("everything but dogs", "everything", ["dogs"]),
        ("animals except dogs", "animals", ["dogs"]),
        ("alles au\u00dfer Hunde", "alles", ["Hunde"]),
        ("tout sauf les chiens", "tout", ["chiens"]),
        ("todo menos perros", "todo", ["perros"]),
        ("nothing except sand", "nothing except sand", []),
        ("a woman with nothing on except a hat", "a woman with nothing on except a hat", []),
        ("no cars except taxis", "", ["cars except taxis"]),
        ("black except for a hat", "black except for a hat", []),
        ("pictures but in black and white", "pictures but in black and white", []),
        ("house all but destroyed", "house all but destroyed", []),
        ("all but the last one", "all but the last one", []),
        ("Schild au\u00dfer Betrieb", "Schild au\u00dfer Betrieb", []),
        ("a beach without people in the water", "a beach", ["people in the water"]),
        ("a beach without people swimming", "a beach", ["people swimming"]),
        ("a beach without people in the rain", "a beach in the rain", ["people"]),
        ("a beach without people at sunset", "a beach at sunset", ["people"]),
        ("a boat without people on the lake", "a boat on the lake", ["people"]),
        ("a dog with no people in the background", "a dog", ["people in the background"]),
        ("a street without cars, at night", "a street at night", ["cars"]),
        ("a house with no big trees around it", "a house", ["big trees around it"]),
        ("a beach with nobody on it", "a beach", ["people on it"]),
        ("a beach with no one", "a beach", ["people"]),
        ("a man without wearing a hat on the bus", "a man", ["wearing a hat on the bus"]),
        ("a man without a shirt in the sea", "a man without a shirt in the sea", []),
        ("ein Mann ohne Hemd", "ein Mann ohne Hemd", []),
        ("没穿上衣的男人", "没穿上衣的男人", []),
        ("beside a no parking sign.", "beside a no parking sign.", []),
        ("a man, no cars in sight.", "a man", ["cars in sight."]),
        ("one has no hat and the other a cap", "one and the other a cap", ["hat"]),
        ("no people in the water", "", ["people in the water"]),
        ("Mann ohne Helm steht am Wasser", "Mann steht am Wasser", ["Helm"]),
        ("mann ohne helm steht am wasser", "mann steht am wasser", ["helm"]),
        (
            "Ein Mann klettert ohne Gurt eine Wand hoch",
            "Ein Mann klettert eine Wand hoch",
            ["Gurt"],
        ),
        ("Strand ohne Menschen im Wasser", "Strand", ["Menschen im Wasser"]),
        ("Strand ohne Menschen im Sommer", "Strand im Sommer", ["Menschen"]),
        ("eine Person, die keine Schuhe anhat", "eine Person die", ["Schuhe anhat"]),
        ("eine Frau oben ohne am Strand", "eine Frau oben ohne am Strand", []),
        ("Hund ohne rote Leine und Halsband", "Hund", ["rote Leine", "Halsband"]),
        ("niemand am Strand", "", ["Menschen am Strand"]),
        (
            "Un homme sans casque escalade un rocher",
            "Un homme escalade un rocher",
            ["casque"],
        ),
        ("un T-shirt jaune sans manches longues", "un T-shirt jaune", ["manches longues"]),
        ("une plage sans voitures dans l'eau", "une plage", ["voitures dans l'eau"]),
        ("Un homme sans bonnet et une femme assis", "Un homme et une femme assis", ["bonnet"]),
        ("une plage avec pas de voitures", "une plage", ["voitures"]),
        ("un pas vers la mer", "un pas vers la mer", []),
        ("没有人的海滩", "海滩", ["人"]),
        ("海滩没有人", "海滩", ["人"]),
        ("一个没有穿鞋的男人", "一个男人", ["穿鞋"]),
        ("没有人和车的街道", "街道", ["人", "车"]),
        ("无人机", "无人机", []),
        ("有没有狗", "有没有狗", []),
        ("sin city", "sin city", []),
    ],
)
def test_a_negative_ends_where_something_else_begins(
    text: str, positive: str, negatives: list[str]
) -> None:
    assert split(text) == (positive, negatives)


def test_sin_is_without_in_spanish() -> None:
    assert split("un hombre sin casco en el agua", spanish=True) == (
        "un hombre en el agua",
        ["casco"],
    )


@pytest.mark.parametrize("text", ["a man in a hat and a dog", "Hund am Strand", "无聊的男人"])
def test_words_without_a_negation_are_what_they_are(text: str) -> None:
    assert split(text) == (text, [])


@pytest.mark.parametrize(
    "text",
    [
        "a little girl without shoes is standing on a beach and looks at the sea",
        "ein kleiner Junge ohne Schuhe spielt mit seinem Hund im Garten vor dem Haus",
        "一个没有穿鞋子的小男孩和他的狗一起在海边的沙滩上奔跑玩耍",
    ],
)
def test_a_long_description_stays_whole(text: str) -> None:
    assert split(text) == (text, [])


def test_what_is_in_quotes_is_no_verb() -> None:
    """Else it would be left out of the words."""
    words = [Word("do", quoted=True), Word("not"), Word("have"), Word("cats")]
    positive, negatives = split_negatives(words)
    assert [word.text for word in positive] == ["do", "not", "have", "cats"] and not negatives
