"""Texts of several threads as one batch: sixteen together cost half of sixteen one by one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from store.vectors import Vectors

AT_ONCE = 64
"""Texts in a batch at most, so that nobody waits long for what others ask."""


class _Asked:
    """What one thread wants, and what came of it."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.vectors: Vectors | None = None
        self.error: Exception | None = None


class TextsTogether:
    """Calls ``encode`` for all who wait; one of them does it for the others.

    Nobody waits for company: whoever comes while nothing is encoded is served at once, and whoever
    comes meanwhile goes with the next batch. Safe to share by threads.

    Args:
        encode: texts (n,) to vectors (n, dim); called by one thread at a time.
    """

    def __init__(self, encode: Callable[[Sequence[str]], Vectors]) -> None:
        self._encode = encode
        self._lock = threading.Lock()  # of the list of those who wait
        self._turn = threading.Lock()  # of whoever encodes
        self._waiting: list[_Asked] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """The vectors of ``texts`` (n,): (n, dim).

        Raises:
            Exception: what ``encode`` raised for the batch that they were in.
        """
        own = _Asked(texts)
        with self._lock:
            self._waiting.append(own)
        with self._turn:
            while own.vectors is None and own.error is None:  # those who came before go first
                self._encode_some()
        if own.error is not None:
            raise own.error
        assert own.vectors is not None
        return own.vectors

    def _encode_some(self) -> None:
        with self._lock:
            batch = [self._waiting.pop(0)]
            count = len(batch[0].texts)
            while self._waiting and count + len(self._waiting[0].texts) <= AT_ONCE:
                batch.append(self._waiting.pop(0))
                count += len(batch[-1].texts)
        try:
            vectors = self._encode([text for one in batch for text in one.texts])
        except Exception as error:
            for one in batch:
                one.error = error
            return
        start = 0
        for one in batch:
            one.vectors = vectors[start : start + len(one.texts)]
            start += len(one.texts)
