"""The page's own routes and its guard, made from the settings of the server."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import Route

from app.gallery.gallery_service import GalleryService
from app.web.action_routes import action_routes
from app.web.compression import Compression
from app.web.connections import Connections
from app.web.frontend_routes import frontend_routes
from app.web.guard import Guard
from app.web.index_page import IndexPage, index_page_routes
from app.web.indexing_routes import indexing_routes
from app.web.library_routes import library_routes
from app.web.pack_routes import pack_routes
from app.web.picture_routes import media_routes
from app.web.proxies import Proxies
from app.web.query_routes import answer_routes
from store.errors import ConfigError

PASSWORD = "CLIPSEARCH_PAGE_PASSWORD"
TOKEN = "CLIPSEARCH_PAGE_TOKEN"
HOSTS = "CLIPSEARCH_PAGE_HOSTS"
PROXIES = "CLIPSEARCH_PAGE_PROXIES"
"""Variables of the environment by which ``clipsearch ui`` passes its settings to the server."""

SHORTEST_PASSWORD = 8
SHORTEST_TOKEN = 16


def routes(service: GalleryService, environment: Mapping[str, str] = os.environ) -> list[Route]:
    """All routes; the file manager and other folders only if visitors are on this machine."""
    alone = not environment.get(PASSWORD)
    return [
        *frontend_routes(),
        *index_page_routes(),
        *media_routes(service),
        *pack_routes(service),
        *answer_routes(service),
        *action_routes(service, can_reveal=alone),
        *indexing_routes(service, at_machine=alone),
        *library_routes(service, at_machine=alone),
    ]


def guard(environment: Mapping[str, str] = os.environ) -> list[Any]:
    """The middleware that decides who may talk to the page, and compresses what it sends.

    Raises:
        ConfigError: the password or token is too short, or a proxy is no address.
    """
    check(environment)
    inner = Middleware(
        Guard,
        hosts=_listed(environment, HOSTS),
        password=environment.get(PASSWORD) or None,
        token=environment.get(TOKEN) or None,
        proxies=_listed(environment, PROXIES),
    )
    return [Middleware(Connections), inner, Middleware(Compression), Middleware(IndexPage)]


def check(environment: Mapping[str, str]) -> None:
    """Refuse settings that would keep nobody out.

    Raises:
        ConfigError: see ``guard``.
    """
    for name, what, least in (
        (PASSWORD, "password", SHORTEST_PASSWORD),
        (TOKEN, "token", SHORTEST_TOKEN),
    ):
        if 0 < len(environment.get(name, "")) < least:
            raise ConfigError(f"The page's {what} ({name}) needs at least {least} characters.")
    Proxies(_listed(environment, PROXIES))


def _listed(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in environment.get(name, "").split(",") if part.strip())
