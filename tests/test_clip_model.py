"""Loading models by name, on a tiny one of random weights; what a real one finds is in
``test_starter.py``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from conftest import TINY
from indexer.encoders import clip_model
from indexer.encoders.clip_model import load_model
from indexer.encoders.towers import weights_fingerprint
from store.errors import ModelUnavailable, UnknownModel


def test_the_fingerprint_is_of_the_weights(tiny_model: Path, tmp_path: Path) -> None:
    import open_clip

    model = open_clip.create_model(f"local-dir:{tiny_model}")
    before = weights_fingerprint(model, {"size": 32})
    assert weights_fingerprint(model, {"size": 32}) == before
    assert weights_fingerprint(model, {"size": 64}) != before
    model.logit_scale.data += 1
    assert weights_fingerprint(model, {"size": 32}) != before


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
        load_model(name)


@pytest.mark.parametrize("kind", ["no folder", "no config", "no weights", "cut weights"])
def test_a_broken_folder(tiny_model: Path, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "model"
    if kind != "no folder":
        place.mkdir()
    if kind in ("no weights", "cut weights"):
        (place / "open_clip_config.json").write_text(json.dumps(TINY))
    if kind == "cut weights":
        whole = (tiny_model / "open_clip_model.safetensors").read_bytes()
        (place / "open_clip_model.safetensors").write_bytes(whole[:1000])
    with pytest.raises(ModelUnavailable, match="can't be loaded") as caught:
        load_model(f"local-dir:{place}")
    assert "\n" not in str(caught.value)


def test_a_pickle_that_runs_code_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    import torch

    class Evil:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "ran",))

    place = tmp_path / "model"
    place.mkdir()
    (place / "open_clip_config.json").write_text(json.dumps(TINY))
    torch.save({"state_dict": Evil()}, place / "open_clip_pytorch_model.bin")
    with pytest.raises(ModelUnavailable):
        load_model(f"local-dir:{place}")
    assert not (tmp_path / "ran").exists()


def test_a_download_that_fails_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.delenv("CLIPSEARCH_OFFLINE")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelUnavailable, match="--model starter") as caught:
        load_model("ViT-B-32-256/datacomp_s34b_b86k")
    assert "\n" not in str(caught.value)
    assert "Check the network" in str(caught.value)


@pytest.mark.parametrize("name", ["ViT-B-32-256/datacomp_s34b_b86k", "hf-hub:timm/ViT-B-16-SigLIP"])
@pytest.mark.parametrize("variable", ["CLIPSEARCH_OFFLINE", "HF_HUB_OFFLINE"])
def test_offline_by_wish_is_no_network_that_fails(
    name: str, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", variable == "HF_HUB_OFFLINE")
    if variable == "HF_HUB_OFFLINE":
        monkeypatch.delenv("CLIPSEARCH_OFFLINE")
    with pytest.raises(ModelUnavailable, match=f"{variable} is set") as caught:
        load_model(name)
    said = str(caught.value)
    assert "\n" not in said and "network" not in said and "--model starter" in said


@contextmanager
def empty_hub(place: Path) -> Iterator[tuple[dict[str, str], list[str]]]:
    """A hub on this machine that has nothing: the environment that leads to it, and what it was
    asked for."""
    asked: list[str] = []

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        leading_there = {
            "HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
            "HF_HOME": str(place / "hub"),
            "NO_PROXY": "127.0.0.1",
        }
        yield os.environ | leading_there, asked
        server.shutdown()


@pytest.mark.one_python
def test_a_folders_model_asks_no_hub_where_that_is_forbidden(tmp_path: Path) -> None:
    """Such a model may name an image tower of the hub; the real process, and a hub that listens."""
    place = tmp_path / "model"
    place.mkdir()
    tower = {"timm_model_name": "hf_hub:someone/vision", "image_size": 32}
    config = {**TINY, "model_cfg": {**TINY["model_cfg"], "vision_cfg": tower}}
    (place / "open_clip_config.json").write_text(json.dumps(config))
    (place / "open_clip_model.safetensors").write_bytes(b"")
    with empty_hub(tmp_path) as (environment, asked):
        environment["CLIPSEARCH_OFFLINE"] = "1"
        command = (
            "import sys; from store.errors import ModelUnavailable\n"
            "from indexer.encoders.clip_model import load_model\n"
            "try: load_model(sys.argv[1])\n"
            "except ModelUnavailable as error: print(error)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", command, f"local-dir:{place}"],
            cwd=Path(__file__).parent.parent,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert "can't be loaded" in done.stdout
    assert asked == []


@pytest.mark.one_python
def test_a_hub_without_the_weights_is_one_line(tmp_path: Path, real_photos: Path) -> None:
    """The command itself, against a hub on this machine that has nothing."""
    with empty_hub(tmp_path) as (environment, _):
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
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    if lines[0].startswith("Loading the model"):  # on a slow machine
        del lines[0]
    assert len(lines) == 1, done.stderr
    assert f"The weights of {name} can't be loaded" in done.stderr
    assert "--model starter" in done.stderr


def test_truncation(tiny_model: Path) -> None:
    tiny = clip_model.tokenizer_of(f"local-dir:{tiny_model}")
    assert not tiny.truncates("one two three four five six seven")  # 7 + start and end = 9
    assert tiny.truncates("one two three four five six seven eight")


@pytest.mark.parametrize("part", ["image_tower", "text_tower"])
def test_every_weight_is_the_files_though_none_was_drawn_first(tiny_model: Path, part: str) -> None:
    import torch
    from safetensors.torch import load_file

    (path,) = tiny_model.glob("*.safetensors")
    loaded = load_model(f"local-dir:{tiny_model}")
    weights, kept = getattr(loaded, part).model.state_dict(), load_file(path)
    assert weights.keys() == kept.keys()
    assert all(torch.equal(weights[name], kept[name]) for name in kept)
    assert torch.nn.Linear(64, 64).weight.std() > 0  # elsewhere weights are drawn as before
