"""The columns of all photos, from which listings, facets, timelines and maps are made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.vectors import Ids


@dataclass(frozen=True)
class Column:
    """One text of each photo: ``names[codes[n]]``; a code of -1 means none."""

    names: list[str]
    codes: NDArray[np.int32]


@dataclass(frozen=True)
class Columns:
    """Every photo that can be found, by content: arrays (n,), in order of ``ids``.

    Attributes:
        generation: the library's generation when the columns were read.
        taken: local time, as ``datetime64[s]``; the file's own where the camera left none.
        by_camera: whether the camera left the time in ``taken``.
        width, height: pixels, upright.
        latitude, longitude: degrees; NaN where unknown.
        away: whether the photo was missing at the last look, at all of its paths.
        root: the place in ``roots`` of the root of its first path.
        folders: absolute, as text.
        in_folder: (m, 2) pairs of row and folder; a content may be in several.
        digest: the first four bytes of the file's SHA-256.
    """

    generation: int
    ids: Ids
    taken: NDArray[np.datetime64]
    by_camera: NDArray[np.bool_]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    camera: Column
    place: Column
    format: Column
    away: NDArray[np.bool_]
    roots: list[Path]
    root: NDArray[np.int64]
    folders: list[str]
    in_folder: NDArray[np.int64]
    digest: NDArray[np.uint32]

    @cached_property
    def rows_by_camera_time(self) -> NDArray[np.int64]:
        """The rows whose camera left a time, (m,), the earliest first."""
        rows = np.flatnonzero(self.by_camera)
        return rows[np.argsort(self.taken[rows], kind="stable")]

    def rows(self, ids: Ids) -> NDArray[np.int64]:
        """The rows of ``ids`` (n,); ids that are not in the columns are left out."""
        places = np.searchsorted(self.ids, ids)
        places = np.minimum(places, max(0, len(self.ids) - 1))
        return places[self.ids[places] == ids] if len(self.ids) else places[:0]
