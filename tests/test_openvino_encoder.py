"""OpenVINO against torch: the same vectors, from a cache that may be missing or damaged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import hostile
from conftest import TINY, make_model
from indexer.encoders import openvino_compile
from indexer.encoders.clip_model import ClipModel, load_model
from indexer.encoders.encoder import Encoder
from indexer.encoders.openvino_convert import convert
from indexer.encoders.openvino_encoder import OpenVinoEncoder, open_cached
from indexer.encoders.openvino_files import IMAGE, TEXT, folder_of
from indexer.encoders.torch_encoder import TorchEncoder
from indexer.pictures.read_photo import read_photo
from store.errors import EngineUnavailable, ModelFailed

QUERIES = (
    "a dog",
    "two people on skis in front of a mountain hut",
    "Sonnenuntergang",
    "x",
    "",
    "a dog on a beach " * 20,
    "日本語 🎉",
)


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> ClipModel:
    return load_model(f"local-dir:{tiny_model}")


@pytest.fixture(scope="module")
def starters(engine_cache: Path) -> tuple[TorchEncoder, OpenVinoEncoder]:
    model = load_model("starter")
    return TorchEncoder(model, "cpu"), convert(model, engine_cache)


def photos_of(encoder: Encoder, folder: Path) -> list[Any]:
    images = [
        read_photo(path, encoder.image_size, lambda _: False).image
        for path in sorted(folder.iterdir())
    ]
    return [encoder.prepare(image) for image in images if image]


def test_the_starter_sees_the_same_in_every_real_photo(
    starters: tuple[TorchEncoder, OpenVinoEncoder], real_photos: Path
) -> None:
    by_torch, by_openvino = starters
    pixels = photos_of(by_torch, real_photos)
    assert len(pixels) >= 20
    cosines = (by_torch.encode_images(pixels) * by_openvino.encode_images(pixels)).sum(axis=1)
    assert cosines.min() >= openvino_compile.AGREEMENT
    assert np.sort(cosines)[1] >= 0.999  # all but a microscope's pale cell
    texts = by_torch.encode_texts(QUERIES) * by_openvino.encode_texts(QUERIES)
    assert texts.sum(axis=1).min() >= 0.999


def test_shapes_and_lengths(tiny: ClipModel, tmp_path: Path) -> None:
    encoder = convert(tiny, tmp_path)
    images = encoder.encode_images([encoder.prepare(hostile.noise(seed=n)) for n in range(19)])
    texts = encoder.encode_texts(["a dog"] * 3)
    for vectors, count in ((images, 19), (texts, 3)):
        assert vectors.shape == (count, 12)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode_images([]).shape == encoder.encode_texts([]).shape == (0, 12)
    assert encoder.engine.startswith("OpenVINO")
    expected = TorchEncoder(tiny, "cpu").encode_images([encoder.prepare(hostile.noise(seed=7))])
    assert float(images[7] @ expected[0]) >= 0.999


def test_the_cache_gives_the_same_encoder(tiny: ClipModel, tmp_path: Path) -> None:
    made = convert(tiny, tmp_path)
    opened = open_cached(tmp_path, "any name", tiny.fingerprint, IMAGE)
    assert opened is not None
    assert (opened.name, opened.dim, opened.image_size) == ("any name", 12, 32)
    pixels = [made.prepare(hostile.noise(seed=3))]
    np.testing.assert_array_equal(opened.encode_images(pixels), made.encode_images(pixels))
    np.testing.assert_array_equal(opened.encode_texts(QUERIES), made.encode_texts(QUERIES))
    assert opened.truncates("a dog on a beach " * 20)
    assert open_cached(tmp_path, "any name", "another fingerprint", IMAGE) is None
    left = [path.name for path in (tmp_path / "engines").iterdir()]
    assert left == [folder_of(tmp_path, tiny.fingerprint).name]


@pytest.mark.one_python
@pytest.mark.parametrize("keep", [0, 0.5, -1])
@pytest.mark.parametrize("name", ["encoder.json", "text-0.blob", "image-0.blob"])
def test_a_damaged_cache_is_made_anew(
    tiny: ClipModel, tmp_path: Path, name: str, keep: float
) -> None:
    convert(tiny, tmp_path)
    path = folder_of(tmp_path, tiny.fingerprint) / name
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep) if isinstance(keep, float) else keep])
    first = TEXT if name.startswith(TEXT) else IMAGE
    assert open_cached(tmp_path, "tiny", tiny.fingerprint, first) is None
    convert(tiny, tmp_path)
    assert open_cached(tmp_path, "tiny", tiny.fingerprint, first) is not None


@pytest.mark.one_python
@pytest.mark.parametrize("name", ["encoder.json", "text-0.blob", "image-0.blob"])
def test_a_flipped_bit_changes_no_vector(tiny: ClipModel, tmp_path: Path, name: str) -> None:
    made = convert(tiny, tmp_path)
    pixels = [made.prepare(hostile.noise(seed=n)) for n in range(5)]
    images, texts = made.encode_images(pixels), made.encode_texts(QUERIES)
    path = folder_of(tmp_path, tiny.fingerprint) / name
    content = path.read_bytes()
    shutil.copytree(path.parent, tmp_path / "whole")
    chance = np.random.default_rng(0)
    first = TEXT if name.startswith(TEXT) else IMAGE
    # One by one: most of twenty at once would be noticed by OpenVINO, one in a weight is not.
    for place in chance.choice(len(content), 20, replace=False).tolist():
        damaged = bytearray(content)
        damaged[place] ^= 1 << int(chance.integers(8))
        shutil.rmtree(path.parent, ignore_errors=True)  # it goes when damage is found
        shutil.copytree(tmp_path / "whole", path.parent)
        path.write_bytes(damaged)
        assert open_cached(tmp_path, "tiny", tiny.fingerprint, first) is None
    again = convert(tiny, tmp_path)
    np.testing.assert_array_equal(again.encode_images(pixels), images)
    np.testing.assert_array_equal(again.encode_texts(QUERIES), texts)


def test_damage_that_shows_later_says_what_to_do(tiny: ClipModel, tmp_path: Path) -> None:
    convert(tiny, tmp_path)
    folder = folder_of(tmp_path, tiny.fingerprint)
    (folder / "image-0.blob").write_bytes(b"x")
    opened = open_cached(tmp_path, "tiny", tiny.fingerprint, TEXT)
    assert opened is not None
    with pytest.raises(ModelFailed, match="try again"):
        opened.encode_images([opened.prepare(hostile.noise())])
    assert not folder.exists()


def test_a_cache_that_can_not_be_written_is_done_without(tiny: ClipModel, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "engines").write_text("a file where the folder should be")
    encoder = convert(tiny, cache)
    assert encoder.encode_texts(["a dog"]).shape == (1, 12)
    assert encoder.encode_images([encoder.prepare(hostile.noise())]).shape == (1, 12)
    assert [path.name for path in cache.iterdir()] == ["engines"]


def test_a_model_that_comes_out_otherwise_is_refused_once_and_for_all(
    tiny: ClipModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_torch = openvino_compile._by_torch
    monkeypatch.setattr(openvino_compile, "_by_torch", lambda *a: by_torch(*a)[:, ::-1])
    with pytest.raises(EngineUnavailable, match="different vectors"):
        convert(tiny, tmp_path)
    monkeypatch.setattr(openvino_compile, "_by_torch", None)  # it is not even tried again
    with pytest.raises(EngineUnavailable, match="different vectors"):
        convert(tiny, tmp_path)
    assert open_cached(tmp_path, "tiny", tiny.fingerprint, IMAGE) is None


def test_a_tower_that_can_not_be_traced_is_refused(tiny: ClipModel, tmp_path: Path) -> None:
    import torch

    class Odd(torch.nn.Module):
        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            if torch.jit.is_tracing():
                raise RuntimeError("this one can't be traced")
            return torch.ones(len(tokens), 12) / 12**0.5

    with pytest.raises(EngineUnavailable, match="by tracing"):
        convert(replace(tiny, text_tower=Odd()), tmp_path)


@pytest.mark.one_python
@pytest.mark.parametrize("kind", ["RN50", "ViT"])
def test_other_architectures(kind: str, tmp_path: Path) -> None:
    """A residual network with attention pooling; a transformer that crops and has no head."""
    config = json.loads(json.dumps(TINY))
    if kind == "RN50":
        config["model_cfg"]["vision_cfg"] = {"image_size": 32, "layers": [1, 1, 1, 1], "width": 16}
    config["preprocess_cfg"]["resize_mode"] = "shortest"
    (tmp_path / "model").mkdir()
    model = load_model(f"local-dir:{make_model(tmp_path / 'model', config)}")
    by_torch, by_openvino = TorchEncoder(model, "cpu"), convert(model, tmp_path)
    pixels = [by_torch.prepare(hostile.noise(seed=n)) for n in range(3)]
    cosines = (by_torch.encode_images(pixels) * by_openvino.encode_images(pixels)).sum(axis=1)
    assert cosines.min() >= 0.999


@pytest.mark.one_python
def test_nothing_is_told_to_anyone(tiny_model: Path, tmp_path: Path) -> None:
    """OpenVINO would report imports and conversions; here no connection is even tried."""
    script = (
        "import socket, sys\n"
        "tried = []\n"
        "def refuse(*a, **k): tried.append(a); raise OSError('no network here')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
        "from pathlib import Path\n"
        "from indexer.encoders.clip_model import load_model\n"
        "from indexer.encoders.openvino_convert import convert\n"
        "convert(load_model(sys.argv[1]), Path(sys.argv[2])).encode_texts(['a dog'])\n"
        "import threading\n"
        "[t.join() for t in threading.enumerate() if t is not threading.current_thread()]\n"
        "print('TRIED', tried)\n"
    )
    environment = {k: v for k, v in os.environ.items() if k not in ("CI", "GITHUB_ACTIONS")}
    (tmp_path / "home").mkdir()
    environment["HOME"] = str(tmp_path / "home")
    done = subprocess.run(
        [sys.executable, "-c", script, f"local-dir:{tiny_model}", str(tmp_path)],
        cwd=Path(__file__).parent.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "TRIED []" in done.stdout
    assert not (tmp_path / "home" / "intel").exists()  # where it would keep a number for the user


def test_black_and_white_and_tiny_pictures(starters: tuple[TorchEncoder, OpenVinoEncoder]) -> None:
    by_torch, by_openvino = starters
    pictures = [Image.new("RGB", (1, 1), colour) for colour in ("black", "white", "grey", "red")]
    pixels = [by_torch.prepare(picture) for picture in pictures]
    cosines = (by_torch.encode_images(pixels) * by_openvino.encode_images(pixels)).sum(axis=1)
    assert cosines.min() >= 0.998  # flat colours are where low precision shows most


@pytest.mark.parametrize("text", QUERIES)
def test_padding_changes_nothing_and_is_left_out(
    starters: tuple[TorchEncoder, OpenVinoEncoder], text: str
) -> None:
    by_torch, by_openvino = starters
    assert by_openvino._facts.any_length
    alone = by_openvino.encode_texts([text])[0]
    beside = by_openvino.encode_texts([text, "a dog on a beach " * 20])[0]
    np.testing.assert_allclose(alone, beside, atol=1e-5)
    assert alone @ by_torch.encode_texts([text])[0] >= 0.9999


@pytest.mark.parametrize("pool", ["argmax", "last"])
def test_a_tower_whose_vectors_need_the_padding_keeps_it(pool: str, tmp_path: Path) -> None:
    """As where the last place of the context is read, and not that of the end token."""
    config = json.loads(json.dumps(TINY))
    config["model_cfg"]["text_cfg"]["context_length"] = 24
    (tmp_path / "model").mkdir()
    model = load_model(f"local-dir:{make_model(tmp_path / 'model', config)}")
    model.text_tower.model.text_pool_type = pool
    encoder = convert(model, tmp_path)
    assert encoder._facts.any_length == (pool == "argmax")
    by_torch = TorchEncoder(model, "cpu").encode_texts(QUERIES)
    assert (by_torch * encoder.encode_texts(QUERIES)).sum(axis=1).min() > 0.999
    alone = np.concatenate([encoder.encode_texts([text]) for text in QUERIES])
    assert (by_torch * alone).sum(axis=1).min() > 0.999


def test_texts_of_every_length_keep_their_order(
    starters: tuple[TorchEncoder, OpenVinoEncoder],
) -> None:
    """The short ones are encoded together, the long ones too."""
    by_torch, by_openvino = starters
    said = "a dog and two children run on the beach before the sun goes down again"
    words = said.split(" ")
    texts = [" ".join(words[n % 3 : n % 3 + 1 + 7 * n % len(words)]) for n in range(150)]
    cosines = (by_torch.encode_texts(texts) * by_openvino.encode_texts(texts)).sum(axis=1)
    assert cosines.min() >= 0.9999
