"""Variables of the environment that a library asks once, while it is imported."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def set_meanwhile(name: str, value: str) -> Iterator[None]:
    """The variable ``name`` is ``value`` while the block runs, unless the environment has it.

    What this process starts later is not to find it there.
    """
    if name in os.environ:
        yield
        return
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name, None)  # another thread may have been here meanwhile
