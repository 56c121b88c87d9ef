"""The words in titles and descriptions, which photos or their sidecars say.

There may be as many as photos. A process reads them with its first search of a library, and tells
their words apart. After a change of the library it reads them again, and tells the words of those
texts apart that are new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Connection, Pool, or_, select

from store.sql import key_values
from store.sql.schema import Content
from store.vectors import Ids
from store.words import words_of

Said = Literal["title", "description"]
_Texts = tuple[str | None, str | None]
_NONE: Ids = np.empty(0, np.int64)


@dataclass(frozen=True)
class Titles:
    """Which contents have a word in their title or description, and what each title is as a whole.

    Attributes:
        having: by field and word, the contents in order, (n,) int64.
        whole: by the words of a title as one, the contents.
        texts: the title and description of each content that has any.
    """

    having: dict[tuple[Said, str], Ids] = field(default_factory=dict)
    whole: dict[str, list[int]] = field(default_factory=dict)
    texts: dict[int, _Texts] = field(default_factory=dict)

    def with_any(self, said: Said, forms: Collection[str], known: Ids | None = None) -> Ids:
        """The contents (n,) with any of ``forms`` in a field, in order; only those of ``known``."""
        listed = [self.having.get((said, form), _NONE) for form in forms]
        ids = np.unique(np.concatenate([_NONE, *listed]))
        return ids if known is None else np.intersect1d(ids, known)


SAYING = select(Content.id, Content.title, Content.description).where(
    or_(Content.title.is_not(None), Content.description.is_not(None))
)
"""Asks for what contents say, as the index ``content_said`` knows it."""

_kept: WeakKeyDictionary[Pool, tuple[tuple[int, str], Titles]] = WeakKeyDictionary()
"""By the connections of a library, with which it is let go: its state, and the titles then."""


def titles(connection: Connection) -> Titles:
    """Those of the library as of now."""
    pool = connection.engine.pool
    state = key_values.generation(connection), str(key_values.get(connection, "past", ""))
    kept = _kept.get(pool)
    if kept is None or kept[0] != state:
        kept = state, _read(connection, kept[1] if kept else Titles())
        _kept[pool] = kept
    return kept[1]


def _read(connection: Connection, before: Titles) -> Titles:
    """All titles and descriptions; ``before`` has those of an earlier state."""
    texts: dict[int, _Texts] = {
        id: (title, description) for id, title, description in connection.execute(SAYING)
    }
    if texts == before.texts:
        return before
    ids = before.texts.keys() | texts.keys()
    changed = sorted(id for id in ids if before.texts.get(id) != texts.get(id))
    gone, gone_whole = _by_word(before.texts, changed)
    added, whole = _by_word(texts, changed)
    having = dict(before.having)
    for key in gone.keys() | added.keys():
        kept = np.setdiff1d(having.get(key, _NONE), np.array(gone.get(key, []), np.int64))
        having[key] = np.union1d(kept, np.array(added.get(key, []), np.int64))
    wholes = dict(before.whole)
    for one_word, some in gone_whole.items():
        wholes[one_word] = [*set(wholes[one_word]).difference(some)]
    for one_word, some in whole.items():
        wholes[one_word] = [*wholes.get(one_word, []), *some]
    return Titles(having, wholes, texts)


def _by_word(
    texts: Mapping[int, _Texts], ids: Iterable[int]
) -> tuple[dict[tuple[Said, str], list[int]], dict[str, list[int]]]:
    """Those of ``ids`` by field and word, and by the words of their title as one."""
    having: dict[tuple[Said, str], list[int]] = defaultdict(list)
    whole: dict[str, list[int]] = defaultdict(list)
    for id in ids:
        title, description = texts.get(id, (None, None))
        said: Sequence[tuple[Said, str | None]] = (("title", title), ("description", description))
        for name, text in said:
            words = words_of(text) if text else []
            for word in dict.fromkeys(words):
                having[name, word].append(id)
            if words and name == "title":
                whole["".join(words)].append(id)
    return having, whole
