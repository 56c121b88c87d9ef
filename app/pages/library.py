"""The page of the library: what is in it, what could not be read and why, and indexing."""

from __future__ import annotations

import itertools
import os
from dataclasses import replace
from pathlib import Path

import streamlit as st

from app.pages import notices
from app.pages.address import current
from app.pages.component import gallery
from app.pages.edits import edited, follow
from app.pages.folder_removal import removal
from app.pages.search import frame, say
from app.text import absolute, plural, printable
from app.web.folder_watch import FolderWatch, watch_of
from app.web.indexing import IndexRun, run_of
from app.web.routes import PASSWORD
from app.web.shared_service import gallery_service
from store.errors import ClipsearchError, LibraryNotFound
from store.library import Library
from store.states import FAILURES, State
from store.values import RootStatus

_FAILURES_SHOWN = 500


def library_page() -> None:
    follow()
    here = gallery_service()
    library: Library | None = None
    try:
        library = here.library()
    except LibraryNotFound:
        pass
    except ClipsearchError as error:
        say(here, current(), notices.cannot_search(error))
        return
    gallery(replace(frame(here, current()), key="library", page="library"), edited)
    with st.container(key="below"):
        _below(library, run_of(here.config), watch_of(here.config))


def _below(library: Library | None, run: IndexRun, watch: FolderWatch) -> None:
    """What the page has below its bar."""
    st.header("Your library", anchor=False)
    known = library.status() if library else []
    if library and known:
        _numbers(library, known)
        _roots(library, known, run)
    else:
        st.write(
            "Nothing is indexed yet. Add the folder that your photos are in; "
            "the photos themselves are only ever read."
        )
    if library and not library.writable:
        st.info(notices.READ_ONLY)
    else:
        _add_folder(run)
        _watch(run, bool(known))
        if known:
            _switch(watch)
        if library:
            _sidecars(library)
    if library and known:
        _failures(library)
        st.subheader("Where the library is")
        st.text(printable(library.name))


def _numbers(library: Library, known: list[RootStatus]) -> None:
    model = library.model()
    hidden = library.hidden_count(model) if model else 0
    failed = sum(entry.counts.get(state, 0) for entry in known for state in FAILURES)
    size = sum(path.stat().st_size for path in library.folder.iterdir() if path.is_file())
    left, middle, right, last = st.columns(4)
    shown = library.searchable_count(model) - hidden if model else 0
    left.metric("Pictures that can be found", f"{shown:,}")
    middle.metric("Files that could not be read", f"{failed:,}")
    right.metric("Model", printable(model.name) if model else "none yet")
    last.metric("Size of the library", f"{size / 1e6:,.0f} MB")
    building = library.building_model()
    if model and building and building != model:
        st.info("Photos are being read for a new model; the old one answers until all of them are.")
    _hidden(hidden)


def _hidden(count: int) -> None:
    """Leads to the photos that are hidden, if any are."""
    if count and st.button(f"Hidden photos: {count:,}"):
        query = {"q": notices.HIDDEN_PHOTOS}
        st.switch_page(st.session_state["pages"]["search"], query_params=query)


def _roots(library: Library, known: list[RootStatus], run: IndexRun) -> None:
    may_remove = library.writable and not os.environ.get(PASSWORD)
    for entry in known:
        with st.container(border=True):
            # Not a table: Streamlit's tables read their cells as Markdown, or draw them on a canvas
            # that no screen reader sees.
            st.text(printable(str(entry.root.path)))
            st.write(_said(entry))
            if entry.root.excludes:
                st.text(f"without {', '.join(map(printable, entry.root.excludes))}")
            if may_remove:
                removal(library, entry, run)
    if not all(entry.online for entry in known):
        st.caption(
            "Photos of an offline folder stay in the library and are found as before. Plug the "
            "drive in again; if the folder has moved, say where it is now:"
        )
        st.code("clipsearch relocate OLD NEW", language="shell")


