"""Labels in a search: ``label:`` as a filter, and photos that surely show what is searched for.

Most of the built-in labels are given to no photo of a library, and most things have none: then
``label:`` means the photos that clearly match the words, as a search for them says.
"""

from __future__ import annotations

from collections.abc import Callable

from app.labels.vocabulary import Vocabulary
from app.query.model import Query, Term
from store import filters
from store.filters import PhotoFilter
from store.labels import GivenLabels
from store.vectors import Ids


def without_labels(
    filter: PhotoFilter,
    vocabulary: Vocabulary,
    labels: Callable[[], GivenLabels],
    chosen: Callable[[Query], Ids],
) -> PhotoFilter:
    """``filter`` with each label in it replaced by the photos that it means.

    Args:
        labels: gives the library's labels; it is called only if the filter names one.
        chosen: gives the photos that clearly match a query; it is called only for labels that no
            photo has.
    """

    def resolved(one: PhotoFilter) -> PhotoFilter:
        if not isinstance(one, filters.Labelled):
            return one
        number = vocabulary.number_meant(one.label)
        if number is not None and (given := labels()).is_given(number):
            return given.that_show(number)
        return filters.OneOf(tuple(chosen(Query((Term("text", one.label),))).tolist()))

    return filters.mapped(filter, resolved)


def surely_shown(
    query: Query, vocabulary: Vocabulary, labels: Callable[[], GivenLabels | None]
) -> Ids | None:
    """The photos that have the label which the query names, (n,); None if it says anything else."""
    if len(query.terms) != 1 or query.terms[0].negative or query.terms[0].kind != "text":
        return None
    number = vocabulary.number_meant(query.terms[0].value)
    given = None if number is None else labels()
    return None if given is None or number is None else given.showing(number)
