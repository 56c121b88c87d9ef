"""What all visitors of the page share: one library, one model, and the latest answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from app import services
from app.config import Config
from app.duplicates import DuplicateGroup
from app.gallery.answers import Answers, Shown
from app.gallery.begun_results import BegunResults
from app.gallery.blurs import Blurs
from app.gallery.listing import ListingOrder, tiles
from app.gallery.payloads import Tile
from app.gallery.pictures import Pictures
from app.gallery.shown_things import shown_by
from app.gallery.small_pictures import SmallPictures
from app.languages.asked import ANY, Asked
from app.near_pairs import Looked
from app.query.library_names import LibraryNames
from app.query.model import Query
from app.query.parsed_text import ParsedText
from app.search.query_reader import QueryReader
from app.search.searcher import Searcher
from store.catalogue import Catalogue, PhotoSet
from store.library import Library
from store.vectors import Ids


class GalleryService:
    """Answers the page and its routes; safe to share by threads.

    Library and model are opened when they are first needed, also after ``close``, which whoever
    made the service has to call in the end.

    Args:
        open_searcher: as ``app.services.open_searcher``; called again when the library has a
            different model.
    """

    def __init__(
        self,
        config: Config,
        open_searcher: Callable[[Config], Searcher] = services.open_searcher,
    ) -> None:
        self.config = config
        self._open_searcher = open_searcher
        self._lock = threading.RLock()
        self._library: Library | None = None
        self._searcher: Searcher | None = None
        self._answers: Answers | None = None
        self._reader: QueryReader | None = None
        self._kept_blurs: Blurs | None = None
        self._small_pictures: SmallPictures | None = None
        self.begun = BegunResults()

    # -- what is opened once ------------------------------------------------------------------

    def library(self) -> Library:
        """The library; it may be empty.

        Raises:
            LibraryError: it can't be opened.
            LibraryNotFound: there is none yet.
        """
        with self._lock:
            if self._library is not None and not services.library_exists(self.config):
                self.close()  # moved away while the page was open
            if self._library is None:
                self._library = services.open_library_of(self.config, searching=True)
                self._small_pictures = SmallPictures(self._library)
            return self._library

    def searcher(self) -> Searcher:
        """The searcher with the model that answers now.

        Raises:
            LibraryNotFound: nothing was ever indexed.
            ModelError: its model can't be run here. A model that is merely gone raises only
                when words or new pictures need it.
        """
        library = self.library()
        with self._lock:
            model = services.answering_model(library)
            if self._searcher is None or self._searcher.model != model:
                self._close_searcher()
                self._searcher = self._open_searcher(self.config)
                self._answers = Answers(self._searcher)
            return self._searcher

    def must_rebuild(self) -> bool:
        """Whether the index has to be rebuilt from the library's rows before anybody can search.

        While photos are being read it is nearly always a little behind; to catch up takes no time.

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
        """Close library and model; they are opened again when they are next needed."""
        with self._lock:
            self._close_searcher()
            if self._small_pictures is not None:
                self._small_pictures.stop()
            if self._library is not None:
                self._library.close()
            self._library = self._reader = self._kept_blurs = self._small_pictures = None
        self.begun.forget()

    def _close_searcher(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
        self._searcher = self._answers = None

    def __enter__(self) -> GalleryService:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- what is worked out; each raises what ``searcher`` does ---------------------------------

    def read(self, text: str, asked: Asked = ANY) -> ParsedText:
        """A query's text and its meaning in this library; see ``QueryReader``.

        Raises:
            QueryError: it can't be understood.
        """
        return self._query_reader().read(text, asked)

    def names(self) -> LibraryNames:
        """The names that the library has; see ``QueryReader``."""
        return self._query_reader().names()

    def shown_names(self) -> LibraryNames:
        """``names`` as of now that may be offered: not those that only hidden photos have."""
        data = self.library().user_data
        names = replace(self.names(), tags=data.tag_names(), concepts=tuple(data.concepts()))
        if data.hidden_revision() is None:
            return names
        shown, tags = self._now().names(), self.everything().tags()
        return replace(
            names,
            places=tuple(name for name in names.places if name in shown.places),
            cameras=tuple(name for name in names.cameras if name in shown.cameras),
            folders=tuple(name for name in names.folders if name in shown.folders),
            tags=tuple(name for name in names.tags if name in tags),
        )

    def _query_reader(self) -> QueryReader:
        with self._lock:
            if self._reader is None:
                self._reader = QueryReader(self.library(), lambda: self.searcher().texts)
            return self._reader

    def catalogue(self) -> Catalogue:
        """See ``Answers``."""
        return self._now().catalogue()

    def everything(self) -> PhotoSet:
        """See ``Answers``."""
        return self._now().everything()

    def hidden_count(self) -> int:
        """How many photos are hidden."""
        searcher = self.searcher()
        return searcher.library.hidden_count(searcher.model)

    def listing(self, query: Query, order: ListingOrder, *, bursts: bool = True) -> Shown:
        """The results of a query, all photos for an empty one.

        Raises:
            QueryError: a picture of the query can't be read or found, or is not in the library.
        """
        self.pictures.check(query)
        return self._now().listing(query, order, bursts=bursts)

    def clear_matches(self, query: Query) -> Ids | None:
        """The photos that clearly match what ``query`` looks for, (n,); see ``Answers``.

        Raises:
            QueryError: see ``listing``.
        """
        self.pictures.check(query)
        return self._now().clear_matches(query)

    def tiles(self, shown: Shown, ids: Ids, *, blurs: bool = False) -> list[Tile]:
        """The photos ``ids`` (n,) as results; see ``app.gallery.listing``.

        Args:
            blurs: with what stands for each until it has come; takes about 2 ms each at first.
        """
        listing, library = shown.listing, self.library()
        language = listing.query.asked.hint
        return tiles(
            listing,
            shown.catalogue,
            ids,
            library.user_data.tags,
            shows_of=lambda ids: shown_by(self.searcher(), ids, language),
            blurs_of=self._blurs(library).of if blurs else lambda _ids: {},
            durations_of=library.durations,
        )

    def _blurs(self, library: Library) -> Blurs:
        with self._lock:
            if self._kept_blurs is None or self._kept_blurs.library is not library:
                self._kept_blurs = Blurs(library)
            return self._kept_blurs

    def duplicates_soon(self, wait: float) -> list[DuplicateGroup] | Looked:
        """See ``Answers``."""
        return self._now().duplicates_soon(wait)

    def examples(self, language: str = "") -> list[str]:
        """Example searches; see ``Answers``."""
        return self._now().examples(language)

    def _now(self) -> Answers:
        with self._lock:
            self.searcher()
            assert self._answers is not None  # made together with the searcher
            return self._answers
