"""The words in titles and descriptions, which photos or their sidecars say.

There may be as many as photos. They are read once for each state of the library, and the words of a
text are told apart once: a second for 100,000 texts, and after a run those that it added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from sqlalchemy import Connection, or_, select

from store.sql import key_values
from store.sql.schema import Content
from store.vectors import Ids
from store.words import words_of

Said = Literal["title", "description"]
_NONE: Ids = np.empty(0, np.int64)


@dataclass(frozen=True)
class Titles:
    """Which contents have a word in their title or description, and what each title is as a whole.

    Attributes:
        having: by field and word, the contents in order, (n,) int64.
        whole: by the words of a title as one, the contents.
        texts: each text with its words.
    """

    having: dict[tuple[Said, str], Ids] = field(default_factory=dict)
    whole: dict[str, list[int]] = field(default_factory=dict)
    texts: dict[str, Sequence[str]] = field(default_factory=dict)

    def with_any(self, said: Said, forms: Collection[str], known: Ids | None = None) -> Ids:
        """The contents (n,) with any of ``forms`` in a field, in order; only those of ``known``."""
        listed = [self.having.get((said, form), _NONE) for form in forms]
        ids = np.unique(np.concatenate([_NONE, *listed]))
        return ids if known is None else np.intersect1d(ids, known)


_kept: dict[str, tuple[int, Titles]] = {}


def titles(connection: Connection) -> Titles:
    """Those of the library as of now."""
    library = f"{connection.engine.url} {key_values.get(connection, 'past', '')}"
    generation = key_values.generation(connection)
    kept = _kept.get(library)
    if kept is None or kept[0] != generation:
        kept = generation, _read(connection, kept[1].texts if kept else {})
        _kept.clear()  # a process searches one library
        _kept[library] = kept
    return kept[1]


def _read(connection: Connection, known: dict[str, Sequence[str]]) -> Titles:
    """All titles and descriptions; ``known`` has the words of texts that were there before."""
    having: dict[tuple[Said, str], list[int]] = defaultdict(list)
    made = Titles()
    query = select(Content.id, Content.title, Content.description)
    query = query.where(or_(Content.title.is_not(None), Content.description.is_not(None)))
    for id, title, description in connection.execute(query.order_by(Content.id)):
        said: Sequence[tuple[Said, str | None]] = (("title", title), ("description", description))
        for name, text in said:
            if not text:
                continue
            words = known.get(text) or made.texts.get(text) or words_of(text)
            made.texts[text] = words
            for word in dict.fromkeys(words):
                having[name, word].append(id)
            if name == "title":
                made.whole.setdefault("".join(words), []).append(id)
    made.having.update({key: np.array(ids, np.int64) for key, ids in having.items()})
    return made
