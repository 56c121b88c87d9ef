"""Routes by which the page adds folders, and begins, follows and ends a run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.gallery.gallery_service import GalleryService
from app.locales.from_below import translated
from app.locales.texts import Texts
from app.samples import COMMAND, remove_samples, sample_folders
from app.text import absolute, printable
from app.web.action_routes import action_route
from app.web.folder_watch import watch_of
from app.web.indexing import IndexRun, run_of
from app.web.login import PREFIX
from app.web.query_routes import Json, texts_of
from store.errors import ClipsearchError
from store.library import Library
from store.online import is_folder

_MOST_FOLDERS = 40
_USUAL = ("Pictures", "Photos", "Bilder", "Images", "Fotos", "DCIM", "Desktop", "Downloads")


def indexing_routes(service: GalleryService, *, at_machine: bool) -> list[Route]:
    """``POST index`` begins or stops a run, or takes the sample photos out again, ``GET indexing``
    says how far it is, and ``GET folders`` lists the folders that a path may go on with.

    Args:
        at_machine: whether visitors are on this machine: others must not reach further folders.
    """

    def answered(answer: Callable[[Request], Any]) -> Callable[[Request], Response]:
        return lambda request: Json(answer(request), headers={"Cache-Control": "no-store"})

    def progress(request: Request) -> dict[str, Any]:
        return _progress(service, run_of(service.config), texts_of(request))

    def index(_: GalleryService, asked: dict[str, Any], texts: Texts) -> dict[str, Any]:
        run = run_of(service.config)
        if not at_machine and ("folder" in asked or "samples" in asked):
            raise ValueError(texts("library.at-machine"))
        if problem := _start(service, run, asked, texts):
            raise ValueError(problem)
        return _progress(service, run, texts)

    return [
        Route(f"{PREFIX}index", action_route(service, index), methods=["POST"]),
        Route(f"{PREFIX}indexing", answered(progress)),
        *([Route(f"{PREFIX}folders", answered(_folders))] if at_machine else []),
    ]


def folders(typed: str) -> list[str]:
    """Folders that ``typed`` may go on with; those where photos usually are for an empty one."""
    if not typed.strip():
        usual = (Path.home() / name for name in _USUAL)
        return [str(folder) for folder in usual if is_folder(folder)] or [str(Path.home())]
    above, _, begun = absolute(Path(typed)).as_posix().rpartition("/")
    if typed.endswith(("/", os.sep)):
        above, begun = str(absolute(Path(typed))), ""
    try:
        with os.scandir(above or "/") as listed:
            names = [
                entry.path
                for entry in listed
                if entry.name.lower().startswith(begun.lower())
                and not entry.name.startswith(".")
                and is_folder(Path(entry.path))
            ]
    except (OSError, ValueError):  # of no such path
        return []
    return [name for name in sorted(names) if name == printable(name)][:_MOST_FOLDERS]


def _folders(request: Request) -> list[str]:
    return folders(request.query_params.get("path", ""))


def _start(service: GalleryService, run: IndexRun, asked: dict[str, Any], texts: Texts) -> str:
    """Do what is asked; what is wrong with it, else an empty text."""
    if asked.get("stop"):
        run.stop()
        return ""
    if run.is_running():
        return texts("library.running")
    if (library := _library(service)) is not None and not library.writable:
        return texts("notice.read-only")
    if "samples" in asked:
        return _samples(service, run, texts, add=bool(asked["samples"]))
    typed = asked.get("folder")
    if typed is None:
        run.start([], retry=bool(asked.get("retry")))
        return ""
    if not isinstance(typed, str) or not typed.strip():
        return texts("library.which")
    folder = absolute(Path(typed.strip()))
    if not is_folder(folder):
        return texts("action.no-folder", folder=printable(str(folder)))
    run.start([folder])
    return ""


def _samples(service: GalleryService, run: IndexRun, texts: Texts, *, add: bool) -> str:
    """Add the sample photos, or take them out of the library; what is wrong, as ``_start``."""
    if add:
        folders = sample_folders()
        if not folders:
            return texts("action.no-samples", command=COMMAND)
        run.start(folders)
        return ""
    try:
        remove_samples(service.library())
    except ClipsearchError as error:
        return printable(translated(str(error), texts))
    return ""


def _progress(service: GalleryService, run: IndexRun, texts: Texts) -> dict[str, Any]:
    done, watch = run.progress, watch_of(service.config)
    return {
        "running": run.is_running(),
        "failed": run.failed,
        "seen": done.seen,
        "total": done.total,
        "embedded": done.embedded,
        "searchable": done.embedded > 0 and _has_photos(service),
        "unread": done.failed,
        "rate": done.rate,
        "left": done.seconds_left,
        "naming": done.naming,
        "result": [printable(translated(line, texts)) for line in run.result],
        "watching": watch.is_on,
        "watched": [printable(translated(line, texts)) for line in watch.said],
        "generation": _generation(service),
    }


def _library(service: GalleryService) -> Library | None:
    """The library; None if there is none yet, or none that can be read."""
    try:
        return service.library()
    except ClipsearchError:
        return None


def _generation(service: GalleryService) -> int:
    """The library's generation; 0 if it can't be read, which is said where it is asked for."""
    try:
        return service.library().generation()
    except ClipsearchError:
        return 0


def _has_photos(service: GalleryService) -> bool:
    """Whether the page would show photos: what a run has embedded is written down in parts."""
    try:
        return len(service.catalogue().everything) > 0
    except ClipsearchError:
        return False
