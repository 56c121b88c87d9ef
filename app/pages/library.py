"""The page of the library: what is in it, what could not be read and why, and indexing.

The component draws it, and asks for what it shows by ``app.web.library_routes``.
"""

from __future__ import annotations

from dataclasses import replace

from app.pages import notices
from app.pages.address import current
from app.pages.component import gallery
from app.pages.edits import edited, follow
from app.pages.reader import texts_of_reader
from app.pages.search import frame, say
from app.web.shared_service import gallery_service
from store.errors import ClipsearchError, LibraryNotFound


def library_page() -> None:
    follow("library")
    here = gallery_service()
    try:
        here.library()
    except LibraryNotFound:
        pass  # this page is where its first folder can be added
    except ClipsearchError as error:
        say(here, current(), notices.cannot_search(error, texts_of_reader()))
        return
    gallery(replace(frame(here, current()), key="library", page="library"), edited)
