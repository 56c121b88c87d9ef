"""A query's results in few bytes: what a page needs to lay out rows, and to fetch their pictures.

Rows are laid out of all results, by little more than a byte each (``packed_layout``). What pictures
are fetched by takes 20 bytes each (``packed_shapes``), half of which no compression shortens: of a
large library it is sent only for the first results, and for those that somebody comes near to, as
is what else is shown of them (``app.gallery.listing``).
"""

from __future__ import annotations

import struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.gallery.answers import Shown
from store.vectors import Ids

MOST = 100_000
"""Results in one answer."""

NARROWEST, WIDEST = 0.45, 3.2
"""Shapes, width by height, beyond which a page cuts photos; ``rows.js`` has the same numbers."""

_LARGEST = 2**16 - 1  # pixels of a side, as far as a page has to know
_STEPS = 255  # between the two shapes, each wider than the one before by the same part


def packed_shapes(shown: Shown, start: int, count: int) -> bytes:
    """Up to ``count`` results from place ``start`` on, as columns one after the other.

    All numbers are little-endian: the number of all results, that of those here (n) (uint32 each),
    ids (n,) float64, which holds whole numbers up to 2^53, days since 1970-01-01 (n,) int32, the
    first 32 bits of the contents' SHA-256 (n,) uint32 (see ``app.gallery.addresses``), width and
    height in pixels, upright (n,) uint16 each; 1 x 1 for a photo that is not there any more.
    """
    columns = _columns(shown, start, count)
    packed: list[NDArray[np.generic]] = [
        columns.ids.astype("<f8"),
        columns.days.astype("<i4"),
        columns.digests.astype("<u4"),
        columns.width.astype("<u2"),
        columns.height.astype("<u2"),
    ]
    head = struct.pack("<II", len(shown.listing), len(columns.ids))
    return head + b"".join(column.tobytes() for column in packed)


def packed_layout(shown: Shown, start: int, count: int) -> bytes:
    """What rows are made from, of up to ``count`` results from place ``start`` on.

    All numbers are little-endian: the number of all results, that of those here (n), that of runs
    of results of one day (r) (uint32 each), the days since 1970-01-01 of these (r,) int32, how many
    results each has (r,) uint32, and the shapes of the results (n,) uint8: 0 for ``NARROWEST`` or
    narrower, ``_STEPS`` for ``WIDEST`` or wider. Results that are not in order of time have no
    runs: no day is written above them.
    """
    columns = _columns(shown, start, count)
    shapes = np.clip(columns.width / columns.height, NARROWEST, WIDEST) / NARROWEST
    steps = np.round(np.log(shapes) * (_STEPS / np.log(WIDEST / NARROWEST)))
    days = columns.days if shown.listing.by_time else columns.days[:0]
    first = np.flatnonzero(np.diff(days, prepend=days[:1] - 1))
    lengths = np.diff(first, append=len(days))
    head = struct.pack("<III", len(shown.listing), len(columns.ids), len(first))
    runs = days[first].astype("<i4").tobytes() + lengths.astype("<u4").tobytes()
    packed: NDArray[np.uint8] = steps.astype(np.uint8)
    return head + runs + packed.tobytes()


class _Columns(NamedTuple):
    """Results (n,): pixels are upright; 1 x 1 of a photo that is not there any more."""

    ids: Ids
    days: NDArray[np.int32]
    digests: NDArray[np.uint32]
    width: NDArray[np.uint16]
    height: NDArray[np.uint16]


def _columns(shown: Shown, start: int, count: int) -> _Columns:
    ids = shown.listing.results.part(start, min(count, MOST))
    rows = shown.catalogue.rows(ids)
    place_of = np.argsort(ids, kind="stable")
    places = place_of[np.searchsorted(ids, rows.ids, sorter=place_of)]
    there = np.zeros(len(ids), np.bool_)
    there[places] = True
    days = np.zeros(len(ids), np.int32)
    days[places] = rows.taken.astype("datetime64[D]").astype(np.int64)
    digests = np.zeros(len(ids), np.uint32)
    joined = "".join(digest.rjust(8, "0") for digest in rows.digests)  # a damaged one is shorter
    digests[places] = np.frombuffer(bytes.fromhex(joined), ">u4")
    width, height = np.ones((2, len(ids)), np.uint16)
    width[places] = np.clip(rows.width, 1, _LARGEST)
    height[places] = np.clip(rows.height, 1, _LARGEST)
    return _Columns(ids, _filled(days, there), digests, width, height)


def _filled(values: NDArray[np.int32], known: NDArray[np.bool_]) -> NDArray[np.int32]:
    """``values`` (n,) with those not ``known`` (n,) taken from the one before, or the first."""
    if known.all() or not known.any():
        return values
    last = np.maximum.accumulate(np.where(known, np.arange(len(values)), -1))
    return values[np.where(last < 0, int(np.argmax(known)), last)]
