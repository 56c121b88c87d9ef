"""Routes that answer questions about the results of a query, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.gallery import addresses, listing, payloads, photo_facts
from app.gallery.gallery_service import GalleryService, Shown
from app.gallery.listing import ORDERS, Order
from app.plain_json import without_nan
from app.web.login import PREFIX
from store.errors import ClipsearchError, QueryError

LIBRARY = "clipsearch-library"
"""The header by which a page says which library it shows, as ``app.gallery.addresses`` names it."""

OTHER_LIBRARY = "Another library is open now than the one that this page shows. Reload the page."
_MOST_TILES = 500


class Json(JSONResponse):
    """In ASCII: a name that is not valid text comes out as its escapes."""

    def render(self, content: Any) -> bytes:
        text = json.dumps(without_nan(content), separators=(",", ":"), allow_nan=False)
        return text.encode("ascii")


def is_of_another(service: GalleryService, request: Request) -> bool:
    """Whether the page that asks shows another library: its ids would mean other photos here."""
    shown = request.headers.get(LIBRARY)
    return shown is not None and shown != addresses.library_token(service.config.library)


_Answer = Callable[[GalleryService, Request], Any]


def answer_routes(service: GalleryService) -> list[Route]:
    answers: dict[str, _Answer] = {
        "results": _results,
        "facets": _facets,
        "places": lambda service, request: payloads.places(_shown(service, request)),
        "timeline": lambda service, request: payloads.timeline(_shown(service, request)),
        "duplicates": lambda service, _request: payloads.duplicate_groups(service),
        "photo/{id:int}": _photo,
        "outline": lambda _service, _request: payloads.outline(),
    }
    return [Route(f"{PREFIX}{path}", _route(service, answer)) for path, answer in answers.items()]


def _route(service: GalleryService, answer: _Answer) -> Callable[[Request], Response]:
    def respond(request: Request) -> Response:
        if is_of_another(service, request):
            return Json({"error": OTHER_LIBRARY}, 409)
        try:
            found = answer(service, request)
        except QueryError as error:
            return Json({"error": str(error)}, 400)
        except ClipsearchError as error:
            return Json({"error": str(error)}, 503)
        if found is None:
            return Json({"error": "There is no such photo (any more)."}, 404)
        return Json(found, headers={"Cache-Control": "no-store"})

    return respond


def _shown(service: GalleryService, request: Request) -> Shown:
    asked = request.query_params
    wanted = asked.get("sort", "best")
    order: Order = next((order for order in ORDERS if order == wanted), "best")
    return service.listing(asked.get("q", ""), order, bursts=asked.get("all") != "true")


def _number(request: Request, name: str, default: int) -> int:
    value = request.query_params.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 12 else default


def _results(service: GalleryService, request: Request) -> dict[str, Any]:
    shown = _shown(service, request)
    count = min(_number(request, "count", 120), _MOST_TILES)
    start = _number(request, "start", 0)
    return {
        "total": len(shown.listing),
        "clear": shown.listing.clear,
        "tiles": listing.tiles(shown.listing, shown.columns, start, count, service.favourites()),
    }


def _facets(service: GalleryService, request: Request) -> dict[str, Any]:
    return payloads.facets_of(service, request.query_params.get("q", ""))


def _photo(service: GalleryService, request: Request) -> dict[str, Any] | None:
    return photo_facts.facts(service, request.path_params["id"], request.query_params.get("q", ""))
