"""Whether two pictures have the same pixels where one is guessed to lie on the other.

They are compared field by field: a single number for the whole would not see that somebody moved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexer.pictures.keypoints import SIDE, Floats, turned, turned_back
from indexer.pictures.placing import Guess

Points = NDArray[np.complexfloating]

_GRID, _FIELD = 128, 16  # points that are compared on the longer side, and of the side of a field
_NEAR_GROUND = 6  # grey levels
_INSET = 3
"""Points at the edges that are left out: a pixel of a frame would outweigh the picture."""
_DETAIL = 4.0
"""Standard deviation in grey levels from which on a field can be compared."""
_FIELDS = 6  # with detail, at least
_AGREE = 0.7  # correlation from which on a field agrees
_NEARLY_ALL = 0.95  # of the fields
_EXACT = 0.985
"""Median correlation from which on fields may differ where most of their pixels are equal: under
letters, or where bright light has no detail left."""
_MOST = 0.6
_EQUAL = 14  # grey levels
_INSIDE = 0.93
"""How much of one picture has to lie within the other. A camera that moves loses something at one
edge, and gains something at the other."""
_LEAST = 0.2
"""How much of each picture the common part has to be."""


@dataclass(frozen=True)
class Agreement:
    """How the pixels agree where one picture lies on the other.

    Attributes:
        share: of the fields with detail, those that agree.
        untouched: those that agree, or where most pixels are equal.
        median: their median correlation.
        fields: how many have detail.
        of_one, of_other: the parts of each picture that the other covers.
        ground: the share of the common part's pixels that are near to its most common grey.
    """

    share: float = 0.0
    untouched: float = 0.0
    median: float = 0.0
    fields: int = 0
    of_one: float = 0.0
    of_other: float = 0.0
    ground: float = 0.0

    @property
    def is_inside(self) -> bool:
        """Whether one picture lies within the other, and enough of both is common."""
        covered = sorted((self.of_one, self.of_other))
        return covered[0] >= _LEAST and covered[1] >= _INSIDE and self.fields >= _FIELDS

    @property
    def is_copy(self) -> bool:
        exact = self.median >= _EXACT and self.share >= 0.5
        return self.is_inside and (
            self.share >= _NEARLY_ALL or (exact and self.untouched >= _NEARLY_ALL)
        )


@dataclass(frozen=True)
class _Common:
    """The common part of two pictures, as points of a grid.

    Attributes:
        places: (rows, columns) complex, on the first picture, in pixels at ``SIDE``.
        step: pixels at ``SIDE`` from point to point.
        one, other: their grey levels there.
        valid: the points that lie on both.
        area: of the valid points, in squared pixels at ``SIDE``.
    """

    places: Points
    step: float
    one: Floats
    other: Floats
    valid: NDArray[np.bool_]
    area: float


def _common(one: Image.Image, other: Image.Image, guess: Guess, grid: int) -> _Common | None:
    scale, scale_other = max(one.size) / SIDE, max(other.size) / SIDE
    size = abs(guess.factor)
    x, y = np.array([-1, 1, -1, 1]) / 2, np.array([-1, -1, 1, 1]) / 2
    frame = (x * other.width + 1j * (y * other.height)).astype(np.complex128) / scale_other
    lies = guess.factor * turned(frame, guess.way) + guess.shift
    half = complex(one.width, one.height) / scale / 2
    left, right = max(-half.real, lies.real.min()), min(half.real, lies.real.max())
    top, bottom = max(-half.imag, lies.imag.min()), min(half.imag, lies.imag.max())
    if min(right - left, bottom - top) < _FIELD:
        return None
    step = max(max(right - left, bottom - top) / grid, 1 / scale, size / scale_other)
    columns = max(1, int((right - left) / step - 2 * _INSET))
    rows = max(1, int((bottom - top) / step - 2 * _INSET))
    x = left + step * (np.arange(columns) + _INSET + 0.5)
    y = top + step * (np.arange(rows) + _INSET + 0.5)
    places = x + 1j * y[:, None]
    back = turned_back((places - guess.shift) / guess.factor, guess.way)
    pixels, inside = _sampled(one, places * scale, step * scale)
    pixels_other, inside_other = _sampled(other, back * scale_other, step / size * scale_other)
    valid = inside & inside_other
    area = float(valid.mean()) * (right - left) * (bottom - top)
    return _Common(places, step, pixels, pixels_other, valid, area)


def agreement(one: Image.Image, other: Image.Image, guess: Guess, grid: int = _GRID) -> Agreement:
    """Compare the pixels of two pictures in mode L where ``other`` is guessed to lie on ``one``."""
    common = _common(one, other, guess, grid)
    if common is None:
        return Agreement()
    scale, scale_other = max(one.size) / SIDE, max(other.size) / SIDE
    of_one = common.area / (one.width * one.height / scale**2)
    size = abs(guess.factor) / scale_other
    of_other = common.area / (size**2 * other.width * other.height)
    correlations, equal = _by_field(common)
    if not len(correlations):
        return Agreement(of_one=of_one, of_other=of_other)
    ground = max(_ground(values[common.valid]) for values in (common.one, common.other))
    agree = correlations >= _AGREE
    return Agreement(
        float(agree.mean()),
        float((agree | (equal >= _MOST)).mean()),
        float(np.median(correlations)),
        len(correlations),
        of_one,
        of_other,
        ground,
    )


def _ground(values: Floats) -> float:
    """The share of grey levels (n,) that are near to the most common one."""
    counts = np.bincount(np.clip(values, 0, 255).astype(np.int64), minlength=256)
    sums = np.convolve(counts, np.ones(2 * _NEAR_GROUND + 1), "same")
    return float(sums.max() / counts.sum())


def adjusted(one: Image.Image, other: Image.Image, guess: Guess, grid: int) -> Guess:
    """``guess`` moved, turned and resized a little so that the pixels differ less.

    One step of Lucas and Kanade (1981), with the brightness and contrast of one picture free.
    """
    common = _common(one, other, guess, grid)
    if common is None or common.valid.sum() < 500:
        return guess
    dy, dx = np.gradient(common.other)
    middle = common.places.mean()
    from_middle = (common.places - middle) / common.step
    x, y = from_middle.real, from_middle.imag
    ones = np.ones_like(dx)
    terms = np.stack([dx * x + dy * y, dy * x - dx * y, dx, dy, common.other, ones])
    terms = terms[:, common.valid].astype(np.float64)
    square = terms @ terms.T
    square += 1e-6 * np.diag(np.diag(square))
    grow, tilt, right, down, contrast, _ = np.linalg.solve(
        square, terms @ common.one[common.valid].astype(np.float64)
    )
    if contrast < 0.2:  # nothing in common
        return guess
    turn = 1 + complex(grow, tilt) / contrast
    shift = complex(right, down) / contrast * common.step
    if abs(turn - 1) > 0.1 or abs(shift) > 12:
        return guess
    moved = ((turn - 1) * middle - shift + guess.shift) / turn
    return Guess(guess.way, guess.factor / turn, moved)


def _sampled(image: Image.Image, places: Points, step: float) -> tuple[Floats, NDArray[np.bool_]]:
    """The picture at ``places`` (its pixels, from its middle), ``step`` apart: values, inside."""
    if step > 1:
        size = (max(2, round(image.width / step)), max(2, round(image.height / step)))
        factor_x, factor_y = size[0] / image.width, size[1] / image.height
        image = image.resize(size, Image.Resampling.BOX)
    else:
        factor_x = factor_y = 1.0
    x = places.real * factor_x + image.width / 2 - 0.5
    y = places.imag * factor_y + image.height / 2 - 0.5
    inside = (x > -0.5) & (y > -0.5) & (x < image.width - 0.5) & (y < image.height - 0.5)
    values = np.asarray(image, np.float32)
    x, y = np.clip(x, 0, image.width - 1.001), np.clip(y, 0, image.height - 1.001)
    column, row = x.astype(np.int64), y.astype(np.int64)
    right, down = (x - column).astype(np.float32), (y - row).astype(np.float32)
    upper = values[row, column] * (1 - right) + values[row, column + 1] * right
    lower = values[row + 1, column] * (1 - right) + values[row + 1, column + 1] * right
    return upper * (1 - down) + lower * down, inside


def _by_field(common: _Common) -> tuple[Floats, Floats]:
    """Of each field with detail in either picture: its correlation, and its share of equal pixels,
    (k,) each."""
    one, other = common.one, common.other
    rows, columns = -(-one.shape[0] // _FIELD), -(-one.shape[1] // _FIELD)
    room = ((0, rows * _FIELD - one.shape[0]), (0, columns * _FIELD - one.shape[1]))

    def sums(values: Floats) -> NDArray[np.float64]:
        padded = np.pad(values, room).reshape(rows, _FIELD, columns, _FIELD)
        return np.asarray(padded.sum(axis=(1, 3)), np.float64)

    weight = common.valid.astype(np.float64)
    count = sums(weight)
    many = np.maximum(count, 1)
    a, b = sums(one * weight) / many, sums(other * weight) / many
    aa = sums(one * one * weight) / many - a * a
    bb = sums(other * other * weight) / many - b * b
    ab = sums(one * other * weight) / many - a * b
    correlations = ab / np.sqrt(np.maximum(aa * bb, 1.0))
    detailed = (count >= _MOST * _FIELD**2) & (np.maximum(aa, bb) >= _DETAIL**2)
    good = detailed & (correlations >= _AGREE)
    equal = np.zeros_like(correlations)
    if good.any():
        use = np.kron(good, np.ones((_FIELD, _FIELD), np.bool_))[: one.shape[0], : one.shape[1]]
        use &= common.valid & (one > 3) & (one < 252) & (other > 3) & (other < 252)
        if use.sum() > _FIELD**2:
            contrast, light = _line(other[use], one[use])
            expected = np.clip(contrast * other + light, 0, 255)
            if (
                contrast > 1
            ):  # the other way round, that what is lost in bright light counts as lost
                expected, one = other, np.clip((one - light) / contrast, 0, 255)
            equal = sums((np.abs(expected - one) <= _EQUAL) * weight) / many
    return correlations[detailed].astype(np.float32), equal[detailed].astype(np.float32)


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    """The slope and offset of the line that is nearest to ``y`` (n,) over ``x`` (n,)."""
    spread = max(float(x.var()), 1e-6)
    slope = max(0.05, float(((x - x.mean()) * (y - y.mean())).mean()) / spread)
    return slope, float(y.mean() - slope * x.mean())
