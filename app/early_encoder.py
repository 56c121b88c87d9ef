"""The text tower of a library's model, read while the library opens.

A search needs both. OpenVINO reads a compiled tower without holding Python's lock, so that the
main thread meanwhile imports SQLAlchemy. What Python itself does for the model comes before that:
two threads of Python only wait for each other.
"""

from __future__ import annotations

from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from app.config import Config
from store.errors import ClipsearchError
from store.sql.dialect.first_look import answering_model
from store.values import ModelInfo

if TYPE_CHECKING:
    from indexer.encoders.encoder import Encoder
    from indexer.encoders.openvino_encoder import OpenVinoEncoder


class EarlyEncoder:
    """Reads the text tower of the configured library's model in a thread, if the cache has it.

    To be used in a ``with``, whose end waits for the thread: a process that ends while OpenVINO is
    at work may crash.
    """

    def __init__(self, config: Config) -> None:
        # To ask a server which model it is takes longer than to read the tower.
        self._model = None if config.server else answering_model(config.library)
        self._read: Future[Encoder | None] = Future()
        encoder = _known(self._model, config) if self._model else None
        if encoder is None:
            self._read.set_result(None)
        else:
            Thread(target=self._read_tower, args=(encoder,)).start()

    def __enter__(self) -> EarlyEncoder:
        return self

    def __exit__(self, *error: object) -> None:
        self._read.exception()

    def encoder(self, model: ModelInfo) -> Encoder | None:
        """The encoder of ``model``; None where it has to be loaded in the usual way."""
        return self._read.result() if model == self._model else None

    def _read_tower(self, encoder: OpenVinoEncoder) -> None:
        from indexer.encoders.openvino_files import TEXT

        try:
            encoder.tower(TEXT)
            encoder.encode_texts([""])  # the first takes ten times as long as any other
        except ClipsearchError:  # damaged; the usual way makes it anew
            self._read.set_result(None)
        except BaseException as error:
            self._read.set_exception(error)
        else:
            self._read.set_result(encoder)


def _known(model: ModelInfo, config: Config) -> OpenVinoEncoder | None:
    from indexer.encoders import engines

    try:
        return engines.known_for_queries(
            model.name,
            device=config.device,
            engine=config.engine,
            cache=config.cache,
            fingerprint=model.fingerprint,
        )
    except ClipsearchError:  # the usual way says it, once the library is known to be right
        return None
