"""The files of a vector index: rows, their ids, the approximate part, and what ties them together.

``vectors-<model>.json`` is renamed into place last and names the others, so that a kill at any
moment leaves the old index or the new one. Rows are only ever appended to their file; the other
two are small and written anew under a new number each time. Every file is checked before it is
used: FAISS may crash on a damaged one.
"""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from store.files.atomic import naming
from store.index import manifest
from store.index.approximate import ApproximateIndex
from store.index.faiss_index import FaissIndex
from store.index.manifest import Glance
from store.index.vector_rows import VectorRows
from store.values import ModelInfo
from store.vectors import Ids, Vectors


@dataclass(frozen=True)
class SavedIndex:
    """An index as it was saved, with the token that it was saved under."""

    index: FaissIndex
    token: str


class IndexFiles:
    """The files of one model's index in ``folder``."""

    def __init__(self, folder: Path, model: ModelInfo) -> None:
        self._folder, self._model = folder, model
        self._name = f"vectors-{model.id}"
        self.manifest = manifest.path_in(folder, model)
        self._rows: Path | None = None  # the file that the rows at hand are in

    def exist(self) -> bool:
        return self.manifest.exists()

    def glance(self) -> Glance | None:
        """What was saved, if all of its files seem to be there; nothing big is read."""
        return manifest.glance(self._folder, self._model)

    def load(self) -> SavedIndex | None:
        """The saved index; None if any part of it is missing, damaged or of a different model."""
        try:
            facts = manifest.read(self.manifest)
            if facts["fingerprint"] != self._model.fingerprint:
                return None
            row_ids = np.frombuffer(self._read(facts["ids"]), "<i8").astype(np.int64)
            path = self._folder / facts["rows"]["file"]
            rows = VectorRows.open(path, self._model.dim, len(row_ids), facts["rows"]["crc32"])
            approximate = None
            if saved := facts["approximate"]:
                content = self._read(saved)
                approximate = ApproximateIndex.load(content, saved["trained_for"])
            self._rows = path
            index = FaissIndex(rows, row_ids, approximate, manifest.effort_in(facts))
            return SavedIndex(index, str(facts["token"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def copies(self) -> tuple[Ids, Vectors] | None:
        """Ids (n,) and rows (n, dim) as far as they can be read at all, for mending.

        Whether a row is right, only the library's checksums can tell.
        """
        try:
            facts = manifest.read(self.manifest)
            row_ids = np.frombuffer(self._read(facts["ids"]), "<i8").astype(np.int64)
            path, dim = self._folder / facts["rows"]["file"], self._model.dim
            count = min(len(row_ids), path.stat().st_size // (4 * dim))
            if not count:
                return None
            return row_ids[:count], np.memmap(path, "<f4", "r", shape=(count, dim))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def begin(self) -> None:
        """Start a new file of rows: what is saved next shares nothing with what was before."""
        self._rows = self._new(".f32")

    def flush(self, index: FaissIndex) -> None:
        """Move rows from memory into their file, where nobody sees them before ``save``."""
        if self._rows is None:
            self.begin()
        assert self._rows is not None
        index.rows.flush(self._rows)

    def save(self, index: FaissIndex, token: str) -> None:
        """Save ``index`` under ``token``, in place of what was saved before."""
        self.flush(index)
        assert self._rows is not None
        approximate: dict[str, Any] | None = None
        if index.approximate:
            approximate = self._write(".faiss", index.approximate.stored())
            approximate["trained_for"] = index.approximate.trained_for
        ids = self._write(".ids", index.row_ids.astype("<i8").tobytes())
        facts = {
            "token": token,
            "needs_training": index.needs_training() or index.needs_measuring(),
            "effort": asdict(index.effort),
            "fingerprint": self._model.fingerprint,
            "rows": {
                "file": self._rows.name,
                "size": len(index.rows) * index.dim * 4,
                "crc32": index.rows.checksum,
            },
            "ids": ids,
            "approximate": approximate,
        }
        manifest.write(self.manifest, facts)
        kept = {self.manifest.name, self._rows.name, ids["file"]}
        if approximate:
            kept.add(approximate["file"])
        self._sweep(kept)

    def _read(self, part: dict[str, Any]) -> bytes:
        content: bytes = (self._folder / part["file"]).read_bytes()
        if zlib.crc32(content) != part["crc32"]:
            raise ValueError("damaged")
        return content

    def _write(self, suffix: str, content: bytes | memoryview) -> dict[str, Any]:
        path = self._new(suffix)
        with naming(path), path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return {"file": path.name, "size": len(content), "crc32": zlib.crc32(content)}

    def _new(self, suffix: str) -> Path:
        """A path that was not used yet: somebody may have the last one open."""
        used = [p.name.split(".")[1] for p in self._folder.glob(f"{self._name}.*{suffix}")]
        number = 1 + max((int(n) for n in used if n.isdigit()), default=0)
        return self._folder / f"{self._name}.{number}{suffix}"

    def _sweep(self, kept: set[str]) -> None:
        for path in self._folder.glob(f"{self._name}.*"):
            if path.name not in kept:
                with suppress(OSError):  # Windows: a search has it open; removed next time
                    path.unlink()
