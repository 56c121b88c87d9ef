"""The page's notices: why there is nothing to show, and what to do about it.

Errors and queries are shown as plain text (``st.text``): in Markdown a name could load pictures.
"""

from __future__ import annotations

import streamlit as st

from app.gallery.gallery_service import GalleryService
from app.query.model import Query
from app.text import plural
from app.web.indexing import run_of
from app.web.shared_service import gallery_service
from store.errors import (
    ClipsearchError,
    LibraryBusy,
    LibraryDamaged,
    LibraryNotFound,
    LibraryTooNew,
    ModelError,
)
from store.online import is_online

READ_ONLY = (
    "The library can't be written to here: it is searched as it is. Favourites, tags, concepts and "
    "searches can't be saved."
)


def cannot_search(error: ClipsearchError) -> None:
    """Say that there is no library, that it can't be read, or that its model can't be loaded."""
    match error:
        case LibraryNotFound():
            no_library()
            return
        case ModelError():
            st.header("The model can't be loaded")
            st.text(str(error))
            st.write("Your photos and what is known of them are untouched.")
        case LibraryTooNew() | LibraryDamaged():
            st.header("The library can't be opened")
            st.text(str(error))
        case LibraryBusy():
            st.header("The library is being changed")
            st.text(str(error))
        case _:
            st.header("The library can't be searched")
            st.text(str(error))
    if st.button("Try again"):
        gallery_service().close()
        st.rerun()


def opening(*, rebuild: bool) -> str:
    """The text that is shown while the first visitor waits."""
    if rebuild:
        return (
            "The index is being made again from the library. Nothing is lost; this takes a "
            "minute or two for a million photos, and is not needed the next time."
        )
    return "Opening the library …"


def no_library() -> None:
    """Say that nothing was ever indexed."""
    st.header("Search your photos in plain words")
    st.write(
        "There are no photos yet. Say which folder they are in; everything stays on this machine."
    )
    st.page_link(_library(), label="Add a folder of photos")
    st.caption("Or in a terminal:")
    st.code("clipsearch index ~/Pictures", language="shell")


def nothing_indexed(here: GalleryService) -> None:
    """Say why no photo of the library can be found."""
    if run_of(here.config).is_running():
        st.header("The first photos are being read")
        st.write("They can be searched as soon as they are in. See how far it is:")
    else:
        st.header("The library holds no photo yet")
        st.write("Its folders are empty, not there now, or hold nothing that could be read.")
    st.page_link(_library(), label="Go to the library")
    if st.button("Look again"):
        st.rerun()


def wrong_query(message: str) -> None:
    st.warning("The query can't be understood.")
    st.text(message)


def nothing_found(query: Query) -> None:
    """Say that no photo meets the filters (words alone always have results)."""
    st.info("No photo meets all of this. Leave a filter out:")
    st.text(", ".join(query.reading))


def circumstances(here: GalleryService) -> None:
    """Say, in a line each, what is going on: a run, a read-only library, unplugged drives."""
    run = run_of(here.config)
    if run.is_running():
        left, right = st.columns([4, 1], vertical_alignment="center")
        done = run.progress
        of = f" of {done.total:,}" if done.total else ""
        left.caption(f"Indexing: {done.seen:,}{of} files looked at. Searching works meanwhile.")
        with right:
            st.page_link(_library(), label="Watch")
    elif run.failed:
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.caption("Indexing has ended before it was done.")
        with right:
            st.page_link(_library(), label="See why")
    if not here.library().writable:
        st.caption(READ_ONLY)
    offline = [root.path for root in here.library().roots() if not is_online(root.path)]
    if offline:
        st.caption(
            f"{plural(len(offline), 'folder')} can't be seen now (an unplugged drive?). The photos "
            "in there are still found, and shown small."
        )


def _library() -> st.Page:
    page: st.Page = st.session_state["library_page"]
    return page
