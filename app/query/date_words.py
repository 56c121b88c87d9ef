"""What dates are called in German, French and Spanish, by languages.

Words are put into English one by one, whatever they stand for there; only what then is a date
counts, and the rest of a query stays as it was typed.
"""

from __future__ import annotations

from functools import cache

from app.query.date_vocabulary import DateWords
from app.query.french_dates import FRENCH
from app.query.german_dates import GERMAN
from app.query.spanish_dates import SPANISH
from app.query.time_spans import MONTHS, SEASONS

_ENGLISH = frozenset((*MONTHS, *SEASONS, "an", "tag", "de", "fin", "weekend", "dec", "debut"))
"""Words for dates that English has too, or that are other words there."""
LANGUAGES = {"de": GERMAN, "fr": FRENCH, "es": SPANISH}


@cache
def words_elsewhere() -> frozenset[str]:
    """The words of dates in all of them: "juillet" is no misspelt "bullet", nor "gestern" one for
    "western"."""
    names = frozenset().union(*map(_every, LANGUAGES.values()))
    return frozenset(word for name in names for word in name.split())


@cache
def known_words(code: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The words by which one sees that a text may have a date in a language, those that English
    has too, which alone show nothing, and the ties."""
    words = LANGUAGES[code]
    parts = frozenset(max(word.split(), key=len) for word in _every(words))  # of "semana santa" one
    common = parts & _ENGLISH
    return parts - common, common, frozenset(words.ties)


def _every(words: DateWords) -> frozenset[str]:
    return frozenset((*words.months, *words.spans, *words.units, *words.others, *words.hints))
