"""Which words of a phrase say that something is not to be seen: "no", but not "no longer"."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.query.negative_words import BARE, EVERYTHING, EXCEPT, NOBODY, PHOTOS, NegativeWords
from app.query.phrases import Word

_TYPEFACES = frozenset(("comic", "noto", "open", "gill", "pt", "fira", "source", "dejavu"))
_NOT_SANS = frozenset(("serif", "souci"))
_NOT_NO = frozenset(("longer", "more", "matter", "doubt"))
_ANYWHERE = frozenset(("except", "excluding", "excepté", "excepto"))
"""Those of ``EXCEPT`` that mean it behind any words: "animals except dogs"."""
_NOTHING = frozenset(("nothing", "nichts", "rien", "nada"))
_ONLY = frozenset(("only", "also", "not", "for", "one", "me", "us", "him", "her", "dead"))
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
        case _ if word.plain in EXCEPT:
            return _leaves_out(words, place, known)
        case "no":
            forbids = behind.endswith("ing") or behind in _FORBIDDEN
            is_sign = forbids and plain_at(words, place + 2) in _SIGNS
            return not (is_sign or behind in _NOT_NO or behind.isdecimal())
    return True


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


def plain_at(words: Sequence[Word], place: int) -> str:
    """The word at ``place`` without what ends a sentence; empty if there is none."""
    return plain_words(words[place])[0] if 0 <= place < len(words) else ""


def plain_words(word: Word) -> list[str]:
    """The words of a word or a text in quotes, in lower case; at least one, which may be empty.

    Quotes change nothing about where a negative ends: what was understood is put into them.
    """
    text = unicodedata.normalize("NFC", word.text.lower())
    return [one.rstrip(".!?;:") for one in text.split()] or [""]


def without_nobody(words: Sequence[Word]) -> list[Word]:
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
