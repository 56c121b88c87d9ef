"""The search page: a box, and the photos that look most like what it says."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import streamlit as st

from app.gallery.addresses import library_token, with_digests
from app.gallery.gallery_service import GalleryService
from app.gallery.listing import ORDERS
from app.gallery.page_edits import LONGEST_QUERY, apply_edit
from app.gallery.payloads import GalleryData, encoded
from app.gallery.summary import shown_ids, summary
from app.languages.asked import Asked, hinted
from app.pages import notices
from app.pages.component import gallery
from app.query.changes import literal_text
from app.web.routes import PASSWORD
from app.web.shared_service import gallery_service
from store.errors import ClipsearchError, LibraryError, QueryError

VIEWS = ("photos", "timeline", "map", "duplicates")
FIRST_TILES = 240

_LABELS = {"best": "Best match", "newest": "Newest", "oldest": "Oldest"}


def search_page() -> None:
    here = gallery_service()
    try:
        # Shown if it takes longer than a moment.
        with st.spinner(notices.opening(rebuild=here.must_rebuild())):
            here.searcher().index()
            count = len(here.catalogue().everything)
    except ClipsearchError as error:
        notices.cannot_search(error)
        return
    if not count:
        notices.nothing_indexed(here)
        return
    st.text_input(
        "Search",
        key="q",
        type="search",
        placeholder="What does the photo show?  a dog on a beach, 2019, no people",
        label_visibility="collapsed",
        bind="query-params",
    )
    text: str = st.session_state.get("q") or ""
    # The query that a visit begins with came by a link, from any site: it is not remembered.
    st.session_state.setdefault("remembered", text)
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left:
        view = _choice("View", "view", VIEWS, str.capitalize)
    with right, st.container(horizontal_alignment="right"):
        sort = _choice("Order", "sort", ORDERS, _LABELS.__getitem__)
    if not text:
        _example_chips(here)
    notices.circumstances(here)
    _results(here, text, sort, view, count)


def _choice(label: str, key: str, values: Sequence[Any], shown: Callable[[Any], str]) -> Any:
    """A control to choose one of ``values``, by default the first; the address has it too."""
    return st.segmented_control(
        label,
        values,
        default=values[0],
        key=key,
        format_func=shown,
        label_visibility="collapsed",
        bind="query-params",
        required=True,
    )


def _example_chips(here: GalleryService) -> None:
    examples = here.examples()
    if examples:
        st.pills("From your library", examples, key="example", on_change=_take_example)


def _take_example() -> None:
    if chosen := st.session_state.get("example"):
        st.session_state["q"] = chosen
        st.session_state["example"] = None


def _results(here: GalleryService, text: str, sort: Any, view: str, count: int) -> None:
    start = time.perf_counter()
    try:
        # Read from the address at first: the toggle is shown only when there are bursts.
        every = bool(st.session_state.get("all", st.query_params.get("all") == "true"))
        query = here.read(text, _asked(here)).query()
        shown = here.listing(query, sort, bursts=not every)
    except QueryError as error:
        notices.wrong_query(str(error))
        return
    except ClipsearchError as error:
        notices.cannot_search(error)
        return
    seconds = time.perf_counter() - start
    _remember(here, text)
    listing, catalogue = shown.listing, shown.catalogue
    token = library_token(here.library().folder)
    if every or listing.has_bursts:
        st.toggle("Every photo of a burst", key="all", bind="query-params")
    if not len(listing) and view == "photos":
        notices.nothing_found(listing.query)
    notes = here.searcher().texts.notes(query.texts, query.asked)
    data = GalleryData(
        # With the same key the component shows what it has already.
        key=f"{token} {catalogue.generation} {len(listing)} {sort} {view} {every} {text}",
        library=token,
        q=text,
        sort=sort,
        view=view,
        all=str(every).lower(),
        ranked=bool(listing.query.terms),
        total=len(listing),
        clear=listing.clear,
        tiles=here.tiles(shown, 0, FIRST_TILES),
        summary=summary(listing, seconds, count, notes),
        literal=literal_text(text, query.changes) if query.changes else "",
        note=query.unread or "",
        shown=with_digests(catalogue, shown_ids(listing.query)),
        local=not os.environ.get(PASSWORD),
    )
    gallery(encoded(data), _edited)


def _asked(here: GalleryService) -> Asked:
    """Which language is written here: as configured, or as the browser hints."""
    hint = st.query_params.get("lang") or st.context.headers.get("Accept-Language") or ""
    return Asked(here.config.language, hinted(hint))


def _remember(here: GalleryService, text: str) -> None:
    """Add the query to the history, once for each change that was typed or chosen on the page."""
    if st.session_state["remembered"] == text:
        return
    st.session_state["remembered"] = text
    if text.strip() and len(text) <= LONGEST_QUERY:
        with suppress(LibraryError):  # the results stand even if the history can't be written
            here.library().user_data.remember(text.strip())


def _edited() -> None:
    edit = st.session_state["gallery"].get("edit")
    if not edit:
        return
    if edit.get("op") == "address":  # Back or Forward
        st.session_state["q"] = st.session_state["remembered"] = str(edit.get("q") or "")
        st.session_state["view"] = _meant(VIEWS, str.capitalize, edit.get("view"))
        st.session_state["sort"] = _meant(ORDERS, _LABELS.__getitem__, edit.get("sort"))
        return
    st.session_state["q"] = apply_edit(st.session_state.get("q") or "", edit)
    if edit.get("op") != "toggle":  # after any other edit, show the photos
        st.session_state["view"] = "photos"


def _meant(values: Sequence[Any], label: Callable[[Any], str], shown: Any) -> Any:
    """The one of ``values`` whose label the address has; the first one if it has none of them."""
    return next((value for value in values if label(value) == shown), values[0])
