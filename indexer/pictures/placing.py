"""How one picture may lie on another: guessed from the whole pictures, and from their corners.

Whether it does is for ``indexer.pictures.same_picture`` to say, which compares the pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageStat

from indexer.pictures.keypoints import (
    SIDE,
    WAYS,
    Floats,
    Keypoints,
    Places,
    in_way,
    keypoints,
    turned,
)

SMALL = 24
"""Pixels of the sides at which whole pictures are compared."""
_PLAIN = 1.0  # standard deviation in grey levels
_WHOLE = 0.8  # correlation from which on whole pictures may be copies
_ALIKE = 0.85  # cosine from which on what is around two corners may be the same
_MATCHES = 60  # pairs of corners that guesses are made from
_FEWEST = 6  # pairs of corners that have to agree on a guess
_FEWEST_CLEAREST = 4
_NEAR = 3.0  # pixels at ``SIDE`` within which they agree
_TILT = np.cos(np.radians(12))
_SCALES = (0.3, 3.4)


@dataclass(frozen=True)
class Look:
    """What pictures are compared by.

    Attributes:
        grey: the picture in mode L, its longer side ``SIDE``.
        colour: the mean of red, green and blue, (3,).
        is_plain: whether it is of one colour.
        small: (576,) float32, zero mean, unit length; zeros for a picture of one colour.
    """

    grey: Image.Image
    small: Floats
    corners: Keypoints
    colour: Floats
    is_plain: bool


def look_of(image: Image.Image) -> Look:
    """What an upright picture is compared by."""
    grey = image.convert("L")
    factor = SIDE / max(grey.size)
    size = (max(1, round(grey.width * factor)), max(1, round(grey.height * factor)))
    grey = grey.resize(size, Image.Resampling.BOX if factor < 1 else Image.Resampling.BILINEAR)
    colour = np.asarray(ImageStat.Stat(image.convert("RGB")).mean, np.float32)
    is_plain = ImageStat.Stat(grey).stddev[0] < _PLAIN
    return Look(grey, small_of(grey), keypoints(grey), colour, is_plain)


def small_of(grey: Image.Image) -> Floats:
    """See ``Look``, of a picture in mode L of any size."""
    small = np.asarray(grey.resize((SMALL, SMALL), Image.Resampling.BOX), np.float32).ravel()
    small = small - small.mean()
    length = float(np.linalg.norm(small))
    return small / length if length > SMALL else np.zeros_like(small)


@dataclass(frozen=True)
class Guess:
    """How picture B may lie on picture A: turned in ``way``, then ``factor * place + shift``."""

    way: int
    factor: complex
    shift: complex


def guesses(one: Look, other: Look) -> Iterator[Guess]:
    """How ``other`` may lie on ``one``, the likeliest first."""
    square = other.small.reshape(SMALL, SMALL)
    for way in range(WAYS):
        if float(one.small @ _turned_square(square, way).ravel()) >= _WHOLE:
            sides = other.grey.size if way % 2 == 0 else other.grey.size[::-1]
            factors = (one.grey.width / sides[0], one.grey.height / sides[1])
            if max(factors) < 1.06 * min(factors):
                yield Guess(way, complex(np.mean(factors)), 0j)
    for way in _likely_ways(one.corners, other.corners):
        guess = _by_corners(one.corners, other.corners, way)
        if guess is not None:
            yield guess


def _turned_square(square: Floats, way: int) -> Floats:
    mirrored = square[:, ::-1] if way >= 4 else square
    return np.rot90(mirrored, -(way % 4))


def _likely_ways(one: Keypoints, other: Keypoints) -> list[int]:
    """The ways in which the clearest corners of one picture are in the other, the best first."""
    if min(len(one.places), len(other.places)) < _FEWEST:
        return []
    clearest = one.descriptions[one.clearest]
    likenesses = [(clearest @ in_way(other.descriptions, way).T).max(axis=1) for way in range(WAYS)]
    alike = np.array([(likeness >= _ALIKE).sum() for likeness in likenesses])
    order = np.argsort(-alike, kind="stable")[:2]
    return [way for way in order.tolist() if alike[way] >= _FEWEST_CLEAREST]


def _by_corners(one: Keypoints, other: Keypoints, way: int) -> Guess | None:
    """The guess that most corners agree on; None if too few do."""
    cosines = one.descriptions @ in_way(other.descriptions, way).T
    nearest = cosines.argmax(axis=1)
    rows = np.arange(len(cosines))
    mutual = cosines.argmax(axis=0)[nearest] == rows
    likeness = np.where(mutual, cosines[rows, nearest], -1)
    chosen = np.argsort(-likeness)[:_MATCHES]
    chosen = chosen[likeness[chosen] >= _ALIKE]
    if len(chosen) < _FEWEST:
        return None
    here: Places = one.places[chosen]
    there = turned(other.places[nearest[chosen]], way)
    first, second = np.triu_indices(len(chosen), 1)
    apart = np.abs(there[first] - there[second]) > 0.1 * SIDE
    first, second = first[apart], second[apart]
    factors = (here[first] - here[second]) / (there[first] - there[second])
    sizes = np.abs(factors)
    fits = (factors.real >= _TILT * sizes) & (sizes > _SCALES[0]) & (sizes < _SCALES[1])
    first, factors = first[fits], factors[fits]
    if not len(factors):
        return None
    shifts = here[first] - factors * there[first]
    near = np.abs(factors[:, None] * there + shifts[:, None] - here) < _NEAR * np.maximum(
        1, np.abs(factors)[:, None]
    )
    agreed = near[near.sum(axis=1).argmax()]
    for _ in range(3):
        if agreed.sum() < _FEWEST:
            return None
        factor, shift = _fitted(here[agreed], there[agreed])
        agreed = np.abs(factor * there + shift - here) < _NEAR * max(1.0, abs(factor))
    return Guess(way, factor, shift)


def _fitted(
    here: NDArray[np.complexfloating], there: NDArray[np.complexfloating]
) -> tuple[complex, complex]:
    """The factor and shift that bring ``there`` (n,) nearest to ``here`` (n,): least squares."""
    from_middle = there - there.mean()
    size = float((np.abs(from_middle) ** 2).sum())
    factor = complex((from_middle.conj() * (here - here.mean())).sum() / max(size, 1e-6))
    return factor, complex(here.mean() - factor * there.mean())
