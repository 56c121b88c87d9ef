"""Iterators across threads, with bounded memory and a clean end."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor, Future
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_POLL_S = 0.1


def prefetch(items: Iterable[T], ahead: int) -> Generator[T, None, None]:
    """``items``, fetched by a thread, at most ``ahead`` of them in advance.

    An exception of ``items`` is raised here, in its turn. Closing this iterator ends the thread.
    """
    waiting: queue.Queue[tuple[T | None, BaseException | None, bool]] = queue.Queue(ahead)
    closed = threading.Event()

    def put(entry: tuple[T | None, BaseException | None, bool]) -> bool:
        while not closed.is_set():
            try:
                waiting.put(entry, timeout=_POLL_S)
                return True
            except queue.Full:
                continue
        return False

    def run() -> None:
        try:
            for item in items:
                if not put((item, None, False)):
                    return
            put((None, None, True))
        except BaseException as error:  # raised again in the consumer's thread
            put((None, error, True))

    thread = threading.Thread(target=run, name="prefetch", daemon=True)
    thread.start()
    try:
        while True:
            item, error, last = waiting.get()
            if error:
                raise error
            if last:
                return
            yield item  # type: ignore[misc]  # an item: neither error nor end
    finally:
        closed.set()
        thread.join()


def bounded_map(
    pool: Executor, function: Callable[[T], R], items: Iterable[T], window: Callable[[], int]
) -> Generator[R, None, None]:
    """``function`` of each item, in order; at most ``window()`` items are under way or waiting.

    Closing this iterator cancels what has not begun.
    """
    pending: deque[Future[R]] = deque()
    source = iter(items)
    try:
        for item in source:
            pending.append(pool.submit(function, item))
            while len(pending) >= window():
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        for future in pending:
            future.cancel()
