"""Proof that a copy has what was copied: every row, and every vector by its checksum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import numpy as np
from sqlalchemy import Connection

from store.errors import LibraryError
from store.sql import embeddings, models
from store.sql.copying.meter import Meter
from store.sql.copying.tables import Fingerprint, Part, Rows, differences, rows
from store.sql.dialect import bulk
from store.sql.schema import Embedding

_VECTORS = 2_000  # in memory at once, of each model


class Proof:
    """Compares all rows of two libraries, and reads all vectors of the target.

    Args:
        damaged: (content, model) of vectors of the source that need not be in the target, or may be
            others there.

    Attributes:
        bad: (content, model) of the target's vectors that are not what their checksums say.
        fingerprint: the target's.
    """

    def __init__(
        self,
        source: Connection,
        target: Connection,
        listed: Sequence[Part],
        damaged: Collection[tuple[int, int]],
        meter: Meter,
    ) -> None:
        self._target = target
        self._models = {model.id: model for model in models.models(target)}
        self.bad: list[tuple[int, int]] = []
        self._different: list[str] = []
        taken = Fingerprint()
        meter.begin("verify")
        for part in listed:
            there = taken.taking(part, rows(target, part))
            excused: Collection[tuple[int, int]] = ()
            if part.name == Embedding.__tablename__:
                there, excused = self._reading_vectors(there), damaged
            wanted = meter.passing(rows(source, part))
            different = sum(
                one is None or part.key_of(one) not in excused
                for one, _ in differences(wanted, there, part)
            )
            if different:
                self._different.append(f"rows of {part.name}: {different:,}")
        if unknown := bulk.unknown_vectors(target):
            self._different.append(f"vectors that searches lack: {unknown:,}")
        meter.end()
        self.fingerprint = taken.text()

    def require(self) -> None:
        """Raise ``LibraryError`` if anything differs; it says how much of what."""
        wrong = [f"vectors: {len(self.bad):,}"] if self.bad else []
        if wrong := [*self._different, *wrong]:
            raise LibraryError(
                f"The copy is not what was copied ({'; '.join(wrong)}). Copy again; if that "
                "happens once more, look at the disk that is copied to."
            )

    def _reading_vectors(self, passing: Rows) -> Rows:
        """The rows that are passing by, whose vectors are looked at."""
        waiting: dict[int, list[int]] = defaultdict(list)
        for row in passing:
            ids = waiting[row.model_id]
            ids.append(row.content_id)
            if len(ids) == _VECTORS:
                self._look(row.model_id, waiting.pop(row.model_id))
            yield row
        for model_id, ids in waiting.items():
            self._look(model_id, ids)

    def _look(self, model_id: int, ids: Sequence[int]) -> None:
        read = embeddings.read(self._target, self._models[model_id], np.array(ids, np.int64))
        self.bad += [(id, model_id) for id in read.ids[~read.sound].tolist()]
