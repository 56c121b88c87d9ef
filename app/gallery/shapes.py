"""A query's results in few bytes: all that a page needs to lay out rows and fetch their pictures.

What else is shown of a photo is sent for those near the part of the page that somebody looks at.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from app.gallery.answers import Shown

MOST = 100_000
"""Results in one answer."""

_LARGEST = 2**16 - 1  # pixels of a side, as far as a page has to know


def packed_shapes(shown: Shown, start: int, count: int) -> bytes:
    """Up to ``count`` results from place ``start`` on, as columns one after the other.

    All numbers are little-endian: the number of all results, that of those here (n) (uint32 each),
    ids (n,) float64, which holds whole numbers up to 2^53, days since 1970-01-01 (n,) int32, the
    first 32 bits of the contents' SHA-256 (n,) uint32 (see ``app.gallery.addresses``), width and
    height in pixels, upright (n,) uint16 each; 1 x 1 for a photo that is not there any more.
    """
    ids = shown.listing.results.part(start, min(count, MOST))
    rows = shown.catalogue.rows(ids)
    place_of = np.argsort(ids, kind="stable")
    places = place_of[np.searchsorted(ids, rows.ids, sorter=place_of)]
    there = np.zeros(len(ids), np.bool_)
    there[places] = True
    days = np.zeros(len(ids), np.int32)
    days[places] = rows.taken.astype("datetime64[D]").astype(np.int64)
    digests = np.zeros(len(ids), np.uint32)
    digests[places] = np.array([int(digest, 16) for digest in rows.digests], np.uint32)
    width, height = np.ones((2, len(ids)), np.uint16)
    width[places] = np.clip(rows.width, 1, _LARGEST)
    height[places] = np.clip(rows.height, 1, _LARGEST)
    columns: list[NDArray[np.generic]] = [
        ids.astype("<f8"),
        _filled(days, there).astype("<i4"),
        digests.astype("<u4"),
        width.astype("<u2"),
        height.astype("<u2"),
    ]
    head = struct.pack("<II", len(shown.listing), len(ids))
    return head + b"".join(column.tobytes() for column in columns)


def _filled(values: NDArray[np.int32], known: NDArray[np.bool_]) -> NDArray[np.int32]:
    """``values`` (n,) with those not ``known`` (n,) taken from the one before, or the first."""
    if known.all() or not known.any():
        return values
    last = np.maximum.accumulate(np.where(known, np.arange(len(values)), -1))
    return values[np.where(last < 0, int(np.argmax(known)), last)]
