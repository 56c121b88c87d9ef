"""A library for Python programs: open it, search it, and get plain values back.

Programs import it from ``clipsearch``.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from app.config import load_config
from app.languages.asked import Asked, checked
from app.search.query_reader import QueryReader
from app.search.results import Results, Sort
from app.services import open_searcher
from store.errors import QueryError


class PhotoLibrary:
    """An opened library; use it in a ``with`` statement, or call ``close``."""

    def __init__(self, folder: str | Path | None = None) -> None:
        config = load_config(library=folder)
        self._searcher = open_searcher(config)
        self._reader = QueryReader(self._searcher.library, lambda: self._searcher.texts)
        self._language = config.language

    def __len__(self) -> int:
        """How many different pictures can be found."""
        return self._searcher.count()

    def search(
        self,
        query: str,
        limit: int = 10,
        *,
        offset: int = 0,
        sort: Sort = "score",
        min_score: float | None = None,
        bursts: bool = True,
        language: str | None = None,
    ) -> Results:
        """The photos for ``query``, in the language of the command line, best first.

        Args:
            limit: how many at most.
            offset: skip so many first.
            sort: "score" (best first), "date" (newest first) or "name" (by path). The best
                ``limit`` photos are chosen first, and then sorted. A query of filters alone gives
                all that meet them, by date or by name.
            min_score: leave out photos whose score is less.
            bursts: of photos of the same moment that look alike, give the best one only.
            language: of the query, a code like "de"; "auto": it is told from the query. Default:
                as configured.

        Raises:
            QueryError: the query can't be understood, or ``limit`` or ``offset`` is below 0.
            ConfigError: there is no such language.
            ModelUnavailable: the query has words, and the library's model can't be loaded.
        """
        if min(limit, offset) < 0:
            raise QueryError("A limit or an offset is 0 or more.")
        asked = Asked(self._language if language is None else checked(language))
        return self._searcher.search(
            self._reader.query(query, asked),
            limit,
            offset=offset,
            sort=sort,
            min_score=min_score,
            bursts=bursts,
        )

    def similar(self, picture: Path | int, limit: int = 10) -> Results:
        """The photos most like a picture: any file, or an indexed photo by ``Hit.id``.

        Raises:
            QueryError: the picture can't be read, or there is none with this id.
            ModelUnavailable: the picture is no indexed one, and the model can't be loaded.
        """
        return self._searcher.similar(picture, limit)

    def close(self) -> None:
        """Close the library's files; it can't be used after that."""
        self._searcher.close()

    def __enter__(self) -> PhotoLibrary:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_library(folder: str | Path | None = None) -> PhotoLibrary:
    """Open a library: ``folder``, or the one that the settings name.

    Args:
        folder: of the library; of one on a server ``postgresql://USER@HOST/DATABASE``.

    Raises:
        ConfigError: the settings can't be understood, or ``folder`` is an address of another kind.
        LibraryNotFound: there is none, or nothing was indexed into it.
        LibraryDamaged, LibraryTooNew: it can't be read.
        LibraryError: its server can't be reached, or can't hold a library.
        DeviceUnavailable, EngineUnavailable: the settings name one that is not here.
    """
    return PhotoLibrary(folder)
