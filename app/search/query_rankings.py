"""What ranks the photos of one library for a query, made from all that a score is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from app.labels import vocabulary
from app.labels.library_labels import LibraryLabels
from app.query.model import Query
from app.search import scoring
from app.search.any_ranking import AnyRanking
from app.search.label_terms import surely_shown
from app.search.lexical import name_matches, nearest_to
from app.search.library_hubs import LibraryHubs
from app.search.library_index import IndexNow, LibraryIndex
from app.search.ranking import Ranking
from app.search.relevance import Kind, encode_prompts, kind_of
from app.search.term_vectors import TermVectors
from indexer.encoders.encoder import Encoder
from store.filters import NOT_HIDDEN, PhotoFilter
from store.filters import Any as AnyFilter
from store.hidden_filters import speaks_of_hidden
from store.library import Library
from store.values import ModelInfo
from store.vectors import Vectors, VectorSearch


@dataclass(frozen=True)
class QueryRankings:
    """Makes rankings of one library; safe to share by threads.

    Args:
        cache: a folder for what is the same for all libraries.
        resolved: see ``SaysLabels.resolved``.
    """

    library: Library
    model: ModelInfo
    encoder: Encoder
    cache: Path
    index: LibraryIndex
    terms: TermVectors
    labels: LibraryLabels
    hubs: LibraryHubs
    resolved: Callable[[PhotoFilter | None], PhotoFilter | None]

    def ranking(self, query: Query, *, by_names: bool = True) -> Ranking | AnyRanking:
        """See ``Searcher.ranking``."""
        index = self.index.now()
        alternatives = query.alternatives
        if len(alternatives) == 1:
            return self.single(query, index, by_names=by_names)
        widest = query.widest
        if widest is None:  # all that are shown, and the hidden ones that some ask for
            filters = dict.fromkeys(one.filter for one in alternatives)
            asking = [one for one in filters if one is not None and speaks_of_hidden(one)]
            widest = AnyFilter((NOT_HIDDEN, *asking)) if asking else None
        return AnyRanking(
            alternatives,
            [self.single(one, index, by_names=by_names) for one in alternatives],
            self.narrowed(index, widest),
        )

    def single(self, query: Query, index: IndexNow, *, by_names: bool = True) -> Ranking:
        """What ranks the photos for a query without an OR."""
        kind = self.kind(query)
        # Hubs are near to texts: for pictures nothing is taken off.
        hubs = self.hubs.soon(index) if kind != "picture" and query.positives else None
        results = self.narrowed(index, query.filter)
        vectors = self.terms.vectors(query.terms, query.asked)
        positive = scoring.looked_for(query, vectors, index.sample)
        names, sure = None, None
        if by_names:
            near = partial(nearest_to, positive, results)
            names = name_matches(self.library, query, len(index.vectors), near)
            sure = surely_shown(query, lambda: self.labels.ready(index.vectors), self.terms.texts)
        return Ranking(
            query,
            vectors=vectors,
            positive=positive,
            shown={id for term in query.positives for id in self.terms.contents(term)},
            index=index.at_best_moments(results, positive),
            sample=index.sample,
            yardstick=index.yardstick(self.everyday, hubs),
            kind=kind,
            hubs=hubs,
            names=names,
            sure=sure,
        )

    def kind(self, query: Query) -> Kind:
        """See ``kind_of``."""
        language_of = partial(self.terms.texts.language, asked=query.asked)
        return kind_of(query, vocabulary.everyday(), language_of)

    @cached_property
    def everyday(self) -> Vectors:
        """What everyday words say, (p, dim); none without the model: pictures do without."""
        return encode_prompts(self.encoder, self.model, self.cache)

    def narrowed(self, index: IndexNow, filter: PhotoFilter | None) -> VectorSearch:
        """The photos among which a query with ``filter`` looks."""
        wanted = self.resolved(filter)
        if wanted is None:
            return index.vectors
        return self.library.narrowed(self.model, index.vectors, wanted)
