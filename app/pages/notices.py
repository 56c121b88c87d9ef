"""The page's notices: why there is nothing to show, and what to do about it.

They are plain values; the component shows their text as text, so that no name is ever markup.
"""

from __future__ import annotations

import os

from app.gallery.did_you_mean import better_queries
from app.gallery.gallery_service import GalleryService
from app.gallery.payloads import Notice, Offer
from app.locales.from_below import reading_in, translated
from app.locales.texts import Texts
from app.query.model import Query
from app.query.parsed_text import ParsedText
from app.samples import COMMAND, sample_folders
from app.text import printable
from app.web.indexing import run_of
from app.web.routes import PASSWORD
from store.errors import (
    ClipsearchError,
    LibraryBusy,
    LibraryDamaged,
    LibraryNotFound,
    LibraryTooNew,
    ModelError,
)

HIDDEN_PHOTOS = "is:hidden"
"""The query for them."""
_LIBRARY = "/library"
_INDEX = "clipsearch index ~/Pictures"


def cannot_search(error: ClipsearchError, texts: Texts) -> Notice:
    """That there is no library, that it can't be read, or that its model can't be loaded."""
    said = [printable(translated(str(error), texts))]
    match error:
        case LibraryNotFound():
            return no_library(texts)
        case ModelError():
            said.append(texts("notice.untouched"))
            return Notice(texts("notice.no-model"), said, "retry")
        case LibraryTooNew() | LibraryDamaged():
            return Notice(texts("notice.not-opened"), said, "retry")
        case LibraryBusy():
            return Notice(texts("notice.changing"), said, "retry")
        case _:
            return Notice(texts("notice.not-searched"), said, "retry")


def opening(texts: Texts, *, rebuild: bool) -> str:
    """The text that is shown while the first visitor waits."""
    return texts("notice.rebuilding") if rebuild else texts("notice.opening")


def no_library(texts: Texts) -> Notice:
    """That nothing was ever indexed."""
    if os.environ.get(PASSWORD):  # a visitor from elsewhere must not reach further folders
        line = texts("notice.at-machine", command=_INDEX)
        return Notice(texts("notice.welcome"), [line], "retry")
    there = sample_folders()
    return Notice(
        texts("notice.welcome"),
        [
            texts("notice.which-folder"),
            _INDEX,
            *([] if there else [texts("notice.samples-how", command=COMMAND)]),
        ],
        "welcome",
        [Offer(texts("notice.samples"))] if there else [],
    )


def nothing_indexed(here: GalleryService, texts: Texts) -> Notice:
    """Why no photo of the library can be found."""
    if run_of(here.config).is_running():
        return Notice(texts("notice.first"), [texts("notice.first-how")], "indexing")
    if not here.library().roots():
        return no_library(texts)
    return Notice(
        texts("notice.empty"),
        [texts("notice.empty-why")],
        "retry",
        [Offer(texts("notice.to-library"), address=_LIBRARY)],
    )


def all_hidden(count: int, texts: Texts) -> Notice:
    """That every photo is hidden."""
    offers = [Offer(texts("status.hidden", count=count), HIDDEN_PHOTOS)]
    return Notice(texts("notice.all-hidden"), [texts("notice.all-hidden-how")], "", offers)


def wrong_query(text: str, message: str, texts: Texts) -> Notice:
    """That a query can't be understood."""
    offers = [Offer(better, better) for better in better_queries(text, message)]
    said = printable(translated(message, texts))
    return Notice(texts("notice.wrong-query"), [said], "", offers)


def nothing_met(query: Query, parsed: ParsedText, better: list[str], texts: Texts) -> Notice:
    """That no photo meets the filters (words alone always have results)."""
    from app.gallery.chips import chips_of

    offers = [Offer(one, one) for one in better]
    offers += [
        Offer(texts.plain("notice.without", part=chip.text), chip.rest)
        for chip in chips_of(parsed, texts)
        if chip.rest
    ]
    line = printable(
        ", ".join(reading_in(reading, texts, query.asked.hint) for reading in query.reading)
    )
    return Notice(texts("notice.none-met"), [line], "", offers)


def circumstances(here: GalleryService, texts: Texts) -> list[str]:
    """What is going on, in a line each: a run, a read-only library, unplugged drives."""
    said = []
    run = run_of(here.config)
    if run.is_running():
        done = run.progress
        if done.total:
            said.append(texts("notice.indexing-of", seen=done.seen, count=done.total))
        else:
            said.append(texts("notice.indexing", count=done.seen))
    elif run.failed:
        said.append(texts("notice.ended"))
    if not here.library().writable:
        said.append(texts("notice.read-only"))
    if offline := here.library().offline_roots():
        said.append(texts("notice.offline", count=len(offline)))
    return said
