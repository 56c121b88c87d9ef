"""One list of small words of other languages."""

from __future__ import annotations

from app.languages.small_words import other_words, small_words
from app.query.lexicon import english
from app.search.lexical import stop_words


def test_small_words_say_nothing() -> None:
    assert {"der", "sur", "las", "della", "het", "przy", "ve"} <= small_words() < other_words()
    assert small_words() <= stop_words()


def test_what_says_something_is_none() -> None:
    assert {"pes", "zwei", "van"} <= other_words() - small_words()
    assert not {"pes", "zwei", "van"} & stop_words()
    assert not small_words() & {name for name in english().labels if len(name) > 2}
