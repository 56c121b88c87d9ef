"""The server of the page, as ``clipsearch ui`` starts it."""

from pathlib import Path

import streamlit as st

from app.pages.launch import middleware
from app.web.routes import routes
from app.web.shared_service import gallery_service, lifespan

app = st.App(
    Path(__file__).with_name("script.py").absolute(),
    routes=routes(gallery_service()),
    middleware=middleware(),
    lifespan=lifespan,
)
