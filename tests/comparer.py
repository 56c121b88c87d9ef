"""What a library holds, read with SQLite alone: no code of ours is asked whether ours is right."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


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


def held(folder: Path) -> Held:
    """What the library in ``folder`` holds. Fails if SQLite finds anything wrong with it."""
    with closing(sqlite3.connect(folder / "library.db")) as connection:

        def rows(query: str) -> list[tuple]:  # type: ignore[type-arg]
            return connection.execute(query).fetchall()

        assert rows("PRAGMA integrity_check") == [("ok",)]
        assert rows("PRAGMA foreign_key_check") == []
        vectors = rows(
            "SELECT hex(digest), fingerprint, vector FROM embedding "
            "JOIN content ON content.id = content_id JOIN model ON model.id = model_id"
        )
        for _, _, vector in vectors:
            numbers = struct.unpack(f"<{len(vector) // 4}f", vector)
            assert abs(sum(n * n for n in numbers) - 1) < 1e-3
        return Held(
            {
                "/".join(filter(None, [root, inside, name])): (state, digest, bool(away))
                for root, inside, name, state, digest, away in rows(
                    "SELECT root.path, folder, name, state, hex(digest), away FROM photo "
                    "JOIN root ON root.id = root_id LEFT JOIN content ON content.id = content_id"
                )
            },
            {(digest, model): vector for digest, model, vector in vectors},
            frozenset(rows("SELECT hex(digest), name FROM tag")),
            frozenset(
                (concept, path, bool(negative), digest, vector)
                for concept, path, negative, digest, vector in rows(
                    "SELECT concept, path, negative, hex(digest), vector FROM concept_example"
                )
            ),
            frozenset(rows("SELECT name, query FROM saved_search")),
            next(
                iter(
                    fingerprint
                    for (fingerprint,) in rows(
                        "SELECT fingerprint FROM model JOIN setting ON key = 'model_id' "
                        "AND CAST(json_extract(value, '$') AS INTEGER) = model.id"
                    )
                ),
                None,
            ),
        )
