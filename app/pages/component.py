"""The gallery: one Streamlit component for grid, lightbox, filters, map and timeline."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st

from app.web.frontend_routes import ENTRY, main_address

STYLES = (
    *("tokens", "base", "bar", "panel", "grid", "lightbox", "map", "views", "dialogs"),
    "overlays",
)
"""The style sheets, the later the stronger; ``tokens.css`` has the colours and sizes of all."""


def gallery(data: dict[str, Any], on_edit: Callable[[], None]) -> Any:
    """Show ``data``; ``on_edit`` is called when somebody changes the query with a control.

    The change is then in ``st.session_state.gallery.edit``; see ``app.gallery.page_edits``.
    """
    given = {**data, "main": main_address()}
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
