"""What all visitors of the page share: one library, one model, and what was just worked out."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from app import services
from app.config import Config
from app.duplicates import DuplicateGroup, duplicates
from app.gallery import examples
from app.gallery.listing import Listing, Order, make_listing
from app.gallery.pictures import Pictures
from app.query.model import Query
from app.query.parser import parse_query
from app.search.searcher import Searcher
from store import filters
from store.columns import Columns
from store.filters import PhotoFilter
from store.library import DATABASE, Library

_LISTINGS = 64
_AT_ONCE = 2  # searches; more would only wait for the same cores
_QUICK_S = 0.3  # columns that are read faster than this are never out of date
_REST = 5  # times what reading it took, before it is read again


@dataclass(frozen=True)
class Shown:
    """A listing and the columns that its rows are of."""

    listing: Listing
    columns: Columns


class GalleryService:
    """Answers the page and its routes; safe to share by threads. Opens things when first asked.

    To be closed in the end; what it is asked after that is opened again.

    Args:
        open_searcher: see ``app.services.open_searcher``; asked again when the library's model is
            another one.
    """

    def __init__(
        self,
        config: Config,
        open_searcher: Callable[[Config], Searcher] = services.open_searcher,
    ) -> None:
        self.config = config
        self._open_searcher = open_searcher
        self._lock = threading.RLock()
        self._searches = threading.Semaphore(_AT_ONCE)
        self._library: Library | None = None
        self._searcher: Searcher | None = None
        self._columns: Columns | None = None
        self._columns_took = 0.0
        self._columns_read = 0.0
        self._reading = False
        self._listings: OrderedDict[tuple[str, Order, bool], Shown] = OrderedDict()
        self._words: tuple[int, list[str]] | None = None
        self._duplicates: tuple[int, list[DuplicateGroup]] | None = None
        self._duplicates_lock = threading.Lock()

    # -- what is opened once ------------------------------------------------------------------

    def library(self) -> Library:
        """The library; it may be empty.

        Raises:
            LibraryError: it can't be opened. ``LibraryNotFound``: there is none yet.
        """
        with self._lock:
            if self._library is not None and not (self.config.library / DATABASE).exists():
                self.close()  # moved away while the page was open
            if self._library is None:
                self._library = services.open_library_at(self.config.library)
            return self._library

    def searcher(self) -> Searcher:
        """The searcher with the model that answers now.

        Raises:
            LibraryNotFound: nothing was ever indexed.
            ModelError: its model can't be run here. One that is not here any more is asked for
                only by words and new pictures.
        """
        library = self.library()
        with self._lock:
            model = services.answering_model(library)
            if self._searcher is None or self._searcher.model != model:
                self._close_searcher()
                self._searcher = self._open_searcher(self.config)
            return self._searcher

    def must_rebuild(self) -> bool:
        """Whether the index has to be made from the library's rows before anybody can search.

        While photos are being read it is nearly always a little behind, which takes no time.

        Raises:
            LibraryError: see ``library``.
        """
        library = self.library()
        model = library.model()
        if model is None or self._searcher is not None:
            return False
        return not library.index_is_current(model)

    @property
    def pictures(self) -> Pictures:
        return Pictures(self.library())

    def close(self) -> None:
        """Close library and model; they are opened anew when next asked for."""
        with self._lock:
            self._close_searcher()
            if self._library is not None:
                self._library.close()
            self._library = None

    def _close_searcher(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
        self._searcher = self._columns = self._words = None
        self._listings.clear()

    def __enter__(self) -> GalleryService:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- what is worked out -------------------------------------------------------------------

    def columns(self) -> Columns:
        """The columns of all photos. Of a large library that is being indexed they may be a
        little out of date: what takes long to read is read in the background."""
        searcher = self.searcher()
        generation = searcher.library.generation()
        with self._lock:
            found = self._columns
            if found is None or (found.generation != generation and self._columns_took < _QUICK_S):
                return self._read_columns(searcher)
            rested = time.monotonic() - self._columns_read > _REST * self._columns_took
            if found.generation != generation and rested and not self._reading:
                self._reading = True
                threading.Thread(target=self._read_again, args=(searcher,), daemon=True).start()
            return found

    def _read_columns(self, searcher: Searcher) -> Columns:
        start = time.monotonic()
        found = searcher.library.columns(searcher.model)
        with self._lock:
            self._columns_read = time.monotonic()
            self._columns_took = self._columns_read - start
            self._columns = found
        return found

    def _read_again(self, searcher: Searcher) -> None:
        try:
            self._read_columns(searcher)
        finally:
            self._reading = False

    def listing(self, text: str, order: Order, *, bursts: bool = True) -> Shown:
        """The results of a query, all photos for an empty one; kept for the next parts of it.

        Raises:
            QueryError: the query can't be understood.
        """
        query = parse_query(text) if text.strip() else Query()
        self.pictures.check(query)
        searcher, columns = self.searcher(), self.columns()
        key = (text.strip(), order, bursts)
        with self._lock:
            kept = self._listings.get(key)
            if kept is not None and kept.columns is columns and _is_stable(query):
                self._listings.move_to_end(key)
                return kept
        with self._searches:
            listing = make_listing(searcher, columns, query, order, bursts=bursts)
            shown = Shown(listing, columns)
        with self._lock:
            self._listings[key] = shown
            while len(self._listings) > _LISTINGS:
                self._listings.popitem(last=False)
        return shown

    def favourites(self) -> set[int]:
        """The ids of favourite contents."""
        return self.library().user_data.with_tag(filters.FAVOURITE)

    def duplicates(self) -> list[DuplicateGroup]:
        """See ``app.duplicates``; worked out once for each state of the library."""
        searcher = self.searcher()
        with self._duplicates_lock:
            generation = searcher.library.generation()
            if self._duplicates is None or self._duplicates[0] != generation:
                found = duplicates(searcher.library, searcher.model)
                self._duplicates = (generation, found)
            return self._duplicates[1]

    def examples(self) -> list[str]:
        """Searches to begin with."""
        searcher, columns = self.searcher(), self.columns()
        with self._lock:
            count = len(columns.ids)
            # What is frequent hardly changes with a few more photos.
            if self._words is None or not 0.8 < (count + 1) / (self._words[0] + 1) < 1.25:
                given = searcher.labels_soon()
                if given is None:  # the first visitor does not wait for them
                    return examples.examples([], columns)
                self._words = (count, examples.frequent_words(given, searcher.vocabulary))
            return examples.examples(self._words[1], columns)


def _is_stable(query: Query) -> bool:
    """Whether its results change with the library's generation only."""
    if any(term.kind == "concept" for term in query.terms):
        return False
    return not _asks_for_state(query.filter)


def _asks_for_state(filter: PhotoFilter | None) -> bool:
    match filter:
        case filters.All(inner) | filters.Any(inner):
            return any(map(_asks_for_state, inner))
        case filters.Not(one):
            return _asks_for_state(one)
    return isinstance(filter, filters.Tagged | filters.IsOffline)
