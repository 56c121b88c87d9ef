"""On the page of the library: how far a run is that reads photos, and what begins another one."""

from __future__ import annotations

import streamlit as st

from app.locales.from_below import translated
from app.locales.texts import Texts
from app.text import printable
from app.web.indexing import IndexRun


def follow_run(run: IndexRun, texts: Texts, *, known: bool) -> None:
    """Show a run until it ends; then its result and, with ``known`` folders, ways to another."""

    @st.fragment(run_every=0.5 if run.is_running() else None)
    def watch() -> None:
        if run.is_running():
            _progress(run, texts)
            return
        if st.session_state.pop("watching", False):
            st.rerun(scope="app")  # numbers and failures have changed
        if run.failed:
            st.warning(texts("library.ended"))
        for line in run.result:
            st.text(printable(translated(line, texts)))
        if known:
            left, right, _ = st.columns([2, 2, 3])
            if left.button(texts("library.look"), width="stretch"):
                run.start([])
                st.rerun(scope="app")
            if right.button(texts("library.retry"), width="stretch"):
                run.start([], retry=True)
                st.rerun(scope="app")

    if run.is_running():
        st.session_state["watching"] = True
    watch()


def _progress(run: IndexRun, texts: Texts) -> None:
    progress = run.progress
    share = min(1.0, progress.seen / progress.total) if progress.total else 0.0
    left, seen = progress.seconds_left, progress.seen
    said = [
        texts("run.files-of", seen=seen, total=progress.total)
        if progress.total
        else texts("run.files", seen=seen),
        texts("library.rate", count=round(progress.rate)),
    ]
    if progress.failed:
        said.append(texts("run.unread", count=progress.failed))
    if left is not None:
        said.append(texts("run.left", time=_duration(left, texts)))
    st.progress(share, text=texts("library.indexing", progress=", ".join(said)))
    st.caption(texts("library.meanwhile"))
    if st.button(texts("welcome.stop")):
        run.stop()
        run.wait(20)
        st.rerun(scope="app")


def _duration(seconds: float, texts: Texts) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds)):.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{texts.number(seconds / 3600, 1)} h"
