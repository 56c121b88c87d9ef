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

_HELD = (1_000.0, 100.0, 10.0)
"""How strongly the words may hold a classifier, against one example a label: names such as "man"
say more than a few examples do, "thing number 1" says nothing. ``benchmarks.few_shot`` says how
often labels are right with 0 to 16 examples."""
_UNTRIED = 30.0  # where there are too few examples to try it
_FOLDS = 5
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
            shown = np.asarray(of, np.int64)
            held = _best_held(self.weights, self.others, logit_scale, examples, shown)
            self.weights = fitted(self.weights, self.others, logit_scale, examples, shown, held)


def _best_held(
    words: Vectors, others: Vectors, scale: float, examples: Vectors, of: NDArray[np.int64]
) -> float:
    """Of ``_HELD``, what is best for examples that were left out, a fifth at a time."""
    counts = np.bincount(of)
    if counts[counts > 0].min() < 2:
        return _UNTRIED
    # The number of each example among those of its label: every fold has some of all labels.
    place = np.array([(of[:n] == label).sum() for n, label in enumerate(of.tolist())])
    fold = place % min(_FOLDS, int(counts[counts > 0].min()))
    losses = dict.fromkeys(_HELD, 0.0)
    for held in _HELD:
        for left_out in range(int(fold.max()) + 1):
            kept, asked = fold != left_out, fold == left_out
            rows = fitted(words, others, scale, examples[kept], of[kept], held)
            logits = scale * (examples[asked] @ rows.T)
            right = logits[np.arange(len(logits)), of[asked]]
            top = logits.max(axis=1)
            losses[held] += float(
                (np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top - right).sum()
            )
    return min(losses, key=lambda held: losses[held])


def fitted(
    words: Vectors,
    others: Vectors,
    scale: float,
    examples: Vectors,
    of: NDArray[np.int64],
    held: float = _UNTRIED,
) -> Vectors:
    """The rows of the classifier, (labels, dim) float32, from what words say, of that shape.

    The cross-entropy of the examples (each label counts alike), plus the squared distance from the
    words; by gradient descent with momentum (Nesterov 1983). Which of its steps is last makes no
    difference to speak of: the sum is convex.

    Args:
        others: rows of what is none of the labels, (p, dim); they stay as they are.
        scale: the model's logit scale.
        of: the label of each example, (n,).
        held: how strongly the words hold the rows.
    """
    counts = np.bincount(of, minlength=len(words))
    shares = 1.0 / (counts[of] * max(1, (counts > 0).sum()))
    held *= len(words) / len(examples)
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
