"""The columns of all photos, from which listings, facets and maps are made.

``ColumnArrays`` is what is kept in files: nothing in it depends on where the library's roots are
now. ``Columns`` is the same with the roots as they are.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.sql.fspath import from_text
from store.vectors import Ids

Rows = NDArray[np.int64] | NDArray[np.int32]
"""Places in columns, (n,)."""

MONTH = "datetime64[M]"
TIME = "datetime64[s]"


@dataclass(frozen=True)
class Column:
    """One text of each photo: ``names[codes[n]]``; a code of -1 means none."""

    names: Sequence[str]
    codes: NDArray[np.int32]


@dataclass(frozen=True)
class ColumnArrays:
    """Every photo that can be found, by content: arrays (n,), in order of ``ids``.

    What is said of a path is of the first living one: that with the smallest id.

    Attributes:
        taken: local time, as ``datetime64[s]``; the file's own where the camera left none.
        month: the month of ``taken``, counted from January 1970.
        by_camera: whether ``taken`` is not the file's own time, and more than a day.
        by_time: the rows in order of ``taken``, and of id where that is the same.
        width, height: pixels, upright.
        latitude, longitude: degrees; NaN where unknown.
        away: whether the photo was missing at the last look, at all of its paths.
        folder: the place in ``folders`` of its first path's.
        path_row, path_folder, path_taken, path_away: (p,) each, in order of row: all living paths
            of those contents that have several, with what may differ between them.
        digests: the file's SHA-256, (n, 32).
        by_digest: the rows in order of the first eight bytes of it, as a number.
        digest_keys: these numbers, in order.
        folders: (id of the root, folder below it as the database's text), in order.
        keyword_row: (k,), in order: the row of each keyword of each photo.
        keyword: these keywords, (k,).
    """

    ids: Ids
    taken: NDArray[np.datetime64]
    month: NDArray[np.int32]
    by_camera: NDArray[np.bool_]
    by_time: NDArray[np.int32]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    away: NDArray[np.bool_]
    folder: NDArray[np.int32]
    path_row: NDArray[np.int32]
    path_folder: NDArray[np.int32]
    path_taken: NDArray[np.datetime64]
    path_away: NDArray[np.bool_]
    digests: NDArray[np.uint8]
    by_digest: NDArray[np.int32]
    digest_keys: NDArray[np.uint64]
    camera: Column
    place: Column
    format: Column
    folders: Sequence[tuple[int, str]]
    keyword_row: NDArray[np.int32]
    keyword: Column

    def __len__(self) -> int:
        return len(self.ids)

    def places(self, ids: Ids) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """For each of ``ids`` (n,) its row, and whether it has one at all."""
        if not len(self.ids):
            return np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
        rows = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return rows, self.ids[rows] == ids

    def rows(self, ids: Ids) -> NDArray[np.int64]:
        """The rows of ``ids`` (n,); ids that are not in the columns are left out."""
        rows, known = self.places(ids)
        return rows[known]

    def rows_of_digests(self, digests: Sequence[bytes]) -> tuple[Rows, NDArray[np.bool_]]:
        """For each of ``digests`` (n,) the row that has it, and whether there is one."""
        wanted = digest_array(digests)
        keys = digest_keys(wanted)
        rows, has = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.bool_)
        at = np.searchsorted(self.digest_keys, keys)
        left = np.arange(len(keys))
        while len(left):  # once, but for numbers that two digests begin with
            left = left[at[left] < len(self)]
            left = left[self.digest_keys[at[left]] == keys[left]]
            candidates = self.by_digest[at[left]]
            same = (self.digests[candidates] == wanted[left]).all(axis=1)
            rows[left[same]], has[left[same]] = candidates[same], True
            left = left[~same]
            at[left] += 1
        return rows, has


def digest_array(digests: Sequence[bytes]) -> NDArray[np.uint8]:
    """SHA-256 digests as (n, 32); one that is damaged is cut or filled up with zeros."""
    if {*map(len, digests)} - {32}:
        digests = [digest[:32].ljust(32, b"\0") for digest in digests]
    whole = b"".join(digests)
    return np.frombuffer(whole, np.uint8).reshape(-1, 32)


def digest_keys(digests: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The number that each of ``digests`` (n, 32) begins with, (n,)."""
    return np.ascontiguousarray(digests[:, :8]).view("<u8").reshape(-1)


@dataclass(frozen=True)
class Columns(ColumnArrays):
    """The columns of a library whose roots are at ``root_paths``, by id.

    Attributes:
        generation: the library's generation when the columns were read.
    """

    generation: int
    root_paths: Mapping[int, Path]

    @classmethod
    def of(cls, arrays: ColumnArrays, generation: int, root_paths: Mapping[int, Path]) -> Columns:
        """Raises ``KeyError`` if a folder's root is not among ``root_paths``."""
        if missing := {root for root, _ in arrays.folders} - root_paths.keys():
            raise KeyError(f"no root {missing}")
        values = {field.name: getattr(arrays, field.name) for field in fields(ColumnArrays)}
        return cls(**values, generation=generation, root_paths=root_paths)

    @cached_property
    def folder_names(self) -> Sequence[str]:
        """Each of ``folders``, absolute, as text. Roots may overlap: so may names."""
        names = []
        for root, text in self.folders:
            folder = from_text(text).replace("/", os.sep)
            top = str(self.root_paths[root])
            names.append(os.path.join(top, folder) if folder else top)  # noqa: PTH118  # by the many
        return names

    @cached_property
    def folder_paths(self) -> Sequence[Path]:
        """Each of ``folders``, absolute."""
        return [Path(name) for name in self.folder_names]

    @cached_property
    def rows_by_camera_time(self) -> NDArray[np.int32]:
        """The rows whose camera left a time, (m,), the earliest first."""
        return self.by_time[self.by_camera[self.by_time]]
