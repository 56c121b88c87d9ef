"""Routes of the library's page: what the library holds, and what may be changed about it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from app.gallery.gallery_service import GalleryService
from app.gallery.library_overview import LibraryOverview, overview
from app.locales.texts import Texts
from app.web.action_routes import action_route
from app.web.asked_values import number_of
from app.web.folder_watch import watch_of
from app.web.indexing import run_of
from app.web.login import PREFIX
from app.web.query_routes import answer_route, texts_of
from store.errors import LibraryNotFound
from store.library import Library
from store.values import RootInfo


def library_routes(service: GalleryService, *, at_machine: bool) -> list[Route]:
    """``GET library`` is what its page shows, and each change is answered by it.

    Args:
        at_machine: whether visitors are on this machine: others must not reach further folders,
            take folders away, or have files written beside photos.
    """

    def shown(texts: Texts) -> LibraryOverview:
        return overview(_library(service), texts, at_machine=at_machine)

    def answer(_: GalleryService, request: Request) -> LibraryOverview:
        return shown(texts_of(request))

    def watch(_: GalleryService, asked: dict[str, Any], texts: Texts) -> LibraryOverview:
        """Begin to watch the folders, or end it, for all who see the page."""
        _check_writable(service.library(), texts)
        watch = watch_of(service.config)
        if asked.get("on"):
            watch.start()
        else:
            watch.stop()
        return shown(texts)

    def sidecars(_: GalleryService, asked: dict[str, Any], texts: Texts) -> LibraryOverview:
        """Let tags be written beside photos too, or no longer."""
        library = service.library()
        _check_writable(library, texts)
        library.user_data.write_sidecars(bool(asked.get("on")))
        return shown(texts)

    def remove(_: GalleryService, asked: dict[str, Any], texts: Texts) -> LibraryOverview:
        """Take a folder out of the library, with ``marks`` those of its photos too."""
        library = service.library()
        _check_writable(library, texts)
        root = _root(library, asked.get("id"), texts)
        if run_of(service.config).is_running():
            raise ValueError(texts("library.running"))
        with library.writing() as writer:
            writer.forget(root.path, marks=asked.get("marks") is True)
        return shown(texts)

    routes = [
        Route(f"{PREFIX}library", answer_route(service, answer)),
        Route(f"{PREFIX}library/watch", action_route(service, watch), methods=["POST"]),
    ]
    if at_machine:
        routes += [
            Route(f"{PREFIX}library/at-stake", answer_route(service, _at_stake)),
            Route(f"{PREFIX}library/sidecars", action_route(service, sidecars), methods=["POST"]),
            Route(f"{PREFIX}library/remove", action_route(service, remove), methods=["POST"]),
        ]
    return routes


def _library(service: GalleryService) -> Library | None:
    try:
        return service.library()
    except LibraryNotFound:
        return None


def _at_stake(service: GalleryService, request: Request) -> dict[str, int]:
    """The marks that only photos of a folder have: ``marks`` of them on so many ``pictures``."""
    library = service.library()
    wanted = number_of(request, "id", 0)
    root = next((one for one in library.roots() if one.id == wanted), None)
    if root is None:
        return {"marks": 0, "pictures": 0}
    marks = library.marks_only_at(root.path)
    return {"marks": marks.tags, "pictures": marks.pictures}


def _root(library: Library, id: object, texts: Texts) -> RootInfo:
    for root in library.roots():
        if type(id) is int and root.id == id:  # True is 1, too
            return root
    raise ValueError(texts("library.not-here"))


def _check_writable(library: Library, texts: Texts) -> None:
    if not library.writable:
        raise ValueError(texts("notice.read-only"))
