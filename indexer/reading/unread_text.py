"""Reads the text in all pictures that nobody has looked at, likely ones first, as long as it may.

What was read is written every few seconds, so that a run which is stopped or killed goes on where
it was, and others can write to the library in between.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexer.encoders.encoder import Encoder
from indexer.pictures import file_bytes
from indexer.pictures.read_photo import read_photo
from indexer.reading.text_reader import SIDE
from store.errors import LibraryBusy, LibraryDamaged, ModelError, ModelFailed, PhotoError, Vanished
from store.library import Library
from store.online import is_online
from store.picture_text import ReadText, TextLine
from store.states import State
from store.values import ModelInfo, PhotoInfo
from store.vectors import Ids

_WRITE_EVERY_S = 5.0
_AHEAD = 2  # pictures decoded while one is read
_AT_ONCE = 5_000  # vectors
_DECODED_SIDE = SIDE // 2  # the least of the shorter side; decoding keeps half as much again
_TRIES, _PAUSE_S = 60, 1.0  # to write, in the end, while others do

WITH_TEXT = (
    *("a screenshot", "a photo of a receipt", "a page of a document", "a photo of a street sign"),
    *("a poster with words", "a photo of a menu", "a sign with letters", "the cover of a book"),
)
WITHOUT_TEXT = (
    *("a photo of people", "a landscape", "a photo of an animal", "a photo of food"),
    *("a photo of flowers", "a photo of the sky", "a photo of a room", "a photo of the sea"),
)


class LineReader(Protocol):
    """See ``indexer.reading.text_reader.PictureTextReader``."""

    @property
    def name(self) -> str: ...
    def read(self, image: Image.Image) -> list[TextLine]: ...


@dataclass(frozen=True)
class TextProgress:
    """How far a run is.

    Attributes:
        total: pictures that nobody had looked at when it began.
        done: those of them that are dealt with.
        with_text, problems: those in which text was read, and those that could not be read.
        skipped: those whose files are not there, or not as they were indexed.
    """

    total: int
    done: int = 0
    with_text: int = 0
    problems: int = 0
    skipped: int = 0


def read_texts(
    library: Library,
    reader: LineReader,
    encoder: Encoder | None,
    stop: threading.Event,
    waiting: Ids | None = None,
) -> Iterator[TextProgress]:
    """Read pictures until all are, or ``stop`` is set. Yields after each; the first before any.

    Args:
        encoder: of the library's model, by which pictures that show text come first.
        waiting: what ``unread`` gives, where somebody has asked for it already.

    Raises:
        EngineUnavailable: the reader does not work here.
        LibraryBusy: somebody else had the library all the time in the end.
    """
    waiting = likely_first(library, encoder, unread(library) if waiting is None else waiting)
    so_far = TextProgress(len(waiting))
    yield so_far
    texts: dict[int, ReadText] = {}
    written = time.monotonic()
    try:
        with ThreadPoolExecutor(_AHEAD, thread_name_prefix="text") as pool:
            for id, drawn in _decoded(library, waiting, pool, stop):
                text = _text_of(drawn, reader)
                if text:
                    texts[id] = text
                so_far = _after(so_far, text)
                yield so_far
                if time.monotonic() - written > _WRITE_EVERY_S:
                    _write(library, texts, tries=1)
                    written = time.monotonic()
    finally:
        _write(library, texts, tries=_TRIES)


def unread(library: Library) -> Ids:
    """Contents that nobody has looked at and that can be read now, (n,)."""
    return library.without_text([root for root in library.roots() if is_online(root.path)])


def likely_first(library: Library, encoder: Encoder | None, ids: Ids) -> Ids:
    """``ids`` (n,), those first that look like pictures with text by what they are embedded as."""
    model = library.model()
    if not len(ids) or encoder is None or model is None:
        return ids
    if encoder.fingerprint != model.fingerprint:
        return ids
    try:
        likeness = _likeness(library, encoder, model, ids)
    except (ModelError, LibraryDamaged):  # the order is only a guess
        return ids
    return np.asarray(ids[np.argsort(-likeness, kind="stable")], np.int64)


def _likeness(
    library: Library, encoder: Encoder, model: ModelInfo, ids: Ids
) -> NDArray[np.float64]:
    """How much more contents look like pictures with text than like others, (n,)."""
    vectors = encoder.encode_texts([*WITH_TEXT, *WITHOUT_TEXT])
    likeness = np.full(len(ids), -np.inf)
    (embedded,) = np.nonzero(np.isin(ids, library.matching(model, None)))
    for start in range(0, len(embedded), _AT_ONCE):
        part = embedded[start : start + _AT_ONCE]
        cosines = library.vectors(model, ids[part]) @ vectors.T
        text, other = np.split(cosines, [len(WITH_TEXT)], axis=1)
        likeness[part] = text.max(axis=1) - other.max(axis=1)
    return likeness


# -- one picture after the other ------------------------------------------------------------------

_Drawn = Image.Image | PhotoError | None
"""A decoded picture, why there is none, or that it is not there."""


def _decoded(
    library: Library, ids: Ids, pool: ThreadPoolExecutor, stop: threading.Event
) -> Iterator[tuple[int, _Drawn]]:
    """Each of ``ids`` that nobody else has read meanwhile, decoded ahead."""
    ahead: list[tuple[int, Future[_Drawn]]] = []
    for start in range(0, len(ids), 100):
        part = ids[start : start + 100].tolist()
        files, digests = library.photos_of(part), library.content_digests(part)
        read = library.texts(part)
        for id in part:
            if stop.is_set():
                return
            if id in read or id not in digests:
                continue
            mine = files.get(id, [])
            is_video = any(file.facts and file.facts.duration_ms is not None for file in mine)
            at_ms = library.first_frame_at(id) if is_video else None
            ahead.append((id, pool.submit(_decode, mine, digests[id], at_ms)))
            if len(ahead) > _AHEAD:
                first, drawn = ahead.pop(0)
                yield first, drawn.result()
    for first, drawn in ahead:
        if stop.is_set():
            return
        yield first, drawn.result()


def _decode(files: Sequence[PhotoInfo], digest: bytes, at_ms: int | None) -> _Drawn:
    problem: PhotoError | None = None
    for file in files:
        try:
            if at_ms is not None:
                image = _frame(file, at_ms)
            else:
                image = read_photo(file.path, _DECODED_SIDE, lambda read: read != digest).image
        except PhotoError as error:
            if error.state is not State.UNREADABLE:  # which it may be the next time
                problem = error
        except Vanished:
            continue
        else:
            if image is not None:
                return image
    return problem


def _frame(file: PhotoInfo, at_ms: int) -> Image.Image | None:
    """One frame of a video, of which no other is decoded and most bytes are not read; None if its
    file is not as it was indexed, or can't be read now."""
    try:
        from indexer.videos.decode_video import frame_at

        with file.path.open("rb") as opened:
            if file_bytes.stamp(opened)[:2] != (file.size, file.mtime_ns):
                return None
            return frame_at(opened, at_ms, _DECODED_SIDE)
    except (OSError, ImportError):  # PyAV may have gone since
        return None


def _text_of(drawn: _Drawn, reader: LineReader) -> ReadText | None:
    if drawn is None:
        return None
    if isinstance(drawn, PhotoError):
        return ReadText([], reader.name, str(drawn))
    try:
        return ReadText(reader.read(drawn), reader.name)
    except ModelFailed as error:
        return ReadText([], reader.name, str(error))


def _after(so_far: TextProgress, text: ReadText | None) -> TextProgress:
    return TextProgress(
        so_far.total,
        so_far.done + 1,
        so_far.with_text + bool(text and text.lines),
        so_far.problems + bool(text and text.problem),
        so_far.skipped + (text is None),
    )


def _write(library: Library, texts: dict[int, ReadText], tries: int) -> None:
    """Write and forget ``texts``; where somebody else has the library, later."""
    for left in reversed(range(tries)):
        if not texts:
            return
        try:
            with library.writing(at_once=True) as writer:
                writer.set_texts(texts)
            texts.clear()
        except LibraryBusy:
            if not left and tries > 1:
                raise
            if left:
                time.sleep(_PAUSE_S)
