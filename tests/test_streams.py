from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from indexer.streams import bounded_map, prefetch


def test_prefetch_keeps_order() -> None:
    assert list(prefetch(iter(range(100)), 3)) == list(range(100))


def test_prefetch_is_bounded() -> None:
    taken = 0

    def source() -> Iterator[int]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield number

    stream = prefetch(source(), 5)
    next(stream)
    time.sleep(0.2)
    assert taken <= 8  # one given, five waiting, one in hand
    stream.close()


def test_prefetch_passes_errors_on_in_their_turn() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise LookupError("here")

    stream = prefetch(source(), 5)
    assert next(stream) == 1
    with pytest.raises(LookupError, match="here"):
        next(stream)


def test_closing_prefetch_ends_its_thread() -> None:
    stream = prefetch(iter(range(10**9)), 2)
    next(stream)
    stream.close()
    assert not [t for t in threading.enumerate() if t.name == "prefetch"]


def test_bounded_map_keeps_order_and_bound() -> None:
    under_way = most = 0
    lock = threading.Lock()

    def work(number: int) -> int:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.001 * (number % 3))
        with lock:
            under_way -= 1
        return number * 2

    with ThreadPoolExecutor(8) as pool:
        assert list(bounded_map(pool, work, range(50), lambda: 4)) == [n * 2 for n in range(50)]
    assert most <= 4


def test_bounded_map_takes_no_more_than_its_window() -> None:
    taken: list[int] = []

    def source() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    with ThreadPoolExecutor(2) as pool:
        stream = bounded_map(pool, lambda n: n, source(), lambda: 6)
        next(stream)
        assert len(taken) <= 6
        stream.close()


def test_bounded_map_passes_errors_on() -> None:
    def work(number: int) -> int:
        if number == 3:
            raise LookupError
        return number

    with ThreadPoolExecutor(2) as pool:
        stream = bounded_map(pool, work, range(10), lambda: 4)
        assert [next(stream) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(LookupError):
            next(stream)
