"""The library from Python: open it, ask, get plain values back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from app.config import load_config
from app.query.parser import parse_query
from app.search.results import Hit, Sort
from app.services import open_searcher


class PhotoLibrary:
    """An opened library; use it in a ``with`` statement, or call ``close``."""

    def __init__(self, folder: Path | None = None) -> None:
        self._searcher = open_searcher(load_config(library=folder))

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
    ) -> Sequence[Hit]:
        """The photos for ``query``, in the language of the command line, best first.

        See ``app.search.searcher.Searcher.search`` for the other arguments.

        Raises:
            QueryError: the query can't be understood.
        """
        parsed = parse_query(query)
        found = self._searcher.search(
            parsed, limit, offset=offset, sort=sort, min_score=min_score, bursts=bursts
        )
        return found.hits

    def similar(self, picture: Path | int, limit: int = 10) -> Sequence[Hit]:
        """The photos most like a picture: any file, or an indexed photo by ``Hit.id``.

        Raises:
            QueryError: the picture can't be read, or there is none with this id.
        """
        return self._searcher.similar(picture, limit).hits

    def close(self) -> None:
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

    Raises:
        LibraryNotFound: there is none, or nothing was indexed into it.
        ModelUnavailable: its model can't be loaded.
    """
    return PhotoLibrary(None if folder is None else Path(folder))
