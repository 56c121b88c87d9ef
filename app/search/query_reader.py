"""Queries as people type them, read with the names that one library has."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.languages.asked import ANY, AUTO, NAMES, Asked
from app.languages.detection import is_guess
from app.languages.query_texts import QueryTexts, spoken
from app.query.library_names import LibraryNames
from app.query.model import Query, filters_within
from app.query.parsed_text import EMPTY, ParsedText
from app.query.parser import parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from app.query.unknown_words import ENGLISH, Reads
from indexer.videos import video_files
from store import filters
from store.errors import ClipsearchError, LibraryError, QueryError
from store.filters import HasText, PhotoFilter, conditions
from store.library import Library


def _is_of_videos(filter: PhotoFilter) -> bool:
    """Whether no photo meets a filter, only videos: ``type:video``, ``type:mp4``, ``duration:``."""
    match filter:
        case filters.Any(inner):
            return bool(inner) and all(map(_is_of_videos, inner))
        case filters.Format(name):
            return name in video_files.VIDEO_FORMATS
    return isinstance(filter, filters.Measure) and filter.what == "duration"


class QueryReader:
    """Reads queries for one library; safe to share by threads.

    Args:
        now: gives the local time, to which words like "yesterday" refer.
        texts: gives what encodes the library's queries, which knows their languages.
    """

    def __init__(
        self,
        library: Library,
        texts: Callable[[], QueryTexts] | None = None,
        *,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._library, self._texts, self._now = library, texts, now
        self._names: tuple[str, LibraryNames] | None = None

    def read(self, text: str, asked: Asked = ANY) -> ParsedText:
        """A query's text, which may be blank, and its meaning.

        Args:
            asked: which language it is in, if somebody said so.

        Raises:
            QueryError: it can't be understood.
        """
        parsed = replace(parse_text(text), asked=asked)
        names = functools.cache(self.names)  # asked for once, if at all
        read = understood(parsed, Surroundings(names, self._now(), self._reads(asked)))
        filters = [*(part.filter for part in read.filters), *filters_within(read.terms)]
        if any(isinstance(one, HasText) for filter in filters for one in conditions(filter)):
            self._require_texts()
        if any(_is_of_videos(part.filter) for part in read.filters):
            self._require_videos()
        return read

    def _require_texts(self) -> None:
        if not self._library.has_texts():
            from indexer.reading import text_reader  # which imports Pillow

            install = "" if text_reader.is_available() else f"{text_reader.INSTALL}, then: "
            raise QueryError(
                "The text in this library's pictures has not been read yet. To read it: "
                f"{install}clipsearch text"
            )

    def _require_videos(self) -> None:
        if self._library.has_videos():
            return
        install = video_files.install_first()
        if self._library.passed_over(video_files.NEEDS_EXTRA):
            raise QueryError(
                "The videos in this library's folders have not been read yet. To read them: "
                f"{install}clipsearch index"
            )
        if install:
            raise QueryError(
                "This library has no videos, and they can't be read yet. To read videos: "
                f"{install}clipsearch index FOLDER"
            )

    def query(self, text: str, asked: Asked = ANY) -> Query:
        """The query that ``text`` asks for; see ``read``.

        Raises:
            QueryError: it can't be understood, or is empty.
        """
        query = self.read(text, asked).query()
        if not query.terms and query.filter is None:
            raise QueryError(EMPTY)
        return query

    def _reads(self, asked: Asked) -> Reads:
        if self._texts is None:
            return ENGLISH
        try:
            texts = self._texts()
        except ClipsearchError:  # nothing is indexed yet
            return ENGLISH
        codes = frozenset(NAMES) if texts.reads_others else frozenset({"en"})
        return Reads(
            codes,
            language_of=functools.partial(spoken, asked=asked),
            is_guess=is_guess if asked.language == AUTO else None,
            missing=functools.partial(texts.unread, asked=asked),
            hint=asked.hint,
        )

    def names(self) -> LibraryNames:
        """The names; none where the library can't be asked: then the words are only words."""
        try:
            return self._library_names()
        except LibraryError:
            return LibraryNames()

    def _library_names(self) -> LibraryNames:
        state = self._library.names_state()
        kept = self._names
        if kept is not None and kept[0] == state:
            return kept[1]
        stored, data = self._library.names(state), self._library.user_data
        names = LibraryNames(
            stored.places,
            stored.cameras,
            stored.folders,
            tuple(data.tag_names()),
            tuple(data.concepts()),
            self._library.has_videos(),
        )
        self._names = state, names
        return names
