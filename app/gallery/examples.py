"""Example searches, made from what is in the user's own library."""

from __future__ import annotations

from collections.abc import Mapping

from app.gallery import facets
from app.labels.vocabulary import Vocabulary
from store.catalogue import PhotoSet
from store.labels import GivenLabels

_MOST = 4  # of a kind
_TOO_ALIKE = 0.5
"""Two words are one subject if they share at least this part of the rarer word's photos."""
_BROAD = 60  # a word with this many kinds or more ("animal") is no example of a search


def frequent_words(
    labels: GivenLabels, counted: Mapping[int, int], vocabulary: Vocabulary
) -> list[str]:
    """The names of what most photos show, each a different subject; not what nearly all show.

    Args:
        counted: how many photos show each concept, by its number.
    """
    broad = {number for number, shown in vocabulary.narrower.items() if len(shown) > _BROAD}
    counts = {number: n for number, n in counted.items() if number not in broad}
    chosen: list[int] = []
    for number in sorted(counts, key=lambda one: (-counts[one], one)):
        if len(chosen) == _MOST:
            break
        shared = (labels.showing_both(number, other) for other in chosen)
        if all(one <= _TOO_ALIKE * counts[number] for one in shared):
            chosen.append(number)
    return [vocabulary.names[number] for number in chosen]


def examples(words: list[str], photos: PhotoSet) -> list[str]:
    """Example queries: frequent words, and the places and years with most photos."""
    towns = [name for name, _ in facets.places(photos.counts("place"))[: _MOST // 2]]
    years = photos.counts("year")
    best = sorted(years, key=lambda year: (-years[year], year))[: _MOST // 2]
    asked = [f'place:"{town}"' if " " in town else f"place:{town}" for town in towns]
    return [*words, *asked, *sorted(best)]
