"""The text tower of a library's model, read while the library opens.

A search needs both. The tower is read and checked without holding Python's lock, so that the main
thread meanwhile imports SQLAlchemy. What Python itself does for OpenVINO comes before that: two
threads of Python only wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from app.config import Config
from indexer.languages.head import is_bundled
from indexer.languages.sentences import SentenceVectors
from store.errors import ClipsearchError
from store.sql.dialect.first_look import answering_model
from store.values import ModelInfo

if TYPE_CHECKING:
    from indexer.encoders.encoder import Encoder


class EarlyEncoder:
    """Reads the text tower of the configured library's model in a thread, if the cache has it.

    To be used in a ``with``, whose end waits until the tower is read: a process that ends while
    OpenVINO is at work may crash.

    Args:
        once: the process asks once and ends, so that a quick start is all that counts.

    Attributes:
        sentences: encodes queries in other languages; loaded by the thread behind the tower, where
            the model is the bundled one.
    """

    def __init__(self, config: Config, *, once: bool = False) -> None:
        # To ask a server which model it is takes longer than to read the tower.
        self._model = None if config.server else answering_model(config.library)
        self.sentences = SentenceVectors()
        self._read: Future[Encoder | None] = Future()
        read = _reader(self._model, config, once=once) if self._model else None
        if read is None:
            self._read.set_result(None)
        else:
            Thread(target=self._keep, args=(read,)).start()

    def __enter__(self) -> EarlyEncoder:
        return self

    def __exit__(self, *error: object) -> None:
        self._read.exception()

    def encoder(self, model: ModelInfo) -> Encoder | None:
        """The encoder of ``model``; None where it has to be loaded in the usual way."""
        return self._read.result() if model == self._model else None

    def _keep(self, read: Callable[[], Encoder | None]) -> None:
        try:
            self._read.set_result(read())
        except BaseException as error:
            self._read.set_exception(error)
        if self._model and is_bundled(self._model.fingerprint):
            self.sentences.prepare()


def _reader(model: ModelInfo, config: Config, *, once: bool) -> Callable[[], Encoder | None] | None:
    from indexer.encoders import engines

    try:
        return engines.reader_for_queries(
            model, device=config.device, engine=config.engine, cache=config.cache, once=once
        )
    except ClipsearchError:  # the usual way says it, once the library is known to be right
        return None
