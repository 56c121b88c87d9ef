"""Routes that change something or act on this machine: marks, uploads, the file manager.

All are POST with JSON, which a page of a different origin can send only after a preflight request;
the guard refuses both.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.gallery import copies, pictures
from app.gallery.gallery_service import GalleryService
from app.gallery.page_edits import LONGEST_QUERY
from app.locales.from_below import translated
from app.locales.texts import Texts
from app.sidecars import write_keyword_of
from app.text import printable
from app.web.album_actions import change_album
from app.web.asked_values import LARGEST_BODY, body_of, ids_of, json_of, name_of
from app.web.login import PREFIX
from app.web.query_routes import Json, is_of_other_library, texts_of
from store.errors import ClipsearchError, PhotoError
from store.filters import FAVOURITE
from store.library import Library
from store.values import Example

_UPLOADS = 8
_MOST_SHARP = 24  # photos that are looked at at once
_UPLOADS_DECODED = 2
Action = Callable[[GalleryService, dict[str, Any], Texts], Any]


def action_routes(service: GalleryService, *, can_reveal: bool) -> list[Route]:
    """The routes; with ``can_reveal``, also the file manager: visitors are then at this machine."""
    actions: dict[str, Action] = {
        "tag": _tag,
        "tags": _tags,
        "hide": _hide,
        "album": lambda service, asked, _: change_album(service, asked),
        "paths": _paths,
        "sharpness": _sharpness,
        "missing": _missing,
        "concept": _concept,
        "search": _search,
        "history": _clear_history,
    }
    if can_reveal:
        actions["reveal"] = _reveal
    routes = [
        Route(f"{PREFIX}{name}", action_route(service, action), methods=["POST"])
        for name, action in actions.items()
    ]

    # Only a few uploads wait for the decoder: else they would take the threads of the rest of the
    # page, and each with its whole file, all of the memory.
    decoders = anyio.CapacityLimiter(_UPLOADS_DECODED)
    under_way = 0

    async def upload(request: Request) -> Response:
        nonlocal under_way
        texts = texts_of(request)
        if is_of_other_library(service, request):
            return Json({"error": texts("action.other-library")}, 409)
        if under_way >= _UPLOADS:
            return Json({"error": texts("action.busy")}, 503)
        under_way += 1
        try:
            return await take_in(request)
        finally:
            under_way -= 1

    async def take_in(request: Request) -> Response:
        try:
            data = await body_of(request, pictures.UPLOAD_LIMIT)
        except ValueError as error:
            return Json({"error": str(error)}, 413)
        try:
            path = await anyio.to_thread.run_sync(service.pictures.upload, data, limiter=decoders)
        except PhotoError as error:
            texts = texts_of(request)
            said = texts("action.unreadable", reason=translated(str(error), texts))
            return Json({"error": said}, 400)
        except ClipsearchError as error:
            return Json({"error": translated(str(error), texts_of(request))}, 503)
        return Json({"path": str(path)})

    return [*routes, Route(f"{PREFIX}upload", upload, methods=["POST"])]


def action_route(service: GalleryService, action: Action) -> Any:
    """What answers a POST with JSON: what ``action`` gives, or what is wrong in one line."""

    async def respond(request: Request) -> Response:
        texts = texts_of(request)
        if is_of_other_library(service, request):
            return Json({"error": texts("action.other-library")}, 409)
        try:
            if request.headers.get("content-type") != "application/json":
                raise ValueError("JSON is expected.")
            asked = json_of(await body_of(request, LARGEST_BODY))
            if not isinstance(asked, dict):
                raise ValueError("A JSON object is expected.")
            return Json(await run_in_threadpool(action, service, asked, texts))
        except ValueError as error:
            return Json({"error": translated(str(error), texts)}, 400)
        except ClipsearchError as error:
            return Json({"error": translated(str(error), texts)}, 503)

    return respond


def _tag(service: GalleryService, asked: dict[str, Any], texts: Texts) -> dict[str, Any]:
    library, ids, wanted = service.library(), ids_of(asked), asked.get("add", True)
    notes = library.user_data
    name = FAVOURITE if asked.get("favourite") else name_of(asked)
    changed = notes.add_tag(ids, name) if wanted or wanted is None else 0
    add = bool(wanted or changed)  # null takes it away where all have it
    changed = changed if add else notes.remove_tag(ids, name)
    answer = {"changed": changed, "name": name.lower(), "add": add}
    if name != FAVOURITE and notes.writes_sidecars():
        answer["note"] = _in_sidecars(library, ids, name, texts, add=add)
    return answer


def _in_sidecars(
    library: Library, ids: Sequence[int], name: str, texts: Texts, *, add: bool
) -> str:
    """Write a tag beside photos too; says what became of that."""
    written = list(write_keyword_of(library, ids, name, add=add))
    said = texts("action.sidecars", count=sum(one.changed for one in written))
    problems = [one for one in written if one.problem]
    if problems:
        first, count = problems[0], len(problems)
        why = {"file": first.path.name, "problem": translated(first.problem or "", texts)}
        said += " " + texts("action.sidecars-failed", count=count, **why)
    return printable(said)


def _tags(service: GalleryService, asked: dict[str, Any], _: Texts) -> list[tuple[str, int]]:
    """The tags of some photos, each with how many of them have it."""
    held = Counter(
        tag for tags in service.library().user_data.tags(ids_of(asked)).values() for tag in tags
    )
    return sorted(item for item in held.items() if item[0] != FAVOURITE)


def _hide(service: GalleryService, asked: dict[str, Any], _: Texts) -> dict[str, Any]:
    """Hide photos, or show them again; says which were not so before."""
    data, ids = service.library().user_data, ids_of(asked)
    hidden, hide = data.hidden_among(ids), bool(asked.get("hidden", True))
    changed = [id for id in ids if (id in hidden) != hide]
    (data.hide if hide else data.show_again)(changed)
    return {"changed": changed}


def _paths(service: GalleryService, asked: dict[str, Any], _: Texts) -> list[str]:
    return [printable(str(path)) for path in service.pictures.paths(ids_of(asked))]


def _sharpness(
    service: GalleryService, asked: dict[str, Any], _: Texts
) -> list[tuple[int, float | None]]:
    return copies.sharpnesses(service, ids_of(asked)[:_MOST_SHARP])


def _missing(service: GalleryService, asked: dict[str, Any], texts: Texts) -> list[str]:
    """The paths of photos that can't be read now: in a zip file nobody would miss them."""
    ids, here = ids_of(asked), service.pictures
    known = service.library().photos_of(ids)
    return [
        printable(str(known[id][0].path)) if id in known else texts("action.left-library")
        for id in ids
        if here.original(id) is None
    ]


