"""Names of the library in the words of a query: places, cameras and folders."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import replace

from app.query import plain_countries, plain_names
from app.query.lexicon import english
from app.query.library_names import GetNames
from app.query.phrases import Word
from app.query.plain_names import NamePart
from app.query.several_places import OR_IN_FOLDER, with_others
from store.filters import Any, Contains, InFolder, conditions
from store.folding import fold, whole_words


class NamesInWords:
    """Knows the names that words may be.

    Args:
        language: the code of the one that is asked in; empty if nobody said so.
    """

    def __init__(self, names: GetNames, language: str) -> None:
        self._names, self._language = names, language

    def first(self, chunk: Sequence[Word]) -> NamePart | None:
        """What words of a chunk name, several places with "and" between them included; None if
        they name nothing."""
        return with_others(chunk, self._single)

    def is_place(self, name: str) -> bool:
        """Whether photos are from a country or city that is called so in some language."""
        return plain_countries.is_place(name, self._names, self._language)

    def _single(self, chunk: Sequence[Word]) -> NamePart | None:
        around = self._names, english(), self._language
        part = plain_names.name_in(chunk, *around)
        if part is None:
            part = plain_countries.place_in(chunk, *around)
        elif part.kind == "folder":  # "in Spanien" is Spain as well, but "in folder Spanien" is not
            words = chunk[part.first : part.last]
            place = plain_countries.place_in(words, *around)
            if place and place.last - place.first == len(words):
                part = replace(place, first=part.first, last=part.last)
        return self._or_in_folders(part) if part and part.kind == "place" else part

    def _or_in_folders(self, part: NamePart) -> NamePart:
        """A place, and the folders that have its name: few photos in "Rome 2018" may say where
        they are from."""
        texts = (one.text for one in conditions(part.filter) if isinstance(one, Contains))
        whole = [whole_words(name) for name in {part.place, *texts}]
        folders = self._names().folders
        called = [name for name in folders if any(one.search(fold(name)) for one in whole)]
        if not called:
            return part
        places = part.filter.inner if isinstance(part.filter, Any) else (part.filter,)
        filter = Any((*places, *(InFolder((glob.escape(name),)) for name in called)))
        said = called[0] if len(called) == 1 else f"*{part.place}*"
        return replace(part, filter=filter, reading=f"{part.reading}{OR_IN_FOLDER}{said}")
