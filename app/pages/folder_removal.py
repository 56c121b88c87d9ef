"""On the page of the library: taking a folder out of it, and what is said before."""

from __future__ import annotations

import streamlit as st

from app.text import plural, printable
from app.web.indexing import IndexRun
from store.errors import ClipsearchError
from store.library import Library
from store.states import State
from store.values import RootStatus


def removal(library: Library, entry: RootStatus, run: IndexRun) -> None:
    """The button that takes a folder out of the library, and what it asks before."""
    key = f"remove {entry.root.id}"
    if not st.session_state.get(key):
        if st.button("Remove from the library…", key=f"ask {key}"):
            st.session_state[key] = True
            st.rerun()
        return
    at_stake = library.marks_only_at(entry.root.path)
    count = plural(entry.counts.get(State.INDEXED, 0), "photo")
    st.warning(
        f"{count} of this folder can't be found any more. Nothing on disk is lost: the files stay "
        "as they are. If you add the folder again, its photos are read again."
    )
    marks = False
    if at_stake.tags:
        st.write(
            f"{plural(at_stake.tags, 'mark')} (tags, favourites, places in albums) of "
            f"{plural(at_stake.pictures, 'photo')} of it are kept, and are there again when the "
            "same photos are."
        )
        marks = st.checkbox("Delete these marks as well, for good", key=f"marks {key}")
    left, right, _ = st.columns([2, 2, 3])
    if left.button("Keep the folder", key=f"keep {key}", width="stretch"):
        st.session_state[key] = False
        st.rerun()
    if right.button("Remove it", key=f"do {key}", width="stretch", type="primary"):
        if run.is_running():
            st.warning("A run is under way; wait for it, or stop it first.")
            return
        try:
            with library.writing() as writer:
                writer.forget(entry.root.path, marks=marks)
        except ClipsearchError as error:
            st.warning(printable(str(error)))
            return
        st.session_state[key] = False
        st.rerun()
