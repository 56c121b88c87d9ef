"""A library copied from one place to another, with what is made of it there."""

from __future__ import annotations

from contextlib import suppress

from app.config import Config
from app.services import open_library_of, place_of_copy
from store.copying.copies import Copied, copy_library
from store.errors import LibraryBusy, LibraryReadOnly
from store.library import Library
from store.sql.copying.meter import Report


def copy(origin: Config, target: Config, report: Report) -> Copied:
    """Copy the library of ``origin`` to where ``target`` says, and have its index made there.

    Raises: see ``store.copying.copies.copy_library``.
    """
    with open_library_of(origin) as source:
        copied = copy_library(source, place_of_copy(target), report)
        with open_library_of(target) as library:
            report("index", 0, 1)
            _make_index(library)
            library.thumbnails.take_from(source.thumbnails)
            report("index", 1, 1)
    return copied


def _make_index(library: Library) -> None:
    """What a run makes at its end; without it, the first search takes longer."""
    with suppress(LibraryBusy, LibraryReadOnly), library.writing() as writer:
        for model in {library.model(), library.building_model()} - {None}:
            assert model
            writer.save_index(model)
