"""Routes that answer questions about the results of a query, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.gallery import addresses, listing, photo_facts, views
from app.gallery.desk import Desk, Shown
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


def is_of_another(desk: Desk, request: Request) -> bool:
    """Whether the page that asks shows another library: its ids would mean other photos here."""
    shown = request.headers.get(LIBRARY)
    return shown is not None and shown != addresses.library_token(desk.config.library)


_Answer = Callable[[Desk, Request], Any]


def answer_routes(desk: Desk) -> list[Route]:
    answers: dict[str, _Answer] = {
        "results": _results,
        "facets": _facets,
        "places": lambda desk, request: views.places(_shown(desk, request)),
        "timeline": lambda desk, request: views.timeline(_shown(desk, request)),
        "duplicates": lambda desk, request: views.duplicate_groups(desk),
        "photo/{id:int}": _photo,
        "outline": lambda desk, request: views.outline(),
    }
    return [Route(f"{PREFIX}{path}", _route(desk, answer)) for path, answer in answers.items()]


def _route(desk: Desk, answer: _Answer) -> Callable[[Request], Response]:
    def respond(request: Request) -> Response:
        if is_of_another(desk, request):
            return Json({"error": OTHER_LIBRARY}, 409)
        try:
            found = answer(desk, request)
        except QueryError as error:
            return Json({"error": str(error)}, 400)
        except ClipsearchError as error:
            return Json({"error": str(error)}, 503)
        if found is None:
            return Json({"error": "There is no such photo (any more)."}, 404)
        return Json(found, headers={"Cache-Control": "no-store"})

    return respond


def _shown(desk: Desk, request: Request) -> Shown:
    asked = request.query_params
    wanted = asked.get("sort", "best")
    order: Order = next((order for order in ORDERS if order == wanted), "best")
    return desk.listing(asked.get("q", ""), order, bursts=asked.get("all") != "true")


def _number(request: Request, name: str, default: int) -> int:
    value = request.query_params.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 12 else default


def _results(desk: Desk, request: Request) -> dict[str, Any]:
    shown = _shown(desk, request)
    count = min(_number(request, "count", 120), _MOST_TILES)
    start = _number(request, "start", 0)
    return {
        "total": len(shown.listing),
        "clear": shown.listing.clear,
        "tiles": listing.tiles(shown.listing, shown.catalogue, start, count, desk.favourites()),
    }


def _facets(desk: Desk, request: Request) -> dict[str, Any]:
    return views.facets_of(desk, request.query_params.get("q", ""))


def _photo(desk: Desk, request: Request) -> dict[str, Any] | None:
    return photo_facts.facts(desk, request.path_params["id"], request.query_params.get("q", ""))
