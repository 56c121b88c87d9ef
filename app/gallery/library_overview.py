"""What the page of the library shows: its numbers, its folders, and what could not be read."""

from __future__ import annotations

import glob
import itertools
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.languages.asked import ENGLISH
from app.locales.from_below import translated
from app.locales.texts import Texts
from app.query.editing import filter_text
from app.text import printable
from store.library import Library
from store.states import FAILURES, State
from store.values import RootStatus

MOST_UNREAD = 500
"""Files that are listed at most."""

_NO_TEXT = re.compile("[\ud800-\udfff]")  # bytes of a name that no address can have


@dataclass(frozen=True)
class LibraryFolder:
    """A folder of the library.

    Attributes:
        query: the query for its photos.
        online: whether it can be seen now.
        photos, unread: how many of its files are photos, and how many could not be read.
        away, gone: how many photos were missed at the last look, and how many files went away.
        excludes: the patterns of what is left out of it.
    """

    id: int
    path: str
    query: str
    online: bool
    photos: int
    unread: int
    away: int
    gone: int
    excludes: Sequence[str]


@dataclass(frozen=True)
class UnreadFiles:
    """Files that could not be read for one kind of reason.

    Attributes:
        state: the kind, in the language of the page's reader.
        count: of all of them.
        files: those that are listed, by their paths, each with what was wrong with it.
    """

    state: str
    count: int
    files: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class LibraryOverview:
    """A library as its page shows it; without folders where there is none yet.

    Attributes:
        shown: how many pictures can be found, without the hidden ones.
        model: the name of the model that answers; empty if there is none yet.
        building: whether photos are being read for another model.
        bytes: the size of the library on disk.
        where: the library's folder, or the address of its server.
        more_unread: how many more files could not be read than are listed.
        writable: whether the library can be written to, so that photos can be read.
        at_machine: whether folders may be added and removed, and sidecars be written.
    """

    folders: Sequence[LibraryFolder] = ()
    shown: int = 0
    hidden: int = 0
    model: str = ""
    building: bool = False
    bytes: int = 0
    where: str = ""
    unread: Sequence[UnreadFiles] = ()
    more_unread: int = 0
    sidecars: bool = False
    writable: bool = True
    at_machine: bool = True


def overview(library: Library | None, texts: Texts, *, at_machine: bool) -> LibraryOverview:
    """
    Args:
        library: None where there is none yet.
        at_machine: whether whoever asks is at this machine.

    Raises:
        LibraryError: the library can't be read.
    """
    if library is None:
        return LibraryOverview(at_machine=at_machine)
    known = library.status()
    model = library.model()
    building = library.building_model()
    hidden = library.hidden_count(model) if model else 0
    unread = _unread(library, known, texts)
    return LibraryOverview(
        folders=[_folder(one) for one in known],
        shown=library.searchable_count(model) - hidden if model else 0,
        hidden=hidden,
        model=printable(model.name) if model else "",
        building=bool(model and building and building != model),
        bytes=_size(library),
        where=printable(library.name),
        unread=unread,
        more_unread=sum(kind.count - len(kind.files) for kind in unread),
        sidecars=library.user_data.writes_sidecars(),
        writable=library.writable,
        at_machine=at_machine,
    )


def _folder(known: RootStatus) -> LibraryFolder:
    return LibraryFolder(
        id=known.root.id,
        path=printable(str(known.root.path)),
        query=filter_text("in", [_NO_TEXT.sub("?", glob.escape(str(known.root.path)))]),
        online=known.online,
        photos=known.counts.get(State.INDEXED, 0),
        unread=sum(known.counts.get(state, 0) for state in FAILURES),
        away=known.away,
        gone=known.counts.get(State.GONE, 0),
        excludes=[printable(pattern) for pattern in known.root.excludes],
    )


def _unread(library: Library, known: Sequence[RootStatus], texts: Texts) -> list[UnreadFiles]:
    """The first files that could not be read, by the kind of reason; the most frequent first."""
    listed: dict[State, list[tuple[str, str]]] = {state: [] for state in FAILURES}
    for photo in itertools.islice(library.files(FAILURES), MOST_UNREAD):
        said = _reason(printable(photo.reason or ""), texts)
        listed[photo.state].append((printable(str(photo.path)), said))
    # A run may have met more of them since they were counted.
    totals = {
        state: max(len(files), sum(one.counts.get(state, 0) for one in known))
        for state, files in listed.items()
    }
    kinds = sorted((state for state in totals if totals[state]), key=lambda one: -totals[one])
    return [
        UnreadFiles(translated(str(state), texts), totals[state], listed[state]) for state in kinds
    ]


def _reason(reason: str, texts: Texts) -> str:
    """Why a file was not read; what no text is known for comes from a decoder, in English."""
    if not reason or texts.language == ENGLISH:
        return reason
    said = translated(reason, texts)
    return texts("library.decoder", said=reason) if said == reason else said


def _size(library: Library) -> int:
    """The size of the library's files, in bytes."""
    size = 0
    with suppress(OSError), os.scandir(library.folder) as entries:
        for entry in entries:
            with suppress(OSError):  # replaced by a run meanwhile
                size += entry.stat().st_size if entry.is_file() else 0
    return size
