"""The text tower of a library's model, read while the library opens, and the query encoded by it.

A search needs both. The tower is read and checked, and the texts are encoded, without holding
Python's lock, so that the main thread meanwhile imports SQLAlchemy. What Python itself does for
OpenVINO comes before that: two threads of Python only wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from app.config import Config
from app.languages.asked import Asked
from app.languages.query_texts import QueryTexts
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
        likely: the texts that will probably be asked for, encoded by the thread as well; None
            where nobody knows.

    Attributes:
        sentences: encodes queries in other languages. Where nobody knows what will be asked, the
            thread loads it behind the tower of the bundled model.
    """

    def __init__(
        self, config: Config, *, once: bool = False, likely: Sequence[str] | None = None
    ) -> None:
        # To ask a server which model it is takes longer than to read the tower.
        self._model = None if config.server else answering_model(config.library)
        self._likely, self._asked = likely, Asked(config.language)
        self.sentences = SentenceVectors()
        self._read: Future[QueryTexts | None] = Future()
        read = _reader(self._model, config, once=once) if self._model else None
        if self._model is None or read is None:
            self._read.set_result(None)
        else:
            Thread(target=self._keep, args=(self._model, read)).start()

    def __enter__(self) -> EarlyEncoder:
        return self

    def __exit__(self, *error: object) -> None:
        self._read.exception()

    def texts(self, model: ModelInfo) -> QueryTexts | None:
        """What encodes texts for ``model``; None where it has to be loaded in the usual way."""
        return self._read.result() if model == self._model else None

    def _keep(self, model: ModelInfo, read: Callable[[], Encoder | None]) -> None:
        try:
            encoder = read()
            texts = None if encoder is None else QueryTexts(model, encoder, self.sentences)
        except BaseException as error:
            self._read.set_exception(error)
            return
        if texts is None or self._likely is None:
            self._read.set_result(texts)
            if is_bundled(model.fingerprint):
                self.sentences.prepare()
            return
        with texts.others_wait():
            self._read.set_result(texts)
            with suppress(ClipsearchError):  # whoever asks for them meets it again
                texts.vectors(self._likely, self._asked)


def _reader(model: ModelInfo, config: Config, *, once: bool) -> Callable[[], Encoder | None] | None:
    from indexer.encoders import engines

    try:
        return engines.reader_for_queries(
            model, device=config.device, engine=config.engine, cache=config.cache, once=once
        )
    except ClipsearchError:  # the usual way says it, once the library is known to be right
        return None
