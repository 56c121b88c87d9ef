"""The one Streamlit component: bar, photos, filters, map, and whatever else is seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st

from app.gallery.payloads import GalleryData, encoded
from app.web.frontend_routes import ENTRY, main_address

STYLES = (
    *("tokens", "base", "bar", "search", "status", "notice", "panel"),
    *("grid", "lightbox", "map", "views", "albums", "dialogs", "overlays"),
)
"""The style sheets, the later the stronger; ``tokens.css`` has the colours and sizes of all."""


def gallery(data: GalleryData, on_edit: Callable[[], None]) -> Any:
    """Show ``data``; ``on_edit`` is called when somebody asks for something else with a control.

    The change is then in ``st.session_state.gallery.edit``; see ``app.pages.edits``.
    """
    given = {**encoded(data), "main": main_address()}
    return _component()(data=given, key="gallery", on_edit_change=on_edit)


@cache
def _component() -> Any:
    folder = files("app.pages") / "frontend"
    return st.components.v2.component(
        "clipsearch_gallery",
        html=(folder / "gallery.html").read_text(encoding="utf-8"),
        css="".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in STYLES),
        # A component takes one script; this one imports the modules from our own route.
        js=(folder / ENTRY).read_text(encoding="utf-8"),
    )
