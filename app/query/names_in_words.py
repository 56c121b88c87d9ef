"""Names of the library in the words of a query: places, cameras and folders."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from dataclasses import replace

from app.labels import vocabulary
from app.query import plain_countries, plain_names
from app.query.bare_places import is_only_name
from app.query.cities import PEOPLE
from app.query.lead_ins import lead_in
from app.query.lexicon import english
from app.query.library_names import GetNames
from app.query.phrases import Word
from app.query.plain_kinds import kind_in
from app.query.plain_names import (
    LONGEST,
    NamePart,
    denied,
    is_ordinary,
    is_word_elsewhere,
    shown_words,
)
from app.query.several_places import OR_IN, where_in, with_others
from store.filters import Contains, InFolder, Not, alternatives, any_of, conditions
from store.folding import fold

_MOST_FOLDERS = 200
"""Databases take about a thousand conditions."""
_SAID = 3
"""More folders than that are counted, and not called by their names."""
_ARTICLE = re.compile(r"^l['\u2019](?=.)", re.IGNORECASE)


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

    def town(self, chunk: Sequence[Word], following: Sequence[Word]) -> NamePart | None:
        """The town at the end of a chunk, though it is an ordinary word, where all of the next one
        says where that is, both with capitals: "Nice, France", but "Eagle, Alaska" may be a bird.
        None if there is none."""
        country = self.first(following) if following and chunk[-1].comma else None
        if country is None or len(country.place.split()) < len(following):
            return None
        for start in range(max(0, len(chunk) - LONGEST), len(chunk)):
            is_all = start in (0, lead_in(chunk))
            begin = start if is_all else plain_names.lead_to_place(chunk, start - 1)
            named = chunk[start:]
            capitals = all(one.has_capital and not one.quoted for one in (*named, following[0]))
            if begin is None or not capitals:
                continue
            typed = fold(shown_words(named))
            if vocabulary.everyday().number_meant(typed) is not None or is_word_elsewhere(named):
                continue
            if any(
                fold(place.split(",")[0]) == typed and where_in(place, country.filter)
                for place in self._names().places
            ):
                span = begin, start, len(chunk)
                part = plain_names.place_part(chunk, span, self._names, self._language)
                return self._or_in_folders(part)
        return None

    def left_out(self, words: Sequence[Word], *, bare: bool) -> NamePart | None:
        """The place whose photos are to be left out, where "not" or "except" stands before
        ``words``, or the kind of photos ("screenshots"); None if they are neither, or may well be a
        person or a thing.

        Args:
            bare: whether it may stand there with no "in".
        """
        if (kind := kind_in(words, self._names)) and kind.last - kind.first == len(words):
            return replace(kind, filter=Not(kind.filter), reading=denied(kind.reading))
        if not words:
            return None
        bare_words = [_without_article(words[0]), *words[1:]]
        part = self.first(bare_words)
        if part is None or part.last - part.first < len(words) or part.kind == "camera":
            return None
        if len(part.place.split()) == len(words):
            has_capitals = all(word.has_capital for word in words)
            is_name = has_capitals or is_only_name(words, english())
            if not bare or not is_name or fold(shown_words(words)) in PEOPLE:
                return None
        return replace(part, filter=Not(part.filter), reading=denied(part.reading))

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
        every = (self._folders(name) for name in dict.fromkeys([part.place, *texts]))
        folders = list(dict.fromkeys(name for names in every for name in names))[:_MOST_FOLDERS]
        if not folders:
            return part
        within = (InFolder((glob.escape(name),)) for name in folders)
        filter = any_of([*alternatives(part.filter), *within])
        said = [f"folder {name}" for name in folders]
        if len(folders) > _SAID:
            said = [f"{len(folders)} folders of that name"]
        reading = OR_IN.join([part.reading, *said])
        return replace(part, filter=filter, reading=reading)

    def _folders(self, name: str) -> list[str]:
        is_clear = not is_ordinary(name, english()) and fold(name) not in PEOPLE
        return self._names().folders_called(name, exactly=not is_clear)


def _without_article(word: Word) -> Word:
    """A word of French without its "l'"."""
    return word if word.quoted else replace(word, text=_ARTICLE.sub("", word.text))
