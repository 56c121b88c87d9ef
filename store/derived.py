"""The vector index as a file derived from the rows: trusted only while it matches them.

Beside ``vectors-<model>.faiss`` lies a small JSON file with the library generation that it was
made at, its count, and its checksum. A file that is missing, damaged or of other rows is never
an error: what differs is taken from the rows, or all of it.
"""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from store import photos
from store.faiss_index import FaissIndex
from store.records import ModelInfo
from store.vectors import VectorIndex

_READ = 1 << 24


@dataclass(frozen=True)
class OpenedIndex:
    """An index that equals the rows, and what it took: ``repaired`` is None if nothing."""

    index: VectorIndex
    generation: int
    repaired: str | None


def index_path(folder: Path, model: ModelInfo) -> Path:
    return folder / f"vectors-{model.id}.faiss"


def open_index(
    connection: Connection, folder: Path, model: ModelInfo, *, rebuild: bool = False
) -> OpenedIndex:
    """The index of all visible contents, caught up with the rows, or rebuilt from them."""
    generation = int(photos.setting(connection, "generation", 0))
    path = index_path(folder, model)
    saved, problem = (None, "rebuilt (as asked)") if rebuild else _load(path, model)
    if saved is not None and saved.generation == generation:
        return saved
    wanted = photos.visible_ids(connection, model.id)
    index: VectorIndex = saved.index if saved else FaissIndex(model.dim)
    had = np.sort(index.ids())
    surplus = np.setdiff1d(had, wanted, assume_unique=True)
    missing = np.setdiff1d(wanted, had, assume_unique=True)
    if len(surplus):
        index.remove(surplus)
    for start in range(0, len(missing), 10_000):
        part = missing[start : start + 10_000]
        index.add(part, photos.vectors(connection, model, part))
    repaired = (
        problem or f"caught up with the library ({len(missing)} added, {len(surplus)} removed)"
    )
    return OpenedIndex(index, generation, repaired)


def save_index(opened: OpenedIndex, folder: Path, model: ModelInfo) -> None:
    """Write the index beside its old file and rename it into place.

    A kill between the two renames leaves a checksum that does not match: the index is rebuilt
    at the next opening.
    """
    path = index_path(folder, model)
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    opened.index.save(fresh)
    facts = {
        "generation": opened.generation,
        "count": len(opened.index),
        "fingerprint": model.fingerprint,
        "crc32": _checksum(fresh),
    }
    fresh_facts = fresh.with_suffix(".tmp.json")
    fresh_facts.write_text(json.dumps(facts))
    fresh.replace(path)
    fresh_facts.replace(path.with_suffix(".json"))


def _load(path: Path, model: ModelInfo) -> tuple[OpenedIndex | None, str | None]:
    """The saved index, or why there is none to use."""
    if not path.exists():
        return None, "built from the library (there was no index file)"
    try:
        facts = json.loads(path.with_suffix(".json").read_text())
        if facts["fingerprint"] != model.fingerprint or facts["crc32"] != _checksum(path):
            return None, "rebuilt (the index file was damaged or unfinished)"
        # Only now: FAISS may crash on a damaged file.
        index = FaissIndex.load(path)
        if len(index) != facts["count"] or index.dim != model.dim:
            return None, "rebuilt (the index file was of another library)"
        return OpenedIndex(index, int(facts["generation"]), None), None
    except (OSError, ValueError, KeyError, TypeError):
        return None, "rebuilt (the index file was damaged or unfinished)"


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(_READ):
            checksum = zlib.crc32(block, checksum)
    return checksum
