"""The page's notices: why there is nothing to show, and what to do about it.

They are plain values; the component shows their text as text, so that no name is ever markup.
"""

from __future__ import annotations

import os

from app.gallery.did_you_mean import better_queries
from app.gallery.gallery_service import GalleryService
from app.gallery.payloads import Notice, Offer
from app.query.model import Query
from app.query.parsed_text import ParsedText
from app.samples import COMMAND, sample_folders
from app.text import plural, printable
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
from store.online import is_online

READ_ONLY = (
    "The library can't be written to here: it is searched as it is. Favourites, tags, concepts and "
    "searches can't be saved."
)
HIDDEN_PHOTOS = "is:hidden"
"""The query for them."""
_LIBRARY = "/library"


def cannot_search(error: ClipsearchError) -> Notice:
    """That there is no library, that it can't be read, or that its model can't be loaded."""
    said = [printable(str(error))]
    match error:
        case LibraryNotFound():
            return no_library()
        case ModelError():
            said.append("Your photos and what is known of them are untouched.")
            return Notice("The model can't be loaded", said, "retry")
        case LibraryTooNew() | LibraryDamaged():
            return Notice("The library can't be opened", said, "retry")
        case LibraryBusy():
            return Notice("The library is being changed", said, "retry")
        case _:
            return Notice("The library can't be searched", said, "retry")


def opening(*, rebuild: bool) -> str:
    """The text that is shown while the first visitor waits."""
    if rebuild:
        return (
            "The index is being made again from the library. Nothing is lost; this takes a "
            "minute or two for a million photos, and is not needed the next time."
        )
    return "Opening the library …"


def no_library() -> Notice:
    """That nothing was ever indexed."""
    if os.environ.get(PASSWORD):  # a visitor from elsewhere must not reach further folders
        line = "There are no photos yet. At the machine itself: clipsearch index ~/Pictures"
        return Notice("Search your photos in plain words", [line], "retry")
    there = sample_folders()
    return Notice(
        "Search your photos in plain words",
        [
            "Say which folder your photos are in. They are only ever read, and nothing leaves this "
            "machine.",
            "clipsearch index ~/Pictures",
            *([] if there else [f"To try it with sample photos first: {COMMAND}"]),
        ],
        "welcome",
        [Offer("Try it with sample photos")] if there else [],
    )


def nothing_indexed(here: GalleryService) -> Notice:
    """Why no photo of the library can be found."""
    if run_of(here.config).is_running():
        line = "They can be searched as soon as they are in."
        return Notice("The first photos are being read", [line], "indexing")
    if not here.library().roots():
        return no_library()
    return Notice(
        "The library holds no photo yet",
        ["Its folders are empty, not there now, or hold nothing that could be read."],
        "retry",
        [Offer("Go to the library", address=_LIBRARY)],
    )


def all_hidden(count: int) -> Notice:
    """That every photo is hidden."""
    offers = [Offer(f"Hidden photos: {count:,}", HIDDEN_PHOTOS)]
    return Notice("All photos are hidden", ["They are shown where they are asked for."], "", offers)


def wrong_query(text: str, message: str) -> Notice:
    """That a query can't be understood."""
    offers = [Offer(better, better) for better in better_queries(text, message)]
    return Notice("The query can't be understood", [printable(message)], "", offers)


def nothing_met(query: Query, parsed: ParsedText, better: list[str]) -> Notice:
    """That no photo meets the filters (words alone always have results)."""
    from app.gallery.chips import chips_of

    offers = [Offer(one, one) for one in better]
    if len(chips := chips_of(parsed)) > 1:
        offers += [Offer(f"Without {chip.text}", chip.rest) for chip in chips if chip.rest]
    line = printable(", ".join(query.reading))
    return Notice("No photo meets all of this", [line], "", offers)


def circumstances(here: GalleryService) -> list[str]:
    """What is going on, in a line each: a run, a read-only library, unplugged drives."""
    said = []
    run = run_of(here.config)
    if run.is_running():
        done = run.progress
        of = f" of {done.total:,}" if done.total else ""
        said.append(f"Indexing: {done.seen:,}{of} files looked at. Searching works meanwhile.")
    elif run.failed:
        said.append("Indexing has ended before it was done. The library's page says why.")
    if not here.library().writable:
        said.append(READ_ONLY)
    offline = [root.path for root in here.library().roots() if not is_online(root.path)]
    if offline:
        said.append(
            f"{plural(len(offline), 'folder')} can't be seen now (an unplugged drive?). The photos "
            "in there are still found, and shown small."
        )
    return said
