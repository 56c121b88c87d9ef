"""The encoder of one command: texts by NumPy, and all else by the usual encoder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from indexer.encoders import openvino_files
from indexer.encoders.encoder import Encoder
from indexer.encoders.engines import load_encoder
from indexer.encoders.query_encoder import QueryEncoder, kept, read
from indexer.encoders.text_arrays import FILE

pytestmark = pytest.mark.skipif(not openvino_files.is_available(), reason="then torch does it")


@pytest.fixture
def usual(tiny_model: Path, tmp_path: Path) -> Encoder:
    made = load_encoder(f"local-dir:{tiny_model}", cache=tmp_path, for_queries=True)
    openvino_files.wait_for_conversions()
    return made


def quick(cache: Path, usual: Encoder) -> QueryEncoder:
    place = kept(cache, usual.fingerprint)
    assert place
    encoder = read(place, usual)
    assert encoder
    return encoder


def test_it_encodes_as_the_usual_one_does(usual: Encoder, tmp_path: Path) -> None:
    encoder = quick(tmp_path, usual)
    facts = ("name", "fingerprint", "dim", "logit_scale", "image_size", "batch_size")
    assert all(getattr(encoder, fact) == getattr(usual, fact) for fact in facts)
    texts = ["a dog", "a boat on a lake", ""]
    np.testing.assert_allclose(encoder.encode_texts(texts), usual.encode_texts(texts), atol=1e-3)
    many = [f"{number} dogs" for number in range(40)]
    np.testing.assert_array_equal(encoder.encode_texts(many), usual.encode_texts(many))
    assert encoder.encode_texts([]).shape == (0, encoder.dim)
    long = "a dog on a beach " * 20
    assert encoder.truncates(long) and not encoder.truncates("a dog")
    pixels = np.full((encoder.image_size, encoder.image_size, 3), 99, np.uint8)
    np.testing.assert_array_equal(encoder.encode_images([pixels]), usual.encode_images([pixels]))


def test_damaged_arrays_are_not_used(usual: Encoder, tmp_path: Path) -> None:
    place = kept(tmp_path, usual.fingerprint)
    assert place
    (place.folder / FILE).write_bytes(b"damaged")
    assert read(place, usual) is None


def test_there_is_none_of_other_weights_or_in_an_empty_cache(
    usual: Encoder, tmp_path: Path
) -> None:
    assert kept(tmp_path / "empty", usual.fingerprint) is None
    place = kept(tmp_path, usual.fingerprint)
    assert place
    assert kept(tmp_path, usual.fingerprint[:32] + "0" * 32) is None
    (place.folder / openvino_files.FACTS).write_text(json.dumps({"facts": "{}"}))
    assert kept(tmp_path, usual.fingerprint) is None
