"""Zero-shot accuracy on photos in a folder for each class (Radford et al. 2021, section 3.1)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.labels.zero_shot import class_weights
from indexer.pictures.formats import claims_picture
from store.errors import DataError
from store.vectors import Vectors

_DRAWS = 1_000
_SEED = 0
_TOP = 5


@dataclass(frozen=True)
class Classes:
    """Photos by class: ``paths[n]`` is of ``names[of[n]]``."""

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    of: tuple[int, ...]


@dataclass(frozen=True)
class Accuracy:
    """The accuracy of a zero-shot classifier; all but ``confused`` in %.

    Attributes:
        interval: the 95 % interval of ``top1``, by a bootstrap over photos.
        per_class: the mean of the classes' own top-1 accuracies.
        confused: (class, taken for, how often), the most frequent first.
    """

    top1: float
    interval: tuple[float, float]
    top5: float
    per_class: float
    confused: tuple[tuple[str, str, int], ...]


def read_classes(folder: Path, names: Path | None = None) -> Classes:
    """The photos in and below each folder of ``folder``, which is a class.

    Args:
        names: a JSON object, or lines of folder, tab and name, with the names of classes; a class
            without a name there is called as its folder.

    Raises:
        DataError: there are fewer than two classes with photos, or ``names`` can't be read.
    """
    called = {} if names is None else _read_names(names)
    by_class: dict[str, list[Path]] = {}
    try:
        inner = sorted(one for one in folder.iterdir() if one.is_dir())
    except OSError as error:
        raise DataError(f"{folder} can't be read: {error.strerror or error}") from error
    for one in inner:
        photos = sorted(path for path in one.rglob("*") if claims_picture(path.name))
        if photos:
            name = called.get(one.name, one.name.replace("_", " "))
            by_class.setdefault(name, []).extend(photos)
    if len(by_class) < 2:
        raise DataError(f"{folder} needs a folder of photos for each of two classes or more.")
    paths = [path for photos in by_class.values() for path in photos]
    of = [number for number, photos in enumerate(by_class.values()) for _ in photos]
    return Classes(tuple(by_class), tuple(paths), tuple(of))


def _read_names(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        if text.lstrip().startswith("{"):
            return {str(key): str(value) for key, value in json.loads(text).items()}
        pairs = [line.split("\t") for line in text.splitlines() if line.strip()]
        return {folder.strip(): name.strip() for folder, name in pairs}
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path} gives no names: a JSON object, or lines of folder, tab and name, is expected."
        ) from error


def accuracy(
    images: Vectors,
    of: Sequence[int],
    names: Sequence[str],
    encode_texts: Callable[[Sequence[str]], Vectors],
    templates: Sequence[str],
) -> Accuracy:
    """How often the nearest label is the right one.

    Args:
        images: (n, dim), unit length; ``images[i]`` is of ``names[of[i]]``.
    """
    truth = np.asarray(of, np.int64)
    scores = images @ class_weights(encode_texts, names, templates).T
    # Ties count as errors: a label that scores the same as the right one comes before it.
    own = scores[np.arange(len(scores)), truth]
    rank = (scores >= own[:, None]).sum(axis=1)
    right = rank == 1
    seen = np.bincount(truth, minlength=len(names))
    by_class = np.bincount(truth, right, minlength=len(names))[seen > 0] / seen[seen > 0]
    return Accuracy(
        100 * float(right.mean()),
        interval(right.astype(float)),
        100 * float((rank <= _TOP).mean()),
        100 * float(by_class.mean()),
        _confused(scores, truth, right, names),
    )


def interval(right: NDArray[np.float64]) -> tuple[float, float]:
    """The 95 % interval of the mean of ``right`` (n,), in %, by a bootstrap over photos."""
    chance = np.random.default_rng(_SEED)
    drawn = [right[chance.integers(0, len(right), len(right))].mean() for _ in range(_DRAWS)]
    low, high = np.quantile(100 * np.array(drawn), (0.025, 0.975))
    return float(low), float(high)


def _confused(
    scores: Vectors, truth: NDArray[np.int64], right: NDArray[np.bool_], names: Sequence[str]
) -> tuple[tuple[str, str, int], ...]:
    others = scores.copy()
    others[np.arange(len(others)), truth] = -np.inf
    taken = others.argmax(axis=1)
    pairs = Counter(zip(truth[~right].tolist(), taken[~right].tolist(), strict=True))
    return tuple((names[one], names[other], n) for (one, other), n in pairs.most_common())
