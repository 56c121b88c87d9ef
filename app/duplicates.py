"""Photos that the library has more than once: as the same file, or as copies of one picture.

Copies may be saved again, resized, brightened, made grey, cut, framed, turned or mirrored.
Different photos of one scene are none: see ``indexer.pictures.same_picture``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.near_pairs import Groups, NearPair, Progress, near_pairs, untold
from indexer.encoders.slow_work import said_if_slow
from indexer.folders.scan import identity
from indexer.pictures.same_picture import CHANGES, Change
from store.library import Library
from store.online import is_online
from store.values import ModelInfo, PhotoInfo
from store.vectors import Ids


@dataclass(frozen=True)
class DuplicateGroup:
    """Files that show one picture, the best first: most pixels, most bytes, the oldest.

    Attributes:
        kind: ``same`` if all files are equal byte for byte, else ``near``.
        photos: one path of each file: a file with several names (by links or mounts) is no copy
            of itself, and removing one would save nothing.
        changes: how copies among them differ, if they are not equal.
        names: further paths of these files, by the id of the path that stands for them.
    """

    kind: Literal["same", "near"]
    photos: tuple[PhotoInfo, ...]
    names: Mapping[int, tuple[Path, ...]]
    changes: tuple[Change, ...] = ()


def duplicates(
    library: Library,
    model: ModelInfo,
    *,
    near: bool = True,
    workers: int | None = None,
    tell: Progress = untold,
) -> list[DuplicateGroup]:
    """All groups of two files or more, the largest first.

    Args:
        near: also group copies of one picture; their thumbnails are read, or else the files.
        workers: threads that read and compare pictures; by default one a core.
        tell: takes how far it is; whoever listens to slow work hears of it too.
    """
    with said_if_slow("Looking for copies: all pictures that are alike are compared."):
        pairs = list(near_pairs(library, model, workers, tell)) if near else []
    ids = {*library.repeated(model).tolist(), *(id for p in pairs for id in (p.one, p.other))}
    files = library.photos_of(sorted(ids))
    merit = _Merit()
    groups = []
    for members, changes in _joined(sorted(ids), pairs):
        paths = sorted((p for id in members for p in files.get(id, ())), key=merit)
        photos, names = _files(paths)
        if len(photos) > 1:
            kind: Literal["same", "near"] = (
                "same" if len({photo.content_id for photo in photos}) == 1 else "near"
            )
            groups.append(DuplicateGroup(kind, photos, names, changes))
    return sorted(groups, key=lambda group: (-len(group.photos), group.photos[0].path))


def shown(groups: Sequence[DuplicateGroup], hidden: Ids) -> list[DuplicateGroup]:
    """``groups`` without the files of ``hidden`` contents (n,); what is alone then is no group."""
    left = []
    out = frozenset(hidden.tolist())
    for group in groups:
        photos = tuple(photo for photo in group.photos if photo.content_id not in out)
        if len(photos) == len(group.photos):
            left.append(group)
        elif len(photos) > 1:
            same = len({photo.content_id for photo in photos}) == 1
            kind: Literal["same", "near"] = "same" if same else "near"
            changes = () if same else group.changes
            left.append(DuplicateGroup(kind, photos, group.names, changes))
    return left


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


def _joined(
    ids: Iterable[int], pairs: Sequence[NearPair]
) -> Iterable[tuple[list[int], tuple[Change, ...]]]:
    """``ids`` in groups, each with how its copies differ."""
    joined = Groups()
    for pair in pairs:
        joined.join(pair.one, pair.other)
    groups: dict[int, list[int]] = {}
    for id in ids:
        groups.setdefault(joined.leader(id), []).append(id)
    changes: dict[int, set[Change]] = {}
    for pair in pairs:
        changes.setdefault(joined.leader(pair.one), set()).add(pair.change)
    for leader, members in groups.items():
        yield members, tuple(one for one in CHANGES if one in changes.get(leader, ()))
