"""Which words of a phrase say that something is not to be seen: "no", but not "no longer"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.query.negative_words import (
    ANDS,
    BARE,
    EVERYTHING,
    EXCEPT,
    FRENCH,
    GERMAN,
    NOBODY,
    PHOTOS,
    SPANISH,
    NegativeWords,
)
from app.query.phrases import Word
from app.query.points_in_time import YEAR

_TYPEFACES = frozenset(("comic", "noto", "open", "gill", "pt", "fira", "source", "dejavu"))
_NOT_SANS = frozenset(("serif", "souci"))
_NOT_NO = frozenset(("longer", "more", "matter", "doubt"))
_ANYWHERE = frozenset(("except", "excluding", "excepté", "excepto"))
"""Those of ``EXCEPT`` that mean it behind any words: "animals except dogs"."""
_NOTHING = frozenset(("nothing", "nichts", "rien", "nada"))
_ONLY = frozenset(("only", "also", "not", "for", "one", "me", "us", "him", "her", "dead"))
NOTS = frozenset(("not", "neither", "nor", "weder", "noch", "ni"))
"""Negations of places and times too, and not of things alone: "not in Rome"."""
CONTRACTED = re.compile(r"(are|is|was|were|do|does|did)(n['\u2019]?t)")
"""With "not" in one word, as people type it: "aren't", "arent"."""
_DO = frozenset(("do", "does", "did"))
_SHOW = frozenset(("show", "have", "contain", "include", "feature", "depict"))
_ME = frozenset(("me", "us"))
_WHO = frozenset(("that", "which", "who"))
_DENIALS = {
    **dict.fromkeys(("nicht", "nie"), GERMAN),
    **dict.fromkeys(("pas", "jamais"), FRENCH),
    "nunca": SPANISH,
}
"""Denials of other languages, each with the small words of its own."""
_TAKEN = frozenset(("aufgenommen", "prise", "prises"))
"""What may stand between a denial and the place: "pas prises à Rome"."""
_QUE_NO = (["que", "no"], ["donde", "no"])
_SAID_THERE = frozenset(
    ("son", "es", "están", "está", "hay", "tienen", "muestran", "tomadas", "de", "del")
)
"""Behind "que no" these say no more than "not": "fotos que no son de Roma"."""
_BEFORE_NO = frozenset(("but", "and"))
_BEFORE_SPANISH_NO = frozenset(("pero", "y", "que", "donde"))
"""Behind these a "no" before a number leaves out a date, and does not number a thing, as in "bus
no 5"; behind English ones it does before a year."""
_FORBIDDEN = frozenset(("entry", "exit", "turn", "u-turn", "trespassing"))
_SIGNS = frozenset(("sign", "signs", "symbol", "symbols", "zone", "zones", "area", "areas"))


def is_negation(words: Sequence[Word], place: int, known: Mapping[str, NegativeWords]) -> bool:
    """Whether the word at ``place`` is one of ``known``, and is meant so.

    The last word is none, nor one with a comma: nothing is behind it that could be left out.
    Nor is that of "without a shirt": models know it as a look, and the photos that come near to
    "shirt" are those of people without one, too.
    """
    word = words[place]
    if word.plain not in known or word.comma or place + 1 >= len(words):
        return False
    before, behind = plain_at(words, place - 1), plain_at(words, place + 1)
    if word.plain == "not" and before in _DO:  # a sign says "do not enter"
        return False
    behind_article = plain_at(words, place + 1 + (behind in known[word.plain].articles))
    if behind_article in BARE and word.plain != "not":
        return False
    match word.plain:
        case "sans":
            return before not in _TYPEFACES and behind not in _NOT_SANS
        case "pas":
            return behind == "de" or behind.startswith(("d'", "d\u2019"))
        case "ohne":
            return before != "oben"  # who is topless
        case "noch":
            return "weder" in (one.plain for one in words[:place])
        case "ni":
            return [one.plain for one in words].count("ni") > 1
        case _ if word.plain in EXCEPT:
            return _leaves_out(words, place, known)
        case "no":
            forbids = behind.endswith("ing") or behind in _FORBIDDEN
            is_sign = forbids and plain_at(words, place + 2) in _SIGNS
            is_number = behind.isdecimal() and not _leaves_out_date(words, place)
            return not (is_sign or behind in _NOT_NO or is_number)
    return True


def _leaves_out_date(words: Sequence[Word], place: int) -> bool:
    """Whether the "no" at ``place`` is one before a date's number: "playa, pero no 2019"."""
    before = plain_at(words, place - 1)
    if before in _BEFORE_SPANISH_NO:
        return True
    begins = place == 0 or words[place - 1].comma or before in _BEFORE_NO
    return begins and re.fullmatch(YEAR, plain_at(words, place + 1)) is not None


