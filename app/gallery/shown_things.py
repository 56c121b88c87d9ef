"""What photos show, in a few words: for those who hear of them instead of seeing them."""

from __future__ import annotations

from collections.abc import Iterable

from app.labels.vocabulary import translations
from app.search.searcher import Searcher
from store.errors import ClipsearchError

_MOST = 2  # things that are said of one photo


def shown_by(searcher: Searcher, ids: Iterable[int], language: str) -> dict[int, str]:
    """The likeliest labels of each photo in ``language``, as "dog, beach"; those without are left
    out, and so are all where labels would take long, or the model is gone that gives them."""
    try:
        given = searcher.labels_soon()
    except ClipsearchError:
        return {}
    if given is None:
        return {}
    names = searcher.vocabulary.names
    said = {}
    for id in ids:
        things = [translations.shown(names[number], language) for number, _ in given.of(id)[:_MOST]]
        if things:
            said[id] = ", ".join(things)
    return said
