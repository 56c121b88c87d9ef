"""Query -> embeddings -> candidate ids and filter -> hits. No printing, no page."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from app.labels import vocabulary
from app.labels.library_labels import Labeller, LibraryLabels
from app.labels.vocabulary import Vocabulary
from app.query.model import Query, Term
from app.search import scoring
from app.search.bursts import collapse
from app.search.hits import hits_of
from app.search.ranking import Ranking
from app.search.relevance import PROMPTS, Yardstick
from app.search.results import Hit, Results, Sort
from app.search.term_vectors import TermVectors
from app.text import absolute
from indexer.encoders.encoder import Encoder
from store import filters
from store.errors import ModelUnavailable
from store.filters import PhotoFilter
from store.index_sync import OpenedIndex
from store.labels import Labels
from store.library import Library
from store.sql.filter_sql import Order
from store.values import ModelInfo
from store.vectors import Ids, VectorIndex, Vectors

_CHOSEN = 10_000  # photos


@dataclass(frozen=True)
class _Opened:
    index: OpenedIndex

    @cached_property
    def sample(self) -> Vectors:
        """Some of its vectors, (m, dim): what is usual in this library."""
        ids = self.index.index.ids()
        step = max(1, len(ids) // scoring.SAMPLE)
        return self.index.index.vectors(ids[::step][: scoring.SAMPLE])


class Searcher:
    """Searches one library with the model that it was indexed with; safe to share by threads.

    Args:
        cache: a folder for what is the same for all libraries; default: the library's own.
    """

    def __init__(
        self, library: Library, model: ModelInfo, encoder: Encoder, cache: Path | None = None
    ) -> None:
        self.library = library
        self.model = model
        self._encoder = encoder
        self._opened: _Opened | None = None
        self._lock = threading.Lock()
        self._labels = LibraryLabels(
            library, model, encoder, vocabulary.everyday, cache or library.folder
        )
        self._terms = TermVectors(library, model, encoder, self._index, lambda: self._open().sample)

    def close(self) -> None:
        """Close the library."""
        self.library.close()

    def __enter__(self) -> Searcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def count(self) -> int:
        """How many different pictures can be found."""
        return len(self._index())

    def left_out(self) -> int:
        """How many pictures can't be found by what they show, because their vectors are damaged."""
        return self._open().index.left_out

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
            sort: the order of those photos. A query of filters alone lists all that meet them
                by date, the newest first, or by name.
            min_score: leave out what scores less.
            bursts: let the best photo of a burst stand for all of it.

        Raises:
            QueryError: a picture of the query can't be read or found.
        """
        bursts_by_id: dict[int, tuple[Path, ...]] = {}
        if query.terms:
            ranking = self.ranking(query)
            if bursts:
                ids, scores, bursts_by_id = self._best_of_bursts(ranking, limit + offset)
            else:
                ids, scores = ranking.best(limit + offset)
            if min_score is not None:
                ids, scores = ids[scores >= min_score], scores[scores >= min_score]
        else:
            order: Order = "name" if sort == "name" else "date"
            ids = self.matching(query.filter, order)
            scores = np.zeros(len(ids), np.float32)
        part = slice(offset, offset + limit)
        ids, scores = ids[part], scores[part]
        strengths = ranking.strengths(ids) if query.terms else [None] * len(ids)
        meant = query.filter and self._resolved(query.filter)
        hits = hits_of(self.library, meant, ids, scores, strengths, bursts_by_id)
        if query.terms and sort == "date":
            hits.sort(key=lambda hit: hit.taken_at, reverse=True)
        elif query.terms and sort == "name":
            hits.sort(key=lambda hit: hit.path)
        return Results(query, hits, self.cuts(query))

    def cuts(self, query: Query) -> bool:
        """Whether some text of ``query`` is longer than the model reads."""
        return any(self._encoder.truncates(t.value) for t in query.terms if t.kind == "text")

    @property
    def engine(self) -> str:
        """What computes the vectors; see ``Encoder``."""
        return self._encoder.engine

    @property
    def logit_scale(self) -> float:
        """Of the model; see ``Encoder``."""
        return self._encoder.logit_scale

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """The embeddings of ``texts`` (n,): (n, dim)."""
        return self._encoder.encode_texts(texts)

    def hits(self, content_ids: Ids) -> list[Hit]:
        """Photos by id, as a search gives them back, without scores; unknown ids are left out."""
        none: list[None] = [None] * len(content_ids)
        return hits_of(
            self.library, None, content_ids, np.zeros(len(content_ids), np.float32), none, {}
        )

    def similar(
        self,
        picture: Path | int,
        limit: int = 10,
        *,
        bursts: bool = True,
        within: PhotoFilter | None = None,
    ) -> Results:
        """The photos most like a picture: any file, or an indexed photo by its path or id.

        ``within``: what they have to meet.

        Raises:
            QueryError: the picture can't be read, or there is none with this id.
        """
        known = isinstance(picture, int) or self.library.contents_at(absolute(picture))
        term = Term("like" if known else "image", str(picture))
        return self.search(Query((term,), within), limit, bursts=bursts)

    # -- ranking --------------------------------------------------------------------------------

    def ranking(self, query: Query) -> Ranking:
        """What ranks the photos for ``query``, by the index as of now.

        Raises:
            QueryError: a picture of the query can't be read or found.
        """
        opened = self._open()
        return Ranking(
            query,
            self._terms.vectors(query.terms),
            {id for term in query.positives for id in self._terms.contents(term)},
            self.matching(query.filter) if query.filter else None,
            opened.index.index,
            opened.sample,
            Yardstick(opened.sample, self.everyday),
            self._sure_of(query),
        )

    def _sure_of(self, query: Query) -> Ids | None:
        """The photos labelled with what the query says, if it says no more than a label does."""
        if len(query.terms) != 1 or query.terms[0].negative or query.terms[0].kind != "text":
            return None
        number = self.vocabulary.meant(query.terms[0].value)
        labels = None if number is None else self._labels.at_hand(self._index())
        return None if labels is None or number is None else labels.showing(number)

    def _best_of_bursts(
        self, ranking: Ranking, wanted: int
    ) -> tuple[Ids, Vectors, dict[int, tuple[Path, ...]]]:
        """The best photo of each burst, its score, and the paths that it stands for, by id."""
        asked = 2 * wanted
        while True:
            ids, scores = ranking.best(asked)
            ids, scores = ids[:asked], scores[:asked]
            photos = self.library.photos_of(ids.tolist())
            first = [photos[id][0] if id in photos else None for id in ids.tolist()]
            times = [one.facts.taken_at if one and one.facts else None for one in first]
            groups = collapse(times, ranking.index.vectors(ids))
            if len(groups) >= wanted or len(ids) < asked:
                break
            asked *= 2
        leaders = np.array([group[0] for group in groups], np.int64)
        bursts = {
            int(ids[group[0]]): tuple(one.path for place in group[1:] if (one := first[place]))
            for group in groups
        }
        return ids[leaders], scores[leaders], bursts

    @property
    def sample(self) -> Vectors:
        """Some of the library's vectors, (m, dim): what is usual in it."""
        return self._open().sample

    @cached_property
    def everyday(self) -> Vectors:
        """What everyday words say, (p, dim); none without the model: pictures do without."""
        try:
            return self._encoder.encode_texts(PROMPTS)
        except ModelUnavailable:
            return np.empty((0, self.model.dim), np.float32)

    def chosen(self, query: Query) -> Ids:
        """The photos that meet the filters of ``query`` and, where it says what to look for,
        clearly match (the best ``_CHOSEN`` of them)."""
        if not query.terms:
            return self.matching(query.filter)
        found = self.search(query, _CHOSEN, bursts=False).hits
        return np.array([hit.id for hit in found if hit.relevance != "weak"], np.int64)

    def matching(self, filter: PhotoFilter | None, order: Order = "id") -> Ids:
        """The photos that meet ``filter``; see ``Library.matching``.

        Raises:
            ModelError: it asks for a label, and there are none without the model.
        """
        return self.library.matching(self.model, filter and self._resolved(filter), order)

    def _resolved(self, filter: PhotoFilter) -> PhotoFilter:
        """With the photos that have a label in the place of that label."""
        match filter:
            case filters.All(inner):
                return filters.All(tuple(map(self._resolved, inner)))
            case filters.Any(inner):
                return filters.Any(tuple(map(self._resolved, inner)))
            case filters.Not(one):
                return filters.Not(self._resolved(one))
            case filters.Labelled(name):
                number = self.vocabulary.number(name)
                shown = [] if number is None else self.labels().showing(number).tolist()
                return filters.OneOf(tuple(shown))
        return filter

    # -- labels ---------------------------------------------------------------------------------

    @property
    def vocabulary(self) -> Vocabulary:
        return vocabulary.everyday()

    def labels(self) -> Labels:
        """Which everyday concepts each photo shows, as of now.

        Raises:
            ModelError: the model is needed for that and can't be had.
        """
        return self._labels.labels(self._index())

    def labels_soon(self) -> Labels | None:
        """The same without waiting: None while many photos have no labels yet, or if they can't
        be had. They are made in the background."""
        return self._labels.soon(self._index())

    @property
    def labeller(self) -> Labeller:
        """What gives the labels.

        Raises:
            ModelError: the model is needed for that and can't be had.
        """
        return self._labels.labeller

    def labels_of(self, content_id: int) -> list[tuple[str, float]]:
        """Those of one photo, the likeliest first, with how sure they are; see ``labels``."""
        names = self.vocabulary.names
        return [(names[number], sure) for number, sure in self.labels().of(content_id)]

    def vector(self, content_id: int) -> Vectors | None:
        """The embedding (dim,) of an indexed photo; None if there is none."""
        try:
            found: Vectors = self.library.vectors(self.model, np.array([content_id], np.int64))[0]
        except KeyError:
            return None
        return found

    def encode_file(self, path: Path, what: str) -> Vectors:
        """The embedding (dim,) of any picture file; see ``TermVectors``."""
        return self._terms.encode_file(path, what)

    def _index(self) -> VectorIndex:
        return self._open().index.index

    def _open(self) -> _Opened:
        """The index as of now: an indexing run in another process shows up at once."""
        with self._lock:
            if self._opened is None or self._opened.index.generation != self.library.generation():
                self._opened = _Opened(self.library.index(self.model))
            return self._opened
