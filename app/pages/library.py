"""The page of the library: what is in it, what could not be read and why, and indexing."""

from __future__ import annotations

import itertools
import os
from dataclasses import replace
from pathlib import Path

import streamlit as st

from app.locales.from_below import translated
from app.locales.texts import Texts
from app.pages import notices
from app.pages.address import current
from app.pages.component import gallery
from app.pages.edits import edited, follow
from app.pages.folder_removal import removal
from app.pages.following import follow_run
from app.pages.reader import texts_of_reader
from app.pages.search import frame, say
from app.text import absolute, printable
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
    here, texts = gallery_service(), texts_of_reader()
    library: Library | None = None
    try:
        library = here.library()
    except LibraryNotFound:
        pass
    except ClipsearchError as error:
        say(here, current(), notices.cannot_search(error, texts))
        return
    gallery(replace(frame(here, current()), key="library", page="library"), edited)
    with st.container(key="below"):
        _below(library, run_of(here.config), watch_of(here.config), texts)


def _below(library: Library | None, run: IndexRun, watch: FolderWatch, texts: Texts) -> None:
    """What the page has below its bar."""
    st.header(texts("library.title"), anchor=False)
    known = library.status() if library else []
    if library and known:
        _numbers(library, known, texts)
        _roots(library, known, run, texts)
    else:
        st.write(texts("library.nothing"))
    if library and not library.writable:
        st.info(texts("notice.read-only"))
    else:
        _add_folder(run, texts)
        follow_run(run, texts, known=bool(known))
        if known:
            _switch(watch, texts)
        if library:
            _sidecars(library, texts)
    if library and known:
        _failures(library, texts)
        st.subheader(texts("library.where"))
        st.text(printable(library.name))


def _numbers(library: Library, known: list[RootStatus], texts: Texts) -> None:
    model = library.model()
    hidden = library.hidden_count(model) if model else 0
    failed = sum(entry.counts.get(state, 0) for entry in known for state in FAILURES)
    size = sum(path.stat().st_size for path in library.folder.iterdir() if path.is_file())
    left, middle, right, last = st.columns(4)
    shown = library.searchable_count(model) - hidden if model else 0
    left.metric(texts("library.can-be-found"), texts.number(shown))
    middle.metric(texts("library.unread"), texts.number(failed))
    right.metric(
        texts("library.model"), printable(model.name) if model else texts("library.no-model")
    )
    last.metric(texts("library.size"), f"{texts.number(size / 1e6)} MB")
    building = library.building_model()
    if model and building and building != model:
        st.info(texts("library.new-model"))
    _hidden(hidden, texts)


def _hidden(count: int, texts: Texts) -> None:
    """Leads to the photos that are hidden, if any are."""
    if count and st.button(texts("status.hidden", count=count)):
        query = {"q": notices.HIDDEN_PHOTOS}
        st.switch_page(st.session_state["pages"]["search"], query_params=query)


def _roots(library: Library, known: list[RootStatus], run: IndexRun, texts: Texts) -> None:
    may_remove = library.writable and not os.environ.get(PASSWORD)
    for entry in known:
        with st.container(border=True):
            # Not a table: Streamlit's tables read their cells as Markdown, or draw them on a canvas
            # that no screen reader sees.
            st.text(printable(str(entry.root.path)))
            st.write(_said(entry, texts))
            if entry.root.excludes:
                patterns = ", ".join(map(printable, entry.root.excludes))
                st.text(texts("library.excluded", patterns=patterns))
            if may_remove:
                removal(library, entry, run, texts)
    if not all(entry.online for entry in known):
        st.caption(texts("library.away"))
        st.code("clipsearch relocate OLD NEW", language="shell")


def _said(entry: RootStatus, texts: Texts) -> str:
    """How things stand with one folder."""
    unreadable = sum(entry.counts.get(state, 0) for state in FAILURES)
    said = [texts("count.photos", count=entry.counts.get(State.INDEXED, 0))]
    if unreadable:
        said.append(texts("library.unread-count", count=unreadable))
    if entry.away:
        said.append(texts("library.away-count", count=entry.away))
    if gone := entry.counts.get(State.GONE, 0):
        said.append(texts("library.gone-count", count=gone))
    there, away = texts("library.online"), texts("library.offline")
    return (f":green[●] {there} · " if entry.online else f":red[●] **{away}** · ") + ", ".join(said)


def _add_folder(run: IndexRun, texts: Texts) -> None:
    if os.environ.get(PASSWORD):  # a visitor from elsewhere must not reach further folders
        st.caption(texts("library.at-machine"))
        return
    with st.form("add", border=False):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        text = left.text_input(texts("library.add"), placeholder=str(Path.home() / "Pictures"))
        asked = right.form_submit_button(texts("library.add-button"), width="stretch")
    if not asked:
        return
    if not text.strip():
        st.warning(texts("library.which"))
        return
    folder = absolute(Path(text.strip()))
    if run.is_running():
        st.warning(texts("library.running"))
    elif not folder.is_dir():
        st.warning(texts("library.no-folder"))
        st.text(printable(str(folder)))
    else:
        run.start([folder])
        st.rerun()


def _switch(watch: FolderWatch, texts: Texts) -> None:
    """Begins to watch folders, or ends it, for all who see the page."""
    asked = st.toggle(
        texts("library.watch"),
        value=watch.is_on,
        help=texts("library.watch-how"),
    )
    if asked != watch.is_on:
        if asked and not st.session_state.get("watch-asked"):
            watch.start()
        elif not asked:
            watch.stop()
    st.session_state["watch-asked"] = asked
    for line in watch.said:
        st.caption(printable(line))


def _sidecars(library: Library, texts: Texts) -> None:
    """Lets tags be written beside photos too."""
    if os.environ.get(PASSWORD):
        return
    before = library.user_data.writes_sidecars()
    asked = st.toggle(
        texts("library.sidecars"),
        value=before,
        help=texts("library.sidecars-how"),
    )
    if asked != before:
        library.user_data.write_sidecars(asked)
        st.rerun()  # else this session would say it again after another one has changed it


def _failures(library: Library, texts: Texts) -> None:
    listed = list(itertools.islice(library.files(FAILURES), _FAILURES_SHOWN + 1))
    if not listed:
        return
    more = len(listed) > _FAILURES_SHOWN
    st.subheader(texts("library.unread"))
    lines = [
        f"{translated(str(photo.state), texts)}: {printable(str(photo.path))}\n"
        f"    {printable(photo.reason or '')}"
        for photo in listed[:_FAILURES_SHOWN]
    ]
    st.text("\n".join(lines))
    if more:
        st.caption(texts("library.first-failures", count=_FAILURES_SHOWN))
