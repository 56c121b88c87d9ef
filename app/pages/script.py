"""The script that Streamlit runs for each visit: the pages and the way between them."""

from __future__ import annotations

import streamlit as st

from app.pages.library import library_page
from app.pages.search import search_page

st.set_page_config(page_title="clipsearch", layout="wide", page_icon="🔎")
st.html(
    "<style>.stMainBlockContainer{padding:4.2rem 2.2rem 2rem}"
    "@media(max-width:640px){.stMainBlockContainer{padding:4rem .8rem 1rem}}</style>"
)
search = st.Page(search_page, title="Search", url_path="search", default=True)
library = st.Page(library_page, title="Library", url_path="library")
st.session_state["library_page"] = library
st.session_state["search_page"] = search
st.navigation([search, library], position="top").run()
