"""The first use of a model: photos at once, texts soon, and nothing half made if it is killed."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hostile
from indexer.encoders.clip_model import ClipModel, load_model
from indexer.encoders.openvino_compile import compile_tower
from indexer.encoders.openvino_convert import ConvertingEncoder, convert
from indexer.encoders.openvino_encoder import open_cached
from indexer.encoders.openvino_files import FACTS, IMAGE, TEXT, folder_of, wait_for_conversions
from indexer.encoders.torch_encoder import TorchEncoder
from store.errors import EngineUnavailable

TEXTS = ("a dog", "two people on skis in front of a mountain hut", "a dog on a beach " * 20, "")
TOP = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> ClipModel:
    return load_model(f"local-dir:{tiny_model}")


def test_photos_do_not_wait_for_texts(
    tiny: ClipModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def later(model: ClipModel, kind: str) -> Any:
        assert kind == IMAGE or go_on.wait(60)
        return compile_tower(model, kind)

    monkeypatch.setattr("indexer.encoders.openvino_convert.compile_tower", later)
    encoder = ConvertingEncoder(tiny, tmp_path)
    pixels = [encoder.prepare(hostile.noise(seed=n)) for n in range(5)]
    images = encoder.encode_images(pixels)
    assert (encoder.dim, encoder.batch_size > 0, encoder.truncates(TEXTS[2])) == (12, True, True)
    assert open_cached(tmp_path, "tiny", tiny.fingerprint, IMAGE) is None
    go_on.set()
    texts = encoder.encode_texts(TEXTS)
    wait_for_conversions()
    kept = open_cached(tmp_path, "tiny", tiny.fingerprint, TEXT)
    assert kept is not None and kept.engine == encoder.engine
    np.testing.assert_array_equal(kept.encode_images(pixels), images)
    np.testing.assert_array_equal(kept.encode_texts(TEXTS), texts)
    by_torch = TorchEncoder(tiny, "cpu")
    assert (by_torch.encode_images(pixels) * images).sum(axis=1).min() >= 0.999
    assert (by_torch.encode_texts(TEXTS) * texts).sum(axis=1).min() >= 0.999


def odd_texts(model: ClipModel) -> ClipModel:
    """The same model with a text tower that can't be traced."""
    import torch

    class Odd(torch.nn.Module):
        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            if torch.jit.is_tracing():
                raise RuntimeError("this one can't be traced")
            vectors: torch.Tensor = model.text_tower(tokens)
            return vectors

    return replace(model, text_tower=Odd())


def test_texts_that_openvino_refuses_are_torchs_and_said_to_be(
    tiny: ClipModel, tmp_path: Path
) -> None:
    odd = odd_texts(tiny)
    encoder = ConvertingEncoder(odd, tmp_path)
    assert encoder.encode_images([encoder.prepare(hostile.noise())]).shape == (1, 12)
    texts = encoder.encode_texts(TEXTS)
    np.testing.assert_allclose(texts, TorchEncoder(tiny, "cpu").encode_texts(TEXTS), atol=1e-6)
    assert encoder.engine.startswith("OpenVINO, ")
    assert "; texts by torch on cpu: OpenVINO can't run this model (text tower)" in encoder.engine
    for again in (convert, ConvertingEncoder):  # later processes do without from the start
        with pytest.raises(EngineUnavailable, match="text tower"):
            again(odd, tmp_path)


def test_who_insists_on_openvino_gets_the_error(tiny: ClipModel, tmp_path: Path) -> None:
    encoder = ConvertingEncoder(odd_texts(tiny), tmp_path, needed=True)
    with pytest.raises(EngineUnavailable, match="text tower"):
        encoder.encode_texts(TEXTS)
    assert encoder.engine.startswith("OpenVINO, ") and "torch" not in encoder.engine


@pytest.mark.one_python
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
@pytest.mark.parametrize("moment", ["compile_tower", "CompiledTower.export", "Facts.write"])
def test_a_kill_leaves_nothing_half_made(tiny_model: Path, tmp_path: Path, moment: str) -> None:
    """Killed while the text tower is compiled, while it is written, and just before the rename."""
    name = f"local-dir:{tiny_model}"
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from indexer.encoders import openvino_convert as made\n"
        "from indexer.encoders.engines import load_encoder\n"
        "*owner, last = sys.argv[3].split('.')\n"
        "owner = getattr(made, owner[0]) if owner else made\n"
        "before = getattr(owner, last)\n"
        "def slow(*given):\n"
        "    done = before(*given)\n"
        "    if 'text' in str(given):\n"
        "        print('HERE', flush=True)\n"
        "        time.sleep(600)\n"
        "    return done\n"
        "setattr(owner, last, slow)\n"
        "load_encoder(sys.argv[1], device='cpu', cache=Path(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", script, name, str(tmp_path), moment]
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "HERE\n"
        finally:
            process.kill()
    model = load_model(name)
    folder = folder_of(tmp_path, model.fingerprint)
    assert not folder.exists()
    assert open_cached(tmp_path, name, model.fingerprint, IMAGE) is None
    encoder = ConvertingEncoder(model, tmp_path)
    texts = encoder.encode_texts(TEXTS)
    wait_for_conversions()
    assert (folder / FACTS).exists()
    opened = open_cached(tmp_path, name, model.fingerprint, TEXT)
    assert opened is not None
    np.testing.assert_array_equal(opened.encode_texts(TEXTS), texts)
