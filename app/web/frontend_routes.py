"""The JavaScript modules of the page, its texts in each language as modules, the data of its maps,
and its styles, at an address that changes with their contents.

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

LATER_STYLES = ("library.css",)
"""The style sheets that a first visit does without: scripts ask for them themselves."""

_LATER = "library_"
"""What the names of scripts begin with that are only loaded when the page of the library is opened:
a first visit does without the texts that they alone name, too."""

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
    later = _named({name: code for name, code in scripts.items() if name.startswith(_LATER)})
    named = _named({name: code for name, code in scripts.items() if not name.startswith(_LATER)})
    texts = {_texts_name(one): _as_module(one, named) for one in languages()}
    later_texts = {f"texts-later-{one}.js": _as_module(one, later - named) for one in languages()}
    styles = {_STYLES: b"".join((folder / f"{name}.css").read_bytes() for name in STYLES)}
    later_styles = {name: (folder / name).read_bytes() for name in LATER_STYLES}
    data = {name: (files("app.gallery") / name).read_bytes() for name in _MAP_DATA}
    return scripts | texts | later_texts | styles | later_styles | data


def _texts_name(language: str) -> str:
    return f"texts-{language}.js"


def _named(scripts: Mapping[str, bytes]) -> set[bytes]:
    """Whatever stands in quotes, the keys of texts among it."""
    return set(re.findall(rb'"([\w.-]+)"', b"\n".join(scripts.values())))


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
