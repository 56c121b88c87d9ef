"""One number for each content as a file beside the index, derived like it; see ``app.search.hubs``.

The file is written beside and renamed into place. A damaged file, or one of a different version,
counts as missing.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np

from store.files.atomic import replaced
from store.values import ModelInfo
from store.vectors import Ids, Vectors


def path(folder: Path, model: ModelInfo) -> Path:
    """Where the numbers of a model's vectors are kept, of a library in ``folder``."""
    return folder / f"hubs-{model.id}.npz"


def save(path: Path, version: str, ids: Ids, numbers: Vectors) -> None:
    """Write the ``numbers`` (n,) of the contents ``ids`` (n,), which are in order.

    Raises:
        OSError: it can't be written.
    """
    with replaced(path) as file:
        np.savez(
            file,
            version=np.array(version),
            ids=ids.astype("<i8"),
            numbers=numbers.astype("<f4"),
            crc32=np.array(_checksum(ids, numbers)),
        )


def load(path: Path, version: str) -> tuple[Ids, Vectors] | None:
    """Ids and numbers, (n,) each; None if there are none of this version, or they are damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            if str(saved["version"]) != version:
                return None
            ids: Ids = saved["ids"].astype(np.int64)
            numbers: Vectors = saved["numbers"].astype(np.float32)
            right = int(saved["crc32"]) == _checksum(ids, numbers)
    except Exception:  # damage makes the readers of zip and npy raise anything
        return None
    return (ids, numbers) if right and len(ids) == len(numbers) else None


def _checksum(ids: Ids, numbers: Vectors) -> int:
    first = zlib.crc32(np.ascontiguousarray(ids, "<i8").tobytes())
    return zlib.crc32(np.ascontiguousarray(numbers, "<f4").tobytes(), first)
