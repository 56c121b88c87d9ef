"""In which language a query is written, told on this machine.

Queries are short, and no statistics tell the language of one word: ``py3langid`` takes half of the
English labels for something else. So words are looked up first. What English has is English, also
where another language has the same word ("gift", "chat"); a name of a label in another language is
in that language; only the rest is left to statistics.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from app.labels import vocabulary
from app.labels.vocabulary import translations
from app.languages.asked import ENGLISH, NAMES
from app.languages.small_words import other_words
from app.query import lexicon
from indexer.encoders.tokenizer import is_one_token

_SCRIPTS = {
    "CJK": ("zh",), "HIRAGANA": ("ja",), "KATAKANA": ("ja",), "HANGUL": ("ko",),
    "CYRILLIC": ("ru", "uk", "bg"), "GREEK": ("el",), "ARABIC": ("ar", "fa"),
    "HEBREW": ("he",), "DEVANAGARI": ("hi",), "BENGALI": ("bn",), "THAI": ("th",),
}  # fmt: skip
_LATIN = tuple(code for code in NAMES if code not in {c for s in _SCRIPTS.values() for c in s})
_NO_LANGUAGE = "zxx"
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_SHORT = 2
"""Words up to which a query may be in the language that a browser hints at."""
_FEW = 3
"""Words up to which one English word tells more than statistics do."""

_FREQUENT = 700
"""So many of the most frequent English words make a query English. Of the first half of Flickr8k's
``dev`` captions and of the first three words of each, 14,000 tell their languages no better, and
labels in other languages worse."""

_ENGLISH_TOO = frozenset(
    ["blonde", "caf\u00e9", "halloween", "handy", "image", "kind", "metro", "piece", "pose"]
)
_ENGLISH_TOO |= {"pull", "rot", "short"}
"""Less frequent ones that labels in other languages have too, and that are English all the same."""

_SHARED = frozenset(
    ["a", "am", "an", "as", "at", "do", "in", "is", "he", "me", "no", "on", "or", "so"]
)
_SHARED |= {"us", "was", "will", "die", "den", "kind", "rot"}
"""English words that say nothing about the language: others have them as well."""


def language_of(text: str, hint: str = "") -> str:
    """The ISO 639-1 code of the language of ``text``; English where nothing tells.

    Args:
        hint: the code of the language that its writer reads, which decides about one or two words
            that are names of labels in that language ("chat" in a French browser).
    """
    if scripts := _scripts(text):
        return _by_script(text, scripts)
    return _by_words(text, hint) or _by_statistics(text, _LATIN)


def is_guess(text: str) -> bool:
    """Whether ``text`` has few words, and nothing but statistics tells their language."""
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) > _FEW or _scripts(text) or _by_words(text, "") is not None:
        return False
    return not _foreign([word for word in words if _plain(word) not in english_words()])


def _by_words(text: str, hint: str) -> str | None:
    """The language that the words of a text in Latin letters have; None where they do not tell."""
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return ENGLISH
    if hint and len(words) <= _SHORT and translations.is_named(text, hint):
        return hint
    english = english_words()
    if all(_plain(word) in english for word in words):
        return ENGLISH
    if named := translations.languages_naming(text):
        return hint if hint in named else named[0]
    others = [word for word in words if _plain(word) not in english]
    if all(is_one_token(word) for word in others) and not _foreign(others):
        return ENGLISH
    sure = [word for word in words if _plain(word) in english_sure()]
    if len(words) <= _FEW and 2 * len(sure) >= len(words) and text.isascii():
        return ENGLISH  # "dog sniffs": statistics would guess
    return None


def _foreign(words: list[str]) -> bool:
    """Whether some of ``words`` are small words of other languages, or words of their labels."""
    folded = {translations.folded(word) for word in words}
    return bool(folded & other_words() or (folded & _words_of_labels()) - english_words())


def english_sure() -> frozenset[str]:
    """English words that no label in another language has, and no small word."""
    return _sure(vocabulary.everyday().names)


@functools.cache
def _sure(labels: tuple[str, ...]) -> frozenset[str]:
    return _english(labels) - _SHARED - _words_of_labels()


@functools.cache
def _words_of_labels() -> frozenset[str]:
    """The words of all labels in other languages, without accents."""
    return frozenset().union(*(translations.words(code) for code in translations.LANGUAGES))


def english_words() -> frozenset[str]:
    """Frequent words of English and those of the labels, also as plurals."""
    return _english(vocabulary.everyday().names)


@functools.cache
def _english(labels: tuple[str, ...]) -> frozenset[str]:
    words = {word for word, rank in lexicon.english().common.items() if rank < _FREQUENT}
    words |= _ENGLISH_TOO
    words |= {word for name in labels for word in _WORD.findall(name)}
    plurals = {f"{word}s" for word in words}
    plurals |= {f"{word}es" for word in words if word.endswith(("s", "x", "ch", "sh", "o"))}
    plurals |= {f"{word[:-1]}ies" for word in words if word.endswith("y")}
    return frozenset(words | plurals)


def _plain(word: str) -> str:
    """Without a possessive ending."""
    return word.replace("\u2019", "'").removesuffix("'s")


def _scripts(text: str) -> set[str]:
    """The scripts of ``text`` other than Latin, where they are most of its letters."""
    letters = [character for character in text if character.isalpha()]
    others = [s for c in letters if (s := unicodedata.name(c, "").split(" ")[0]) in _SCRIPTS]
    return set(others) if 2 * len(others) >= max(1, len(letters)) else set()


def _by_script(text: str, scripts: set[str]) -> str:
    if scripts & {"HIRAGANA", "KATAKANA"}:  # Japanese is written with Chinese characters too
        return "ja"
    candidates = tuple(code for script in sorted(scripts) for code in _SCRIPTS[script])
    return candidates[0] if len(candidates) == 1 else _by_statistics(text, candidates)


def _by_statistics(text: str, languages: tuple[str, ...]) -> str:
    """The likeliest of ``languages`` by the bytes of ``text`` (Lui and Baldwin 2012)."""
    import py3langid

    ranked = [code for code, _ in py3langid.rank(text)]
    if ranked[0] == _NO_LANGUAGE:  # "asdfgh"
        return ENGLISH
    return next((code for code in ranked if code in languages), ENGLISH)
