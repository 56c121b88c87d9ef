"""The script that Streamlit runs for each visit: the pages and the way between them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.pages import address
from app.pages.library import library_page
from app.pages.reader import texts_of_reader
from app.pages.search import search_page

texts = texts_of_reader()
search = st.Page(search_page, title=texts("bar.photos"), url_path="search", default=True)
library = st.Page(library_page, title=texts("bar.library"), url_path="library")
page = st.navigation([search, library], position="hidden")
asked = address.current().q if page is search else texts("bar.library")
st.set_page_config(
    page_title=f"{asked} · clipsearch" if asked else "clipsearch",
    layout="wide",
    page_icon=str(Path(__file__).with_name("frontend") / "mark.svg"),
)
st.session_state["pages"] = {"search": search, "library": library}
page.run()
