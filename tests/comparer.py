"""What a library holds, read by the database's own client alone.

No code of ours is asked whether ours is right.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Held:
    """All that must not be lost, without the ids of rows, which may differ.

    Attributes:
        paths: (state, digest of the picture, away) by absolute path.
        vectors: the bytes by (digest, model's fingerprint).
        tags: (digest, tag).
        examples: (concept, path, negative, digest, vector).
        searches: saved ones, (name, query).
        model: the fingerprint of the one that answers.
    """

    paths: dict[str, tuple[str, str | None, bool]]
    vectors: dict[tuple[str, str], bytes]
    tags: frozenset[tuple[str, str]]
    examples: frozenset[tuple[str, str, bool, str | None, bytes]]
    searches: frozenset[tuple[str, str]]
    model: str | None

    @property
    def marks(self) -> tuple[object, ...]:
        """What a person made."""
        return self.tags, self.examples, self.searches


Rows = Callable[[str], Sequence[Any]]


def held(folder: Path) -> Held:
    """What the library in ``folder`` holds. Fails if SQLite finds anything wrong with it."""
    with closing(sqlite3.connect(folder / "library.db")) as connection:

        def rows(query: str) -> Sequence[Any]:
            return connection.execute(query).fetchall()

        assert rows("PRAGMA integrity_check") == [("ok",)]
        assert rows("PRAGMA foreign_key_check") == []
        answering = "CAST(json_extract(value, '$') AS INTEGER)"
        return _held(rows, "hex({})", answering)


def held_at(url: str) -> Held:
    """The same of a library on a server. Fails if what a search reads is not as the vectors are."""
    import psycopg

    with psycopg.connect(url) as connection:

        def rows(query: str) -> Sequence[Any]:
            return connection.execute(query.encode()).fetchall()

        told = _held(rows, "encode({}, 'hex')", "CAST(value #>> '{}' AS bigint)")
        searched = rows(
            "SELECT encode(digest, 'hex'), fingerprint, nearby.vector FROM nearby "
            "JOIN content ON content.id = content_id JOIN model ON model.id = model_id"
        )
        assert len(searched) == len(told.vectors) == rows("SELECT count(*) FROM embedding")[0][0]
        for digest, model, text in searched:
            numbers = [float(number) for number in text.strip("[]").split(",")]
            vector = told.vectors[digest, model]
            stored = struct.unpack(f"<{len(vector) // 4}f", vector)
            assert max(abs(a - b) for a, b in zip(numbers, stored, strict=True)) < 1e-3
        return told


def _held(rows: Rows, as_hex: str, answering: str) -> Held:
    digest = as_hex.format("digest")
    vectors = rows(
        f"SELECT {digest}, fingerprint, vector FROM embedding "
        "JOIN content ON content.id = content_id JOIN model ON model.id = model_id"
    )
    for _, _, vector in vectors:
        numbers = struct.unpack(f"<{len(vector) // 4}f", vector)
        assert abs(sum(n * n for n in numbers) - 1) < 1e-3
    paths = rows(
        f"SELECT root.path, folder, name, state, {digest}, away FROM photo "
        "JOIN root ON root.id = root_id LEFT JOIN content ON content.id = content_id"
    )
    models = rows(
        f"SELECT fingerprint FROM model JOIN setting ON key = 'model_id' AND {answering} = model.id"
    )
    return Held(
        {
            "/".join(filter(None, [root, inside, name])): (state, digest, bool(away))
            for root, inside, name, state, digest, away in paths
        },
        {(digest, model): vector for digest, model, vector in vectors},
        frozenset(rows(f"SELECT {digest}, name FROM tag")),
        frozenset(
            (concept, path, bool(negative), digest, vector)
            for concept, path, negative, digest, vector in rows(
                f"SELECT concept, path, negative, {digest}, vector FROM concept_example"
            )
        ),
        frozenset(rows("SELECT name, query FROM saved_search")),
        next(iter(fingerprint for (fingerprint,) in models), None),
    )
