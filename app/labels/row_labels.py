"""The labels of a library on a server: rows there, which everybody shares.

They are given at the end of an indexing run, and what is missing when somebody first asks, in
pages: no machine holds them all, nor all vectors. Two processes that do so at once do no harm.
"""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from app.labels.labeller import calibration
from app.labels.library_labels import AT_ONCE, LibraryLabels
from store.errors import LibraryError, LibraryReadOnly, ModelError
from store.labels import GivenLabels
from store.server_library import ServerLibrary
from store.sql.label_rows import LabelRows
from store.vectors import VectorSearch

_PAGE = 2_000  # photos that are labelled, and written, at once


class RowLabels(LibraryLabels):
    """See ``LibraryLabels``. Who may only read goes without the labels of photos that have none."""

    _library: ServerLibrary
    _rows: LabelRows | None = None
    _complete = -1  # the generation of the library that had all its labels
    _last = 0  # and the last content then

    def ready(self, index: VectorSearch) -> GivenLabels | None:  # noqa: ARG002
        rows, generation = self._of_now(), self._library.generation()
        if generation == self._complete:
            return rows
        if not self._library.writable:
            return rows if rows.number is not None else None
        # What was read in the meantime has greater ids, but for a few, which the next run labels.
        if len(rows.missing(AT_ONCE + 1, self._last)) <= AT_ONCE:
            with suppress(ModelError, LibraryError):  # the server may be gone, and a replica there
                self._give(rows, self._last)
                self._complete = generation
                return rows
            return rows if rows.number is not None else None
        return None

    def labels_soon(self, index: VectorSearch) -> GivenLabels | None:
        """See ``LibraryLabels``; who may only read begins nothing."""
        return super().labels_soon(index) if self._library.writable else self.ready(index)

    def _work(self, index: VectorSearch) -> None:
        with suppress(LibraryError):  # the server may be gone; the next who asks begins again
            super()._work(index)
            return
        self._begun = False

    def labels(self, index: VectorSearch) -> GivenLabels:  # noqa: ARG002
        """All labels there are, once what had none is labelled.

        Raises:
            ModelError: the model is needed for that and can't be loaded.
            LibraryReadOnly: nothing was labelled yet, and this user may not.
        """
        rows, generation = self._of_now(), self._library.generation()
        if generation != self._complete:
            if self._library.writable:
                self._give(rows, 0)
                self._complete = generation
            elif rows.number is None:
                raise LibraryReadOnly(
                    f"The photos of {self._library.name} have no labels yet, and you may not give "
                    "them any. Whoever may change the library can: clipsearch index"
                )
        return rows

    def of(self, content_id: int, index: VectorSearch) -> list[tuple[str, float]]:
        """See ``LibraryLabels``; a photo that has no labels yet gets them for this answer only."""
        given = self._of_now().of(content_id)
        if not given:
            ids = index.among(np.array([content_id], np.int64))
            with suppress(ModelError):
                if len(ids) and len(self._of_now().unlabelled(ids)):
                    given = self.labeller.label(ids, index.vectors(ids), "").of(content_id)
        names = self._vocabulary().names
        return [(names[number], sure) for number, sure in given]

    def _give(self, rows: LabelRows, after: int) -> None:
        """Label what has no labels, of ids behind ``after``."""
        with self._lock:
            last = rows.last_embedded()
            while len(page := rows.missing(_PAGE, after)):
                ids, vectors = rows.sound(page)
                rows.add(self.labeller.label(ids, vectors, rows.version))
                after = int(page[-1])
            self._last = max(last, after)

    def _of_now(self) -> LabelRows:
        # Not of the concepts' embeddings: machines differ in their last digits, and would label
        # each other's photos anew for ever.
        version = f"{self._vocabulary().digest} {calibration(self._model)}"
        if self._rows is None or self._rows.version != version:
            self._rows = self._library.label_rows(self._model, version)
            self._complete, self._last = -1, 0
        return self._rows
