"""An ``Encoder`` that runs a model with OpenVINO on the CPU, from a folder of compiled towers.

Such a folder (see ``openvino_convert``, which makes it) is all that it needs: neither torch nor
open_clip is imported, nor the model's own weights read, so that a query is answered at once.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
import threading
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from indexer.encoders.encoder import Pixels
from indexer.encoders.preprocess import Preprocess
from indexer.encoders.tokenizer import ClipTokenizer, Tokenizer
from store.errors import ModelFailed, ModelUnavailable
from store.vectors import Vectors

_FORMAT = 3  # of the folder: raised when what is in it changes
FACTS = "encoder.json"
TEXT, IMAGE = "text", "image"
IMAGES_AT_ONCE = 8  # a stream: more need more cache than cores have
_TEXTS_AT_ONCE = 64
DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RuntimeError,
)  # the last is OpenVINO's


@dataclass(frozen=True)
class Stage:
    """A part of a tower: a compiled model's file, its size in bytes, precision and CRC-32.

    A changed bit in a weight changes vectors, and nothing else would tell.
    """

    file: str
    bytes: int
    precision: str
    crc32: int = 0


@dataclass(frozen=True)
class Facts:
    """What ``encoder.json`` holds. ``context`` is None if the tokenizer is not CLIP's."""

    fingerprint: str
    dim: int
    logit_scale: float
    preprocess: Preprocess
    context: int | None
    image: tuple[Stage, ...]
    text: tuple[Stage, ...]

    def stages(self, kind: str) -> tuple[Stage, ...]:
        """Of one tower, ``IMAGE`` or ``TEXT``."""
        return self.text if kind == TEXT else self.image

    def write(self, path: Path) -> None:
        text = json.dumps(asdict(self))
        path.write_text(json.dumps({"crc32": zlib.crc32(text.encode()), "facts": text}))

    @classmethod
    def read(cls, path: Path) -> Facts:
        """Raises ``ValueError``, ``KeyError`` or ``TypeError`` where it is damaged."""
        whole = json.loads(path.read_text(encoding="utf-8"))
        if zlib.crc32(whole["facts"].encode()) != whole["crc32"]:
            raise ValueError(f"{path.name} is damaged")
        values = json.loads(whole["facts"])
        return cls(
            str(values["fingerprint"]),
            int(values["dim"]),
            float(values["logit_scale"]),
            Preprocess.from_config(values["preprocess"]),
            values["context"],
            tuple(Stage(**stage) for stage in values["image"]),
            tuple(Stage(**stage) for stage in values["text"]),
        )


def is_available() -> bool:
    """Whether OpenVINO is installed here (there are no wheels for some systems)."""
    return importlib.util.find_spec("openvino") is not None


