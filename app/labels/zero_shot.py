"""Zero-shot classification: which of some labels a photo shows, by their words alone.

Radford et al. 2021 (arXiv 2103.00020), section 3.1: each label's prompts go through the text tower,
are averaged and make one row of a linear classifier over image embeddings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.search.relevance import PROMPTS
from store.errors import QueryError
from store.vectors import Vectors

_ANOTHER = 0.6
"""An everyday word whose cosine with every label is below this is none of the labels: the photo may
show that word instead. Over 500 Flickr8k photos and eight labels, captions name the label that is
given for 93 % of the photos that get one; of those that show none of the eight, 282 of 291 get none
(the starter model's fifth version; with 0.5, 77 %, and 251 of 291). Chosen on 500 others, by a
loop that is not kept; with other models it was not measured."""

_PART = 20_000  # photos in memory at once


@dataclass(frozen=True)
class Prediction:
    """The labels of one photo with their probabilities, the most probable first.

    Attributes:
        label: the most probable one; None if "none of these" is at least as probable.
        none: the probability of "none of these".
    """

    label: str | None
    probabilities: tuple[tuple[str, float], ...]
    none: float

    @property
    def probability(self) -> float:
        """The probability of what is predicted: of ``label``, or of "none of these"."""
        return self.none if self.label is None else self.probabilities[0][1]


class ZeroShotClassifier:
    """A linear classifier whose rows are the text embeddings of labels.

    Args:
        encode_texts: texts to (n, dim) float32 embeddings of unit length.
        logit_scale: that of the model; see ``Encoder``.
        labels: names, in any number.
        templates: see ``app.labels.templates``.

    Raises:
        QueryError: there are no labels.
    """

    def __init__(
        self,
        encode_texts: Callable[[Sequence[str]], Vectors],
        logit_scale: float,
        labels: Sequence[str],
        templates: Sequence[str],
    ) -> None:
        if not labels:
            raise QueryError("Which labels? As in: dog,cat,beach")
        self.labels = tuple(dict.fromkeys(labels))
        self._scale = logit_scale
        self.weights: Vectors = class_weights(encode_texts, self.labels, templates)
        everyday = encode_texts(PROMPTS)
        self.others: Vectors = everyday[(everyday @ self.weights.T).max(axis=1) < _ANOTHER]

    def probabilities(self, images: Vectors) -> Vectors:
        """Image embeddings (m, dim) to (m, labels + 1) float32; the last is "none of these"."""
        logits = self._scale * (images @ np.concatenate([self.weights, self.others]).T)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        powers /= powers.sum(axis=1, keepdims=True)
        count = len(self.labels)
        none = powers[:, count:].sum(axis=1, keepdims=True)
        probabilities: Vectors = np.concatenate([powers[:, :count], none], axis=1)
        return probabilities

    def predict(self, images: Vectors) -> list[Prediction]:
        """One prediction for each of the image embeddings (m, dim)."""
        predictions = []
        for start in range(0, len(images), _PART):
            for row in self.probabilities(images[start : start + _PART]):
                order = np.argsort(-row[:-1], kind="stable").tolist()
                ranked = tuple((self.labels[n], float(row[n])) for n in order)
                none = float(row[-1])
                predictions.append(
                    Prediction(ranked[0][0] if ranked[0][1] > none else None, ranked, none)
                )
        return predictions


def class_weights(
    encode_texts: Callable[[Sequence[str]], Vectors],
    labels: Sequence[str],
    templates: Sequence[str],
) -> Vectors:
    """The rows of the classifier, (labels, dim) float32, of unit length.

    Templates are averaged in the space of embeddings, not of probabilities: once the rows are made,
    eighty templates cost no more than one.
    """
    prompts = [template.replace("{}", label) for label in labels for template in templates]
    said = encode_texts(prompts).reshape(len(labels), len(templates), -1).mean(axis=1)
    unit: Vectors = said / np.linalg.norm(said, axis=1, keepdims=True)
    return unit