def _said(entry: RootStatus) -> str:
    """How things stand with one folder."""
    unreadable = sum(entry.counts.get(state, 0) for state in FAILURES)
    said = [plural(entry.counts.get(State.INDEXED, 0), "photo")]
    if unreadable:
        said.append(f"{plural(unreadable, 'file')} could not be read")
    if entry.away:
        said.append(f"{plural(entry.away, 'photo')} away (their drive may be unplugged)")
    if gone := entry.counts.get(State.GONE, 0):
        said.append(f"{plural(gone, 'file')} went away")
    return (":green[●] there · " if entry.online else ":red[●] **offline** · ") + ", ".join(said)


def _add_folder(run: IndexRun) -> None:
    if os.environ.get(PASSWORD):  # a visitor from elsewhere must not reach further folders
        st.caption("Folders are added at the machine itself: clipsearch index FOLDER")
        return
    with st.form("add", border=False):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        text = left.text_input("Add a folder of photos", placeholder=str(Path.home() / "Pictures"))
        asked = right.form_submit_button("Add and index", width="stretch")
    if not asked:
        return
    if not text.strip():
        st.warning("Which folder?")
        return
    folder = absolute(Path(text.strip()))
    if run.is_running():
        st.warning("A run is under way; wait for it, or stop it first.")
    elif not folder.is_dir():
        st.warning("There is no such folder:")
        st.text(printable(str(folder)))
    else:
        run.start([folder])
        st.rerun()


def _watch(run: IndexRun, known: bool) -> None:
    @st.fragment(run_every=0.5 if run.is_running() else None)
    def watch() -> None:
        if run.is_running():
            _progress(run)
            return
        if st.session_state.pop("watching", False):
            st.rerun(scope="app")  # numbers and failures have changed
        if run.failed:
            st.warning("Indexing has ended before it was done:")
        for line in run.result:
            st.text(printable(line))
        if known:
            left, right, _ = st.columns([2, 2, 3])
            if left.button("Look for new photos", width="stretch"):
                run.start([])
                st.rerun(scope="app")
            if right.button("Try failed files again", width="stretch"):
                run.start([], retry=True)
                st.rerun(scope="app")

    if run.is_running():
        st.session_state["watching"] = True
    watch()


def _switch(watch: FolderWatch) -> None:
    """Begins to watch folders, or ends it, for all who see the page."""
    asked = st.toggle(
        "Watch folders for new photos",
        value=watch.is_on,
        help="For as long as this page's server runs. From login on: clipsearch watch --install",
    )
    if asked != watch.is_on:
        if asked and not st.session_state.get("watch-asked"):
            watch.start()
        elif not asked:
            watch.stop()
    st.session_state["watch-asked"] = asked
    for line in watch.said:
        st.caption(printable(line))


def _sidecars(library: Library) -> None:
    """Lets tags be written beside photos too."""
    if os.environ.get(PASSWORD):
        return
    before = library.user_data.writes_sidecars()
    asked = st.toggle(
        "Write tags into sidecars too",
        value=before,
        help="As keywords in XMP files beside photos, for other programs; photos stay untouched.",
    )
    if asked != before:
        library.user_data.write_sidecars(asked)
        st.rerun()  # else this session would say it again after another one has changed it


def _progress(run: IndexRun) -> None:
    progress = run.progress
    share = min(1.0, progress.seen / progress.total) if progress.total else 0.0
    of = f" of {progress.total:,}" if progress.total else ""
    left = progress.seconds_left
    said = [f"{progress.seen:,}{of} files", f"{progress.rate:.0f} photos/s"]
    if progress.failed:
        said.append(f"{progress.failed:,} could not be read")
    if left is not None:
        said.append(f"about {_duration(left)} left")
    st.progress(share, text="Indexing: " + ", ".join(said))
    st.caption("Searching works meanwhile; you may leave this page.")
    if st.button("Stop"):
        run.stop()
        run.wait(20)
        st.rerun(scope="app")


def _failures(library: Library) -> None:
    listed = list(itertools.islice(library.files(FAILURES), _FAILURES_SHOWN + 1))
    if not listed:
        return
    more = len(listed) > _FAILURES_SHOWN
    st.subheader("Files that could not be read")
    lines = [
        f"{photo.state}: {printable(str(photo.path))}\n    {printable(photo.reason or '')}"
        for photo in listed[:_FAILURES_SHOWN]
    ]
    st.text("\n".join(lines))
    if more:
        st.caption(f"The first {_FAILURES_SHOWN}; all of them: clipsearch files --state failed")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds)):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
