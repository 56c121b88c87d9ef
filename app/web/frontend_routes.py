"""The JavaScript modules of the page, at an address that changes with their contents.

So a browser may cache them for ever and never mixes the modules of two versions: they import each
other by relative names, which stay below the same address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.web.login import PREFIX
from app.web.picture_routes import FOREVER, NEVER

ENTRY = "entry.js"
"""The script that Streamlit itself brings to the browser; all others come from here."""

_DIGITS = 12  # hexadecimal


def main_address() -> str:
    """Where the browser finds ``main.js``, which imports the rest: a path on this server."""
    return f"{PREFIX}frontend/{_version()}/main.js"


def frontend_routes() -> list[Route]:
    return [Route(f"{PREFIX}frontend/{{version}}/{{name}}", _module)]


async def _module(request: Request) -> Response:
    asked = request.path_params
    content = modules().get(asked["name"])
    if content is None or asked["version"] != _version():
        return PlainTextResponse("There is no such script (any more). Reload the page.", 404, NEVER)
    # Not guessed from the file's name: on Windows the registry may say text/plain, which a browser
    # does not run.
    return Response(content, media_type="text/javascript", headers=FOREVER)


@cache
def modules() -> Mapping[str, bytes]:
    """The content of each module, by file name; read once, so that all are of one version."""
    folder = files("app.pages") / "frontend"
    return {
        file.name: file.read_bytes()
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".js") and file.name != ENTRY
    }


@cache
def _version() -> str:
    """A digest of all modules."""
    digest = hashlib.sha256()
    for name, content in modules().items():
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:_DIGITS]
