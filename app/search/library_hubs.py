"""How near each photo of a library is to everything, kept with the library; see ``hubs``."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np

from app.labels.concept_vectors import ConceptVectors, encoding
from app.search.hub_texts import bank
from app.search.hubs import WEIGHT, HubMeter, Hubs, KnownHubs, MetHubs
from app.search.library_index import IndexNow
from indexer.encoders.encoder import Encoder
from indexer.encoders.slow_work import said_if_slow
from store.errors import ModelError, Stopped
from store.files import hub_files
from store.library import Library
from store.values import ModelInfo
from store.vectors import Ids, Vectors, VectorSearch

AT_ONCE = 50_000  # photos that are measured while somebody waits for an answer: two seconds
_READ = 10_000  # vectors


class LibraryHubs:
    """The numbers of one library by one model, kept up to date in a file beside the index.

    Args:
        cache: the folder that keeps the bank's embeddings, for all libraries together.
    """

    def __init__(self, library: Library, model: ModelInfo, encoder: Encoder, cache: Path) -> None:
        self._library, self._model, self._encoder = library, model, encoder
        self._cache = cache
        self._meter: HubMeter | None = None
        self._now: tuple[IndexNow, Hubs] | None = None
        self._last: tuple[str, Ids, Vectors] | None = None  # with their version
        self._lock = threading.Lock()
        self._begun: threading.Thread | None = None
        self._closed = threading.Event()

    def close(self) -> None:
        """End what goes on in the background with the photos that it is at, and wait for that.

        A process that ends beside it crashes.
        """
        self._closed.set()
        if (begun := self._begun) is not None:
            begun.join()

    def soon(self, index: IndexNow) -> Hubs | None:
        """The numbers of the photos in ``index``, if that takes no time to speak of.

        None where many photos have none yet, which are then measured in the background, and without
        the model: then nothing is taken off.
        """
        now = self._now
        if now is not None and now[0] is index:
            return now[1]
        with suppress(ModelError):
            kept = self._kept()
            if len(index.vectors) - (0 if kept is None else len(kept[0])) <= AT_ONCE:
                return self.all(index)
            if not self._begun:
                self._begun = threading.Thread(target=self._work, args=(index,), daemon=True)
                self._begun.start()
        return None

    def _work(self, index: IndexNow) -> None:
        with suppress(ModelError, Stopped):  # then it is not begun again: the model is gone
            self.all(index)
            self._begun = None

    def all(self, index: IndexNow) -> Hubs:
        """The numbers of all photos in ``index``: new ones are measured, gone ones forgotten.

        Raises:
            ModelError: the model is needed for that and can't be had.
        """
        with self._lock:
            if self._now is None or self._now[0] is not index:
                self._now = index, self._up_to_date(index)
            return self._now[1]

    def _up_to_date(self, index: IndexNow) -> Hubs:
        version, vectors = self._version, index.vectors
        ids = np.sort(vectors.ids())
        kept = self._kept()
        if kept is None:
            kept = ids[:0], np.empty(0, np.float32)
        if not np.array_equal(kept[0], ids):
            kept = ids, KnownHubs(*kept, partial(self._measured, vectors), ids[:0]).of(ids)
            with suppress(OSError):  # a library that can only be read is measured each time
                hub_files.save(self._file, version, *kept)
        self._last = version, *kept
        return KnownHubs(*kept, partial(self._measured, vectors), index.sample_ids)

    def _kept(self) -> tuple[Ids, Vectors] | None:
        """What the last time left: in memory, or in the file."""
        version = self._version
        if self._last is None or self._last[0] != version:
            saved = hub_files.load(self._file, version)
            self._last = saved and (version, *saved)
        return self._last and self._last[1:]

    @property
    def _file(self) -> Path:
        return hub_files.path(self._library.folder, self._model)

    @property
    def _version(self) -> str:
        # Numbers are kept by id, and ids mean other contents once a backup has been restored.
        return f"{bank().digest} {self._model.fingerprint} {WEIGHT} {self._library.past()}"

    def _measured(self, vectors: VectorSearch, ids: Ids) -> Vectors:
        numbers = np.empty(len(ids), np.float32)
        for start in range(0, len(ids), _READ):
            if self._closed.is_set() and threading.current_thread() is self._begun:
                raise Stopped
            part = slice(start, start + _READ)
            numbers[part] = self.meter(vectors.vectors(ids[part]))
        return numbers

    @property
    def meter(self) -> HubMeter:
        """What measures photos, made when it is first asked for.

        Raises:
            ModelError: the model can't be loaded.
        """
        if self._meter is None:
            kept = ConceptVectors(self._cache, self._model, bank())
            texts = kept.load()
            if texts is None:
                with said_if_slow(encoding(len(bank().names))):
                    texts = self._encoder.encode_texts(bank().names)
                kept.save(texts)
            self._meter = HubMeter(texts, self._encoder.logit_scale)
        return self._meter


class ServerHubs(LibraryHubs):
    """The same for a library on a server: photos are measured when they are first met.

    No machine holds the numbers of all photos: those that were met lately are kept in memory, and
    those of the library's sample in a file.
    """

    def soon(self, index: IndexNow) -> Hubs | None:
        with suppress(ModelError):
            return self.all(index)
        return None

    def _up_to_date(self, index: IndexNow) -> Hubs:
        version, measured = self._version, partial(self._measured, index.vectors)
        ids = np.sort(index.sample_ids)
        kept = self._kept() or (ids[:0], np.empty(0, np.float32))
        numbers = KnownHubs(*kept, measured, ids[:0]).of(index.sample_ids)
        if not np.isin(ids, kept[0]).all():
            kept = ids, numbers[np.argsort(index.sample_ids, kind="stable")]
            with suppress(OSError):
                hub_files.save(self._file, version, *kept)
            self._last = version, *kept
        return MetHubs(index.sample_ids, numbers, measured)


def hubs_of_library(
    library: Library, model: ModelInfo, encoder: Encoder, cache: Path
) -> LibraryHubs:
    """What measures the photos of a library: kept in a file, or met on a server."""
    kind = ServerHubs if library.shares_labels else LibraryHubs
    return kind(library, model, encoder, cache)