def _leaves_out(words: Sequence[Word], place: int, known: Mapping[str, NegativeWords]) -> bool:
    """Whether an "except" leaves out a part of what is to be seen.

    Behind "no people" or "nothing" it says what there is. Some words mean it only behind words
    for all photos: "everything but dogs", and not "pictures but in black and white".
    """
    before = [plain_at(words, number) for number in range(place)]
    if not _NOTHING.isdisjoint(before) or any(one in known and one not in EXCEPT for one in before):
        return False
    plain, behind = words[place].plain, plain_at(words, place + 1)
    small = EXCEPT[plain]
    are_photos = set(before) <= EVERYTHING | PHOTOS | small.articles
    if plain == "but":
        is_of_all = are_photos and not EVERYTHING.isdisjoint(before)
        return is_of_all and behind not in small.prepositions | small.the | _ONLY
    is_of_all = are_photos and not (EVERYTHING | PHOTOS).isdisjoint(before)
    return is_of_all or (plain in _ANYWHERE and behind != "for")


def with_but(words: Sequence[Word], place: int) -> int:
    """Where the denial at ``place`` begins, with the "but" or "and" of its language before it:
    "aber nicht in Rom"."""
    small = _DENIALS.get(words[place].plain)
    if small is None or place == 0 or words[place - 1].comma:
        return place
    return place - (words[place - 1].plain in small.buts | small.ands)


def plain_at(words: Sequence[Word], place: int) -> str:
    """The word at ``place`` without what ends a sentence; empty if there is none."""
    return plain_words(words[place])[0] if 0 <= place < len(words) else ""


def plain_words(word: Word) -> list[str]:
    """The words of a word or a text in quotes, in lower case; at least one, which may be empty.

    Quotes change nothing about where a negative ends: what was understood is put into them.
    """
    text = unicodedata.normalize("NFC", word.text.lower())
    return [one.rstrip(".!?;:") for one in text.split()] or [""]


def said_in_full(words: Sequence[Word]) -> list[Word]:
    """The words with "nobody" as "no people", "aren't" as "are not", "do not show" as "not"."""
    return _without_do(_without_contractions(_without_nobody(words)))


def _without_contractions(words: Sequence[Word]) -> list[Word]:
    """The words with "aren't" as two, where it leaves something out: "isn't it lovely" and "don't
    walk" do not."""
    kept: list[Word] = []
    for place, word in enumerate(words):
        match = CONTRACTED.fullmatch(word.plain)
        if match and not word.comma and place + 1 < len(words):
            verb, negation = (word.part(*match.span(number), comma=False) for number in (1, 2))
            parted = [*words[:place], verb, replace(negation, text="not"), *words[place + 1 :]]
            is_do = verb.plain in _DO
            if (is_do and _leaves_out_by_do(parted, place)) or (place > 0 and not is_do):
                kept += parted[place : place + 2]
                continue
        kept.append(word)
    return kept


def _without_do(words: Sequence[Word]) -> list[Word]:
    """The words with no more than "not" of "do not show", "do not" and "not taken"."""
    kept: list[Word] = []
    for place, word in enumerate(words):
        is_verb = word.plain in _SHOW and _leaves_out_by_do(words, place - 2)
        goes_on = place + 1 < len(words) and not word.comma
        if goes_on and _says_no_more(words, place, [one.plain for one in kept[-2:]]):
            continue
        if goes_on and kept and word.plain in _TAKEN and kept[-1].plain in _DENIALS:
            kept[-1] = replace(kept[-1], end=word.end)
            continue
        if not is_verb and not _leaves_out_by_do(words, place):
            kept.append(word)
    return kept


def _says_no_more(words: Sequence[Word], place: int, before: Sequence[str]) -> bool:
    """Whether a word that is not the last says nothing behind a negation: the "me" of "do not show
    me", the "son" of "que no son".

    Args:
        before: the last two words that are left, in lower case.
    """
    plain = words[place].plain
    if plain in _SAID_THERE and before in _QUE_NO:
        return True
    if plain not in _ME or words[place - 1].plain != "show" or words[place + 1].plain in ANDS:
        return False
    return plain_at(words, place - 4) not in _WHO and _leaves_out_by_do(words, place - 3)


def _leaves_out_by_do(words: Sequence[Word], place: int) -> bool:
    """Whether a "do not" is at ``place``, and no order: "that do not bark", "do not show"."""
    around = range(place - 1, place + 3)
    plain = [words[near].plain if 0 <= near < len(words) else "" for near in around]
    before, do, negation, verb = plain
    return do in _DO and negation == "not" and verb != "" and (before in _WHO or verb in _SHOW)


def _without_nobody(words: Sequence[Word]) -> list[Word]:
    """The words with "nobody" and "no one" as "no people"."""
    kept: list[Word] = []
    for word in words:
        if word.plain in NOBODY:
            negation, everybody = NOBODY[word.plain]
            kept.append(replace(word, text=negation, comma=False))
            word = replace(word, text=everybody)
        elif word.plain == "one" and kept and kept[-1].plain == "no":
            word = replace(word, text="people")
        kept.append(word)
    return kept
