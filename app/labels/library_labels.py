"""The labels of a whole library by one model: made when they are needed, kept, and made anew.

They are made anew when anything changes that decides about them: the vocabulary, the model, what
was learnt of labels, the embeddings of the concepts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from app.labels import vocabulary
from app.labels.concept_vectors import ConceptVectors, checksum_of
from app.labels.labeller import Labeller, calibration, encode_concepts
from app.labels.vocabulary import Vocabulary
from indexer.encoders.encoder import Encoder
from store.errors import ModelError
from store.files.label_files import load, save
from store.labels import GivenLabels, Labels
from store.library import Library
from store.values import ModelInfo
from store.vectors import Ids, VectorSearch

AT_ONCE = 20_000  # photos that are labelled while somebody waits for an answer


class LibraryLabels:
    """The labels of one library by one model, kept up to date.

    Args:
        cache: the folder that keeps the concepts' embeddings, for all libraries together.
    """

    def __init__(
        self,
        library: Library,
        model: ModelInfo,
        encoder: Encoder,
        vocabulary: Callable[[], Vocabulary],
        cache: Path,
    ) -> None:
        self._library, self._model, self._encoder = library, model, encoder
        self._vocabulary, self._cache = vocabulary, cache
        self._labeller: Labeller | None = None
        self._now: Labels | None = None
        self._of: tuple[Ids, Labels] | None = None  # what an index has, and its labels
        self._checksum: int | None = None  # of the concepts' embeddings
        self._lock = threading.Lock()
        self._begun = False

    def ready(self, index: VectorSearch) -> GivenLabels | None:
        """The labels, if they take no time to speak of; else, or without the model, None."""
        with suppress(ModelError):
            if len(index) - len(self._before().ids) <= AT_ONCE:
                return self.labels(index)
        return None

    def labels_soon(self, index: VectorSearch) -> GivenLabels | None:
        """As ``ready``, but what takes long is begun in the background, for a later call."""
        labels = self.ready(index)
        if labels is None and not self._begun:
            self._begun = True
            threading.Thread(target=self._work, args=(index,), daemon=True).start()
        return labels

    def _work(self, index: VectorSearch) -> None:
        with suppress(ModelError):  # then it is not begun again: the model is gone
            self.labels(index)
            self._begun = False

    def labels(self, index: VectorSearch) -> GivenLabels:
        """The labels of everything in ``index``: new photos are labelled, gone ones are left out.

        Raises:
            ModelError: the model is needed for that and can't be loaded.
        """
        with self._lock:
            before, listed = self._before(), index.ids()
            of = self._of
            if of is not None and of[1] is before and np.array_equal(of[0], listed):
                return before  # each part of the results asks: nothing is sorted for it again
            ids = np.sort(listed)
            if np.array_equal(ids, before.ids):
                self._of = listed, before
                return before
            new = ids[~np.isin(ids, before.ids)]
            if len(new):
                labeller = self.labeller
                version = self._version()
                if before.version != version:  # made from other embeddings of the concepts
                    before, new = Labels.none(version), ids
                before = before.merged(labeller.label(new, index.vectors(new), version), ids)
            elif len(ids) != len(before.ids):
                before = before.merged(Labels.none(before.version), ids)
            if before is not self._now:
                with suppress(OSError):  # a library that can only be read is labelled each time
                    save(before, self._library.labels_file(self._model))
            self._now = before
            return before

    def of(self, content_id: int, index: VectorSearch) -> list[tuple[str, float]]:
        """The labels of one photo with their confidence, the likeliest first.

        An empty list if the model is gone that is needed for them: labels are only ever shown
        beside what was asked for.
        """
        with suppress(ModelError):
            names = self._vocabulary().names
            return [(names[number], sure) for number, sure in self.labels(index).of(content_id)]
        return []

    def _before(self) -> Labels:
        """The labels of the last time; none of them if they are out of date.

        They are if they came from other embeddings of the concepts than the cache has now: labels
        from a damaged file are made anew.
        """
        if self._checksum is None:
            self._checksum = self._kept().checksum()
        version = self._version()
        if self._now is None or not self._now.version.startswith(version):
            path = self._library.labels_file(self._model)
            self._now = load(path, version) or Labels.none(version)
        return self._now

    def _version(self) -> str:
        """The version of labels: the vocabulary, the model, and the concepts' embeddings if known.

        Where they are not known, this is what every version of these labels begins with.
        """
        words = f"{self._vocabulary().digest} {calibration(self._model)} "
        # Labels are kept by id, and ids mean other contents once a backup has been restored.
        words += f"{self._library.past()} "
        return words if self._checksum is None else f"{words}{self._checksum}."

    def _kept(self) -> ConceptVectors:
        return ConceptVectors(self._cache, self._model, self._vocabulary())

    @property
    def labeller(self) -> Labeller:
        """What gives the labels, made when it is first asked for.

        Raises:
            ModelError: the model can't be loaded.
        """
        if self._labeller is None:
            everyday = self._vocabulary()
            embeddings = self._kept().load()
            if embeddings is None:
                embeddings = encode_concepts(everyday.names, self._encoder.encode_texts)
                self._kept().save(embeddings)
            self._checksum = checksum_of(embeddings)
            self._labeller = Labeller(everyday, embeddings, self._encoder.logit_scale)
        return self._labeller


def labels_of_library(
    library: Library, model: ModelInfo, encoder: Encoder, cache: Path
) -> LibraryLabels:
    """What gives the everyday labels of a library: kept in a file, or by the server as rows."""
    if library.shares_labels:
        from app.labels.row_labels import RowLabels

        return RowLabels(library, model, encoder, vocabulary.everyday, cache)
    return LibraryLabels(library, model, encoder, vocabulary.everyday, cache)
