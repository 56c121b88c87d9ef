"""The one Streamlit component: bar, photos, filters, map, and whatever else is seen."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st

from app.gallery.payloads import GalleryData, encoded
from app.locales.texts import Texts
from app.pages.reader import texts_of_reader
from app.web.frontend_routes import ENTRY, main_address, styles_address, texts_address

_UNTIL_STYLED = ".app { visibility: hidden }"
"""The styles come by an address of our own, once: Streamlit sends what is given here with each
answer, and a browser does not keep it. Until then nothing is shown."""


def gallery(data: GalleryData, on_edit: Callable[[], None]) -> Any:
    """Show ``data``; ``on_edit`` is called when somebody asks for something else with a control.

    The change is then in ``st.session_state.gallery.edit``; see ``app.pages.edits``.
    """
    language = texts_of_reader().language
    ours = {
        "main": main_address(),
        "styles": styles_address(),
        "texts": texts_address(language),
        "language": language,
    }
    given = {**encoded(data), **ours}
    return _component(language)(data=given, key="gallery", on_edit_change=on_edit)


def localized(template: str, texts: Texts) -> str:
    """HTML with each ``{{key}}`` replaced by its text."""
    return re.sub(r"\{\{([\w.-]+)\}\}", lambda match: html.escape(texts(match[1])), template)


@cache
def _component(language: str) -> Any:
    folder = files("app.pages") / "frontend"
    return st.components.v2.component(
        f"clipsearch_gallery_{language}",
        html=localized((folder / "gallery.html").read_text(encoding="utf-8"), Texts(language)),
        css=_UNTIL_STYLED,
        # A component takes one script; this one imports the modules from our own route.
        js=(folder / ENTRY).read_text(encoding="utf-8"),
    )
