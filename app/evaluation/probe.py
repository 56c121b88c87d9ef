"""The linear probe: the accuracy of a logistic regression on a model's frozen embeddings.

Radford et al. 2021 (arXiv 2103.00020), section 3.2 and appendix A.3: L-BFGS, at most 1,000
iterations, the strength of regularisation swept on a validation part. As in their figure 6, it is
compared with few examples a class, and with the classes' names alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.evaluation.zero_shot import interval
from store.errors import DataError
from store.vectors import Vectors

SHOTS = (1, 2, 4, 8, 16)
_DRAWS = 3  # random draws of few examples, as in the paper
_LEAST = 3  # photos a class at least, one for each part
_SHARES = (0.2, 0.2)  # for validation, for the test
_COARSE = tuple(float(10.0**power) for power in range(-6, 7, 2))
_FINEST = 8  # steps a factor of ten
_ITERATIONS = 1_000

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """The rows of the photos in each of three parts; every class is in each part."""

    train: Numbers
    validation: Numbers
    test: Numbers


@dataclass(frozen=True)
class Probe:
    """One classifier, measured on the test part.

    Attributes:
        shots: examples a class that it learned from; None: all there are.
        accuracy: top-1 in %; with few examples, the mean over several draws of them.
        interval: the 95 % interval of ``accuracy``, by a bootstrap over photos.
        c: the inverse strength of regularisation that did best on the validation part; with few
            examples, the median of the draws.
    """

    shots: int | None
    accuracy: float
    interval: tuple[float, float]
    c: float


def split(of: Sequence[int], names: Sequence[str], seed: int = 0) -> Split:
    """Three parts with equal shares of every class: 60 % to learn from, 20 %, 20 %.

    Raises:
        DataError: a class has too few photos for that.
    """
    truth = np.asarray(of, np.int64)
    chance = np.random.default_rng(seed)
    parts: tuple[list[Numbers], list[Numbers], list[Numbers]] = ([], [], [])
    for number, name in enumerate(names):
        rows = chance.permutation(np.flatnonzero(truth == number))
        if len(rows) < _LEAST:
            raise DataError(f"A probe needs {_LEAST} photos of each class or more; {name} has not.")
        validation, test = (max(1, round(share * len(rows))) for share in _SHARES)
        for part, some in zip(
            parts, np.split(rows, [len(rows) - validation - test, len(rows) - test]), strict=True
        ):
            part.append(some)
    train, validation_rows, test_rows = (np.sort(np.concatenate(part)) for part in parts)
    return Split(train, validation_rows, test_rows)


def probes(images: Vectors, of: Sequence[int], parts: Split, seed: int = 0) -> Iterator[Probe]:
    """The probes of 1, 2, 4, ... examples a class, while every class has so many, then of all.

    Args:
        images: (n, dim) float32, unit length; ``images[i]`` is of class ``of[i]``.

    Raises:
        DataError: scikit-learn is not installed.
    """
    truth = np.asarray(of, np.int64)
    fewest = int(np.unique(truth[parts.train], return_counts=True)[1].min())
    chance = np.random.default_rng(seed)
    for shots in SHOTS:
        if shots > fewest:
            break
        drawn = [_some(parts.train, truth, shots, chance) for _ in range(_DRAWS)]
        best = [_best(images, truth, rows, parts.validation) for rows in drawn]
        right = np.mean(
            [
                _right(images, truth, rows, parts.test, c)
                for rows, c in zip(drawn, best, strict=True)
            ],
            axis=0,
        )
        yield Probe(shots, 100 * float(right.mean()), interval(right), float(np.median(best)))
    c = _best(images, truth, parts.train, parts.validation)
    known = np.concatenate([parts.train, parts.validation])  # as the paper: swept, then joined
    right = _right(images, truth, known, parts.test, c)
    yield Probe(None, 100 * float(right.mean()), interval(right), c)


def _some(rows: Numbers, truth: Numbers, shots: int, chance: np.random.Generator) -> Numbers:
    """``shots`` random rows of each class."""
    drawn = [
        chance.choice(rows[truth[rows] == number], shots, replace=False)
        for number in np.unique(truth[rows])
    ]
    return np.concatenate(drawn)


def _best(images: Vectors, truth: Numbers, rows: Numbers, validation: Numbers) -> float:
    """The ``C`` that does best on the validation part: a coarse sweep, then ever finer ones."""
    scores = {c: float(_right(images, truth, rows, validation, c).mean()) for c in _COARSE}
    step = 10.0
    while step > 10 ** (1 / _FINEST):
        # Of equally good ones, the most regularised.
        peak = max(scores, key=lambda c: (scores[c], -c))
        for c in (peak / step, peak * step):
            if c not in scores:
                scores[c] = float(_right(images, truth, rows, validation, c).mean())
        step **= 0.5
    return max(scores, key=lambda c: (scores[c], -c))


def _right(
    images: Vectors, truth: Numbers, rows: Numbers, asked: Numbers, c: float
) -> NDArray[np.float64]:
    """Which of ``asked`` a probe that learned from ``rows`` gets right: (asked,), 0 or 1."""
    try:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression
    except ModuleNotFoundError as error:
        raise DataError("The probe needs scikit-learn: pip install 'clipsearch[probe]'") from error
    regression = LogisticRegression(C=c, solver="lbfgs", max_iter=_ITERATIONS)
    with warnings.catch_warnings():
        # With little regularisation a thousand steps are not always enough, as in the paper.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(images[rows], truth[rows])
    right: NDArray[np.float64] = (regression.predict(images[asked]) == truth[asked]).astype(float)
    return right
