"""Databases of libraries, and ways to damage them."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from store.checksums import checksum
from store.library import DATABASE, Library
from store.sql.dialect.sessions import add_functions
from store.values import Example

PAGE = 4096
DIM = 64


def make_library(folder: Path, pictures: int, tagged: int) -> None:
    """A library of ``pictures`` with vectors, ``tagged`` tags, two concepts, a saved search."""
    with closing(Library.open(folder, create=True)) as library:
        with library.writing() as writer:
            model = writer.add_model("colours", "fingerprint", DIM)
            writer.add_root(Path("/photos"), (), replace=False)
        numbers = np.random.default_rng(5).normal(size=(pictures, DIM)).astype("<f4")
        vectors = numbers / np.linalg.norm(numbers, axis=1, keepdims=True)
        with closing(sqlite3.connect(folder / DATABASE)) as database:
            add_functions(database)
            for id in range(1, pictures + 1):
                digest = hashlib.sha256(b"%d" % id).digest()
                database.execute(
                    "INSERT INTO content (id, digest, width, height, format, taken_at, camera, "
                    "latitude, longitude, place) VALUES (?, ?, 640, 480, 'JPEG', "
                    "'2020-01-02 03:04:05.000000', 'Camera', 52.5, 13.0, 'Berlin, Germany')",
                    (id, digest),
                )
                vector = vectors[id - 1].tobytes()
                row = (id, model.id, vector, checksum(digest, vector))
                database.execute("INSERT INTO embedding VALUES (?, ?, ?, ?)", row)
                database.execute(
                    "INSERT INTO photo (root_id, folder, name, size, mtime_ns, state, content_id, "
                    "run) VALUES (1, ?, ?, ?, ?, 'indexed', ?, 1)",
                    (f"folder{id % 40}", f"{id}.jpg", 10**6 + id, 10**18 + id, id),
                )
            database.commit()
        chosen = random.Random(3).sample(range(1, pictures + 1), tagged // 2)
        library.user_data.add_tag(chosen, "favourite")
        library.user_data.add_tag(chosen[: tagged - len(chosen)], "family")
        for concept in ("avi", "home"):
            examples = [Example(f"/p/{concept}{n}", n > 2, n + 1, 1, vectors[n]) for n in range(4)]
            library.user_data.add_examples(concept, examples)
        library.user_data.save_search("zoo", "animals in:zoo")


KINDS = ("zeroed pages", "flipped bits", "cut off", "header", "first page", "scrambled pages")


def damage(path: Path, kind: str, chance: random.Random) -> None:
    """Damage a database file in one of ``KINDS`` of ways."""
    content = bytearray(path.read_bytes())
    pages = len(content) // PAGE
    if kind in ("zeroed pages", "scrambled pages"):
        for _ in range(max(1, pages // 50)):
            start = chance.randrange(1, pages) * PAGE
            content[start : start + PAGE] = (
                bytes(PAGE) if kind == "zeroed pages" else chance.randbytes(PAGE)
            )
    elif kind == "flipped bits":
        for _ in range(max(1, pages // 5)):
            content[chance.randrange(100, len(content))] ^= 1 << chance.randrange(8)
        content[chance.randrange(1, pages) * PAGE] ^= 0x0F  # the kind of one page for certain
    elif kind == "cut off":
        del content[chance.randrange(len(content) // 2, len(content)) :]
    elif kind == "header":
        content[:100] = chance.randbytes(100)
    else:
        content[:PAGE] = bytes(PAGE)
    path.write_bytes(content)


def tags(path: Path) -> set[tuple[bytes, str]]:
    with closing(sqlite3.connect(path)) as database:
        add_functions(database)
        return set(database.execute("SELECT digest, name FROM tag"))
