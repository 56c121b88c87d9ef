"""The page: ``streamlit run streamlit_app.py``. What it shows is in ``app.pages``."""

from pathlib import Path

from app.one_thread import import_numpy

import_numpy()  # before Streamlit does

import streamlit as st  # noqa: E402

from app.pages.launch import middleware  # noqa: E402
from app.web.routes import routes  # noqa: E402
from app.web.shared_service import gallery_service, lifespan  # noqa: E402

app = st.App(
    Path(__file__).parent / "app" / "pages" / "script.py",
    routes=routes(gallery_service()),
    middleware=middleware(),
    lifespan=lifespan,
)
