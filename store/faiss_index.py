"""The one module that knows FAISS: exact inner-product search over unit vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from store.vectors import Ids, Vectors


class FaissIndex:
    """A ``VectorIndex`` on ``IndexFlatIP``: exact, one pass over all vectors a query."""

    def __init__(self, dim: int) -> None:
        import faiss

        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dim))

    @classmethod
    def load(cls, path: Path) -> FaissIndex:
        """Read what ``save`` wrote.

        Raises:
            ValueError: the file is not such an index. (Damage inside a well-formed file is the
                caller's to find, by checksum.)
        """
        import faiss

        loaded = cls.__new__(cls)
        try:
            # Through bytes: FAISS opens files by C string, which loses names on Windows.
            loaded._index = faiss.deserialize_index(np.fromfile(path, dtype=np.uint8))
        except (RuntimeError, MemoryError) as error:
            raise ValueError(f"{path} is not a FAISS index") from error
        if not isinstance(loaded._index, faiss.IndexIDMap2):
            raise ValueError(f"{path} holds another kind of FAISS index")
        return loaded

    @property
    def dim(self) -> int:
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def ids(self) -> Ids:
        import faiss

        found: Ids = faiss.vector_to_array(self._index.id_map)
        return found

    def add(self, ids: Ids, vectors: Vectors) -> None:
        self._index.add_with_ids(np.ascontiguousarray(vectors), ids)

    def remove(self, ids: Ids) -> None:
        self._index.remove_ids(ids)

    def vectors(self, ids: Ids) -> Vectors:
        found: Vectors = self._index.reconstruct_batch(ids)
        return found

    def search(self, query: Vectors, k: int, ids: Ids | None = None) -> tuple[Ids, Vectors]:
        import faiss

        limit = len(self) if ids is None else min(len(self), len(ids))
        if min(k, limit) < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        chosen = None
        if ids is not None:
            chosen = faiss.SearchParameters(sel=faiss.IDSelectorBatch(ids))  # type: ignore[call-arg]
        cosines, found = self._index.search(query[None], min(k, limit), params=chosen)
        real = found[0] >= 0  # FAISS pads with -1 where ``ids`` names some that it lacks
        return found[0][real], cosines[0][real]

    def save(self, path: Path) -> None:
        import faiss

        faiss.serialize_index(self._index).tofile(path)
