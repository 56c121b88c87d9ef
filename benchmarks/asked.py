"""Queries whose answers are known, as plain values, for ``benchmarks.answers``.

They are of one half of the photos, by file name. Names are those of ImageNet's classes that
captions mention; what else is right, ``benchmarks.judged`` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import captioned, judged
from benchmarks.judged import LANGUAGES, Judged
from benchmarks.languages import captions_of
from benchmarks.names import kinds_of_names
from benchmarks.typed_queries import CHANGES, named_things
from store.words import words_of

_CAPTIONS, _OTHERS = 250, 100  # queries of a group, at most; every one takes a search
AQuery = dict[str, Any]


def asked_of(captions: Path, split: str | None, *, first: bool = False) -> dict[str, Any]:
    """The photos, their captions and names, and the queries: each with its group, its text and the
    names of the photos that are right; none are right for what is absent."""
    rows = captioned.half_of(captioned.read_captions(captions, split), first=first)
    texts = captioned.texts(rows)
    said: dict[str, list[str]] = {}
    for name, caption in rows:
        said.setdefault(name, []).append(caption)
    queries = [*_typed(texts), *_query_of(("captions", of[0], [name]) for name, of in said.items())]
    judgeable = {
        **judged.things(texts),
        "captions": judged.captions(rows, texts),
        **judged.translated(captions, rows, texts, split),
    }
    for group, things in judgeable.items():
        queries.extend(_judged(f"judged: {group}", things, texts))
    for group, absent in judged.absent_things(texts).items():
        queries.extend(_judged(group, absent, texts))
    for code, language in LANGUAGES.items():
        if captions.with_name(f"{captions.stem}.{code}.tsv").exists():
            those = captions_of(captions, code, split, "first" if first else "second", 1)
            group = f"captions, {language}"
            queries.extend(_query_of((group, caption, [name]) for name, caption in those))
    names = kinds_of_names(said)["descriptive"]
    of_names = (
        ("a photo's own name", " ".join(words_of(Path(path).stem)), [name])
        for name, path in names.items()
    )
    return {
        "captions": said,
        "queries": list(_some(queries)),
        "names": names,
        "of names": list(_some(_query_of(of_names))),
    }


def _some(queries: Iterable[AQuery]) -> Iterator[AQuery]:
    """Some of each group, from all over it."""
    groups: dict[str, list[AQuery]] = {}
    for query in queries:
        groups.setdefault(query["group"], []).append(query)
    for group, of in groups.items():
        most = _CAPTIONS if group in ("captions", "judged: captions") else _OTHERS
        yield from of[:: max(1, len(of) // most)][:most]


def _typed(texts: dict[str, str]) -> Iterator[AQuery]:
    """Names of things as people type them."""
    chance = np.random.default_rng(0)
    for change, changed in CHANGES.items():
        for text, right in named_things(texts):
            if (typed := changed(text, chance)) is not None:
                yield from _query_of([(f"names, {change}", typed, sorted(right))])


def _judged(group: str, things: Sequence[Judged], texts: dict[str, str]) -> Iterator[AQuery]:
    for one in things:
        typed = " without ".join(term.value for term in one.query.terms)
        right = None if one.right is None else [name for name in texts if one.right(name)]
        yield from _query_of([(group, typed, right)])


def _query_of(queries: Iterable[tuple[str, str, list[str] | None]]) -> Iterator[AQuery]:
    for group, text, right in queries:
        yield {"group": group, "text": text, "right": right}
