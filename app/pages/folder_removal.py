"""On the page of the library: taking a folder out of it, and what is said before."""

from __future__ import annotations

import streamlit as st

from app.locales.from_below import translated
from app.locales.texts import Texts
from app.text import printable
from app.web.indexing import IndexRun
from store.errors import ClipsearchError
from store.library import Library
from store.states import State
from store.values import RootStatus


def removal(library: Library, entry: RootStatus, run: IndexRun, texts: Texts) -> None:
    """The button that takes a folder out of the library, and what it asks before."""
    key = f"remove {entry.root.id}"
    if not st.session_state.get(key):
        if st.button(texts("removal.ask"), key=f"ask {key}"):
            st.session_state[key] = True
            st.rerun()
        return
    at_stake = library.marks_only_at(entry.root.path)
    st.warning(texts("removal.what", count=entry.counts.get(State.INDEXED, 0)))
    marks = False
    if at_stake.tags:
        photos = texts("count.photos", count=at_stake.pictures)
        st.write(texts("removal.marks", count=at_stake.tags, photos=photos))
        marks = st.checkbox(texts("removal.delete-marks"), key=f"marks {key}")
    left, right, _ = st.columns([2, 2, 3])
    if left.button(texts("removal.keep"), key=f"keep {key}", width="stretch"):
        st.session_state[key] = False
        st.rerun()
    if right.button(texts("removal.do"), key=f"do {key}", width="stretch", type="primary"):
        if run.is_running():
            st.warning(texts("library.running"))
            return
        try:
            with library.writing() as writer:
                writer.forget(entry.root.path, marks=marks)
        except ClipsearchError as error:
            st.warning(printable(translated(str(error), texts)))
            return
        st.session_state[key] = False
        st.rerun()
