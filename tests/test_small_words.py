"""One list of small words of other languages."""

from __future__ import annotations

from pathlib import Path

from app.languages import small_words as small_words_module
from app.languages.small_words import other_words, small_words
from app.query.lexicon import english
from app.search.lexical import stop_words


def test_small_words_say_nothing() -> None:
    assert {"der", "sur", "las", "della", "het", "przy", "ve"} <= small_words() < other_words()
    assert small_words() <= stop_words()


def test_what_is_like_english_is_no_english_word() -> None:
    """Nobody who types a word of English should be told that it is another."""
    alike = {"alpen", "factura", "vacances"}
    assert alike <= other_words() and not alike & small_words()
    sections = (Path(small_words_module.__file__).parent / "small_words.txt").read_text("utf-8")
    words = sections.split("[like English]")[1].split()
    assert [word for word in words if english().is_word(word)] == []


def test_what_says_something_is_none() -> None:
    assert {"pes", "zwei", "van"} <= other_words() - small_words()
    assert not {"pes", "zwei", "van"} & stop_words()
    assert not small_words() & {name for name in english().labels if len(name) > 2}
