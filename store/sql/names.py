"""Which photos have words in their names (of files, folders, roots, tags, keywords, concepts), in
their titles and descriptions, or in the pictures themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from store.sql.dialect import content_words
from store.sql.dialect.expressions import among
from store.sql.dialect.name_words import Asked, Field, Forms, contents_each, count_each
from store.sql.given_names import GivenName, given_names, given_photos, in_order
from store.sql.picture_texts import contents_with_words
from store.sql.schema import Content, Photo
from store.states import State
from store.vectors import Ids, united
from store.words import folder_words, name_words

MANY = 20_000
"""Photos that words find together, if each of them is in more names than ``named`` looks up."""

_SAID: Sequence[content_words.Field] = ("title", "description")

Nearest = Callable[[], Ids]
"""Gives the photos that are nearest to the query by what they show, (n,)."""


def none() -> Ids:
    """No photos, (0,)."""
    return np.empty(0, np.int64)


@dataclass(frozen=True)
class WordPhotos:
    """The contents that have one word in a name, by what the name is of: (n,) each, in order.

    Attributes:
        folder: folders at any depth, and the last part of a root's path.
        text: what can be read in the picture.
        count: how many paths have it in a name, as far as that was counted.
        frequent: too many to be looked up: ``named`` says how many that is.
    """

    name: Ids = field(default_factory=none)
    folder: Ids = field(default_factory=none)
    tag: Ids = field(default_factory=none)
    concept: Ids = field(default_factory=none)
    keyword: Ids = field(default_factory=none)
    title: Ids = field(default_factory=none)
    description: Ids = field(default_factory=none)
    text: Ids = field(default_factory=none)
    count: int = 0
    frequent: bool = False

    @property
    def every(self) -> Ids:
        """All of them, each once, (n,)."""
        every = [self.name, self.folder, self.tag, self.concept, self.keyword]
        return united(*every, self.title, self.description, self.text)


@dataclass(frozen=True)
class Named:
    """Which contents have each of some words, and which have a name that is nothing else."""

    words: Sequence[WordPhotos]
    whole: Ids


def named(
    connection: Connection,
    words: Sequence[Forms],
    wholes: Sequence[str],
    limit: int,
    nearest: Nearest = none,
) -> Named:
    """Look up ``words``, each as it may be written, and ``wholes``, names as one word.

    The rarest words find photos, at most ``limit`` in all. A more frequent one tells little: it
    counts for photos that a rarer one found. Where all are frequent, they count for photos that
    have all of them, up to ``MANY``; of more, and where none has all, for those of ``nearest``.
    """
    given = given_names(connection)
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
    said = content_words.contents_each(
        connection, [*_in_what_is_said(rare), *(("whole", [one]) for one in wholes)], limit + 1
    )
    by_saying = iter(_by_field(said[: 2 * len(rare)]))
    looked_up = [
        _photos_with(
            connection, forms, next(by_name), next(by_folder), given, limit, said=next(by_saying)
        )
        if is_rare
        else WordPhotos(frequent=True)
        for forms, is_rare in zip(words, are_rare, strict=True)
    ]
    texts = contents_with_words(connection, words, wholes, limit)
    looked_up = [
        replace(one, text=text, count=max(count, len(one.every), len(text)))
        for one, count, text in zip(looked_up, counts, texts, strict=True)
    ]
    if any(one.frequent for one in looked_up):
        _add_frequent(connection, words, looked_up, given, limit, nearest)
    for one in given:
        if one.kind != "root" and "".join(one.words) in wholes:
            whole += one.contents(connection, limit + 1)
    for ids in said[2 * len(rare) :]:
        whole += ids
    return Named(looked_up, in_order(whole) if len(whole) <= limit else none())


def _in_what_is_said(words: Sequence[Forms]) -> list[content_words.Asked]:
    """To ask for each of ``words`` in titles, then in descriptions; see ``_by_field``."""
    return [(field, forms) for forms in words for field in _SAID]


def _by_field(contents: Sequence[Sequence[int]]) -> list[dict[str, Ids]]:
    """What was asked by ``_in_what_is_said``: of each word the contents, by field."""
    ids = [in_order(one) for one in contents]
    return [
        dict(zip(_SAID, ids[start : start + 2], strict=True)) for start in range(0, len(ids), 2)
    ]


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
    given: Sequence[GivenName],
    limit: int,
    *,
    said: dict[str, Ids],
) -> WordPhotos:
    fields: dict[str, Any] = given_photos(connection, forms, given, limit + 1)
    fields |= said
    fields |= {"name": in_order(name), "folder": united(in_order(folder), fields.pop("root"))}
    if max(map(len, fields.values())) > limit:
        return WordPhotos(frequent=True)
    return WordPhotos(**fields)


def _add_frequent(
    connection: Connection,
    words: Sequence[Forms],
    looked_up: list[WordPhotos],
    given: Sequence[GivenName],
    limit: int,
    nearest: Nearest,
) -> None:
    """Say of frequent words which photos have them: of those that a rare word has, or all."""
    frequent = [place for place, one in enumerate(looked_up) if one.frequent]
    rare = [place for place, one in enumerate(looked_up) if not one.frequent]
    anyone = [form for place in rare for form in words[place]]
    known = united(none(), *(one.every for one in looked_up))
    every: list[tuple[Field, Forms]] = [("any", words[place]) for place in frequent]
    if rare and len(known):
        by_field = _also(connection, [("any", anyone)], words, frequent, limit)
    else:
        (known_ids,) = contents_each(connection, [every], MANY + 1)
        if 0 < len(known_ids) <= MANY:
            known = in_order(known_ids)
            by_field = _also(connection, every, words, frequent, MANY)
        else:
            known = united(nearest())
            by_field = _among(connection, [words[place] for place in frequent], known)
    asked = _in_what_is_said([words[place] for place in frequent])
    by_saying = _by_field(content_words.contents_among(connection, asked, known))
    for (name, folder), said, place in zip(by_field, by_saying, frequent, strict=True):
        fields: dict[str, Any] = given_photos(connection, words[place], given, MANY, known)
        fields |= said
        folder = united(folder, fields.pop("root"))
        looked_up[place] = replace(looked_up[place], name=name, folder=folder, **fields)


def _also(
    connection: Connection,
    first: Asked,
    words: Sequence[Forms],
    places: Sequence[int],
    limit: int,
) -> list[tuple[Ids, Ids]]:
    """For each of the words at ``places``, the photos for ``first`` with it in name and folder."""
    asked: list[Asked] = [[*first, ("name", words[place])] for place in places]
    asked.extend([*first, ("folder", words[place])] for place in places)
    ids = [in_order(one) for one in contents_each(connection, asked, limit)]
    return list(zip(ids[: len(places)], ids[len(places) :], strict=True))


def _among(connection: Connection, words: Sequence[Forms], contents: Ids) -> list[tuple[Ids, Ids]]:
    """For each of ``words``, those of ``contents`` (n,) with it in name and folder."""
    query = select(Content.id, Photo.name, Photo.folder).join(Photo, Photo.content_id == Content.id)
    query = query.where(among(Content.id, contents.tolist()), Photo.state == State.INDEXED)
    having: list[tuple[list[int], list[int]]] = [([], []) for _ in words]
    for id, name, folder in connection.execute(query) if len(contents) else ():
        assert id is not None  # it is indexed
        in_name, in_folder = set(name_words(name).split()), set(folder_words(folder).split())
        for forms, (names, folders) in zip(words, having, strict=True):
            if not in_name.isdisjoint(forms):
                names.append(id)
            if not in_folder.isdisjoint(forms):
                folders.append(id)
    return [(in_order(names), in_order(folders)) for names, folders in having]
