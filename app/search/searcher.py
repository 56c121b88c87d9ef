"""Query -> embeddings -> ranked ids -> hits. No printing, no page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.labels.library_labels import labels_of_library
from app.languages.query_texts import QueryTexts
from app.query.liked import Liked
from app.query.model import Query, Term
from app.search.any_ranking import AnyRanking
from app.search.hits import hits_of
from app.search.hubs import HubMeter
from app.search.label_terms import SaysLabels
from app.search.library_hubs import hubs_of_library
from app.search.library_index import LibraryIndex
from app.search.query_rankings import QueryRankings
from app.search.ranked import LibraryMoments, Ranked, listed, ranked
from app.search.ranking import Ranking
from app.search.relevance import Kind
from app.search.results import Results, Sort
from app.search.term_vectors import TermVectors
from app.text import absolute
from indexer.encoders.encoder import Encoder
from store.catalogue import Moments
from store.filters import PhotoFilter
from store.library import Library
from store.sql.filter_sql import Order
from store.values import ModelInfo
from store.vectors import Ids, Vectors, VectorSearch


class Searcher(SaysLabels):
    """Searches one library with the model that it was indexed with; safe to share by threads.

    Args:
        cache: a folder for what is the same for all libraries; default: the library's own.
        texts: encodes the words of queries; default: by ``encoder``, and the head of its model.
    """

    def __init__(
        self,
        library: Library,
        model: ModelInfo,
        encoder: Encoder,
        cache: Path | None = None,
        texts: QueryTexts | None = None,
    ) -> None:
        self.library = library
        self.model = model
        self._encoder = encoder
        self._cache = cache or library.folder
        self._index = LibraryIndex(library, model)
        self._labels = labels_of_library(library, model, encoder, self._cache)
        self._hubs = hubs_of_library(library, model, encoder, self._cache)
        self.texts = texts or QueryTexts(model, encoder)
        self._terms = TermVectors(library, model, encoder, self._index, self.texts)
        self._rankings = QueryRankings(
            library,
            model,
            encoder,
            self._cache,
            index=self._index,
            terms=self._terms,
            labels=self._labels,
            hubs=self._hubs,
            resolved=self.resolved,
        )

    def close(self) -> None:
        """Close the library; what is measured in the background ends before."""
        self._hubs.close()
        self.library.close()

    def __enter__(self) -> Searcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def count(self) -> int:
        """How many different pictures can be found, without asking for hidden ones."""
        return len(self._rankings.narrowed(self._index.now(), None))

    def index(self) -> VectorSearch:
        """The vectors of all photos, as of now."""
        return self._index.vectors()

    def at_best_moments(self, positive: Vectors | None) -> VectorSearch:
        """As ``index``, with videos where they are nearest to ``positive`` (dim,)."""
        now = self._index.now()
        return now.at_best_moments(now.vectors, positive)

    def left_out(self) -> int:
        """How many pictures can't be found by their looks: their vectors are damaged."""
        return self._index.now().opened.left_out

    def search(
        self,
        query: Query,
        limit: int = 10,
        *,
        offset: int = 0,
        sort: Sort = "score",
        min_score: float | None = None,
        bursts: bool = True,
    ) -> Results:
        """Up to ``limit`` photos for ``query``, after ``offset`` better ones.

        Args:
            sort: the order of those photos. Filters alone list all that meet them by date, the
                newest first, or by name.
            min_score: leave out what scores less.
            bursts: let the best photo of a burst stand for all of it.

        Raises:
            QueryError: a picture of the query can't be read or found.
        """
        order: Order = "name" if sort == "name" else "date"
        ranked = self.ranked(query, limit + offset, bursts=bursts, order=order)
        if query.terms and min_score is not None:
            ranked = ranked.at(ranked.scores >= min_score)
        ranked = ranked.at(slice(offset, offset + limit))
        hits = hits_of(self.library, ranked, query.widest and self.resolved(query.widest))
        if query.terms and sort == "date":
            hits.sort(key=lambda hit: hit.taken_at, reverse=True)
        elif query.terms and sort == "name":
            hits.sort(key=lambda hit: hit.path)
        return Results(query, hits, self.cuts(query))

    def ranked(
        self,
        query: Query,
        limit: int | None = None,
        *,
        bursts: bool = True,
        order: Order = "id",
        moments: Moments | None = None,
    ) -> Ranked:
        """The results of ``query`` as ids, and which photos clearly match; see ``Ranked``.

        Args:
            limit: how many results at most; None for all that match, and some weaker ones.
            order: of a query of filters alone; see ``Library.matching``.
            moments: when photos were taken, if the caller has it at hand.

        Raises:
            QueryError: a picture of the query can't be read or found.
        """
        if not query.terms:
            return listed(query, self.matching(query.filter, order, limit))
        when = (moments or LibraryMoments(self.library)) if bursts else None
        return ranked(query, self.ranking(query), limit, when)

    def cuts(self, query: Query) -> bool:
        """Whether some text of ``query`` is longer than the model reads."""
        return any(self.texts.truncates(text, query.asked) for text in query.texts)

    @property
    def engine(self) -> str:
        """See ``Encoder``."""
        return self._encoder.engine

    @property
    def logit_scale(self) -> float:
        """See ``Encoder``."""
        return self._encoder.logit_scale

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """The embeddings of ``texts`` (n,): (n, dim)."""
        return self._encoder.encode_texts(texts)

    def similar(
        self,
        picture: Path | int | Liked,
        limit: int = 10,
        *,
        bursts: bool = True,
        within: PhotoFilter | None = None,
    ) -> Results:
        """The photos of ``within`` most like a picture: any file, or an indexed one's path or id,
        or a moment of an indexed video.

        Raises:
            QueryError: the picture can't be read, or there is none with this id.
        """
        is_indexed = not isinstance(picture, Path) or self.library.contents_at(absolute(picture))
        query = Query((Term("like" if is_indexed else "image", str(picture)),), within)
        return self.search(query, limit, bursts=bursts)

    def prepare(self, query: Query) -> None:
        """Encode the texts of ``query`` ahead, with those of whoever else asks now; may raise."""
        self._terms.prepare(query.every_term, query.asked)

    def ranking(self, query: Query, *, by_names: bool = True) -> Ranking | AnyRanking:
        """What ranks the photos for ``query``, by the index as of now; names and labels of photos
        count only if ``by_names`` says so.

        Raises:
            QueryError: a picture of the query can't be read or found.
        """
        return self._rankings.ranking(query, by_names=by_names)

    def kind(self, query: Query) -> Kind:
        """See ``kind_of``; of a query without an OR."""
        return self._rankings.kind(query)

    def chosen(self, query: Query) -> Ids:
        """The photos that meet the filters of ``query`` and clearly match its words, (n,)."""
        return self.ranked(query, bursts=False).matching

    def matching(
        self, filter: PhotoFilter | None, order: Order = "id", limit: int | None = None
    ) -> Ids:
        """The ids of the photos that meet ``filter``, (n,); see ``Library.matching``.

        Raises:
            ModelError: it asks for a label, and there are none without the model.
        """
        return self.library.matching(self.model, self.resolved(filter), order, limit)

    def is_met(self, filter: PhotoFilter) -> bool:
        """Whether some photo meets ``filter``; raises as ``matching`` does."""
        return len(self.matching(filter, limit=1)) > 0

    @property
    def hub_meter(self) -> HubMeter:
        """What measures photos; see ``app.search.hubs``. Raises as ``catch_up`` does."""
        return self._hubs.meter

    def catch_up(self) -> None:
        """Derive for new photos what searches use beside their vectors, so that none waits for it.

        Raises:
            ModelError: the model is needed for that and can't be had.
        """
        self.labels()
        self._hubs.all(self._index.now())

    def vector(self, content_id: int) -> Vectors | None:
        """The embedding (dim,) of an indexed photo; None if there is none."""
        return self._terms.vector(content_id)

    def encode_file(self, path: Path, what: str) -> Vectors:
        """The embedding (dim,) of any picture file; see ``TermVectors``."""
        return self._terms.encode_file(path, what)
