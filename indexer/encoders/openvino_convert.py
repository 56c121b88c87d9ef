"""Converts an open_clip model to a folder of compiled OpenVINO towers, once for each model.

bfloat16 is two to four times as fast as float32 on CPUs that have it, and as good for transformers.
For some convolutional towers it is not: their first layers take small differences of large
numbers, and the starter model's worst photo had a cosine of 0.996 to its f32 vector. So each
conversion is checked against torch on drawn pictures, and the fastest form that agrees is kept: all
in bf16, the first layers in f32, or all in f32. Texts come one by one, where f32 costs nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from indexer.encoders.clip_model import ClipModel
from indexer.encoders.encoder import Pixels
from indexer.encoders.openvino_encoder import IMAGES_AT_ONCE, OpenVinoEncoder, Tower
from indexer.encoders.openvino_files import (
    FACTS,
    IMAGE,
    TEXT,
    Facts,
    Stage,
    compile_options,
    folder_of,
    openvino,
)
from indexer.encoders.openvino_graph import forms, save
from indexer.encoders.tokenizer import ClipTokenizer, trimmed
from indexer.encoders.towers import of_any_length
from store.errors import EngineUnavailable, ModelFailed
from store.vectors import Vectors

AGREEMENT = 0.998
"""The least cosine between torch's and OpenVINO's vectors of the same drawn picture or text.

