"""Answers of one searcher, kept while they are true: listings, counts, duplicates, examples."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, NamedTuple

from app.duplicates import DuplicateGroup, duplicates
from app.gallery import examples
from app.gallery.listing import Listing, ListingOrder, make_listing
from app.labels.vocabulary import translations
from app.near_pairs import Looked
from app.query.model import Query
from app.search.searcher import Searcher
from store.catalogue import Catalogue, PhotoSet
from store.filters import EVERY_PHOTO, InAlbum, IsOffline, Tagged, conditions
from store.hidden_filters import speaks_of_hidden
from store.vectors import Ids

_LISTINGS = 64
_LISTED = 5_000_000  # photos in all of them, at up to 25 bytes each; but the last one is kept
_AT_ONCE = 2  # searches at once; more would only wait for the same cores
_QUICK_S = 0.3  # a catalogue that takes less than this to read is never out of date
_REST = 5  # it is read again after this many times the seconds that reading took


class NamesOfPhotos(NamedTuple):
    """What photos are called that are shown: their places and cameras, and all parts of folders."""

    places: Collection[str]
    cameras: Collection[str]
    folders: Collection[str]


@dataclass(frozen=True)
class Shown:
    """A listing and the catalogue that its photos are of."""

    listing: Listing
    catalogue: Catalogue


_Key = tuple[Query, ListingOrder, bool, str | None]
"""What a listing depends on: the query, how it is shown, and which photos are hidden."""


class Answers:
    """The answers of one searcher. Safe to share by threads; discard them with the searcher."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._lock = threading.RLock()
        self._searches = threading.Semaphore(_AT_ONCE)
        self._catalogue: Catalogue | None = None
        self._took = 0.0
        self._read_at = 0.0
        self._reading = False
        self._listings: OrderedDict[_Key, Shown] = OrderedDict()
        self._making: dict[_Key, threading.Lock] = {}
        self._names: tuple[PhotoSet, NamesOfPhotos] | None = None
        self._words: tuple[int, list[str]] | None = None
        self._duplicates: tuple[int, list[DuplicateGroup]] | None = None
        self._duplicates_lock = threading.Lock()
        self._looked: Looked | None = None
        self._looking: Future[list[DuplicateGroup]] | None = None

    def catalogue(self) -> Catalogue:
        """What there is to be asked of all photos.

        While a large library is indexed it may be a little out of date: one that takes long to
        read is read in the background.
        """
        generation = self._searcher.library.generation()
        with self._lock:
            kept = self._catalogue
            if kept is None or (kept.generation != generation and self._took < _QUICK_S):
                return self._read()
            rested = time.monotonic() - self._read_at > _REST * self._took
            if kept.generation != generation and rested and not self._reading:
                self._reading = True
                threading.Thread(target=self._read_again, daemon=True).start()
            return kept

    def _read(self) -> Catalogue:
        start = time.monotonic()
        catalogue = self._searcher.library.catalogue(self._searcher.model)
        with self._lock:
            self._read_at = time.monotonic()
            self._took = self._read_at - start
            self._catalogue = catalogue
        return catalogue

    def _read_again(self) -> None:
        try:
            self._read()
        finally:
            self._reading = False

    def listing(self, query: Query, order: ListingOrder, *, bursts: bool = True) -> Shown:
        """The results of a query, all photos for an empty one; kept for the list's next parts.

        Raises:
            QueryError: a picture of the query can't be read or found.
        """
        catalogue = self.catalogue()
        key = (query, order, bursts, self._searcher.library.user_data.hidden_revision())
        if not _is_stable(query):
            return self._made(key, catalogue)
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        try:
            with making:  # the page and its script ask in the same moment: one searches for both
                with self._lock:
                    kept = self._listings.get(key)
                if kept is None or kept.catalogue is not catalogue:
                    kept = self._made(key, catalogue)
                self._keep(key, kept)
                return kept
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _made(self, key: _Key, catalogue: Catalogue) -> Shown:
        query, order, bursts, _ = key
        self._searcher.prepare(query)  # whoever waits has the words encoded meanwhile
        with self._searches:
            listing = make_listing(self._searcher, catalogue, query, order, bursts=bursts)
        return Shown(listing, catalogue)

    def _keep(self, key: _Key, shown: Shown) -> None:
        with self._lock:
            self._listings[key] = shown
            self._listings.move_to_end(key)
            listed = sum(len(one.listing) for one in self._listings.values())
            while len(self._listings) > 1 and (len(self._listings) > _LISTINGS or listed > _LISTED):
                _, oldest = self._listings.popitem(last=False)
                listed -= len(oldest.listing)

    def everything(self) -> PhotoSet:
        """All photos but the hidden ones."""
        return self.listing(Query(), "newest").listing.matching

    def names(self) -> NamesOfPhotos:
        """Of all photos but the hidden ones; kept, since each key in the box asks for them."""
        photos = self.everything()
        kept = self._names
        if kept is None or kept[0] is not photos:
            folders = {part for path in photos.folders().direct for part in PurePath(path).parts}
            names = NamesOfPhotos(photos.counts("place"), photos.counts("camera"), folders)
            self._names = kept = (photos, names)
        return kept[1]

    def clear_matches(self, query: Query) -> Ids | None:
        """The photos that clearly match the words and pictures of ``query``, (n,), whatever its
        filters, also hidden ones if they speak of them; None, for all photos, if it has only
        filters.

        Raises:
            QueryError: a picture of the query can't be read or found.
        """
        if not query.terms:
            return None
        every = EVERY_PHOTO if speaks_of_hidden(query.filter) else None
        words = replace(query, filter=every, reading=())
        # If the query has no filters, the page has listed it already, with bursts collapsed.
        return self.listing(words, "best", bursts=words == query).listing.best

    def duplicates(self) -> list[DuplicateGroup]:
        """See ``app.duplicates``; worked out once for each state of the library."""
        with self._duplicates_lock:
            generation = self._searcher.library.generation()
            if self._duplicates is None or self._duplicates[0] != generation:
                library, model = self._searcher.library, self._searcher.model
                groups = duplicates(library, model, tell=self._have_looked)
                self._duplicates = (generation, groups)
            return self._duplicates[1]

    def duplicates_soon(self, wait: float) -> list[DuplicateGroup] | Looked:
        """As ``duplicates``; what takes longer than ``wait`` seconds goes on in the background.

        Then it says how far it is, and has to be asked again.
        """
        with self._lock:
            done = self._looking is not None and self._looking.done()
            # What an earlier visitor has not waited for may be of an earlier library.
            if self._looking is None or (done and self._looking.exception() is None):
                looking: Future[list[DuplicateGroup]] = Future()
                work = (looking, self.duplicates)
                threading.Thread(target=_settle, args=work, daemon=True).start()
                self._looking = looking
            looking = self._looking
        try:
            groups = looking.result(wait)
        except TimeoutError:
            return self._looked or Looked("pictures", 0, 0)
        except BaseException:
            self._forget(looking)
            raise
        self._forget(looking)
        return groups

    def _forget(self, looking: Future[list[DuplicateGroup]]) -> None:
        with self._lock:
            if self._looking is looking:
                self._looking = None

    def _have_looked(self, looked: Looked) -> None:
        self._looked = looked

    def examples(self, language: str = "") -> list[str]:
        """Searches to begin with, their words in ``language`` where that can be read."""
        photos = self.everything()
        count = len(photos)
        with self._lock:
            # A few more photos hardly change what is frequent.
            if self._words is None or not 0.8 < (count + 1) / (self._words[0] + 1) < 1.25:
                given = self._searcher.labels_soon()
                if given is None:  # the first visitor does not wait for labels
                    return examples.examples([], photos)
                counts = photos.labels(given)
                words = examples.frequent_words(given, counts, self._searcher.vocabulary)
                self._words = (count, words)
            words = self._words[1]
        if language and self._searcher.texts.reads_others:
            words = [translations.shown(word, language) for word in words]
        return examples.examples(words, photos)


def _settle(looking: Future[list[DuplicateGroup]], work: Callable[[], Any]) -> None:
    try:
        looking.set_result(work())
    except BaseException as error:  # whoever asks next is told
        looking.set_exception(error)


def _is_stable(query: Query) -> bool:
    """Whether the results of ``query`` change with the library's generation only."""
    if any(term.kind == "concept" for term in query.every_term):
        return False
    return not any(
        isinstance(one, Tagged | InAlbum | IsOffline)
        for filter in query.every_filter
        for one in conditions(filter)
    )