def _concept(service: GalleryService, asked: dict[str, Any], _: Texts) -> dict[str, Any]:
    """Make or extend a concept from indexed photos, or forget it."""
    if asked.get("forget"):
        return {"forgotten": service.library().user_data.remove_concept(name_of(asked))}
    searcher, ids, name = service.searcher(), ids_of(asked), name_of(asked)
    library = searcher.library
    negative = bool(asked.get("negative"))
    if negative and not library.user_data.examples(name):
        raise ValueError("A concept begins with photos of what it is.")
    examples = []
    for id, photos in library.photos_of(ids).items():
        vector = searcher.vector(id)
        if vector is not None:
            path = str(photos[0].path)
            examples.append(Example(path, negative, id, searcher.model.id, vector))
    library.user_data.add_examples(name, examples)
    return {"name": name.lower(), "examples": len(library.user_data.examples(name))}


def _search(service: GalleryService, asked: dict[str, Any], _: Texts) -> dict[str, Any]:
    """Save a search under a name, or forget the one of that name."""
    notes, name, query = service.library().user_data, name_of(asked), asked.get("query")
    if query is None:
        notes.forget_search(name)
    elif isinstance(query, str) and len(query) > LONGEST_QUERY:
        raise ValueError(f"This is too long to be saved: more than {LONGEST_QUERY:,} characters.")
    elif isinstance(query, str) and query.strip():
        notes.save_search(name, query.strip())
    else:
        raise ValueError("A query is expected.")
    return {"name": name}


def _clear_history(service: GalleryService, _asked: dict[str, Any], _: Texts) -> dict[str, Any]:
    service.library().user_data.clear_history()
    return {}


def _reveal(service: GalleryService, asked: dict[str, Any], texts: Texts) -> dict[str, Any]:
    """Show a photo in the file manager."""
    (id,) = ids_of(asked)[:1] or [0]
    photo = service.pictures.original(id, str(asked.get("path") or ""))
    if photo is None:
        raise ValueError(texts("action.not-there"))
    try:
        subprocess.Popen(
            reveal_command(photo.path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        raise ValueError(texts("action.no-file-manager")) from None
    return {"revealed": True}


def reveal_command(path: Path) -> list[str]:
    """The command that opens the file manager; an absolute path can't be read as an option."""
    if sys.platform == "darwin":
        return ["open", "-R", str(path)]
    if sys.platform == "win32":  # by its full path: Windows looks for names in the current folder
        explorer = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "explorer.exe")
        return [str(explorer), f"/select,{path}"]
    return ["xdg-open", str(path.parent)]
