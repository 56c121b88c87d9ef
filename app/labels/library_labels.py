"""Zero-shot labels for a whole library: which of the everyday concepts each photo shows.

A softmax over all concepts, as for any zero-shot classifier (Radford et al. 2021, arXiv 2103.00020,
section 3.1); what shows a thing too counts for it, so that a photo which might be of any of ten
breeds is surely of a dog (as in Deng et al. 2012, "Hedging Your Bets"), beyond what all breeds get
of any photo. Only stored embeddings are read, no photo.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from app.labels.concept_vectors import ConceptVectors, checksum_of
from app.labels.vocabulary import Vocabulary
from indexer.encoders.encoder import Encoder
from store.errors import ModelError
from store.files.label_files import load, save
from store.labels import Labels
from store.library import Library
from store.values import ModelInfo
from store.vectors import Ids, Vectors, VectorSearch

PROMPT = "a photo of {}"
_SHARPNESS = 0.6
"""Of the model's own temperature: several things are seen at once, captions name one."""
_SLOPE, _OFFSET = 1.4, 3.3
"""Fitted to what captions confirm, each concept counting alike: what most of those photos show
(people) is not taken for granted in others."""
SURE = 0.6
_CALIBRATION = f"{_SHARPNESS} {_SLOPE} {_OFFSET} {SURE}"  # labels by another are made anew
_AT_ONCE = 20_000  # photos that are labelled while somebody waits for an answer
_PART = 1_000  # photos in memory at once: 10 MB


class Labeller:
    """Knows the concepts as a model says them.

    Args:
        embeddings: of the concepts, (c, dim), unit length.
        logit_scale: of the model.
    """

    def __init__(self, vocabulary: Vocabulary, embeddings: Vectors, logit_scale: float) -> None:
        self.vocabulary = vocabulary
        # What each would get of an image that looks like nothing at all: of kinds with many members
        # (a fifth of all concepts are people) so much that it must not count.
        self._chance = np.zeros(len(vocabulary.names), np.float32)
        for number, shown in vocabulary.narrower.items():
            self._chance[number] = len(shown) / len(vocabulary.names)
        self._scaled = (_SHARPNESS * logit_scale * embeddings).astype(np.float32)

    def confidences(self, images: Vectors) -> Vectors:
        """How likely each concept is in each image, (n, dim) to (n, c) float32."""
        powers, sums = self._powers(images)
        return confidence((powers / sums).T, self._chance)

    def label(self, ids: Ids, images: Vectors, version: str) -> Labels:
        """What is sure of each content, (n,) ids and (n, dim) embeddings."""
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
        """What a softmax would divide, (c, n), and by what, (n,)."""
        powers: Vectors = self._scaled @ images.T
        np.exp(powers, out=powers)  # of 0.6 of a logit scale, that is about 100: no overflow
        sums: Vectors = powers.sum(axis=0)
        wide = {
            number: powers[shown].sum(axis=0) for number, shown in self.vocabulary.narrower.items()
        }
        for number, row in wide.items():
            powers[number] = row
        return powers, sums


def confidence(shares: Vectors, chance: Vectors) -> Vectors:
    """The share of a softmax as the probability that a caption would confirm it.

    What chance gives is taken off first, as in Cohen's kappa (1960).
    """
    beyond = np.clip((shares - chance) / (1 - chance), 1e-7, 1 - 1e-7)
    found: Vectors = 1 / (1 + np.exp(-_OFFSET) * ((1 - beyond) / beyond) ** _SLOPE)
    return found


def _share(sure: float) -> float:
    """The share beyond chance that has this confidence."""
    odds: float = ((1 - sure) / sure * np.exp(_OFFSET)) ** (1 / _SLOPE)
    return 1 / (1 + odds)


class LibraryLabels:
    """The labels of one library by one model, kept up to date.

    Args:
        cache: a folder to keep the concepts' embeddings in, once for all libraries.
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

    def at_hand(self, index: VectorSearch) -> Labels | None:
        """The same, if that takes no time to speak of; None if not, or if the model is gone."""
        with suppress(ModelError):
            if len(index) - len(self._before().ids) <= _AT_ONCE:
                return self.labels(index)
        return None

    def soon(self, index: VectorSearch) -> Labels | None:
        """The same; what would take long is begun in the background, for another time."""
        found = self.at_hand(index)
        if found is None and not self._begun:
            self._begun = True
            threading.Thread(target=self._work, args=(index,), daemon=True).start()
        return found

    def _work(self, index: VectorSearch) -> None:
        with suppress(ModelError):  # then it is not begun again: the model is gone
            self.labels(index)
            self._begun = False

    def labels(self, index: VectorSearch) -> Labels:
        """Of everything in ``index``: what is new there is labelled, what is gone is left out.

        Raises:
            ModelError: the model is needed for that and can't be had.
        """
        with self._lock:
            before = self._before()
            ids = np.sort(index.ids())
            new = ids[~np.isin(ids, before.ids)]
            if len(new):
                labeller = self.labeller
                version = self._version()
                if before.version != version:  # of other embeddings of the concepts
                    before, new = Labels.none(version), ids
                before = before.merged(labeller.label(new, index.vectors(new), version), ids)
            elif len(ids) != len(before.ids):
                before = before.merged(Labels.none(before.version), ids)
            if before is not self._now:
                with suppress(OSError):  # a library that can only be read is labelled each time
                    save(before, self._library.labels_file(self._model))
            self._now = before
            return before

    def _before(self) -> Labels:
        """What was labelled when it was last asked for.

        Not if that was by other embeddings of the concepts than are in the cache: what was made of
        a damaged file is made anew.
        """
        if self._checksum is None:
            self._checksum = self._kept().checksum()
        version = self._version()
        if self._now is None or not self._now.version.startswith(version):
            path = self._library.labels_file(self._model)
            self._now = load(path, version) or Labels.none(version)
        return self._now

    def _version(self) -> str:
        """Of labels: the words, the model, and the embeddings of the words, where those are known.

        Without them it is what every version begins with.
        """
        words = f"{self._vocabulary().digest} {self._model.fingerprint} {_CALIBRATION} "
        # Labels are kept by id, and ids mean other contents after a backup was put in place.
        words += f"{self._library.past()} "
        return words if self._checksum is None else f"{words}{self._checksum}."

    def _kept(self) -> ConceptVectors:
        return ConceptVectors(self._cache, self._model, self._vocabulary())

    @property
    def labeller(self) -> Labeller:
        """Raises ``ModelError`` if the model can't be had."""
        if self._labeller is None:
            vocabulary = self._vocabulary()
            embeddings = self._kept().load()
            if embeddings is None:
                embeddings = encode_concepts(vocabulary.names, self._encoder.encode_texts)
                self._kept().save(embeddings)
            self._checksum = checksum_of(embeddings)
            self._labeller = Labeller(vocabulary, embeddings, self._encoder.logit_scale)
        return self._labeller


def encode_concepts(
    names: Sequence[str], encode_texts: Callable[[Sequence[str]], Vectors]
) -> Vectors:
    """Embeddings of concepts, (c, dim)."""
    return encode_texts([PROMPT.replace("{}", name) for name in names])