Drawn pictures are harder than photos: on photos, every form that passed was above 0.999.
"""

_SAME = 0.9999  # the cosine of a text's vectors with its padding and without, in full precision
_WORDS = ("a photo", "two dogs running on a beach", "Ein Haus", "12 red cars, at night!", "x")
_REFUSED = "refused.json"


def convert(model: ClipModel, cache: Path) -> OpenVinoEncoder:
    """Compile both towers, check them, and keep them in the cache if there is room.

    Raises:
        EngineUnavailable: OpenVINO can't run this model, or not to the same vectors; or there is
            no room to convert it, neither in the cache nor for temporary files.
    """
    folder = folder_of(cache, model.fingerprint)
    _raise_refusal(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return _convert_in(folder.parent, model, folder)
    except OSError:  # full or read-only: then each process converts the model anew
        pass
    try:
        return _convert_in(Path(tempfile.gettempdir()), model, folder)
    except OSError as error:
        raise EngineUnavailable(
            f"There is no room to convert the model, neither in {cache} nor in "
            f"{tempfile.gettempdir()}: {error.strerror or error}"
        ) from error


def _convert_in(place: Path, model: ClipModel, folder: Path) -> OpenVinoEncoder:
    """Convert in a new folder in ``place``, which is renamed to ``folder`` if that works.

    Raises:
        OSError: ``place`` can't be written, or is full.
    """
    work = Path(tempfile.mkdtemp(dir=place, prefix=".clipsearch-"))
    try:
        try:
            with _quiet():
                facts, towers = _compile(model, work)
        except EngineUnavailable as error:
            (work / _REFUSED).write_text(json.dumps(str(error)))
            _publish(work, folder)
            raise
        _publish(work, folder)
        return OpenVinoEncoder(model.name, folder, facts, model.tokenizer, towers)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _raise_refusal(folder: Path) -> None:
    """Raise again why the model did not convert before, so that no command tries it once more."""
    with suppress(OSError, ValueError):
        raise EngineUnavailable(str(json.loads((folder / _REFUSED).read_text())))


def _publish(work: Path, folder: Path) -> None:
    """Rename the new folder into place: whole or not at all, even if other processes do it too."""
    for left_over in [*work.glob("*.xml"), *work.glob("*.bin")]:
        left_over.unlink(missing_ok=True)
    with suppress(OSError):
        for path in work.iterdir():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        # Towers that other versions of OpenVINO compiled are large, and of no use any more.
        fingerprint = folder.name.partition("-")[0]
        for other in folder.parent.glob(f"{fingerprint}-*"):
            shutil.rmtree(other, ignore_errors=True)
        work.rename(folder)


def _compile(model: ClipModel, work: Path) -> tuple[Facts, dict[str, Tower]]:
    pixels = probes(model.preprocess.size)
    tokens = model.tokenizer(_WORDS)
    expected_images, expected_texts = _by_torch(model, pixels, tokens)
    image, image_tower = _first_that_agrees(work, IMAGE, model.image_tower, pixels, expected_images)
    short = _of_any_length(model, tokens, expected_texts)
    if short is not None:
        try:
            text, text_tower = _first_that_agrees(
                work, TEXT, short, tokens, expected_texts, any_length=True
            )
        except EngineUnavailable:
            short = None
    if short is None:
        text, text_tower = _first_that_agrees(work, TEXT, model.text_tower, tokens, expected_texts)
    tokenizer = model.tokenizer
    facts = Facts(
        fingerprint=model.fingerprint,
        dim=expected_texts.shape[1],
        logit_scale=model.logit_scale,
        preprocess=model.preprocess,
        context=tokenizer.context_length if isinstance(tokenizer, ClipTokenizer) else None,
        image=image,
        text=text,
        any_length=short is not None,
    )
    facts.write(work / FACTS)
    return facts, {IMAGE: image_tower, TEXT: text_tower}


def _of_any_length(model: ClipModel, tokens: Any, expected: Vectors) -> Any | None:
    """The text tower for tokens without padding; None if that changes its vectors."""
    import torch

    if not isinstance(model.tokenizer, ClipTokenizer):
        return None
    short = of_any_length(model.text_tower)
    if short is None:
        return None
    with torch.inference_mode():  # one by one: each without all of its padding
        each = [short(torch.from_numpy(trimmed(tokens[i : i + 1]))) for i in range(len(tokens))]
        vectors = torch.cat(each).numpy()
    return short if (vectors * expected).sum(axis=1).min() >= _SAME else None


def _first_that_agrees(
    work: Path,
    kind: str,
    module: Any,
    inputs: Any,
    expected: Vectors,
    *,
    any_length: bool = False,
) -> tuple[tuple[Stage, ...], Tower]:
    """The fastest form of a tower that gives the expected vectors, written to ``work``."""
    core = openvino().Core()
    try:
        path = work / f"{kind}.xml"
        checked = [trimmed(inputs), inputs] if any_length else [inputs]
        save(module, checked[0], path, small=kind == TEXT, any_length=any_length)
        for form in forms(core, path, kind):
            stages, compiled = [], []
            for number, (part, precision) in enumerate(form):
                stage = Stage(f"{kind}-{number}.blob", 0, precision)
                compiled.append(core.compile_model(part, "CPU", compile_options(stage)))
                stages.append(stage)
            tower = Tower(compiled)
            vectors = np.stack([tower(one, IMAGES_AT_ONCE) for one in checked])
            if (vectors * expected).sum(axis=2).min() >= AGREEMENT:  # false for NaN, too
                return tuple(
                    _export(one, stage, work) for one, stage in zip(compiled, stages, strict=True)
                ), tower
    except (RuntimeError, ModelFailed, TypeError, ValueError, AttributeError) as error:
        # Tracing runs the model's code and converting OpenVINO's: both may raise anything.
        reason = str(error).strip().partition("\n")[0]
        raise EngineUnavailable(
            f"OpenVINO can't run this model ({kind} tower): {reason}"
        ) from error
    raise EngineUnavailable(f"OpenVINO gives different vectors for this model ({kind} tower)")


def _by_torch(model: ClipModel, pixels: Pixels, tokens: Any) -> tuple[Vectors, Vectors]:
    import torch

    with torch.inference_mode():
        return (
            model.image_tower(torch.from_numpy(pixels)).numpy(),
            model.text_tower(torch.from_numpy(tokens)).numpy(),
        )


def _export(compiled: Any, stage: Stage, work: Path) -> Stage:
    content = compiled.export_model().getvalue()
    (work / stage.file).write_bytes(content)
    return Stage(stage.file, len(content), stage.precision, zlib.crc32(content))


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
