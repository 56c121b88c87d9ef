"""The text tower that is read while the library opens, with a real model in a real cache."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.config import Config
from app.early_encoder import EarlyEncoder
from app.languages.asked import Asked
from indexer.encoders import openvino_files
from indexer.encoders.encoder import Encoder
from indexer.encoders.engines import load_encoder
from indexer.encoders.query_encoder import QueryEncoder
from indexer.encoders.text_arrays import FILE
from store.address import Address
from store.library import Library
from store.values import ModelInfo
from store.vectors import Vectors

pytestmark = pytest.mark.skipif(not openvino_files.is_available(), reason="then torch does it")


@pytest.fixture
def tiny(tiny_model: Path, tmp_path: Path) -> Encoder:
    """A model that the cache in ``tmp_path`` has."""
    made = load_encoder(f"local-dir:{tiny_model}", cache=tmp_path / "cache", for_queries=True)
    openvino_files.wait_for_conversions()
    return made


@pytest.fixture
def model(library: Library, tiny: Encoder) -> ModelInfo:
    with library.writing() as writer:
        return writer.add_model(tiny.name, tiny.fingerprint, tiny.dim)


@pytest.fixture
def config(library: Library, tmp_path: Path) -> Config:
    return Config(library=library.folder, cache=tmp_path / "cache")


@pytest.mark.parametrize("once", [False, True])
def test_it_encodes_as_the_usual_one_does(
    model: ModelInfo, tiny: Encoder, config: Config, once: bool
) -> None:
    with EarlyEncoder(config, once=once) as early:
        read = early.texts(model)
        assert read is not None and read.encoder.fingerprint == tiny.fingerprint
        encoder, texts = read.encoder, ["a dog", "a boat on a lake"]
        assert encoder.engine.startswith("NumPy" if once else "OpenVINO")
        np.testing.assert_allclose(encoder.encode_texts(texts), tiny.encode_texts(texts), atol=1e-3)
        # Where the library, once it is open, names a different model than the first look did.
        assert early.texts(replace(model, fingerprint="of other weights")) is None


def test_whatever_is_not_as_usual_is_left_to_the_usual_way(
    model: ModelInfo, config: Config, tmp_path: Path
) -> None:
    for unusual in (
        replace(config, cache=tmp_path / "empty"),
        replace(config, engine="torch"),
        replace(config, engine="no such engine"),
        replace(config, device="cuda"),
        replace(config, library=tmp_path / "nowhere"),
        replace(config, server=Address("postgresql://nobody@localhost/nothing")),
    ):
        for once in (False, True):
            with EarlyEncoder(unusual, once=once) as early:
                assert early.texts(model) is None, unusual


def test_openvino_runs_it_where_that_is_asked_for(model: ModelInfo, config: Config) -> None:
    with EarlyEncoder(replace(config, engine="openvino"), once=True) as early:
        read = early.texts(model)
        assert read and read.encoder.engine.startswith("OpenVINO")


def test_the_likely_texts_are_encoded_meanwhile_and_once(
    model: ModelInfo, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode, encoded = QueryEncoder.encode_texts, []

    def recorded(self: QueryEncoder, texts: Sequence[str]) -> Vectors:
        encoded.append((threading.current_thread() is threading.main_thread(), *texts))
        return encode(self, texts)

    monkeypatch.setattr(QueryEncoder, "encode_texts", recorded)
    with EarlyEncoder(config, once=True, likely=["a dog"]) as early:
        texts = early.texts(model)
        assert texts is not None
        alone = texts.encoder.encode_texts(["a dog"])
        np.testing.assert_array_equal(texts.vectors(["a dog"], Asked("auto")), alone)
        texts.vectors(["a boat"])
    assert sorted(encoded) == [(False, "a dog"), (True, "a boat"), (True, "a dog")]


@pytest.mark.parametrize("once", [False, True])
def test_a_damaged_tower_is_left_to_the_usual_way(
    model: ModelInfo, tiny: Encoder, config: Config, once: bool
) -> None:
    folder = openvino_files.folder_of(config.cache, tiny.fingerprint)
    (folder / ("text.arrays" if once else "text-0.blob")).write_bytes(b"damaged")
    with EarlyEncoder(config, once=once) as early:
        assert early.texts(model) is None
    assert not folder.exists()  # to be made anew
    usual = load_encoder(model.name, cache=config.cache, for_queries=True)
    texts = ["a dog"]
    np.testing.assert_array_equal(usual.encode_texts(texts), tiny.encode_texts(texts))


def test_damaged_arrays_leave_the_towers_of_weights_that_are_gone(
    library: Library, tiny_model: Path, config: Config, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_model, tmp_path / "model")
    made = load_encoder(f"local-dir:{folder}", cache=config.cache, for_queries=True)
    with library.writing() as writer:
        model = writer.add_model(made.name, made.fingerprint, made.dim)
    shutil.rmtree(folder)
    (openvino_files.folder_of(config.cache, made.fingerprint) / FILE).write_bytes(b"damaged")
    with EarlyEncoder(config, once=True) as early:
        assert early.texts(model) is None
    usual = load_encoder(
        model.name, cache=config.cache, fingerprint=model.fingerprint, for_queries=True
    )
    np.testing.assert_array_equal(usual.encode_texts(["a dog"]), made.encode_texts(["a dog"]))
