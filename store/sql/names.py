"""Which photos have words in their names: of files, folders, roots, tags and concepts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from store.sql.dialect.expressions import among
from store.sql.dialect.name_words import Forms, contents_named, count_named
from store.sql.schema import ConceptExample, Content, Photo, Root, Tag
from store.states import State
from store.vectors import Ids
from store.words import words_of


def _none() -> Ids:
    return np.empty(0, np.int64)


@dataclass(frozen=True)
class WordPhotos:
    """The contents that have one word in a name, by what the name is of: (n,) each, in order.

    Attributes:
        folder: folders at any depth, and the last part of a root's path.
        frequent: so many have it that nothing was looked up: ``named`` says how many that is.
    """

    name: Ids = field(default_factory=_none)
    folder: Ids = field(default_factory=_none)
    tag: Ids = field(default_factory=_none)
    concept: Ids = field(default_factory=_none)
    frequent: bool = False

    @property
    def every(self) -> Ids:
        """All of them, each once, (n,)."""
        return np.unique(np.concatenate([self.name, self.folder, self.tag, self.concept]))


@dataclass(frozen=True)
class Named:
    """Which contents have each of some words, and which have a name that is nothing else."""

    words: Sequence[WordPhotos]
    whole: Ids


def named(
    connection: Connection, words: Sequence[Forms], wholes: Sequence[str], limit: int
) -> Named:
    """Look up ``words``, each as it may be written, and ``wholes``, names as one word.

    A word that more than ``limit`` photos have tells little, and finds none by itself. It counts
    for photos that another word found; where all are frequent, for those that have all of them.
    """
    given = _given_names(connection)
    looked_up = [_photos_with(connection, forms, given, limit) for forms in words]
    rare = [forms for forms, one in zip(words, looked_up, strict=True) if not one.frequent]
    frequent = [forms for forms, one in zip(words, looked_up, strict=True) if one.frequent]
    if not rare and len(frequent) > 1:
        both = _in_order(contents_named(connection, "any", frequent, limit + 1))
        if len(both) <= limit:
            looked_up = [WordPhotos(folder=both, frequent=True) for _ in looked_up]
    elif rare and frequent:
        known = np.unique(np.concatenate([_none(), *(one.every for one in looked_up)]))
        anyone = [form for forms in rare for form in forms]
        for place, forms in enumerate(words):
            if looked_up[place].frequent:
                also = contents_named(connection, "any", [anyone, forms], limit)
                tag, concept = _given(connection, forms, given, limit, known)
                looked_up[place] = WordPhotos(_none(), _in_order(also), tag, concept, frequent=True)
    return Named(looked_up, _whole(connection, wholes, given, limit))


def _photos_with(
    connection: Connection, forms: Forms, given: Sequence[_GivenName], limit: int
) -> WordPhotos:
    if count_named(connection, [forms], limit + 1) > limit:
        return WordPhotos(frequent=True)
    name = _in_order(contents_named(connection, "name", [forms], limit + 1))
    folder = contents_named(connection, "folder", [forms], limit + 1)
    folder += _in_roots(connection, forms, limit + 1)
    fields = (name, _in_order(folder), *_given(connection, forms, given, limit + 1))
    return WordPhotos(frequent=True) if max(map(len, fields)) > limit else WordPhotos(*fields)


def _whole(
    connection: Connection, wholes: Sequence[str], given: Sequence[_GivenName], limit: int
) -> Ids:
    if not wholes:
        return _none()
    ids = contents_named(connection, "whole", [tuple(wholes)], limit + 1)
    for one in given:
        if "".join(one.words) in wholes:
            ids += one.contents(connection, limit + 1)
    whole = _in_order(ids)
    return whole if len(whole) <= limit else _none()


def _in_order(ids: Iterable[int]) -> Ids:
    return np.unique(np.fromiter(ids, np.int64))


# -- names that a person gave: few different ones --------------------------------------------------


@dataclass(frozen=True)
class _GivenName:
    """A tag, or the name of a concept, and its words."""

    kind: str
    name: str
    words: Sequence[str]

    def contents(
        self, connection: Connection, limit: int, known: Ids | None = None
    ) -> Sequence[int]:
        query: Select[int] = select(Content.id)
        if self.kind == "tag":
            query = query.join(Tag, Tag.digest == Content.digest).where(Tag.name == self.name)
        else:
            query = query.join(ConceptExample, ConceptExample.digest == Content.digest)
            query = query.where(ConceptExample.concept == self.name, ~ConceptExample.negative)
        if known is not None:
            query = query.where(among(Content.id, known.tolist()))
        return connection.execute(query.limit(limit)).scalars().all()


def _given_names(connection: Connection) -> list[_GivenName]:
    tags = _each_once(connection, Tag.name)
    concepts = connection.execute(select(ConceptExample.concept).distinct()).scalars()
    named = [("tag", name) for name in tags] + [("concept", name) for name in concepts]
    return [_GivenName(kind, name, words_of(name)) for kind, name in named]


def _each_once(connection: Connection, column: InstrumentedAttribute[str]) -> list[str]:
    """The different values of a column, from each to the next in its index: rows may be many."""
    first: Select[Any] = select(func.min(column).label("value"))
    known = first.cte("known", recursive=True)
    later = select(func.min(column)).where(column > known.c.value).scalar_subquery()
    every = known.union_all(select(later).where(known.c.value.is_not(None)))
    query = select(every.c.value).where(every.c.value.is_not(None))
    return list(connection.execute(query).scalars())


def _given(
    connection: Connection,
    forms: Forms,
    given: Sequence[_GivenName],
    limit: int,
    known: Ids | None = None,
) -> tuple[Ids, Ids]:
    """The contents with a tag, and with a concept, that has a word."""
    ids: dict[str, list[int]] = {"tag": [], "concept": []}
    for one in given:
        if not set(forms).isdisjoint(one.words):
            ids[one.kind].extend(one.contents(connection, limit, known))
    return _in_order(ids["tag"]), _in_order(ids["concept"])


def _in_roots(connection: Connection, forms: Forms, limit: int) -> list[int]:
    ids: list[int] = []
    for root_id, path in connection.execute(select(Root.id, Root.path)):
        if not set(forms).isdisjoint(words_of(PurePath(path).name)):
            query = select(Photo.content_id).where(
                Photo.root_id == root_id, Photo.state == State.INDEXED
            )
            contents = connection.execute(query.limit(limit)).scalars()
            ids += [id for id in contents if id is not None]
    return ids
