"""A short run of ``benchmarks/mutations.py``; the long one is by hand."""

from __future__ import annotations

import io

import pytest

from benchmarks.mutations import mutate, try_all
from benchmarks.tiny_pictures import tiny_pictures
from indexer.pictures.decode import decode
from indexer.pictures.formats import readable_formats

pytestmark = pytest.mark.one_python


@pytest.fixture(scope="module")
def pictures() -> dict[str, bytes]:
    return tiny_pictures()


def test_there_is_a_picture_of_every_format(pictures: dict[str, bytes]) -> None:
    formats = set()
    for name, content in pictures.items():
        formats.add(decode(io.BytesIO(content), 64)[1].format.upper())
        assert name.split()[0] in formats, name
    assert formats == {*readable_formats(), "DNG"}


def test_nothing_but_photo_errors(pictures: dict[str, bytes]) -> None:
    count = 20 * len(pictures)
    trials = try_all(count, 0, pictures)
    assert trials.failures == []
    assert trials.states.total() == count
    assert "no reason" not in trials.states
    # Else the mutations would be too mild to matter, or too wild to reach a decoder.
    assert count / 10 < trials.states["read"] < count * 0.7
    assert {"truncated", "damaged", "unsupported"} <= trials.states.keys()


def test_a_mutation_can_be_made_again(pictures: dict[str, bytes]) -> None:
    assert mutate("JPEG", 3, 1, pictures) == mutate("JPEG", 3, 1, pictures)
    assert len({mutate("JPEG", number, 1, pictures) for number in range(20)}) > 15
