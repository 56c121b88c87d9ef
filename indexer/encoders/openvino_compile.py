"""Compiles one tower of an open_clip model with OpenVINO, and checks it against torch.

bfloat16 is two to four times as fast as float32 on CPUs that have it, and as good for transformers.
For some convolutional towers it is not: their first layers take small differences of large
numbers, and the starter model's worst photo had a cosine of 0.996 to its f32 vector. So each
tower is checked against torch on drawn pictures, and the fastest form that agrees is kept: all
in bf16, the first layers in f32, or all in f32. Texts come one by one, where f32 costs nothing.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from indexer.encoders.clip_model import ClipModel
from indexer.encoders.encoder import Pixels
from indexer.encoders.openvino_encoder import IMAGES_AT_ONCE, Tower
from indexer.encoders.openvino_files import IMAGE, TEXT, Stage, compile_options, openvino
from indexer.encoders.openvino_graph import forms, graph_of
from indexer.encoders.text_arrays import TextArrays, write_arrays
from indexer.encoders.tokenizer import ClipTokenizer, trimmed
from indexer.encoders.towers import of_any_length
from store.errors import EngineUnavailable, ModelFailed
from store.vectors import Vectors

AGREEMENT = 0.998
"""The least cosine between torch's and OpenVINO's vectors of the same drawn picture or text.

Drawn pictures are harder than photos: 28 real ones have 0.9998 or more with the starter model's
fifth version (with its third, a microscope's pale cell had 0.9989).
"""

_SAME = 0.9999  # the cosine of a text's vectors with its padding and without, in full precision
_WORDS = ("a photo", "two dogs running on a beach", "Ein Haus", "12 red cars, at night!", "x")


@dataclass(frozen=True)
class CompiledTower:
    """A tower that gives torch's vectors.

    Attributes:
        parts: OpenVINO's compiled models, in the order in which they run.
        stages: what their files will be called, and their precisions; they are not written yet.
        dim: the length of its vectors.
        any_length: of a text tower, whether it takes tokens without their padding.
    """

    tower: Tower
    parts: tuple[Any, ...]
    stages: tuple[Stage, ...]
    dim: int
    any_length: bool = False

    def export(self, folder: Path) -> tuple[Stage, ...]:
        """Write the files to ``folder``.

        Raises:
            OSError: they can't be written.
        """
        return tuple(
            _export(part, stage, folder)
            for part, stage in zip(self.parts, self.stages, strict=True)
        )


def compile_tower(model: ClipModel, kind: str) -> CompiledTower:
    """Compile the tower ``kind`` of a model, which is ``IMAGE`` or ``TEXT``, and check it.

    Raises:
        EngineUnavailable: OpenVINO can't run it, or not to the same vectors.
    """
    with _quiet():
        if kind == IMAGE:
            pixels = probes(model.preprocess.size)
            expected = _by_torch(model.image_tower, pixels)
            return _first_that_agrees(kind, model.image_tower, pixels, expected)
        tokens = model.tokenizer(_WORDS)
        expected = _by_torch(model.text_tower, tokens)
        if (short := _of_any_length(model, tokens, expected)) is not None:
            try:
                return _first_that_agrees(kind, short, tokens, expected, any_length=True)
            except EngineUnavailable:  # then with its padding
                pass
        return _first_that_agrees(kind, model.text_tower, tokens, expected)


def _of_any_length(model: ClipModel, tokens: Any, expected: Vectors) -> Any | None:
    """The text tower for tokens without padding; None if that changes its vectors."""
    if not isinstance(model.tokenizer, ClipTokenizer):
        return None
    short = of_any_length(model.text_tower)
    if short is None:
        return None
    # One by one: each without all of its padding.
    each = [_by_torch(short, trimmed(tokens[i : i + 1])) for i in range(len(tokens))]
    return short if (np.concatenate(each) * expected).sum(axis=1).min() >= _SAME else None


def _first_that_agrees(
    kind: str, module: Any, inputs: Any, expected: Vectors, *, any_length: bool = False
) -> CompiledTower:
    """The fastest form of a tower that gives the expected vectors."""
    core = openvino().Core()
    try:
        checked = [trimmed(inputs), inputs] if any_length else [inputs]
        graph = graph_of(module, checked[0], small=kind == TEXT, any_length=any_length)
        for form in forms(graph, kind):
            stages = [Stage(f"{kind}-{n}.blob", 0, form[n][1]) for n in range(len(form))]
            parts = [
                core.compile_model(part, "CPU", compile_options(stage))
                for (part, _), stage in zip(form, stages, strict=True)
            ]
            tower = Tower(parts)
            vectors = np.stack([tower(one, IMAGES_AT_ONCE) for one in checked])
            if (vectors * expected).sum(axis=2).min() >= AGREEMENT:  # false for NaN, too
                dim = expected.shape[1]
                return CompiledTower(tower, tuple(parts), tuple(stages), dim, any_length)
    except (RuntimeError, ModelFailed, TypeError, ValueError, AttributeError) as error:
        # Tracing runs the model's code and converting OpenVINO's: both may raise anything.
        reason = str(error).strip().partition("\n")[0]
        raise EngineUnavailable(
            f"OpenVINO can't run this model ({kind} tower): {reason}"
        ) from error
    raise EngineUnavailable(f"OpenVINO gives different vectors for this model ({kind} tower)")


def _by_torch(tower: Any, inputs: Any) -> Vectors:
    import torch

    with torch.inference_mode():
        vectors: Vectors = tower(torch.from_numpy(inputs)).numpy()
        return vectors


def _export(compiled: Any, stage: Stage, folder: Path) -> Stage:
    content = compiled.export_model().getvalue()
    (folder / stage.file).write_bytes(content)
    return Stage(stage.file, len(content), stage.precision, zlib.crc32(content))


def export_arrays(model: ClipModel, folder: Path) -> TextArrays | None:
    """Write the text tower's weights to ``folder``; None where NumPy can't run it.

    Raises:
        OSError: they can't be written.
    """
    if not isinstance(model.tokenizer, ClipTokenizer):
        return None
    tokens = model.tokenizer(_WORDS)
    with _quiet():
        return write_arrays(model.text_tower, tokens, _by_torch(model.text_tower, tokens), folder)


def probes(size: tuple[int, int]) -> Pixels:
    """Drawn pictures, (n, height, width, 3) uint8: soft and sharp, pale and strong, and flat ones.

    Low precision shows most on pale and soft ones.
    """
    chance = np.random.default_rng(0)
    height, width = size
    pictures = []
    for cells in (1, 2, 5, 14):
        for contrast in (0.05, 0.3, 1.0):
            values = 127 + 127 * contrast * chance.uniform(-1, 1, (cells, cells, 3))
            small = Image.fromarray(values.astype(np.uint8))
            pictures.append(np.asarray(small.resize((width, height), Image.Resampling.BICUBIC)))
    return np.stack(pictures)


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
