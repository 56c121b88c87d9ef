"""Few-shot classification: which of some labels a photo shows, by their words and some examples.

A logistic regression over image embeddings, as in Radford et al. 2021 (arXiv 2103.00020), figure 6,
but begun from what the labels' words say and held near to it: without any example it is the
zero-shot classifier, and the more examples there are the less the words count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.labels.zero_shot import ZeroShotClassifier
from store.vectors import Vectors

_HELD = 100.0
"""How strongly the words hold a classifier, against one example a label. Chosen with
``benchmarks.few_shot``, which says how often labels are right with 0 to 16 examples."""
_STEPS = 200


class FewShotClassifier(ZeroShotClassifier):
    """A ``ZeroShotClassifier`` that has seen examples.

    Args:
        examples: embeddings of examples, (n, dim); ``examples[i]`` shows ``labels[of[i]]``. A label
            may have none.
    """

    def __init__(
        self,
        encode_texts: Callable[[Sequence[str]], Vectors],
        logit_scale: float,
        labels: Sequence[str],
        templates: Sequence[str],
        examples: Vectors,
        of: Sequence[int],
    ) -> None:
        super().__init__(encode_texts, logit_scale, labels, templates)
        if len(examples):
            self.weights = fitted(
                self.weights, self.others, logit_scale, examples, np.asarray(of, np.int64)
            )


def fitted(
    words: Vectors, others: Vectors, scale: float, examples: Vectors, of: NDArray[np.int64]
) -> Vectors:
    """The rows of the classifier, (labels, dim) float32, from what words say, of that shape.

    The cross-entropy of the examples (each label counts alike), plus the squared distance from the
    words; by gradient descent with momentum (Nesterov 1983). Which of its steps is last makes no
    difference to speak of: the sum is convex.

    Args:
        others: rows of what is none of the labels, (p, dim); they stay as they are.
        scale: the model's logit scale.
        of: the label of each example, (n,).
    """
    counts = np.bincount(of, minlength=len(words))
    shares = 1.0 / (counts[of] * max(1, (counts > 0).sum()))
    held = _HELD * len(words) / len(examples)
    right = np.zeros((len(examples), len(words)))
    right[np.arange(len(examples)), of] = 1
    rows = np.asarray(words, np.float64)
    images = examples.astype(np.float64)
    none = scale * (images @ others.T.astype(np.float64))
    # The steepest that the cross-entropy can be curved, for the longest step that is safe.
    curved = 0.5 * scale**2 * float(np.linalg.norm(images * np.sqrt(shares)[:, None], 2)) ** 2
    step = 1 / (curved + held)
    ahead, momentum = rows.copy(), 1.0
    for _ in range(_STEPS):
        logits = np.concatenate([scale * (images @ ahead.T), none], axis=1)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        powers /= powers.sum(axis=1, keepdims=True)
        wrong = shares[:, None] * (powers[:, : len(words)] - right)
        after = ahead - step * (scale * (wrong.T @ images) + held * (ahead - words))
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = after + (momentum - 1) / following * (after - rows)
        rows, momentum = after, following
    return rows.astype(np.float32)
