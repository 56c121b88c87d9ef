"""All of the page's own routes and its guard, put together from the settings of the server."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import Route

from app.gallery.desk import Desk
from app.web.actions import action_routes
from app.web.answers import answer_routes
from app.web.guard import Guard
from app.web.media import media_routes

PASSWORD = "CLIPSEARCH_PAGE_PASSWORD"
HOSTS = "CLIPSEARCH_PAGE_HOSTS"
"""In the environment: ``clipsearch ui`` hands them to the server."""


def routes(desk: Desk, environment: Mapping[str, str] = os.environ) -> list[Route]:
    """Every route; the file manager only where nobody else can come in."""
    alone = not environment.get(PASSWORD)
    return [*media_routes(desk), *answer_routes(desk), *action_routes(desk, can_reveal=alone)]


def guard(environment: Mapping[str, str] = os.environ) -> list[Any]:
    """The middleware that decides who may talk to the page."""
    hosts = tuple(name for name in environment.get(HOSTS, "").split(",") if name)
    return [Middleware(Guard, hosts=hosts, password=environment.get(PASSWORD) or None)]
