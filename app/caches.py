"""The files that clipsearch keeps only to be faster: where they are, how large, how to remove them.

Only files whose names clipsearch gives are removed: the user chooses the cache's folder, and it may
hold other things.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.config import Config
from app.services import open_library_of
from indexer.encoders import models
from store.errors import LibraryNotFound, ModelError
from store.files import previews, thumbnails
from store.values import ModelInfo

_DIGEST = "[0-9a-f]{32}"
_BEING_MADE_S = 3600.0  # a younger file may still be written by a running process


@dataclass(frozen=True)
class Kind:
    """One kind of files that are kept.

    Attributes:
        entries: its files and folders.
        size: of all of them, in bytes.
        removable: whether they are made again by themselves when they are needed. The other kinds
            are made from the photos, by ``clipsearch index``.
    """

    name: str
    title: str
    folder: Path
    entries: tuple[Path, ...]
    size: int
    removable: bool


_KINDS = (
    # name, title, whether in the cache (else in the library), folder in it, names, removable
    ("models", "converted models", True, "engines", rf"{_DIGEST}-.+|\.clipsearch-.+", True),
    (
        "words",
        "vectors of the labels' names and of other texts",
        True,
        "vocabulary",
        r"\w+-[0-9a-f]{16}\..+|\.clipsearch-.+",
        True,
    ),
    ("previews", "large pictures of the page", False, previews.FOLDER, r"[0-9a-f]{64}\..+", True),
    (
        "small",
        "small pictures of the page",
        False,
        "",
        rf"{re.escape(thumbnails.SMALL_FILE)}.*",
        True,
    ),
    ("thumbnails", "thumbnails", False, "", rf"{re.escape(thumbnails.FILE)}.*", False),
    ("index", "search index", False, "", r"vectors-\d+\..+", False),
    ("columns", "what the page counts and lists by", False, "", r"columns-\d+\..+", False),
    ("labels", "labels of the photos", False, "", r"labels-\d+\.npz", False),
    ("hubs", "how near photos are to everything", False, "", r"hubs-\d+\.npz", False),
)


def kinds(config: Config) -> list[Kind]:
    """Everything that is kept for the configured library, by kind."""
    listed = []
    for name, title, in_cache, inner, pattern, removable in _KINDS:
        folder = (config.cache if in_cache else config.library) / inner
        entries = tuple(path for path in _inside(folder) if re.fullmatch(pattern, path.name))
        listed.append(Kind(name, title, folder, entries, sum(map(_size, entries)), removable))
    return listed


@dataclass(frozen=True)
class Cleaned:
    """What ``clean`` did: the bytes removed, and the paths that it left, each with the reason."""

    size: int
    left: tuple[tuple[Path, str], ...]


def clean(config: Config) -> Cleaned:
    """Remove what is made again by itself.

    A converted model stays if it is the last copy of the weights that made the configured library's
    vectors: without those weights its photos can't be searched by words.
    """
    removed = 0
    left: list[tuple[Path, str]] = []
    last_copies = [model.fingerprint[:32] for model in _models(config) if not _at_hand(model)]
    for kind in kinds(config):
        for path in kind.entries if kind.removable else ():
            if kind.name == "models" and path.name.startswith(tuple(last_copies)):
                left.append((path, "the last copy of a model that the library needs"))
            elif path.name.startswith(".") and _age(path) < _BEING_MADE_S:
                left.append((path, "it may be being made just now"))
            else:
                size = _size(path)
                try:
                    _remove(path)
                except OSError as error:
                    left.append((path, error.strerror or str(error)))
                else:
                    removed += size
    return Cleaned(removed, tuple(left))


def _models(config: Config) -> Sequence[ModelInfo]:
    try:
        with open_library_of(config) as library:
            return [model for model in (library.model(), library.building_model()) if model]
    except LibraryNotFound:
        return []


def _at_hand(model: ModelInfo) -> bool:
    """Whether exactly these weights can be loaded without a network and without the cache."""
    from indexer.encoders.open_clip_names import is_downloaded

    name = models.parse(model.name)
    present = models.folder_fingerprint(name)
    if present is not None:
        return present == model.fingerprint
    try:
        return is_downloaded(name)
    except ModelError:
        return False


def _inside(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(folder.iterdir())


def _size(path: Path) -> int:
    if path.is_dir() and not path.is_symlink():
        return sum(_size(inner) for inner in _inside(path))
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _age(path: Path) -> float:
    try:
        return time.time() - path.lstat().st_mtime
    except OSError:
        return 0.0


def _remove(path: Path) -> None:
    """Remove a file, folder or link; what a link leads to stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        os.unlink(path)  # noqa: PTH108  # also removes a link to a folder
