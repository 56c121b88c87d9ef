"""Names that a person gave to many photos: tags, keywords, concepts, roots. There are few different
ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, func, select

from store.filters import HIDDEN
from store.sql import key_values
from store.sql.dialect.expressions import among
from store.sql.dialect.name_words import Forms
from store.sql.schema import ConceptExample, Content, Keyword, Photo, Root, Tag
from store.states import State
from store.vectors import Ids, united
from store.words import words_of

_kept_keywords: dict[str, tuple[int, Sequence[GivenName]]] = {}


@dataclass(frozen=True)
class GivenName:
    """A tag, a keyword, the name of a concept or a root, and its words.

    Attributes:
        name: a root's is its id.
    """

    kind: str
    name: str
    words: Sequence[str]

    def contents(
        self, connection: Connection, limit: int, known: Ids | None = None
    ) -> Sequence[int]:
        query: Select[int] = select(Content.id)
        if self.kind == "root":
            root = Photo.root_id == int(self.name)
            query = query.join(Photo, Photo.content_id == Content.id)
            query = query.where(root, Photo.state == State.INDEXED)
        elif self.kind == "tag":
            query = query.join(Tag, Tag.digest == Content.digest).where(Tag.name == self.name)
        elif self.kind == "keyword":
            query = query.join(Keyword, Keyword.content_id == Content.id)
            query = query.where(Keyword.name == self.name)
        else:
            query = query.join(ConceptExample, ConceptExample.digest == Content.digest)
            query = query.where(ConceptExample.concept == self.name, ~ConceptExample.negative)
        if known is not None:
            query = query.where(among(Content.id, known.tolist()))
        return connection.execute(query.limit(limit)).scalars().all()


def given_names(connection: Connection) -> list[GivenName]:
    tags = [name for name in _each_once(connection, Tag.name) if name != HIDDEN]
    concepts = connection.execute(select(ConceptExample.concept).distinct()).scalars()
    named = [("tag", name) for name in tags] + [("concept", name) for name in concepts]
    given = [GivenName(kind, name, words_of(name)) for kind, name in named]
    given += _keywords(connection)
    for root_id, path in connection.execute(select(Root.id, Root.path)):
        given.append(GivenName("root", str(root_id), words_of(PurePath(path).name)))
    return given


def _keywords(connection: Connection) -> Sequence[GivenName]:
    """The keywords, of which there may be tens of thousands: looked up once for each generation."""
    library = f"{connection.engine.url} {key_values.get(connection, 'past', '')}"
    generation = key_values.generation(connection)
    kept = _kept_keywords.get(library)
    if kept is None or kept[0] != generation:
        names = _each_once(connection, Keyword.name)
        kept = generation, [GivenName("keyword", name, words_of(name)) for name in names]
        _kept_keywords.clear()  # a process searches one library
        _kept_keywords[library] = kept
    return kept[1]


def _each_once(connection: Connection, column: ColumnElement[str]) -> list[str]:
    """The different values of a column, from each to the next in its index: rows may be many."""
    first: Select[Any] = select(func.min(column).label("value"))
    known = first.cte("known", recursive=True)
    later = select(func.min(column)).where(column > known.c.value).scalar_subquery()
    every = known.union_all(select(later).where(known.c.value.is_not(None)))
    query = select(every.c.value).where(every.c.value.is_not(None))
    return list(connection.execute(query).scalars())


def given_photos(
    connection: Connection,
    forms: Forms,
    given: Sequence[GivenName],
    limit: int,
    known: Ids | None = None,
) -> dict[str, Ids]:
    """The contents in a root, with a tag, keyword or concept that has a word, by what it is."""
    ids: dict[str, list[int]] = {"root": [], "tag": [], "concept": [], "keyword": []}
    for one in given:
        if not set(forms).isdisjoint(one.words):
            ids[one.kind].extend(one.contents(connection, limit, known))
    return {kind: in_order(listed) for kind, listed in ids.items()}


def in_order(ids: Iterable[int]) -> Ids:
    """``ids`` as an array, (n,), each once."""
    return united(np.fromiter(ids, np.int64))
