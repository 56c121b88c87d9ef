"""Routes that answer questions about the results of a query, as JSON."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.gallery import addresses, copies, overviews, photo_facts
from app.gallery.answers import Shown
from app.gallery.gallery_service import GalleryService
from app.gallery.group_payloads import AllDuplicates
from app.gallery.listing import ORDERS, ListingOrder, places_of
from app.gallery.page_edits import LONGEST_QUERY
from app.gallery.payloads import Facets, ResultsPart, encoded
from app.gallery.query_facets import facets_of
from app.gallery.shapes import MOST, packed_layout, packed_shapes
from app.gallery.suggestions import Suggestion, suggestions
from app.languages.asked import Asked, hinted
from app.locales.from_below import translated
from app.locales.texts import Texts, texts_for
from app.query.parsed_text import ParsedText
from app.web.asked_values import ids_listed, number_of
from app.web.login import PREFIX
from store.errors import ClipsearchError, QueryError

LIBRARY = "clipsearch-library"
"""The header in which a page names its library, by the token of ``app.gallery.addresses``."""

_MOST_TILES = 500
_WORTH_PACKING = 20_000  # bytes


class Json(JSONResponse):
    """JSON in ASCII: a name that is not valid text is sent as escapes."""

    def render(self, content: Any) -> bytes:
        text = json.dumps(encoded(content), separators=(",", ":"), allow_nan=False)
        return text.encode("ascii")


def is_of_other_library(service: GalleryService, request: Request) -> bool:
    """Whether the page that asks shows a different library: its ids mean other photos here."""
    shown = request.headers.get(LIBRARY)
    return shown is not None and shown != addresses.library_token(service.config.library)


def texts_of(request: Request) -> Texts:
    """The texts for whoever asks: in the language that their page is in."""
    return texts_for(request.headers.get("Accept-Language", ""))


_Answer = Callable[[GalleryService, Request], Any]


def answer_routes(service: GalleryService) -> list[Route]:
    answers: dict[str, _Answer] = {
        "results": _results,
        "shapes": _packed_by(packed_shapes),
        "layout": _packed_by(packed_layout),
        "place": _place,
        "facets": _facets,
        "suggestions": _suggestions,
        "places": lambda service, request: overviews.places(_shown(service, request)),
        "albums": lambda service, request: overviews.albums(
            service, saved=request.query_params.get("only") != "names"
        ),
        "duplicates": _duplicates,
        "photo/{id:int}": _photo,
    }
    return [
        Route(f"{PREFIX}{path}", answer_route(service, answer)) for path, answer in answers.items()
    ]


def answer_route(service: GalleryService, answer: _Answer) -> Callable[[Request], Response]:
    """What answers a GET: the JSON of what ``answer`` gives, or what is wrong in one line."""

    def respond(request: Request) -> Response:
        if is_of_other_library(service, request):
            return Json({"error": texts_of(request)("action.other-library")}, 409)
        try:
            answered = answer(service, request)
        except QueryError as error:
            return Json({"error": translated(str(error), texts_of(request))}, 400)
        except ClipsearchError as error:
            return Json({"error": translated(str(error), texts_of(request))}, 503)
        if answered is None:
            return Json({"error": texts_of(request)("action.no-photo")}, 404)
        if isinstance(answered, bytes):
            return _bytes(answered, request)
        return Json(answered, headers={"Cache-Control": "no-store"})

    return respond


def _bytes(content: bytes, request: Request) -> Response:
    """Packed where that is worth it: a tenth of a second for a million photos' shapes."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if len(content) > _WORTH_PACKING and "gzip" in request.headers.get("Accept-Encoding", ""):
        content = gzip.compress(content, compresslevel=1)
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type="application/octet-stream", headers=headers)


def _asked(service: GalleryService, request: Request) -> ParsedText:
    """What is asked for; its language as configured, or as the browser hints."""
    hint = request.query_params.get("lang") or request.headers.get("Accept-Language", "")
    language = Asked(service.config.language, hinted(hint))
    return service.read(request.query_params.get("q", ""), language)


def _shown(service: GalleryService, request: Request) -> Shown:
    asked = request.query_params
    wanted = asked.get("sort", "best")
    order: ListingOrder = next((order for order in ORDERS if order == wanted), "best")
    return service.listing(
        _asked(service, request).query(), order, bursts=asked.get("all") != "true"
    )


def _results(service: GalleryService, request: Request) -> ResultsPart:
    """Of the photos that are asked for by their ``ids``, whatever their places have become since
    a page was told them; else by place."""
    shown = _shown(service, request)
    ids = np.array(ids_listed(request.query_params.get("ids", ""), _MOST_TILES), np.int64)
    if not len(ids):
        count = min(number_of(request, "count", 120), _MOST_TILES)
        ids = shown.listing.results.part(number_of(request, "start", 0), count)
    return ResultsPart(
        total=len(shown.listing),
        clear=shown.listing.clear,
        matching=shown.listing.matching_count,
        tiles=service.tiles(shown, ids, blurs=True),
    )


def _packed_by(packed: Callable[[Shown, int, int], bytes]) -> _Answer:
    """Where a page gives its ``visit`` a name, all parts are of the results that it began with."""

    def answer(service: GalleryService, request: Request) -> bytes:
        shown, visit = _shown(service, request), request.query_params.get("visit", "")
        start, count = number_of(request, "start", 0), number_of(request, "count", MOST)
        if start:
            shown = service.begun.of(visit, shown)
        elif count < len(shown.listing):
            service.begun.begin(visit, shown)
        return packed(shown, start, count)

    return answer


def _place(service: GalleryService, request: Request) -> dict[str, int]:
    """Where a photo lies among the results that a page began with; -1: it is none of them."""
    shown = service.begun.of(request.query_params.get("visit", ""), _shown(service, request))
    ids = np.array(ids_listed(request.query_params.get("id", ""), 1), np.int64)
    return {"place": max(places_of(shown.listing.results, ids).tolist(), default=-1)}


def _facets(service: GalleryService, request: Request) -> Facets:
    return facets_of(service, _asked(service, request))


def _suggestions(service: GalleryService, request: Request) -> list[Suggestion]:
    text = request.query_params.get("text", "")[:LONGEST_QUERY]
    hint = request.query_params.get("lang") or request.headers.get("Accept-Language", "")
    return suggestions(service, text, hinted(hint))


def _duplicates(service: GalleryService, request: Request) -> AllDuplicates:
    shown = _shown(service, request)
    if request.query_params.get("kind") == "bursts":
        return copies.bursts(service, shown)
    return copies.copies(service, shown)


def _photo(service: GalleryService, request: Request) -> photo_facts.PhotoFacts | None:
    query = _asked(service, request).query()
    return photo_facts.facts(service, request.path_params["id"], query, texts_of(request))
