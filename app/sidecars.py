"""Writes tags into sidecars beside photos, for other programs; photos themselves stay untouched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from indexer.pictures.xmp_edit import EMPTY, edited
from indexer.pictures.xmp_properties import LIMIT
from indexer.unread_metadata import told_by
from store.files.atomic import write_whole
from store.library import Library
from store.metadata import SIDECAR, Metadata, is_sidecar, photos_of, sidecars_of


@dataclass(frozen=True)
class WrittenSidecar:
    """What became of the sidecar of one photo.

    Attributes:
        path: the sidecar's.
        changed: whether it was written; it had what it was to have if not.
        problem: why it could not be written; it is as it was then.
    """

    path: Path
    changed: bool = False
    problem: str | None = None


def write_keyword(
    library: Library, places: Sequence[Path], name: str, *, add: bool
) -> Iterator[WrittenSidecar]:
    """Add a keyword to the sidecars of the photos at or below ``places``, or take it away.

    The nearest sidecar of a photo is changed, and all else in it stays; where there is none, or
    it belongs to other photos as well, ``a.jpg.xmp`` is made for ``a.jpg``.

    Args:
        places: absolute.
    """
    ids = [(place, library.contents_at(place)) for place in places]
    photos = (
        photo
        for place, of_place in ids
        for photo in _photos(library, of_place)
        if photo[0].is_relative_to(place)
    )
    yield from _write_each(photos, name, add=add)


def write_keyword_of(
    library: Library, content_ids: Sequence[int], name: str, *, add: bool
) -> Iterator[WrittenSidecar]:
    """``write_keyword``, for all paths of contents."""
    yield from _write_each(_photos(library, content_ids), name, add=add)


def _photos(library: Library, ids: Sequence[int]) -> Iterator[tuple[Path, Sequence[str]]]:
    """The paths of contents, each with the keywords that its content is believed to have."""
    keywords = library.keywords(ids)
    for id, photos in library.photos_of(ids).items():
        for photo in photos:
            yield photo.path, keywords.get(id, [])


def _write_each(
    photos: Iterable[tuple[Path, Sequence[str]]], name: str, *, add: bool
) -> Iterator[WrittenSidecar]:
    done: set[Path] = set()
    folders: dict[Path, dict[str, list[str]]] = {}
    for path, keywords in photos:
        if path in done:
            continue
        done.add(path)
        if path.parent not in folders:  # of many photos in one, it is listed once
            folders[path.parent] = _by_beginning(path.parent)
        beside = folders[path.parent].get(_beginning(path.name), [])
        yield _write(path, beside, keywords, name, add=add)


def _by_beginning(folder: Path) -> dict[str, list[str]]:
    """The names in a folder by what is before their first dot, which those of a photo and of its
    sidecars share; none of a folder that can't be seen."""
    names: dict[str, list[str]] = {}
    with suppress(OSError):
        for path in folder.iterdir():
            names.setdefault(_beginning(path.name), []).append(path.name)
    return names


def _beginning(name: str) -> str:
    return name.partition(".")[0].casefold()


def _write(
    photo: Path, beside: Sequence[str], keywords: Sequence[str], name: str, *, add: bool
) -> WrittenSidecar:
    sidecar = photo.with_name(photo.name + SIDECAR)
    try:
        if not photo.is_file():
            return WrittenSidecar(sidecar, problem="its photo is not there now")
        for known in sidecars_of(photo.name, beside)[:1]:
            pictures = [one for one in beside if not is_sidecar(one)]
            if len(photos_of(known, pictures)) == 1:  # else it would be said of the others too
                sidecar = photo.with_name(known)
        real = sidecar.resolve()  # of a link, what it leads to
        data = _read(real)
        if data is None and sidecar.is_symlink():
            return WrittenSidecar(sidecar, problem="it is a link that leads nowhere")
        if not keywords and (told := _told_by(photo)):  # perhaps no run has read them yet
            keywords = told.keywords or ()
        change = {"add": [name]} if add else {"remove": [name]}
        new = edited(EMPTY if data is None else data, keywords, **change)
        if new == (EMPTY if data is None else data):
            return WrittenSidecar(sidecar)
        if _read(real) != data:
            return WrittenSidecar(sidecar, problem="another program has just changed it")
        mode = real.stat().st_mode if data is not None else None
        write_whole(real, new)
        if mode is not None:
            with suppress(OSError):
                real.chmod(mode)
        return WrittenSidecar(sidecar, changed=True)
    except ValueError as error:
        return WrittenSidecar(sidecar, problem=str(error))
    except OSError as error:
        return WrittenSidecar(sidecar, problem=error.strerror or str(error))


def _told_by(photo: Path) -> Metadata | None:
    try:
        return told_by(photo)
    except Exception:  # decoders of hostile bytes raise anything
        return None


def _read(sidecar: Path) -> bytes | None:
    """What is in a sidecar; None without one.

    Raises:
        ValueError: it is too large, or no file.
        OSError: it can't be read.
    """
    if sidecar.exists() and not sidecar.is_file():  # a pipe would be waited for
        raise ValueError("it is no file")
    try:
        with sidecar.open("rb") as file:
            data = file.read(LIMIT + 1)
    except FileNotFoundError:
        return None
    if len(data) > LIMIT:
        raise ValueError(f"it has more than {LIMIT // 1_000_000} MB")
    return data
