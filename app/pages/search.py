"""The search page: a box, and the photos that look most like what it says."""

from __future__ import annotations

import os
import time
import zlib
from contextlib import suppress
from dataclasses import replace
from typing import Any

import streamlit as st

from app.gallery.addresses import library_token, with_digests
from app.gallery.chips import chips_of
from app.gallery.did_you_mean import with_known_names
from app.gallery.gallery_service import GalleryService
from app.gallery.listing import album_of
from app.gallery.page_edits import LONGEST_QUERY
from app.gallery.payloads import GalleryData, Notice
from app.gallery.summary import shown_ids, summary
from app.locales.from_below import translated
from app.locales.texts import Texts
from app.pages import notices
from app.pages.address import PageAddress, current
from app.pages.component import gallery
from app.pages.edits import TYPED, edited, follow
from app.pages.reader import asked_by_reader, texts_of_reader
from app.query.changes import literal_text
from app.query.model import Query
from app.query.named_dates import called_so
from app.samples import samples_in
from app.web.routes import PASSWORD
from app.web.shared_service import gallery_service
from store.errors import ClipsearchError, LibraryError, QueryError
from store.hidden_filters import speaks_of_hidden

FIRST_TILES = 60


def search_page() -> None:
    follow("search")
    here, texts = gallery_service(), texts_of_reader()
    address = current()
    try:
        # Shown if it takes longer than a moment.
        with st.spinner(notices.opening(texts, rebuild=here.must_rebuild())):
            here.searcher().index()
            count = len(here.catalogue().everything)
            shown = len(here.everything()) if count else 0
    except ClipsearchError as error:
        say(here, address, notices.cannot_search(error, texts))
        return
    if not count:
        say(here, address, notices.nothing_indexed(here, texts))
        return
    try:
        data = _results(here, address, shown, texts)
    except QueryError as error:
        say(here, address, notices.wrong_query(address.q, str(error), texts))
        return
    except ClipsearchError as error:
        say(here, address, notices.cannot_search(error, texts))
        return
    gallery(data, edited)


def say(here: GalleryService, address: PageAddress, notice: Notice) -> None:
    """Show the bar, and ``notice`` instead of photos."""
    data = frame(here, address)
    gallery(replace(data, key=f"{data.library} {notice}", notice=notice), edited)


def frame(here: GalleryService, address: PageAddress) -> GalleryData:
    """The bar, without any photos."""
    return GalleryData(
        key=f"{address}",
        library=library_token(here.config.library),
        q=address.q,
        sort=address.sort,
        view=address.view,
        all=str(address.every).lower(),
        local=not os.environ.get(PASSWORD),
    )


def _results(here: GalleryService, address: PageAddress, count: int, texts: Texts) -> GalleryData:
    """
    Args:
        count: how many photos there are beside the hidden ones.

    Raises:
        QueryError: the query can't be understood.
        ClipsearchError: the library can't be searched.
    """
    start = time.perf_counter()
    text, sort, every = address.q, address.sort, address.every
    asked = asked_by_reader(here.config)
    parsed = here.read(text, asked)
    query = parsed.query()
    shown = here.listing(query, sort, bursts=not every)
    seconds = time.perf_counter() - start
    _remember(here, text)
    listing, catalogue = shown.listing, shown.catalogue
    notes = here.searcher().texts.notes(query.texts, query.asked)
    chips = chips_of(parsed, texts)
    named = [int(chip.photo) for chip in chips if chip.photo]
    bare = frame(here, address)
    album, held = _album(here, query)
    notice = None
    hidden = here.hidden_count()
    if not count and not text.strip():
        notice = notices.all_hidden(hidden, texts)
    elif not len(listing) and address.view in ("photos", "map"):
        names = here.names() if speaks_of_hidden(query.filter) else here.shown_names()
        better = [*with_known_names(parsed, names), *called_so(parsed, here.searcher().is_met)]
        notice = notices.nothing_met(query, parsed, better, texts)
    return replace(
        bare,
        # With the same key the component shows what it has already.
        key=f"{bare.library} {catalogue.generation} {len(listing)} {sort} {address.view} {every} "
        f"{here.library().user_data.hidden_revision()} {held}{text}",
        bursts=every or listing.has_bursts,
        ranked=bool(listing.query.terms),
        total=len(listing),
        clear=listing.clear,
        tiles=here.tiles(shown, listing.results.part(0, FIRST_TILES)),
        summary=summary(listing, seconds, count, notes, texts),
        literal=literal_text(text, query.changes) if query.changes else "",
        note=translated(query.unread or "", texts),
        album=album,
        hidden=hidden,
        of_hidden=any(map(speaks_of_hidden, query.every_filter)),
        shown=with_digests(catalogue, list(dict.fromkeys([*shown_ids(query), *named]))),
        chips=chips,
        examples=[] if text else here.examples(asked.hint),
        banners=notices.circumstances(here, texts),
        samples=bare.local and here.library().writable and bool(samples_in(here.library())),
        notice=notice,
    )


def _album(here: GalleryService, query: Query) -> tuple[str, str]:
    """The name of the album that is shown, and what changes with its order; else nothing."""
    asked = album_of(query)
    if asked is None:
        return "", ""
    data = here.library().user_data
    names = (album.name for album in data.albums())
    name = next((one for one in names if one.casefold() == asked.casefold()), "")
    order = ",".join(map(str, data.album(name)))
    return name, f"{zlib.crc32(order.encode()):08x} "


def _remember(here: GalleryService, text: str) -> None:
    """Add the query to the history, if it was typed or chosen on the page.

    One that a visit begins with came by a link, from any site.
    """
    typed: Any = st.session_state.pop(TYPED, None)
    if typed == text and text.strip() and len(text) <= LONGEST_QUERY:
        with suppress(LibraryError):  # the results stand even if the history can't be written
            here.library().user_data.remember(text.strip())
