"""Ctrl-C: what it ends at once, and what it asks to end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

STOPPED = 130  # the exit code


@contextmanager
def stopped_at_once() -> Iterator[bool]:
    """Within the block, which imports modules, Ctrl-C ends the process.

    An import that Ctrl-C interrupts raises whatever the package makes of that, and a package that
    is half imported can't be used any more.

    Yields whether Ctrl-C is watched: not where somebody else does it, or where it is to be ignored.
    """
    watched = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if watched:
        signal.signal(signal.SIGINT, lambda _number, _frame: stop())
    try:
        yield watched
    finally:
        if watched:
            signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """The first Ctrl-C (or SIGTERM) asks the work to end; a second one interrupts it."""
    stop = threading.Event()

    def handle(_number: int, _frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def stop() -> None:
    """End the process as one that Ctrl-C has ended."""
    os.write(2, b"clipsearch: Stopped.\n")
    os._exit(STOPPED)
