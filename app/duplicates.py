"""Photos that the library has more than once: as the same file, or as nearly the same picture.

Two pictures are nearly the same if both the model and a perceptual hash find them alike. The model
alone would pair two photos of one dog; the hash alone would pair any two empty skies.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from indexer.folders.scan import identity
from indexer.pictures.likeness import Hash, hash_file
from store.library import Library
from store.online import is_online
from store.values import ModelInfo, PhotoInfo
from store.vectors import VectorSearch

ALIKE = 0.9
"""The cosine from which on two pictures are compared by hash. Of copies that were saved again, cut
by 5 % or made brighter, 95, 95 and 99 % are above it (with the starter model)."""

DIFFERENT_BITS = 10
"""The most bits of 64 in which the hashes of copies differ. Of 580 pairs of different photos that
the model finds alike, one was within it: the same scene a moment later."""

_BLOCK = 2_000
_EXACT_UP_TO = 100_000  # photos, compared all with all; more are compared with the nearest
_NEAREST = 20


@dataclass(frozen=True)
class DuplicateGroup:
    """Files that show one picture, the best first: most pixels, most bytes, the oldest.

    Attributes:
        kind: ``same`` if all files are equal byte for byte, else ``near``.
        photos: one path of each file: a file with several names (by links or mounts) is no copy
            of itself, and removing one would save nothing.
        names: further paths of these files, by the id of the path that stands for them.
    """

    kind: Literal["same", "near"]
    photos: tuple[PhotoInfo, ...]
    names: Mapping[int, tuple[Path, ...]]


def duplicates(
    library: Library, model: ModelInfo, *, near: bool = True, workers: int | None = None
) -> list[DuplicateGroup]:
    """All groups of two files or more, the largest first.

    Args:
        near: also group pictures that are nearly the same; each candidate is opened once.
        workers: threads that open candidates; by default one a core.
    """
    pairs = []
    if near:
        index = library.index(model).index
        pairs = _pairs(library, index, np.sort(index.ids()), workers)
    ids = sorted({*library.repeated(model).tolist(), *(id for pair in pairs for id in pair)})
    files = library.photos_of(ids)
    merit = _Merit()
    groups = []
    for members in _joined(ids, pairs):
        paths = sorted((p for id in members for p in files.get(id, ())), key=merit)
        photos, names = _files(paths)
        if len(photos) > 1:
            kind: Literal["same", "near"] = (
                "same" if len({photo.content_id for photo in photos}) == 1 else "near"
            )
            groups.append(DuplicateGroup(kind, photos, names))
    return sorted(groups, key=lambda group: (-len(group.photos), group.photos[0].path))


def _files(
    paths: Sequence[PhotoInfo],
) -> tuple[tuple[PhotoInfo, ...], dict[int, tuple[Path, ...]]]:
    """The first path of each file, and its others; a path that can't be seen is its own file."""
    first: dict[Hashable, PhotoInfo] = {}
    names: dict[int, tuple[Path, ...]] = {}
    for photo in paths:
        try:
            key = identity(photo.path)
        except OSError:
            key = photo.path
        one = first.setdefault(key, photo)
        if one is not photo:
            names[one.id] = (*names.get(one.id, ()), photo.path)
    return tuple(first.values()), names


class _Merit:
    """Sorts paths: the best first."""

    def __init__(self) -> None:
        self._online: dict[Path, bool] = {}

    def __call__(self, photo: PhotoInfo) -> tuple[int, int, bool, object, str]:
        assert photo.facts is not None
        if photo.root not in self._online:
            self._online[photo.root] = is_online(photo.root)
        pixels = photo.facts.width * photo.facts.height
        there = self._online[photo.root] and not photo.away
        return -pixels, -photo.size, not there, photo.taken_at, str(photo.path)


def _pairs(
    library: Library, index: VectorSearch, ids: NDArray[np.int64], workers: int | None
) -> list[tuple[int, int]]:
    """Pairs of contents that show nearly the same picture."""
    alike = list(_alike(index, ids))
    hashes: dict[int, Hash | None] = {}
    wanted = sorted({id for pair in alike for id in pair})
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        for start in range(0, len(wanted), _BLOCK):
            photos = library.photos_of(wanted[start : start + _BLOCK])
            hashes.update(zip(photos, pool.map(_hash, photos.values()), strict=True))
    pairs = []
    for one, other in alike:
        first, second = hashes.get(one), hashes.get(other)
        if first is not None and second is not None and (first != second).sum() <= DIFFERENT_BITS:
            pairs.append((one, other))
    return pairs


def _alike(index: VectorSearch, ids: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Pairs (smaller id, greater id) whose cosine is at least ``ALIKE``."""
    for start in range(0, len(ids), _BLOCK):
        block = index.vectors(ids[start : start + _BLOCK])
        if len(ids) > _EXACT_UP_TO:
            for one, vector in zip(ids[start : start + _BLOCK].tolist(), block, strict=True):
                others, cosines = index.search(vector, _NEAREST)
                yield from ((one, id) for id in others[cosines >= ALIKE].tolist() if id > one)
            continue
        for second in range(start, len(ids), _BLOCK):
            cosines = block @ index.vectors(ids[second : second + _BLOCK]).T
            for row, column in np.argwhere(cosines >= ALIKE).tolist():
                one, other = int(ids[start + row]), int(ids[second + column])
                if one < other:
                    yield one, other


def _hash(photos: Sequence[PhotoInfo]) -> Hash | None:
    """The hash of the first path that can be read; None if none can."""
    return next((h for photo in photos if (h := hash_file(photo.path)) is not None), None)


def _joined(ids: Sequence[int], pairs: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """``ids`` in groups: two are together if they are paired, directly or through others."""
    leader = {id: id for id in ids}

    def lead(id: int) -> int:
        while leader[id] != id:
            leader[id] = id = leader[leader[id]]
        return id

    for one, other in pairs:
        leader[lead(other)] = lead(one)
    groups: dict[int, list[int]] = {}
    for id in ids:
        groups.setdefault(lead(id), []).append(id)
    yield from groups.values()