def openvino() -> Any:
    """The package, imported only here: by itself it reports each import and use to its makers.

    Nothing leaves this machine. Without its telemetry module OpenVINO does without telemetry.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino as package

    return package


def has_bf16() -> bool:
    """Whether this CPU multiplies bfloat16 numbers itself."""
    return "BF16" in openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def folder_of(cache: Path, fingerprint: str) -> Path:
    """Where the compiled towers of a model are kept for this OpenVINO and this kind of CPU."""
    version = openvino().get_version().split("-")[0]
    kind = "bf16" if has_bf16() else "f32"
    return cache / "engines" / f"{fingerprint[:32]}-{_FORMAT}-openvino-{version}-{kind}"


def read_stages(folder: Path, stages: Sequence[Stage]) -> list[Any]:
    """The compiled models of a tower.

    Raises:
        ValueError, OSError, RuntimeError: they are not there, or not whole.
    """
    core = openvino().Core()
    compiled = []
    for stage in stages:
        content = (folder / stage.file).read_bytes()
        # OpenVINO itself would crash on some damage, and not notice other.
        if len(content) != stage.bytes or zlib.crc32(content) != stage.crc32:
            raise ValueError(f"{stage.file} is damaged")
        compiled.append(core.import_model(content, "CPU", config(stage)))
    return compiled


def config(stage: Stage) -> dict[str, Any]:
    """How a stage is compiled. Photos come by the thousand, queries one by one."""
    hint = "LATENCY" if stage.file.startswith(TEXT) else "THROUGHPUT"
    return {"PERFORMANCE_HINT": hint, "INFERENCE_PRECISION_HINT": stage.precision}


class Tower:
    """The stages of a tower, one after the other, on as many batches at once as suits the CPU."""

    def __init__(self, stages: Sequence[Any]) -> None:
        self._lock = threading.Lock()
        self.streams = max(
            int(stage.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")) for stage in stages
        )
        self._queues = [openvino().AsyncInferQueue(stage, self.streams) for stage in stages]

    def __call__(self, inputs: Any, at_once: int) -> Vectors:
        """(n, ...) to (n, dim), ``at_once`` rows a batch.

        Raises:
            ModelFailed: OpenVINO could not compute it (out of memory, mostly).
        """
        parts = [inputs[start : start + at_once] for start in range(0, len(inputs), at_once)]
        with self._lock:
            try:
                for queue in self._queues:
                    parts = _run(queue, parts)
            except RuntimeError as error:
                reason = str(error).strip().rpartition("\n")[2]
                raise ModelFailed(f"The model failed in OpenVINO: {reason}") from error
        return np.concatenate(parts)


def _run(queue: Any, parts: list[Any]) -> list[Any]:
    found: list[Any] = [None] * len(parts)

    def keep(request: Any, number: int) -> None:
        found[number] = request.get_output_tensor(0).data.copy()

    queue.set_callback(keep)
    for number, part in enumerate(parts):
        queue.start_async(part, number, share_inputs=True)
    queue.wait_all()
    return found


class OpenVinoEncoder:
    """Both towers of a model; each is read from ``folder`` when it is first needed."""

    def __init__(
        self,
        name: str,
        folder: Path,
        facts: Facts,
        tokenizer: Tokenizer,
        towers: Mapping[str, Tower] | None = None,
    ) -> None:
        self.name = name
        self.fingerprint = facts.fingerprint
        self.dim = facts.dim
        self.logit_scale = facts.logit_scale
        self.image_size = max(facts.preprocess.size)
        self.engine = f"OpenVINO, {facts.image[-1].precision}"
        self._folder, self._facts, self._tokenizer = folder, facts, tokenizer
        self._towers = dict(towers or {})
        self._lock = threading.Lock()

    @property
    def batch_size(self) -> int:
        return 2 * IMAGES_AT_ONCE * self.tower(IMAGE).streams

    def prepare(self, image: Image.Image) -> Pixels:
        return self._facts.preprocess(image)

    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        if not images:
            return np.empty((0, self.dim), np.float32)
        return self.tower(IMAGE)(np.stack(images), IMAGES_AT_ONCE)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        return self.tower(TEXT)(self._tokenizer(texts), _TEXTS_AT_ONCE)

    def truncates(self, text: str) -> bool:
        return self._tokenizer.truncates(text)

    def tower(self, kind: str) -> Tower:
        """``IMAGE`` or ``TEXT``.

        Raises:
            ModelFailed: its files can't be read; they are removed, to be made again.
        """
        with self._lock:
            if kind not in self._towers:
                try:
                    self._towers[kind] = self._read(kind)
                except DAMAGE as error:
                    shutil.rmtree(self._folder, ignore_errors=True)
                    raise ModelFailed(
                        f"The compiled model in {self._folder} was damaged. It is removed now, "
                        "and made anew when you try again."
                    ) from error
            return self._towers[kind]

    def _read(self, kind: str) -> Tower:
        try:
            return Tower(read_stages(self._folder, self._facts.stages(kind)))
        except DAMAGE:
            # Another process may have made them anew since: other bytes, which are right as well.
            now = Facts.read(self._folder / FACTS)
            if now.fingerprint != self.fingerprint or now == self._facts:
                raise
            self._facts = now
            return Tower(read_stages(self._folder, now.stages(kind)))


def open_cached(cache: Path, name: str, fingerprint: str, first: str) -> OpenVinoEncoder | None:
    """The encoder of a model whose towers are in the cache; None if they are not, or damaged.

    Args:
        first: the tower that is needed at once, ``IMAGE`` or ``TEXT``.
    """
    folder = folder_of(cache, fingerprint)
    try:
        facts = Facts.read(folder / FACTS)
        if facts.fingerprint != fingerprint:
            return None
        tokenizer: Tokenizer
        if facts.context is None:
            from indexer.encoders.clip_model import tokenizer_of

            tokenizer = tokenizer_of(name)
        else:
            tokenizer = ClipTokenizer(facts.context)
        encoder = OpenVinoEncoder(name, folder, facts, tokenizer)
        encoder.tower(first)
        return encoder
    except (*DAMAGE, ModelFailed, ModelUnavailable):
        return None
