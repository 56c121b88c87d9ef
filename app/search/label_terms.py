"""Labels in a search: ``label:`` as a filter, and photos that surely show what is searched for.

Most of the built-in labels are given to no photo of a library, and most things have none: then
``label:`` means the photos that clearly match the words, as a search for them says.
"""

from __future__ import annotations

from collections.abc import Callable

from app.labels import vocabulary
from app.labels.library_labels import Labeller, LibraryLabels
from app.labels.vocabulary import Vocabulary, translations
from app.languages.asked import ENGLISH
from app.languages.query_texts import QueryTexts
from app.query.model import Query, Term
from app.search.library_index import LibraryIndex
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


class SaysLabels:
    """What a searcher says of labels; a base of ``app.search.searcher.Searcher``."""

    _labels: LibraryLabels
    _index: LibraryIndex

    @property
    def vocabulary(self) -> Vocabulary:
        return vocabulary.everyday()

    def labels(self) -> GivenLabels:
        """Which everyday concepts each photo shows, as of now.

        Raises:
            ModelError: the model is needed for that and can't be had.
        """
        return self._labels.labels(self._index.vectors())

    def labels_soon(self) -> GivenLabels | None:
        """The labels; None at once if many are yet to be made (in the background) or none can."""
        return self._labels.labels_soon(self._index.vectors())

    @property
    def labeller(self) -> Labeller:
        """What gives the labels.

        Raises:
            ModelError: the model is needed for that and can't be had.
        """
        return self._labels.labeller

    def labels_of(self, content_id: int) -> list[tuple[str, float]]:
        """The labels of one photo (none without the model) and their confidence, 0 to 1."""
        return self._labels.of(content_id, self._index.vectors())
