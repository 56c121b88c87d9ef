"""The JavaScript modules of the page, and its texts in each language as a module, at an address
that changes with their contents.

So a browser may cache them for ever and never mixes the modules of two versions: they import each
other by relative names, which stay below the same address.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.locales.texts import catalogue, languages
from app.web.login import PREFIX
from app.web.picture_routes import FOREVER, NEVER

ENTRY = "entry.js"
"""The script that Streamlit itself brings to the browser; all others come from here."""

_DIGITS = 12  # hexadecimal


def main_address() -> str:
    """Where the browser finds ``main.js``, which imports the rest: a path on this server."""
    return f"{PREFIX}frontend/{_version()}/main.js"


def texts_address(language: str) -> str:
    """Where the browser finds the texts of a language: no visitor loads those of another one."""
    return f"{PREFIX}frontend/{_version()}/{_texts_name(language)}"


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
    scripts = {
        file.name: file.read_bytes()
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".js") and file.name != ENTRY
    }
    named = set(re.findall(rb'"([\w.-]+)"', b"\n".join(scripts.values())))
    return scripts | {_texts_name(one): _as_module(one, named) for one in languages()}


def _texts_name(language: str) -> str:
    return f"texts-{language}.js"


def _as_module(language: str, named: Collection[bytes]) -> bytes:
    """The texts of a language that the scripts name: the others are said by Python."""
    used = {key: text for key, text in catalogue(language).items() if key.encode() in named}
    texts = json.dumps(used, ensure_ascii=False, separators=(",", ":"))
    return f"export default {texts};\n".encode()


@cache
def _version() -> str:
    """A digest of all modules."""
    digest = hashlib.sha256()
    for name, content in modules().items():
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:_DIGITS]
