"""Query -> embeddings -> candidate ids and filter -> hits. No printing, no page."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np

from app import scoring
from app.bursts import collapse
from app.query import Query, Term
from app.relevance import PROMPTS, Yardstick
from app.results import Hit, Results, Sort
from app.term_vectors import TermVectors
from indexer.encoder import Encoder
from store.derived import OpenedIndex
from store.library import Library, is_online
from store.records import ModelInfo, PhotoInfo
from store.vectors import Ids, VectorIndex, Vectors

_CANDIDATES = 5_000
"""Photos that negatives are weighed for: the nearest ones by what is searched for."""


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
    """Searches one library with the model that it was indexed with; safe to share by threads."""

    def __init__(self, library: Library, model: ModelInfo, encoder: Encoder) -> None:
        self.library = library
        self.model = model
        self._encoder = encoder
        self._opened: _Opened | None = None
        self._lock = threading.Lock()
        self._terms = TermVectors(library, model, encoder, self._index, self.sample)

    def count(self) -> int:
        """How many different pictures can be found."""
        return len(self._index())

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
        opened = self._open()  # one index for all of it, whatever a run in another process does
        positive: Vectors | None = None
        others: dict[int, list[int]] = {}
        if query.terms and bursts:
            ids, scores, positive, others = self._ranked_bursts(query, limit + offset, opened)
        elif query.terms:
            ids, scores, positive = self.ranked(query, limit + offset, opened)
        else:
            order: Literal["date", "name"] = "name" if sort == "name" else "date"
            ids = self.library.matching(self.model, query.filter, order)
            scores = np.zeros(len(ids), np.float32)
        if min_score is not None and query.terms:
            ids, scores = ids[scores >= min_score], scores[scores >= min_score]
        part = slice(offset, offset + limit)
        ids, scores = ids[part], scores[part]
        hits = self._hits(query, ids, scores, self.strengths(query, ids, positive, opened))
        hits = [self._with_burst(hit, others.get(hit.id, [])) for hit in hits]
        if query.terms and sort == "date":
            hits.sort(key=lambda hit: hit.taken_at, reverse=True)
        elif query.terms and sort == "name":
            hits.sort(key=lambda hit: hit.path)
        texts = [term.value for term in query.terms if term.kind == "text"]
        return Results(query, hits, any(map(self._encoder.truncates, texts)))

    # -- ranking --------------------------------------------------------------------------------

    def ranked(
        self, query: Query, wanted: int, opened: _Opened | None = None
    ) -> tuple[Ids, Vectors, Vectors | None]:
        """Ids of at least ``wanted`` photos where there are so many, best first; their scores; and
        what was searched for."""
        opened = opened or self._open()
        index = opened.index.index
        allowed = self.library.matching(self.model, query.filter) if query.filter else None
        shown = {id for term in query.positives for id in self._terms.contents(term)}
        negatives = self.vectors(query.negatives)
        positive = self.positive(query)
        if positive is None:  # nothing but negatives: all photos, those least like them first
            ids = index.ids() if allowed is None else allowed[np.isin(allowed, index.ids())]
            scores = np.zeros(len(ids), np.float32)
        else:
            count = wanted + len(shown)
            count = max(count, _CANDIDATES) if len(negatives) else count
            ids, scores = index.search(positive, count, allowed)
        if len(negatives):
            strictness = [term.weight for term in query.negatives]
            lost = np.concatenate(
                [
                    scoring.penalties(
                        index.vectors(part), negatives, strictness, positive, opened.sample
                    )
                    for part in np.array_split(ids, max(1, len(ids) // 20_000))
                ]
            )
            unit = 1.0 if positive is None else scoring.spread(positive, opened.sample)[1]
            scores = (scores - unit * lost).astype(np.float32)
            order = np.argsort(-scores, kind="stable")
            ids, scores = ids[order], scores[order]
        other = ~np.isin(ids, list(shown))  # nobody looks for the photo that is in the query
        return ids[other], scores[other], positive

    def positive(self, query: Query) -> Vectors | None:
        """All that is searched for, as one vector (dim,); None if there is nothing."""
        vectors = self.vectors(query.positives)
        if len(vectors) <= 1:
            return vectors[0] if len(vectors) else None
        return scoring.combine(vectors, [term.weight for term in query.positives], self.sample())

    def sample(self) -> Vectors:
        """Vectors that stand for the library, (m, dim)."""
        return self._open().sample

    def _ranked_bursts(
        self, query: Query, wanted: int, opened: _Opened
    ) -> tuple[Ids, Vectors, Vectors | None, dict[int, list[int]]]:
        """As ``ranked``, with the best of each burst, and whom that stands for."""
        asked = 2 * wanted
        while True:
            ids, scores, positive = self.ranked(query, asked, opened)
            ids, scores = ids[:asked], scores[:asked]
            found = self.library.photos_of(ids.tolist())
            facts = [found[id][0].facts if id in found else None for id in ids.tolist()]
            times = [one.taken_at if one else None for one in facts]
            groups = collapse(times, opened.index.index.vectors(ids))
            if len(groups) >= wanted or len(ids) < asked:
                break
            asked *= 2
        first = np.array([group[0] for group in groups], np.int64)
        others = {int(ids[group[0]]): ids[group[1:]].tolist() for group in groups}
        return ids[first], scores[first], positive, others

    def strengths(
        self,
        query: Query,
        ids: Ids,
        positive: Vectors | None,
        opened: _Opened | None = None,
    ) -> list[float] | list[None]:
        """How clearly each of ``ids`` matches: what it shows, less what it should not."""
        if positive is None or not len(ids):
            return [None] * len(ids)
        opened = opened or self._open()
        photos = opened.index.index.vectors(ids)
        scores = photos @ positive
        if query.negatives:
            lost = scoring.penalties(
                photos,
                self.vectors(query.negatives),
                [term.weight for term in query.negatives],
                positive,
                opened.sample,
                scoring.USUAL,
            )
            scores = scores - scoring.spread(positive, opened.sample)[1] * lost
        of_words = all(term.kind == "text" for term in query.positives)
        yardstick = Yardstick(opened.sample, self._everyday)
        found: list[float] = yardstick.strengths(
            scores, photos, positive, of_words=of_words
        ).tolist()
        return found

    @cached_property
    def _everyday(self) -> Vectors:
        return self._encoder.encode_texts(PROMPTS)

    def vectors(self, terms: Sequence[Term]) -> Vectors:
        """The embedding of each term: (n, dim); see ``TermVectors``."""
        return self._terms.vectors(terms)

    def encode_file(self, path: Path, what: str) -> Vectors:
        """The embedding (dim,) of any picture file; see ``TermVectors``."""
        return self._terms.encode_file(path, what)

    # -- hits -----------------------------------------------------------------------------------

    def _hits(
        self,
        query: Query,
        content_ids: Ids,
        scores: Vectors,
        strengths: Sequence[float] | Sequence[None],
    ) -> list[Hit]:
        ids: list[int] = content_ids.tolist()
        found = self.library.photos_of(ids)
        meant: set[int] | None = None
        if query.filter and any(len(photos) > 1 for photos in found.values()):
            meant = self.library.matching_paths(ids, query.filter)
        roots = {photo.root for photos in found.values() for photo in photos}
        online = {root for root in roots if is_online(root)}
        tags = self.library.tags(ids)
        return [
            replace(
                _hit(found[id], score, online, meant),
                strength=strength,
                tags=tuple(tags.get(id, ())),
            )
            for id, score, strength in zip(ids, scores.tolist(), strengths, strict=True)
            if id in found  # else it went between the two look-ups
        ]

    def _with_burst(self, hit: Hit, others: list[int]) -> Hit:
        if not others:
            return hit
        found = self.library.photos_of(others)
        return replace(hit, burst=tuple(found[id][0].path for id in others if id in found))

    def _index(self) -> VectorIndex:
        return self._open().index.index

    def _open(self) -> _Opened:
        """The index as of now: an indexing run in another process shows up at once."""
        with self._lock:
            if self._opened is None or self._opened.index.generation != self.library.generation():
                self._opened = _Opened(self.library.index(self.model))
            return self._opened


def _hit(
    photos: Sequence[PhotoInfo],
    score: float,
    online: set[Path],
    meant: set[int] | None,
) -> Hit:
    first = min(
        photos, key=lambda p: (meant is not None and p.id not in meant, p.root not in online)
    )
    assert first.facts is not None and first.content_id is not None  # an indexed photo has them
    return Hit(
        id=first.content_id,
        path=first.path,
        score=score,
        taken_at=first.taken_at,
        width=first.facts.width,
        height=first.facts.height,
        place=first.facts.place or "",
        offline=first.root not in online,
        copies=tuple(photo.path for photo in photos if photo is not first),
        tags=(),
    )
