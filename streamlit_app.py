"""The page: ``streamlit run streamlit_app.py``. What it shows is in ``app.pages``."""

import streamlit as st

from app.pages.search import search_page

search = st.Page(search_page, title="clipsearch", url_path="search")
st.navigation([search], position="hidden").run()
