"""Corners of a picture and what is around each: what stays alike when a picture is cut or framed.

Corners are where brightness changes in both directions (Harris and Stephens 1988), at several
sizes. What is around one is described by the directions of brightness in 4 x 4 cells, as in SIFT
(Lowe 2004), but not turned to a direction of its own: copies are turned by right angles or not at
all, and a description of the turned picture is that of the picture in another order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.floating[Any]]
Places = NDArray[np.complex64]
"""Places as complex numbers x + iy in pixels, y downwards, from the middle of the picture."""

SIDE = 256
"""Pixels of the longer side at which pictures are compared."""

_SCALES = (0.9, 0.64, 0.45, 0.32)
_COUNTS = (90, 70, 50, 30)
"""Sizes at which corners are looked for, in parts of ``SIDE``, and how many at most."""

_CLEAREST = 3  # one in so many is compared first
_WEAKEST = 30.0  # of a corner, in grey levels squared: the smaller of its two squared gradients
_MARGIN = 9  # pixels that a description reaches to
_CELLS = (-6, -2, 2, 6)
_BINS = 8
_NEAR = np.arange(-2, 3)
_DOWN = (np.repeat(_CELLS, 4)[:, None] + np.repeat(_NEAR, 5)).astype(np.int64)  # (16, 25)
_RIGHT = (np.tile(_CELLS, 4)[:, None] + np.tile(_NEAR, 5)).astype(np.int64)

WAYS = 8
"""The ways to turn and mirror: way ``4 * m + q`` mirrors left and right if m is 1, then turns by q
right angles."""


def turned(places: NDArray[np.complexfloating], way: int) -> NDArray[np.complexfloating]:
    """``places`` of a picture once it is turned in one of ``WAYS``."""
    mirrored = -places.conj() if way >= 4 else places
    return mirrored * (1j) ** (way % 4)


def turned_back(places: NDArray[np.complexfloating], way: int) -> NDArray[np.complexfloating]:
    """The inverse of ``turned``."""
    straight = places * (1j) ** (-(way % 4) % 4)
    return -straight.conj() if way >= 4 else straight


@dataclass(frozen=True)
class Keypoints:
    """The corners of one picture, (n,) of them.

    Attributes:
        places: (n,) complex64, in pixels of the picture at ``SIDE``.
        descriptions: (n, 128) float32, unit length.
        clearest: the numbers of some that stand out most, of each size, (k,).
    """

    places: Places
    descriptions: Floats
    clearest: NDArray[np.int64]


def keypoints(grey: Image.Image) -> Keypoints:
    """The corners of a picture in mode L, whose longer side is ``SIDE`` or less."""
    places, descriptions, clearest = [], [], []
    before = 0
    for scale, count in zip(_SCALES, _COUNTS, strict=True):
        size = (round(grey.width * scale), round(grey.height * scale))
        if min(size) <= 2 * _MARGIN + 4:
            continue
        level = np.asarray(grey.resize(size, Image.Resampling.BOX), np.float32)
        dy, dx = np.zeros_like(level), np.zeros_like(level)
        dy[1:-1] = (level[2:] - level[:-2]) / 2
        dx[:, 1:-1] = (level[:, 2:] - level[:, :-2]) / 2
        rows, columns = _corners(dx, dy, count)
        if len(rows):
            x = (columns + 0.5) / scale - grey.width / 2
            y = (rows + 0.5) / scale - grey.height / 2
            places.append((x + 1j * y).astype(np.complex64))
            descriptions.append(_described(dx, dy, rows, columns))
            clearest.append(before + np.arange(min(len(rows), count // _CLEAREST)))
            before += len(rows)
    if not places:
        none = np.zeros((0, 16 * _BINS), np.float32)
        return Keypoints(np.zeros(0, np.complex64), none, np.zeros(0, np.int64))
    return Keypoints(np.concatenate(places), np.concatenate(descriptions), np.concatenate(clearest))


def in_way(descriptions: Floats, way: int) -> Floats:
    """The ``descriptions`` (n, 128) of a picture once it is turned in one of ``WAYS``."""
    return descriptions[:, _order(way)]


@cache
def _order(way: int) -> NDArray[np.int64]:
    """For each number of a turned description, where it is in the description as it was."""
    cells = np.array([[column + 1j * row for column in _CELLS] for row in _CELLS]).ravel()
    before = turned_back(cells, way)
    bins = np.exp(2j * np.pi * np.arange(_BINS) / _BINS)
    bins_before = turned_back(bins, way)
    cell = np.argmin(np.abs(before[:, None] - cells), axis=1)
    direction = np.argmin(np.abs(bins_before[:, None] - bins), axis=1)
    order: NDArray[np.int64] = (cell[:, None] * _BINS + direction).ravel()
    return order


def _corners(dx: Floats, dy: Floats, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of up to ``count`` corners, spread over the picture."""
    xx, yy, xy = (_around(product) for product in (dx * dx, dy * dy, dx * dy))
    least = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy * xy)
    inner = np.zeros_like(least)
    inside = slice(_MARGIN, -_MARGIN)
    inner[inside, inside] = least[inside, inside]
    rows, columns = np.nonzero((inner >= _highest_near(inner)) & (inner > _WEAKEST))
    order = np.argsort(-inner[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    field = (4 * rows // dx.shape[0]) * 4 + 4 * columns // dx.shape[1]
    taken = np.zeros(len(rows), np.bool_)
    for number in range(16):
        taken[np.flatnonzero(field == number)[: max(2, count // 6)]] = True
    kept = np.flatnonzero(taken)[:count]
    return rows[kept], columns[kept]


def _highest_near(values: Floats) -> Floats:
    """The highest value within two pixels of each."""
    for axis in (0, 1):
        values = np.maximum.reduce(_shifted(values, axis))
    return values


def _around(values: Floats) -> Floats:
    """The mean of the 5 x 5 values around each."""
    for axis in (0, 1):
        first, *others = _shifted(values, axis)
        values = sum(others, start=first) / 5
    return values


def _shifted(values: Floats, axis: int) -> list[Floats]:
    """Views of ``values``, shifted by -2 to 2 along ``axis``; zeros from outside."""
    room = [(0, 0), (0, 0)]
    room[axis] = (2, 2)
    padded = np.pad(values, room)
    size = values.shape[axis]
    if axis == 0:
        return [padded[start : start + size] for start in range(5)]
    return [padded[:, start : start + size] for start in range(5)]


def _described(
    dx: Floats, dy: Floats, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> Floats:
    width = dx.shape[1]
    middle = (rows * width + columns)[:, None, None] + (_DOWN * width + _RIGHT)  # (n, 16, 25)
    across, down = dx.ravel()[middle], dy.ravel()[middle]
    direction = np.arctan2(down, across) * (_BINS / (2 * np.pi)) + _BINS
    lower = direction.astype(np.int64)
    strength = np.hypot(across, down)
    upper_part = strength * (direction - lower)
    cell = np.arange(len(rows) * 16).reshape(len(rows), 16, 1) * _BINS
    size = len(rows) * 16 * _BINS
    described = np.bincount((cell + lower % _BINS).ravel(), (strength - upper_part).ravel(), size)
    described = described + np.bincount(
        (cell + (lower + 1) % _BINS).ravel(), upper_part.ravel(), size
    )
    values: Floats = np.asarray(described, np.float64).reshape(len(rows), -1)
    for most in (0.25, 1.0):  # that no single edge decides
        values = np.minimum(values / _lengths(values), most)
    return np.ascontiguousarray(values / _lengths(values), np.float32)


def _lengths(rows: Floats) -> Floats:
    lengths: Floats = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return lengths
