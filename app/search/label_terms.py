"""Labels in a search: ``label:`` as a filter, and photos that surely show what is searched for.

A label is given only where the labeller is sure, and many a photo of a cat is not among those. So
``label:cat`` means the photos that have the label and those that strongly match its word; where no
photo has it, and for things that are no label, those that clearly match.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from app.labels import vocabulary
from app.labels.labeller import Labeller
from app.labels.library_labels import LibraryLabels
from app.labels.vocabulary import Vocabulary, translations
from app.languages.asked import ENGLISH, Asked
from app.languages.query_texts import QueryTexts
from app.query.model import Query, Term
from app.search.any_ranking import AnyRanking
from app.search.library_index import IndexNow, LibraryIndex
from app.search.ranking import Ranking
from store import filters
from store.errors import ModelError
from store.filters import EVERY_PHOTO, PhotoFilter
from store.hidden_filters import without_hidden
from store.labels import GivenLabels
from store.library import Library
from store.vectors import Ids

_MOST_OF_A_SERVER = 2_000
"""Of a library on a server, the photos nearest to a label's word among which strong matches are
looked for: the vector of each is read from there."""


class LabelFilters:
    """Replaces each label in filters by the photos that it means.

    Args:
        labels: gives the library's labels; it is called only if a filter names one.
        strong: gives the photos that strongly match the name of a label by what is to be seen.
        chosen: gives the photos that clearly match a query.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        labels: Callable[[], GivenLabels],
        strong: Callable[[str], Ids],
        chosen: Callable[[Query], Ids],
    ) -> None:
        self._vocabulary, self._labels = vocabulary, labels
        self._strong, self._chosen = strong, chosen

    def without_labels(self, filter: PhotoFilter) -> PhotoFilter:
        """``filter`` with each label in it replaced."""
        return filters.mapped(filter, self._meaning)

    def given(self, filter: PhotoFilter) -> PhotoFilter:
        """The same, where a label means only the photos that have it."""
        return filters.mapped(filter, lambda one: self._given(one) or self._none(one))

    def by_words(self, number: int) -> Ids:
        """The photos that a label means without having it, and perhaps some that do, (n,)."""
        try:
            return self._strong(self._vocabulary.names[number])
        except ModelError:  # the model is gone: then only labels count
            return np.empty(0, np.int64)

    def _meaning(self, one: PhotoFilter) -> PhotoFilter:
        if not isinstance(one, filters.Labelled):
            return one
        shown = self._given(one)
        if shown is None:
            return filters.OneOf(
                tuple(self._chosen(Query((Term("text", one.label),), EVERY_PHOTO)).tolist())
            )
        also = self.by_words(self._vocabulary.number_meant(one.label) or 0)
        if isinstance(shown, filters.OneOf):
            return filters.OneOf(tuple(np.union1d(shown.content_ids, also).astype(int).tolist()))
        return filters.Any((shown, filters.OneOf(tuple(also.tolist()))))

    def _given(self, one: PhotoFilter) -> PhotoFilter | None:
        """The photos that have the label; None if none has."""
        if not isinstance(one, filters.Labelled):
            return None
        number = self._vocabulary.number_meant(one.label)
        if number is None or not (given := self._labels()).is_given(number):
            return None
        return given.that_show(number)

    def _none(self, one: PhotoFilter) -> PhotoFilter:
        return filters.OneOf(()) if isinstance(one, filters.Labelled) else one


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

    library: Library
    _labels: LibraryLabels
    _index: LibraryIndex
    _strong: tuple[IndexNow, dict[str, Ids]] | None = None

    def ranking(self, query: Query, *, by_names: bool = True) -> Ranking | AnyRanking:
        """See ``Searcher``."""
        raise NotImplementedError

    def chosen(self, query: Query) -> Ids:
        """See ``Searcher``."""
        raise NotImplementedError

    @property
    def vocabulary(self) -> Vocabulary:
        return vocabulary.everyday()

    @cached_property
    def label_filters(self) -> LabelFilters:
        """What a label means as a filter."""
        return LabelFilters(self.vocabulary, self.labels, self.strong, self.chosen)

    def resolved(self, filter: PhotoFilter | None) -> PhotoFilter | None:
        """``filter`` as the library can answer it: without labels, and without hidden photos that
        it does not ask for; see ``store.hidden_filters``.

        Raises:
            ModelError: it asks for a label, and there are none without the model.
        """
        if filter == EVERY_PHOTO:
            return None
        if self.library.user_data.hidden_revision() is not None:
            filter = without_hidden(filter)
        return filter and self.label_filters.without_labels(filter)

    def strong(self, word: str) -> Ids:
        """The photos, also hidden ones, that strongly match an English word by what is to be seen,
        (n,).

        Names of files and tags don't count, nor do labels. Kept until the library changes.

        Raises:
            ModelError: the model is needed for that and can't be had.
        """
        now, kept = self._index.now(), self._strong
        if kept is None or kept[0] is not now:
            self._strong = kept = now, {}
        if word not in kept[1]:
            ranking = self.ranking(
                Query((Term("text", word),), EVERY_PHOTO, asked=Asked(ENGLISH)), by_names=False
            )
            assert isinstance(ranking, Ranking)  # it is one word
            most = _MOST_OF_A_SERVER if self.library.shares_labels else None
            strong = ranking.strong(most)
            if not ranking.has_hubs:  # they are still being measured: the next time says more
                return strong
            kept[1][word] = strong
        return kept[1][word]

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
