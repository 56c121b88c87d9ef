"""The search page: a box, and the photos that look most like what it says."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from app.config import Config, load_config
from app.query_parser import parse_query
from app.results import Hit
from app.search import Searcher
from app.services import open_searcher
from indexer.decode import decode
from indexer.scan import printable
from store.errors import ClipsearchError, LibraryNotFound, PhotoError

_COLUMNS = 4
_RESULTS = 24
_THUMBNAIL = 384  # pixels, longer side


def search_page() -> None:
    st.set_page_config(page_title="clipsearch", layout="wide")
    st.title("clipsearch")
    try:
        searcher = _searcher(load_config())
    except LibraryNotFound:
        st.info("There are no photos yet. Index a folder of them, then reload this page:")
        st.code("clipsearch index ~/Pictures", language="shell")
        return
    except ClipsearchError as error:
        st.error("The library can't be searched.")
        st.text(str(error))
        return

    text = st.text_input("What does the photo show?", placeholder="a dog on a beach", key="query")
    if not text:
        st.caption(f"{searcher.count():,} pictures can be found.")
        return
    try:
        results = searcher.search(parse_query(text), _RESULTS)
    except ClipsearchError as error:
        st.warning("The query can't be searched for.")
        st.text(str(error))
        return
    if len(results.query.terms) != 1 or results.query.reading:
        st.text(f"Searching for: {printable(str(results.query))}")
    if results.cut:
        st.caption("The query is longer than the model reads: only its beginning counts.")
    if not results.hits:
        none = "Nothing was found." if searcher.count() else "The library holds no photo yet."
        st.info(none)
        return
    clear = [hit for hit in results.hits if hit.relevance != "weak"]
    weak = [hit for hit in results.hits if hit.relevance == "weak"]
    _gallery(clear)
    if weak:
        st.caption("Weaker matches" if clear else "Nothing here clearly matches; the nearest are:")
    _gallery(weak)


def _gallery(hits: Sequence[Hit]) -> None:
    for start in range(0, len(hits), _COLUMNS):
        row = hits[start : start + _COLUMNS]
        for column, hit in zip(st.columns(_COLUMNS), row, strict=False):
            with column:
                _show(hit)


@st.cache_resource(show_spinner="Loading the model ...", max_entries=2)
def _searcher(config: Config) -> Searcher:
    return open_searcher(config)


def _show(hit: Hit) -> None:
    picture = _picture(hit)
    if picture is None:
        st.text("(can't be shown now)")
    else:
        st.image(picture, width="stretch")
    # st.text: a file name is not Markdown, whatever its author thought.
    st.text(f"{printable(hit.path.name)}\n{hit.taken_at:%Y-%m-%d}  {hit.relevance or ''}")


def _picture(hit: Hit) -> bytes | None:
    try:
        return _thumbnail(hit.path, hit.path.stat().st_mtime_ns)
    except OSError:  # offline, or gone since it was indexed
        return None


@st.cache_data(show_spinner=False, max_entries=5_000)
def _thumbnail(path: Path, mtime_ns: int) -> bytes | None:
    """A small JPEG of a photo; None if it can't be read (any more)."""
    del mtime_ns  # part of the cache's key: a changed file is read again
    try:
        with path.open("rb") as file:
            image, _ = decode(file, _THUMBNAIL)
    except (PhotoError, OSError):
        return None
    image.thumbnail((_THUMBNAIL, _THUMBNAIL))
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=80)
    return encoded.getvalue()
