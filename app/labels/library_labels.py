"""Zero-shot labels for a whole library: which of the everyday concepts each photo shows.

A softmax over all concepts, as for any zero-shot classifier (Radford et al. 2021, arXiv 2103.00020,
section 3.1). A concept also gets the shares of its narrower concepts, so that a photo which may be
of any of ten breeds is surely of a dog (as in Deng et al. 2012, "Hedging Your Bets"); what all
breeds get of any photo at all is taken off first. Only stored embeddings are read, no photo.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from app.labels import vocabulary
from app.labels.concept_vectors import ConceptVectors, checksum_of, encoding
from app.labels.vocabulary import Vocabulary
from indexer.encoders.encoder import Encoder
from indexer.encoders.slow_work import said_if_slow
from store.errors import ModelError
from store.files.label_files import load, save
from store.labels import GivenLabels, Labels
from store.library import Library
from store.values import ModelInfo
from store.vectors import Ids, Vectors, VectorSearch

PROMPT = "a photo of {}"
_SHARPNESS = 0.6
"""Times the model's own logit scale: a photo shows several things, and a caption names one."""
_SLOPE, _OFFSET = 1.4, 3.3
"""Fitted to what captions confirm. Each concept counts alike, so that what most of those photos
show (people) is not taken for granted in other photos."""
SURE = 0.6
CALIBRATION = f"{_SHARPNESS} {_SLOPE} {_OFFSET} {SURE}"  # other labels are made anew
AT_ONCE = 20_000  # photos that are labelled while somebody waits for an answer
_PART = 1_000  # photos in memory at once: 10 MB


class Labeller:
    """Labels image embeddings with the concepts of a vocabulary.

    Args:
        embeddings: those of the concepts, (c, dim) float32, unit length.
        logit_scale: that of the model; see ``Encoder``.
    """

    def __init__(self, vocabulary: Vocabulary, embeddings: Vectors, logit_scale: float) -> None:
        self.vocabulary = vocabulary
        # The share that each would get of an image that looks like nothing at all. It is large for
        # kinds with many members (a fifth of all concepts are people), and must not count.
        self._chance = np.zeros(len(vocabulary.names), np.float32)
        for number, shown in vocabulary.narrower.items():
            self._chance[number] = len(shown) / len(vocabulary.names)
        self._scaled = (_SHARPNESS * logit_scale * embeddings).astype(np.float32)

    def confidences(self, images: Vectors) -> Vectors:
        """How likely each image shows each concept: (n, dim) to (n, c) float32, 0 to 1."""
        powers, sums = self._powers(images)
        return confidence((powers / sums).T, self._chance)

    def label(self, ids: Ids, images: Vectors, version: str) -> Labels:
        """The sure labels of each content, from (n,) int64 ids and (n, dim) embeddings."""
        counts, concepts, values = [], [], []
        least = (self._chance + (1 - self._chance) * _share(SURE))[:, None]
        for start in range(0, len(images), _PART):
            powers, sums = self._powers(images[start : start + _PART])
            numbers, columns = np.nonzero(powers >= least * sums)
            sure = powers[numbers, columns] / sums[columns]
            order = np.lexsort((-sure, columns))
            counts.append(np.bincount(columns, minlength=len(sums)))
            concepts.append(numbers[order].astype(np.int32))
            values.append(confidence(sure[order], self._chance[concepts[-1]]))
        if not counts:
            return Labels.none(version)
        starts = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
        return Labels(version, ids, starts, np.concatenate(concepts), np.concatenate(values))

    def _powers(self, images: Vectors) -> tuple[Vectors, Vectors]:
        """The numerators of a softmax over the concepts, (c, n), and its denominators, (n,)."""
        powers: Vectors = self._scaled @ images.T
        np.exp(powers, out=powers)  # at most 0.6 of a logit scale, about 100: no overflow
        sums: Vectors = powers.sum(axis=0)
        wide = {
            number: powers[shown].sum(axis=0) for number, shown in self.vocabulary.narrower.items()
        }
        for number, row in wide.items():
            powers[number] = row
        return powers, sums


def confidence(shares: Vectors, chance: Vectors) -> Vectors:
    """Shares of a softmax as the probabilities that a caption would confirm them, of equal shape.

    The share that ``chance`` gives is taken off first, as in Cohen's kappa (1960).
    """
    beyond = np.clip((shares - chance) / (1 - chance), 1e-7, 1 - 1e-7)
    confidences: Vectors = 1 / (1 + np.exp(-_OFFSET) * ((1 - beyond) / beyond) ** _SLOPE)
    return confidences


def _share(sure: float) -> float:
    """The share beyond chance that has the confidence ``sure``."""
    odds: float = ((1 - sure) / sure * np.exp(_OFFSET)) ** (1 / _SLOPE)
    return 1 / (1 + odds)


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
            before = self._before()
            ids = np.sort(index.ids())
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
        words = f"{self._vocabulary().digest} {self._model.fingerprint} {CALIBRATION} "
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


def encode_concepts(
    names: Sequence[str], encode_texts: Callable[[Sequence[str]], Vectors]
) -> Vectors:
    """The embeddings of the concepts ``names``, (c, dim) float32, unit length."""
    with said_if_slow(encoding(len(names))):
        return encode_texts([PROMPT.replace("{}", name) for name in names])


def labels_of_library(
    library: Library, model: ModelInfo, encoder: Encoder, cache: Path
) -> LibraryLabels:
    """What gives the everyday labels of a library: kept in a file, or by the server as rows."""
    if library.shares_labels:
        from app.labels.row_labels import RowLabels

        return RowLabels(library, model, encoder, vocabulary.everyday, cache)
    return LibraryLabels(library, model, encoder, vocabulary.everyday, cache)
