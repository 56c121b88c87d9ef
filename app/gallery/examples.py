"""Searches to begin with, made from what is in the user's own library."""

from __future__ import annotations

import numpy as np

from app.gallery import facets
from app.gallery.words import WORDS
from app.relevance import STRONG
from app.search import Searcher
from store.catalogue import Catalogue
from store.vectors import Vectors

_MOST = 4  # of a kind
_TOO_ALIKE = 0.5
"""Two words are one subject if they share this much of the photos of the rarer one."""


def frequent_words(searcher: Searcher, sample: Vectors) -> list[str]:
    """The words that most photos of ``sample`` (n, dim) clearly match (zero-shot).

    As in "Learning Transferable Visual Models From Natural Language Supervision" (Radford et al.
    2021, 3.1), a word goes into a prompt.
    """
    everyday = searcher.everyday
    if not len(sample) or not len(everyday):  # the latter: the model is not here any more
        return []
    prompts = searcher.encode_texts([f"a photo of a {word}" for word in WORDS])
    spread = max(float((sample @ everyday.T).std(axis=0).mean()), 1e-6)
    scores = sample @ prompts.T
    clear = (scores - np.median(scores, axis=0)) / spread >= STRONG  # (photos, words)
    counts = clear.sum(axis=0)
    chosen: list[int] = []
    for word in np.argsort(-counts, kind="stable").tolist():
        if not counts[word] or len(chosen) == _MOST:
            break
        shared = [int((clear[:, word] & clear[:, other]).sum()) for other in chosen]
        if all(one <= _TOO_ALIKE * counts[word] for one in shared):
            chosen.append(word)
    return [WORDS[word] for word in chosen]


def examples(words: list[str], catalogue: Catalogue) -> list[str]:
    """Queries: frequent words, the places and years with most photos."""
    everything = np.ones(len(catalogue.ids), np.bool_)
    towns = [name for name, _ in facets.places(catalogue, everything)[: _MOST // 2]]
    years, counts = np.unique(
        catalogue.taken[catalogue.by_camera].astype("datetime64[Y]").astype(str),
        return_counts=True,
    )
    best = years[np.argsort(-counts, kind="stable")][: _MOST // 2].tolist()
    asked = [f'place:"{town}"' if " " in town else f"place:{town}" for town in towns]
    return [*words, *asked, *sorted(best)]
