"""Queries whose answers captions can judge, for ``benchmarks.relevance``.

What is right: for an everyday thing, a photo with a caption that names it, in one of the words of
``benchmarks.negatives.THINGS``; for two things, both; for "X without Y", X and not Y. For a
caption, and for a photo, whose first caption is taken: a photo whose five captions use at least a
third of the words in it that say something, endings aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from pathlib import Path

from timm.data import ImageNetInfo

from app.labels.vocabulary import translations
from app.languages.asked import Asked
from app.query.model import Query, Term
from app.search.relevance import saying
from benchmarks.captioned import read_captions
from benchmarks.negatives import SAME, THINGS

TEMPLATES = (
    "{}",
    "a photo of a {}",
    "a man with a {}",
    "someone holding a {} next to a car",
    "a {} on a table",
    "a dog and a {}",
)
LANGUAGES = {"de": "German", "fr": "French", "cs": "Czech", "zh": "Chinese"}
NAMING = {"de": "German", "fr": "French", "es": "Spanish", "zh": "Chinese"}
"""The languages in which labels have names, so that things can be asked for by one word."""
FEWEST = 5  # photos that must show both of two things
_ENDINGS = ("ing", "ed", "es", "s")


@dataclass(frozen=True)
class Judged:
    """A query, and whether the photo of a file name is right for it; None: no photo is."""

    query: Query
    right: Callable[[str], bool] | None


def words_query(text: str, without: str | None = None) -> Query:
    terms = [Term("text", text)]
    if without:
        terms.append(Term("text", without, negative=True))
    return Query(tuple(terms))


def class_names() -> list[str]:
    info = ImageNetInfo()
    named = (info.index_to_description(i).split(",")[0].lower() for i in range(1000))
    return sorted(set(named))


def absent_names(everything: str) -> list[str]:
    """Class names of which ``everything`` mentions neither all nor the last word."""
    known = set(re.findall(r"[a-z]+", everything))
    last = {name: name.split()[-1] for name in class_names()}
    return [
        name
        for name, word in last.items()
        if not {word, f"{word}s"} & known
        and not re.search(rf"\b{re.escape(name)}(s|es)?\b", everything)
    ]


def absent_things(texts: dict[str, str]) -> dict[str, list[Judged]]:
    """Things that no photo shows, in templates, and by their names in other languages."""
    absent = absent_names(" ".join(texts.values()))
    named = {
        f"absent: X, {language}": [
            Judged(replace(words_query(translations.shown(name, code)), asked=Asked(code)), None)
            for name in absent
            if name in translations.names(code)
        ]
        for code, language in NAMING.items()
    }
    return {
        f"absent: {template.format('X')}": [
            Judged(words_query(template.format(name)), None) for name in absent
        ]
        for template in TEMPLATES
    } | named


def things(texts: dict[str, str]) -> dict[str, list[Judged]]:
    """Everyday things, alone, in other languages, in a template, two at once, and one without
    another."""
    shows = {
        thing: {name for name, text in texts.items() if re.search(rf"\b({words})\b", text)}
        for thing, words in THINGS.items()
    }
    there = [thing for thing in THINGS if len(shows[thing]) >= FEWEST]
    pairs = [
        pair
        for pair in combinations(there, 2)
        if len(shows[pair[0]] & shows[pair[1]]) >= FEWEST and not set(pair) <= SAME
    ]
    apart = [
        (one, other)
        for one, other in permutations(there, 2)
        if len(shows[one] & shows[other]) >= 2 * FEWEST
        and len(shows[one] - shows[other]) >= 2 * FEWEST
        and not {one, other} <= SAME
    ]
    named = {
        f"X, {language}": [
            Judged(
                replace(words_query(translations.shown(one, code)), asked=Asked(code)),
                shows[one].__contains__,
            )
            for one in there
            if one in translations.names(code)
        ]
        for code, language in NAMING.items()
    }
    return {
        "X": [Judged(words_query(one), shows[one].__contains__) for one in there],
        **named,
        "a photo of a X": [
            Judged(words_query(f"a photo of a {one}"), shows[one].__contains__) for one in there
        ],
        "a X and a Y": [
            Judged(words_query(f"a {x} and a {y}"), (shows[x] & shows[y]).__contains__)
            for x, y in pairs
        ],
        "X without Y": [
            Judged(words_query(x, without=y), (shows[x] - shows[y]).__contains__) for x, y in apart
        ],
    }


def captions(rows: Sequence[tuple[str, str]], texts: dict[str, str]) -> list[Judged]:
    """The first caption of each photo, as a query."""
    stems = _stems_of(texts)
    return [Judged(words_query(text), _like(text, stems)) for text in _first(rows).values()]


def translated(
    path: Path, rows: Sequence[tuple[str, str]], texts: dict[str, str], split: str | None
) -> dict[str, list[Judged]]:
    """The first caption of each photo in other languages; what the English one says is right."""
    stems, first = _stems_of(texts), _first(rows)
    groups: dict[str, list[Judged]] = {}
    for code, language in LANGUAGES.items():
        named = path.with_name(f"{path.stem}.{code}.tsv")
        said = _first(read_captions(named, split)) if named.exists() else {}
        groups[f"captions, {language}"] = [
            Judged(replace(words_query(text), asked=Asked(code)), _like(first[name], stems))
            for name, text in said.items()
            if name in first
        ]
    return groups


def pictures(
    rows: Sequence[tuple[str, str]], texts: dict[str, str], ids: dict[str, int]
) -> list[Judged]:
    """Each photo as a query for others like it."""
    stems = _stems_of(texts)
    return [
        Judged(Query((Term("like", str(ids[name])),)), _like(text, stems))
        for name, text in _first(rows).items()
        if name in ids
    ]


def _first(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    first: dict[str, str] = {}
    for name, text in rows:
        first.setdefault(name, text)
    return first


def _like(text: str, stems: dict[str, set[str]]) -> Callable[[str], bool]:
    wanted = {_stem(word) for word in saying(text)}
    return lambda name: 3 * len(wanted & stems[name]) >= len(wanted)


def _stems_of(texts: dict[str, str]) -> dict[str, set[str]]:
    return {name: {_stem(w) for w in re.findall(r"\w+", text)} for name, text in texts.items()}


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending).rstrip("e")
    return word.rstrip("e")
