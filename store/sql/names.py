"""Which photos have words in their names: of files, folders, roots, tags and concepts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from store.sql.dialect.expressions import among
from store.sql.dialect.name_words import Asked, Field, Forms, contents_each, count_each
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
        count: how many paths have it in a name, as far as that was counted.
        frequent: too many to be looked up: ``named`` says how many that is.
    """

    name: Ids = field(default_factory=_none)
    folder: Ids = field(default_factory=_none)
    tag: Ids = field(default_factory=_none)
    concept: Ids = field(default_factory=_none)
    count: int = 0
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

    The rarest words find photos, at most ``limit`` in all. A more frequent one tells little, and
    finds none by itself: it counts for photos that a rarer one found. Where all are frequent, they
    count for photos that have all of them.
    """
    given = _given_names(connection)
    counts = count_each(connection, words, limit + 1)
    are_rare = _rarest(counts, limit)
    rare = [forms for forms, is_rare in zip(words, are_rare, strict=True) if is_rare]
    asked: list[Asked] = [[("name", forms)] for forms in rare]
    asked.extend([("folder", forms)] for forms in rare)
    asked.extend([("whole", wholes)] for _ in wholes[:1])
    contents = contents_each(connection, asked, limit + 1)
    whole = contents.pop() if wholes else []
    by_name = iter(contents[: len(rare)])
    by_folder = iter(contents[len(rare) :])
    looked_up = [
        _photos_with(connection, forms, next(by_name), next(by_folder), given, limit)
        if is_rare
        else WordPhotos(frequent=True)
        for forms, is_rare in zip(words, are_rare, strict=True)
    ]
    looked_up = [
        replace(one, count=max(count, len(one.every)))
        for one, count in zip(looked_up, counts, strict=True)
    ]
    if any(one.frequent for one in looked_up):
        _add_frequent(connection, words, looked_up, given, limit)
    for one in given:
        if one.kind != "root" and "".join(one.words) in wholes:
            whole += one.contents(connection, limit + 1)
    return Named(looked_up, _in_order(whole) if len(whole) <= limit else _none())


def _rarest(counts: Sequence[int], limit: int) -> list[bool]:
    """Whether each word is among the rarest, which have at most ``limit`` photos in all."""
    rare, so_far = [False] * len(counts), 0
    for place in sorted(range(len(counts)), key=counts.__getitem__):
        so_far += counts[place]
        rare[place] = so_far <= limit
    return rare


def _photos_with(
    connection: Connection,
    forms: Forms,
    name: list[int],
    folder: list[int],
    given: Sequence[_GivenName],
    limit: int,
) -> WordPhotos:
    root, tag, concept = _given(connection, forms, given, limit + 1)
    fields = (_in_order(name), np.union1d(_in_order(folder), root), tag, concept)
    return WordPhotos(frequent=True) if max(map(len, fields)) > limit else WordPhotos(*fields)


def _add_frequent(
    connection: Connection,
    words: Sequence[Forms],
    looked_up: list[WordPhotos],
    given: Sequence[_GivenName],
    limit: int,
) -> None:
    """Say of frequent words which photos have them: of those that a rare word has, or all."""
    frequent = [place for place, one in enumerate(looked_up) if one.frequent]
    rare = [place for place, one in enumerate(looked_up) if not one.frequent]
    anyone = [form for place in rare for form in words[place]]
    known = np.unique(np.concatenate([_none(), *(one.every for one in looked_up)]))
    if rare and len(known):
        asked: list[Asked] = [[("any", anyone), ("name", words[place])] for place in frequent]
        asked.extend([("any", anyone), ("folder", words[place])] for place in frequent)
        also = [_in_order(ids) for ids in contents_each(connection, asked, limit)]
        for number, place in enumerate(frequent):
            root, tag, concept = _given(connection, words[place], given, limit, known)
            folder = np.union1d(also[len(frequent) + number], root)
            looked_up[place] = replace(
                looked_up[place], name=also[number], folder=folder, tag=tag, concept=concept
            )
    elif len(frequent) > 1:
        every: list[tuple[Field, Forms]] = [("any", words[place]) for place in frequent]
        (both,) = contents_each(connection, [every], limit + 1)
        for place in frequent if len(both) <= limit else ():
            looked_up[place] = replace(looked_up[place], folder=_in_order(both))


def _in_order(ids: Iterable[int]) -> Ids:
    return np.unique(np.fromiter(ids, np.int64))


# -- names that a person gave: few different ones --------------------------------------------------


@dataclass(frozen=True)
class _GivenName:
    """A tag, the name of a concept or a root, and its words.

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
    given = [_GivenName(kind, name, words_of(name)) for kind, name in named]
    for root_id, path in connection.execute(select(Root.id, Root.path)):
        given.append(_GivenName("root", str(root_id), words_of(PurePath(path).name)))
    return given


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
) -> tuple[Ids, Ids, Ids]:
    """The contents in a root, with a tag, and with a concept, that has a word."""
    ids: dict[str, list[int]] = {"root": [], "tag": [], "concept": []}
    for one in given:
        if not set(forms).isdisjoint(one.words):
            ids[one.kind].extend(one.contents(connection, limit, known))
    return _in_order(ids["root"]), _in_order(ids["tag"]), _in_order(ids["concept"])
