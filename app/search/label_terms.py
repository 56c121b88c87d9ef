"""Labels in a search: ``label:`` as a filter, and photos that surely show what is searched for."""

from __future__ import annotations

from collections.abc import Callable

from app.labels import vocabulary
from app.labels.vocabulary import Vocabulary, translations
from app.languages.asked import ENGLISH
from app.languages.query_texts import QueryTexts
from app.query.model import Query
from store import filters
from store.filters import PhotoFilter
from store.labels import GivenLabels
from store.vectors import Ids


def without_labels(
    filter: PhotoFilter, vocabulary: Vocabulary, labels: Callable[[], GivenLabels]
) -> PhotoFilter:
    """``filter`` with each label in it replaced by the photos that have the label.

    Args:
        labels: gives the library's labels; it is called only if the filter names one.
    """

    def resolved(one: PhotoFilter) -> PhotoFilter:
        if not isinstance(one, filters.Labelled):
            return one
        number = vocabulary.number(one.label)
        return filters.OneOf(()) if number is None else labels().that_show(number)

    return filters.mapped(filter, resolved)


def surely_shown(
    query: Query, labels: Callable[[], GivenLabels | None], texts: QueryTexts
) -> Ids | None:
    """The photos that have the label which the query names, (n,); None if it says anything else.

    Args:
        texts: tells in which language the query is read.
    """
    if len(query.terms) != 1 or query.terms[0].negative or query.terms[0].kind != "text":
        return None
    text = query.terms[0].value
    code = texts.language(text, query.asked)
    meant = text if code == ENGLISH else translations.meant_by(text, code)
    number = vocabulary.everyday().number_meant(meant) if meant else None
    given = None if number is None else labels()
    return None if given is None or number is None else given.showing(number)
