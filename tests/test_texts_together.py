"""Texts of several threads go as one batch, and everybody gets their own vectors."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from indexer.encoders.texts_together import AT_ONCE, TextsTogether
from store.errors import ModelFailed
from store.vectors import Vectors


class Gate:
    """Encodes a text as its length; the first batch waits until ``opened``."""

    def __init__(self) -> None:
        self.opened, self.entered = threading.Event(), threading.Event()
        self.batches: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(list(texts))
        self.entered.set()
        assert self.opened.wait(30)
        if "bad" in texts:
            raise ModelFailed("The model failed.")
        return np.array([[len(text)] for text in texts], np.float32)


def waiting(together: TextsTogether) -> int:
    return len(together._waiting)


def together_with(gate: Gate, asked: list[list[str]]) -> tuple[TextsTogether, list[object]]:
    """What each of ``asked`` got, having waited while a first batch was being encoded."""
    together = TextsTogether(gate)
    with ThreadPoolExecutor(len(asked) + 1) as pool:
        first = pool.submit(together, ["first"])
        assert gate.entered.wait(30)
        others = []
        for number, texts in enumerate(asked, 1):
            others.append(pool.submit(together, texts))
            while waiting(together) < number:  # in the order that they are named
                threading.Event().wait(0.001)
        gate.opened.set()
        assert first.result().tolist() == [[5]]
        results: list[object] = [one.exception() or one.result().tolist() for one in others]
    return together, results


def test_those_who_wait_go_together() -> None:
    gate = Gate()
    _, results = together_with(gate, [["a"], ["bb", "ccc"], [], ["dddd"]])
    assert results == [[[1]], [[2], [3]], [], [[4]]]
    assert gate.batches == [["first"], ["a", "bb", "ccc", "dddd"]]


def test_a_batch_is_not_larger_than_it_may_be() -> None:
    gate = Gate()
    many = ["x"] * (AT_ONCE - 1)
    _, results = together_with(gate, [many, ["yy"], ["zzz"], ["w"] * (AT_ONCE + 1)])
    assert results[1:3] == [[[2]], [[3]]]
    sizes = [len(batch) for batch in gate.batches]
    assert sizes == [1, AT_ONCE, 1, AT_ONCE + 1]  # what one thread asks stays together


def test_an_error_reaches_all_of_its_batch_and_nobody_after() -> None:
    gate = Gate()
    together, results = together_with(gate, [["a"], ["bad"]])
    assert [type(one) for one in results] == [ModelFailed, ModelFailed]
    assert together(["later"]).tolist() == [[5]]


def test_alone_it_is_encoded_at_once() -> None:
    gate = Gate()
    gate.opened.set()
    together = TextsTogether(gate)
    assert together(["one"]).tolist() == [[3]]
    with pytest.raises(ModelFailed):
        together(["bad"])
    assert together(["four"]).tolist() == [[4]]
