"""The page: ``streamlit run streamlit_app.py``. What it shows is in ``app.pages``."""

from pathlib import Path

import streamlit as st

from app.pages.launch import middleware
from app.web.routes import routes
from app.web.shared_service import gallery_service, lifespan

app = st.App(
    Path(__file__).parent / "app" / "pages" / "script.py",
    routes=routes(gallery_service()),
    middleware=middleware(),
    lifespan=lifespan,
)
