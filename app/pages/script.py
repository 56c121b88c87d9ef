"""The script that Streamlit runs for each visit: the pages and the way between them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.pages import address
from app.pages.library import library_page
from app.pages.search import search_page

search = st.Page(search_page, title="Photos", url_path="search", default=True)
library = st.Page(library_page, title="Library", url_path="library")
page = st.navigation([search, library], position="hidden")
asked = address.current().q if page is search else "Library"
st.set_page_config(
    page_title=f"{asked} · clipsearch" if asked else "clipsearch",
    layout="wide",
    page_icon=str(Path(__file__).with_name("frontend") / "mark.svg"),
)
st.session_state["pages"] = {"search": search, "library": library}
page.run()
