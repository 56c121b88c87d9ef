"""Which engine is taken where."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conftest import TINY, make_model
from indexer.encoders import engines, openvino_files
from indexer.encoders.engines import load_encoder
from store.errors import DeviceUnavailable, EngineUnavailable


def test_a_cpu_gets_openvino_unless_torch_is_asked_for(tiny_model: Path, tmp_path: Path) -> None:
    name = f"local-dir:{tiny_model}"
    for options, engine in {
        ("auto", "cpu"): "OpenVINO",
        ("openvino", "auto"): "OpenVINO",
        ("openvino", "cpu"): "OpenVINO",
        ("torch", "cpu"): "torch on cpu",
    }.items():
        encoder = load_encoder(name, engine=options[0], device=options[1], cache=tmp_path)
        assert encoder.engine.startswith(engine), options
        assert encoder.name == name


def test_a_gpu_encodes_photos_but_queries_do_not_wait_for_it(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "may_have_gpu", lambda: True)
    monkeypatch.setattr(engines, "best_device", lambda: "cuda")
    monkeypatch.setattr(engines, "_by_torch", lambda name, device: f"torch for {device}")
    name = f"local-dir:{tiny_model}"
    assert str(load_encoder(name, cache=tmp_path)) == "torch for auto"
    asked = load_encoder(name, cache=tmp_path, for_queries=True)
    assert asked.engine.startswith("OpenVINO")
    told = load_encoder(name, device="cuda", cache=tmp_path, for_queries=True)
    assert str(told) == "torch for cuda"


def test_wrong_wishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineUnavailable, match="Engines: auto, torch, openvino"):
        load_encoder("starter", engine="onnx", cache=tmp_path)
    with pytest.raises(EngineUnavailable, match="--engine torch"):
        load_encoder("starter", engine="openvino", device="cuda", cache=tmp_path)
    with pytest.raises(DeviceUnavailable):
        load_encoder("starter", device="cuda:99", cache=tmp_path)
    monkeypatch.setattr(openvino_files, "is_available", lambda: False)
    with pytest.raises(EngineUnavailable, match="pip install openvino"):
        load_encoder("starter", engine="openvino", cache=tmp_path)


def test_without_openvino_there_is_torch(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino_files, "is_available", lambda: False)
    encoder = load_encoder(f"local-dir:{tiny_model}", device="cpu", cache=tmp_path)
    assert encoder.engine == "torch on cpu"


def test_a_model_that_openvino_refuses_runs_on_torch_and_says_so(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.encoders.openvino_compile.AGREEMENT", 1.1)
    name = f"local-dir:{tiny_model}"
    encoder = load_encoder(name, device="cpu", cache=tmp_path)
    assert encoder.engine.startswith("torch on cpu; OpenVINO gives different vectors")
    with pytest.raises(EngineUnavailable, match="different vectors"):
        load_encoder(name, engine="openvino", cache=tmp_path)


def test_known_weights_answer_whatever_became_of_their_files(tmp_path: Path) -> None:
    """The vectors of a library stay searchable when its model's files change or go."""
    place = tmp_path / "model"
    place.mkdir()
    name = f"local-dir:{make_model(place, TINY)}"
    before = load_encoder(name, cache=tmp_path)
    openvino_files.wait_for_conversions()
    shutil.rmtree(place)
    after = load_encoder(name, cache=tmp_path, fingerprint=before.fingerprint, for_queries=True)
    assert (after.encode_texts(["a dog"]) == before.encode_texts(["a dog"])).all()
