"""The JavaScript modules of the page, its styles, its texts in each language as a module, and the
data of its maps, at an address that changes with their contents.

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
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.locales.texts import catalogue, languages
from app.web.login import PREFIX
from app.web.picture_routes import FOREVER, NEVER

ENTRY = "entry.js"
"""The script that Streamlit itself brings to the browser; all others come from here."""

STYLES = (
    *("tokens", "base", "bar", "search", "status", "notice", "panel"),
    *("grid", "lightbox", "map", "views", "albums", "dialogs", "overlays"),
)
"""The style sheets, the later the stronger; ``tokens.css`` has the colours and sizes of all."""

_STYLES = "styles.css"
"""All of them as one. Streamlit sends what it is given of a component after each query anew."""

_MAP_DATA = ("land.json", "map_names.json")
"""The outline of the land: polygons of longitude, latitude, ... in degrees (Natural Earth 1:110m,
public domain, https://www.naturalearthdata.com). The names of countries and large cities, see
``tools.map_names`` (GeoNames, https://www.geonames.org, CC BY 4.0)."""

_TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
_DIGITS = 12  # hexadecimal


def main_address() -> str:
    """Where the browser finds ``main.js``, which imports the rest: a path on this server."""
    return f"{PREFIX}frontend/{_version()}/main.js"


def styles_address() -> str:
    """Where the browser finds the styles."""
    return f"{PREFIX}frontend/{_version()}/{_STYLES}"


def texts_address(language: str) -> str:
    """Where the browser finds the texts of a language: no visitor loads those of another one."""
    return f"{PREFIX}frontend/{_version()}/{_texts_name(language)}"


def frontend_routes() -> list[Route]:
    return [Route(f"{PREFIX}frontend/{{version}}/{{name}}", _file)]


async def _file(request: Request) -> Response:
    name: str = request.path_params["name"]
    content = contents().get(name)
    if content is None or request.path_params["version"] != _version():
        return PlainTextResponse("There is no such script (any more). Reload the page.", 404, NEVER)
    # Not guessed from the file's name: on Windows the registry may say text/plain, which a browser
    # does not run.
    return Response(content, media_type=_TYPES[PurePosixPath(name).suffix], headers=FOREVER)


@cache
def contents() -> Mapping[str, bytes]:
    """The content of each file, by its name; read once, so that all are of one version."""
    folder = files("app.pages") / "frontend"
    scripts = {
        file.name: file.read_bytes()
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".js") and file.name != ENTRY
    }
    named = set(re.findall(rb'"([\w.-]+)"', b"\n".join(scripts.values())))
    texts = {_texts_name(one): _as_module(one, named) for one in languages()}
    styles = b"".join((folder / f"{name}.css").read_bytes() for name in STYLES)
    data = {one: (files("app.gallery") / one).read_bytes() for one in _MAP_DATA}
    return scripts | texts | {_STYLES: styles} | data


def _texts_name(language: str) -> str:
    return f"texts-{language}.js"


def _as_module(language: str, named: Collection[bytes]) -> bytes:
    """The texts of a language that the scripts name: the others are said by Python."""
    used = {key: text for key, text in catalogue(language).items() if key.encode() in named}
    texts = json.dumps(used, ensure_ascii=False, separators=(",", ":"))
    return f"export default {texts};\n".encode()


@cache
def _version() -> str:
    """A digest of all files."""
    digest = hashlib.sha256()
    for name, content in contents().items():
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:_DIGITS]
