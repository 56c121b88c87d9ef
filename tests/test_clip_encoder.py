"""The open_clip encoder on a tiny model of random weights; what a real one finds is in
``test_starter.py``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import hostile
from indexer import clip_encoder
from indexer.clip_encoder import choose_device, load_encoder, run_in_batches
from store.errors import DeviceUnavailable, ModelUnavailable, UnknownModel

CONFIG = {
    "model_cfg": {
        "embed_dim": 12,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 64, "patch_size": 16},
        "text_cfg": {
            "context_length": 9,
            "vocab_size": 49408,
            "width": 16,
            "heads": 2,
            "layers": 1,
        },
    },
    "preprocess_cfg": {"mean": [0.1, 0.2, 0.3], "std": [0.5, 0.6, 0.7], "resize_mode": "squash"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import open_clip
    import torch
    from safetensors.torch import save_file

    place = tmp_path_factory.mktemp("tiny")
    (place / "open_clip_config.json").write_text(json.dumps(CONFIG))
    torch.manual_seed(0)
    model = open_clip.create_model(f"local-dir:{place}")
    save_file(model.state_dict(), place / "open_clip_model.safetensors")
    return place


@pytest.fixture(scope="module")
def tiny(folder: Path) -> clip_encoder.ClipEncoder:
    return load_encoder(f"local-dir:{folder}", "cpu")


def test_both_towers_give_unit_vectors(tiny: clip_encoder.ClipEncoder) -> None:
    images = tiny.encode_images([tiny.prepare(hostile.noise(seed=n)) for n in range(3)])
    texts = tiny.encode_texts(["a dog", "a cat on a mat"])
    for vectors, count in ((images, 3), (texts, 2)):
        assert vectors.shape == (count, tiny.dim) == (count, 12)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert tiny.encode_images([]).shape == tiny.encode_texts([]).shape == (0, 12)


def test_size_mean_and_std_are_the_models_own(tiny: clip_encoder.ClipEncoder) -> None:
    pixels = tiny.prepare(Image.new("RGB", (300, 100), (255, 0, 0)))
    assert (pixels.shape, pixels.dtype, tiny.image_size) == ((3, 32, 32), np.float32, 32)
    expected = [(1 - 0.1) / 0.5, (0 - 0.2) / 0.6, (0 - 0.3) / 0.7]
    np.testing.assert_allclose(pixels.mean(axis=(1, 2)), expected, atol=1e-5)


def test_the_same_as_open_clip_itself(tiny: clip_encoder.ClipEncoder, folder: Path) -> None:
    import open_clip
    import torch

    name = f"local-dir:{folder}"
    model, _, preprocess = open_clip.create_model_and_transforms(name)
    image = hostile.noise(seed=5)
    with torch.inference_mode():
        theirs = model.eval().encode_image(preprocess(image)[None], normalize=True).numpy()
        tokens = open_clip.get_tokenizer(name)(["a red kite"])
        said = model.encode_text(tokens, normalize=True).numpy()
    np.testing.assert_allclose(tiny.encode_images([tiny.prepare(image)]), theirs, atol=1e-5)
    np.testing.assert_allclose(tiny.encode_texts(["a red kite"]), said, atol=1e-5)


def test_batches_do_not_change_a_vector(tiny: clip_encoder.ClipEncoder) -> None:
    prepared = [tiny.prepare(hostile.noise(40, 30, seed=n)) for n in range(70)]
    together = tiny.encode_images(prepared)
    np.testing.assert_allclose(tiny.encode_images(prepared[66:67])[0], together[66], atol=1e-5)


def test_truncation(tiny: clip_encoder.ClipEncoder) -> None:
    assert not tiny.truncates("one two three four five six seven")  # 7 + start and end = 9
    assert tiny.truncates("one two three four five six seven eight")


def test_the_fingerprint_is_of_the_weights(folder: Path, tmp_path: Path) -> None:
    import open_clip

    model = open_clip.create_model(f"local-dir:{folder}")
    before = clip_encoder.weights_fingerprint(model, {"size": 32})
    assert clip_encoder.weights_fingerprint(model, {"size": 32}) == before
    assert clip_encoder.weights_fingerprint(model, {"size": 64}) != before
    model.logit_scale.data += 1
    assert clip_encoder.weights_fingerprint(model, {"size": 32}) != before


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ViT-B-32", "ViT-B-32/openai"),
        ("ViT-B-32-256/datacomp", "ViT-B-32-256/datacomp_s34b_b86k"),
        ("strater", "starter"),
        ("qqqqqqqq", "Names are: starter"),
    ],
)
def test_unknown_names_list_close_ones(name: str, hint: str) -> None:
    with pytest.raises(UnknownModel, match=hint):
        load_encoder(name)


@pytest.mark.parametrize("kind", ["no folder", "no config", "no weights", "cut weights"])
def test_a_broken_folder(folder: Path, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "model"
    if kind != "no folder":
        place.mkdir()
    if kind in ("no weights", "cut weights"):
        (place / "open_clip_config.json").write_text(json.dumps(CONFIG))
    if kind == "cut weights":
        whole = (folder / "open_clip_model.safetensors").read_bytes()
        (place / "open_clip_model.safetensors").write_bytes(whole[:1000])
    with pytest.raises(ModelUnavailable, match="can't be loaded") as caught:
        load_encoder(f"local-dir:{place}", "cpu")
    assert "\n" not in str(caught.value)


def test_a_pickle_that_runs_code_is_refused(folder: Path, tmp_path: Path) -> None:
    import torch

    class Evil:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "ran",))

    place = tmp_path / "model"
    place.mkdir()
    (place / "open_clip_config.json").write_text(json.dumps(CONFIG))
    torch.save({"state_dict": Evil()}, place / "open_clip_pytorch_model.bin")
    with pytest.raises(ModelUnavailable):
        load_encoder(f"local-dir:{place}", "cpu")
    assert not (tmp_path / "ran").exists()


def test_a_download_that_fails_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelUnavailable, match="--model starter") as caught:
        load_encoder("ViT-B-32-256/datacomp_s34b_b86k", "cpu")
    assert "\n" not in str(caught.value)


def test_a_hub_without_the_weights_is_one_line(tmp_path: Path, real_photos: Path) -> None:
    """The command itself, against a hub on this machine that has nothing."""

    class Nothing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Nothing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {
            **os.environ,
            "HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
            "HF_HOME": str(tmp_path / "hub"),
            "NO_PROXY": "127.0.0.1",
        }
        del environment["CLIPSEARCH_OFFLINE"]
        command = "from app.cli import cli; cli()"
        name = "ViT-B-32-256/datacomp_s34b_b86k"
        done = subprocess.run(
            [sys.executable, "-c", command, "index", str(real_photos), "--model", name],
            cwd=Path(__file__).parent.parent,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        server.shutdown()
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert f"The weights of {name} can't be had" in done.stderr
    assert "--model starter" in done.stderr


def test_devices() -> None:
    assert choose_device("cpu") == "cpu"
    assert choose_device("auto") in ("cuda", "mps", "cpu")
    for name in ("cuda:99", "nonsense"):
        with pytest.raises(DeviceUnavailable, match="--device auto"):
            choose_device(name)


def test_a_batch_that_does_not_fit_is_halved_for_good() -> None:
    import torch

    tried: list[int] = []

    def run(batch: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        tried.append(len(batch))
        if len(batch) > 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return batch.astype(np.float32)

    batch = np.arange(9)[:, None]
    vectors, size = run_in_batches(run, batch, 16)
    np.testing.assert_array_equal(vectors, batch)
    assert (tried, size) == ([9, 4, 2, 2, 2, 2, 1], 2)


def test_the_encoder_remembers_the_batch_that_fitted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = load_encoder(f"local-dir:{folder}", "cpu")
    real = encoder._model.encode_image

    def small(pixels: Any) -> Any:
        if len(pixels) > 3:
            raise RuntimeError("MPS backend out of memory")
        return real(pixels)

    monkeypatch.setattr(encoder._model, "encode_image", small)
    prepared = [encoder.prepare(hostile.noise(40, 30, seed=n)) for n in range(10)]
    assert encoder.encode_images(prepared).shape == (10, 12)
    assert encoder.batch_size <= 3


@pytest.mark.parametrize("error", ["MPS backend out of memory", "something else"])
def test_one_that_never_fits_or_fails_otherwise_is_an_error(error: str) -> None:
    tried: list[int] = []

    def run(batch: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        tried.append(len(batch))
        raise RuntimeError(error)

    with pytest.raises(RuntimeError, match=error):
        run_in_batches(run, np.zeros((4, 1)), 8)
    assert tried == ([4, 2, 1] if "memory" in error else [4])
