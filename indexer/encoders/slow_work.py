"""Says what takes so long, to whoever listens to the logger ``clipsearch.model``.

The first use of a model loads its weights, converts them, and encodes some thousand texts: a minute
and more with a large one. Whoever waits is told after a second, and what takes less says nothing.
The command line shows these lines; a Python program can listen as to any logger.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LOG = logging.getLogger("clipsearch.model")
AFTER_S = 1.0


@contextmanager
def said_if_slow(text: str, after: float | None = None) -> Iterator[None]:
    """Log ``text`` once if the block takes longer than ``after`` seconds; default: ``AFTER_S``.

    Args:
        text: one line for people: what is being done, and how often that is.
    """
    timer = threading.Timer(AFTER_S if after is None else after, LOG.info, (text,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
