"""Who reads the page: in which language it speaks to them, and which they are likely to write.

Both follow the browser's preferences, as each of its requests says them.
"""

from __future__ import annotations

import streamlit as st

from app.config import Config
from app.languages.asked import Asked, hinted
from app.locales.texts import Texts, texts_for


def texts_of_reader() -> Texts:
    """The texts of the page for this visitor."""
    return texts_for(_accepted())


def asked_by_reader(config: Config) -> Asked:
    """Which language is written here: as configured, or as the browser hints."""
    hint = st.query_params.get("lang") or _accepted()
    return Asked(config.language, hinted(hint))


def _accepted() -> str:
    """The languages that the browser prefers, the first one first."""
    return st.context.headers.get("Accept-Language") or st.context.locale or ""
