"""Example searches, made from what is in the user's own library."""

from __future__ import annotations

import numpy as np

from app.gallery import facets
from app.labels.vocabulary import Vocabulary
from store.columns import Columns
from store.labels import Labels
from store.vectors import Ids

_MOST = 4  # of a kind
_TOO_ALIKE = 0.5
"""Two words are one subject if they share at least this part of the rarer word's photos."""
_BROAD = 60  # a word with this many kinds or more ("animal") is no example of a search


def frequent_words(labels: Labels, vocabulary: Vocabulary) -> list[str]:
    """The names of what most photos show, each a different subject; not what nearly all show."""
    counts = np.bincount(labels.concepts, minlength=len(vocabulary.names))
    for number, shown in vocabulary.narrower.items():
        if len(shown) > _BROAD:
            counts[number] = 0
    chosen: list[tuple[str, Ids]] = []
    for number in np.argsort(-counts, kind="stable").tolist():
        if not counts[number] or len(chosen) == _MOST:
            break
        showing = labels.showing(number)
        shared = [len(np.intersect1d(showing, other)) for _, other in chosen]
        if all(one <= _TOO_ALIKE * counts[number] for one in shared):
            chosen.append((vocabulary.names[number], showing))
    return [name for name, _ in chosen]


def examples(words: list[str], columns: Columns) -> list[str]:
    """Example queries: frequent words, and the places and years with most photos."""
    everything = np.ones(len(columns.ids), np.bool_)
    towns = [name for name, _ in facets.places(columns, everything)[: _MOST // 2]]
    years, counts = np.unique(
        columns.taken[columns.by_camera].astype("datetime64[Y]").astype(str),
        return_counts=True,
    )
    best = years[np.argsort(-counts, kind="stable")][: _MOST // 2].tolist()
    asked = [f'place:"{town}"' if " " in town else f"place:{town}" for town in towns]
    return [*words, *asked, *sorted(best)]
