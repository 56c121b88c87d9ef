"""The folder that holds a model's towers as OpenVINO has compiled them, and how it is read."""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.encoders.preprocess import Preprocess
from indexer.encoders.text_arrays import TextArrays

_FORMAT = 5  # version of the folder's contents
FACTS = "encoder.json"
TEXT, IMAGE = "text", "image"
CONVERTING = "clipsearch-convert"
"""The name of threads that convert, and write such a folder."""
_CONVERTER = "openvino.tools.ovc"
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

    Without the CRC nothing would tell that a changed bit in a weight has changed the vectors.
    """

    file: str
    bytes: int
    precision: str
    crc32: int = 0


@dataclass(frozen=True)
class Facts:
    """The content of ``encoder.json``.

    Attributes:
        context: None if the tokenizer is not CLIP's.
        any_length: whether the text tower takes tokens without their padding.
        arrays: the text tower once more, for NumPy; None where that can't run it.
    """

    fingerprint: str
    dim: int
    logit_scale: float
    preprocess: Preprocess
    context: int | None
    image: tuple[Stage, ...]
    text: tuple[Stage, ...]
    any_length: bool = False
    arrays: TextArrays | None = None

    def stages(self, kind: str) -> tuple[Stage, ...]:
        """The stages of the tower ``kind``, ``IMAGE`` or ``TEXT``."""
        return self.text if kind == TEXT else self.image

    def write(self, path: Path) -> None:
        text = json.dumps(asdict(self))
        path.write_text(json.dumps({"crc32": zlib.crc32(text.encode()), "facts": text}))

    @classmethod
    def read(cls, path: Path) -> Facts:
        """Read ``path``; raises ``ValueError``, ``KeyError`` or ``TypeError`` if it is damaged."""
        whole = json.loads(path.read_text(encoding="utf-8"))
        if zlib.crc32(whole["facts"].encode()) != whole["crc32"]:
            raise ValueError(f"{path.name} is damaged")
        values = json.loads(whole["facts"])
        return cls(
            fingerprint=str(values["fingerprint"]),
            dim=int(values["dim"]),
            logit_scale=float(values["logit_scale"]),
            preprocess=Preprocess.from_config(values["preprocess"]),
            context=values["context"],
            image=tuple(Stage(**stage) for stage in values["image"]),
            text=tuple(Stage(**stage) for stage in values["text"]),
            any_length=bool(values["any_length"]),
            arrays=TextArrays.of(values["arrays"]) if values["arrays"] else None,
        )


def is_available() -> bool:
    """Whether OpenVINO is installed here (there are no wheels for some systems)."""
    return importlib.util.find_spec("openvino") is not None


def openvino() -> Any:
    """The package ``openvino``, imported only here, because by itself it reports each use.

    Nothing may leave this machine: without its telemetry module, OpenVINO sends nothing.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    if "openvino" not in sys.modules:
        # What converts models takes half of the import's time; nothing here uses it.
        sys.modules.setdefault(_CONVERTER, None)  # type: ignore[arg-type]
    import openvino as package

    if sys.modules.get(_CONVERTER, package) is None:
        del sys.modules[_CONVERTER]  # whoever asks for it gets it
    return package


def wait_for_conversions() -> None:
    """Wait until this process converts no model any more, and has written what it converted."""
    for thread in threading.enumerate():
        if thread.name == CONVERTING:
            thread.join()


def has_bf16() -> bool:
    """Whether this CPU has instructions for bfloat16."""
    return "BF16" in openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def folder_of(cache: Path, fingerprint: str) -> Path:
    """Where the compiled towers of a model are kept for this OpenVINO and this kind of CPU."""
    version = openvino().get_version().split("-")[0]
    kind = "bf16" if has_bf16() else "f32"
    return cache / "engines" / f"{_prefix(fingerprint)}{version}-{kind}"


def folders_of(cache: Path, fingerprint: str) -> list[Path]:
    """Such folders of a model, by whichever version of OpenVINO they were made."""
    return list((cache / "engines").glob(f"{_prefix(fingerprint)}*"))


def _prefix(fingerprint: str) -> str:
    return f"{fingerprint[:32]}-{_FORMAT}-openvino-"


def read_stages(folder: Path, stages: Sequence[Stage]) -> list[Any]:
    """The compiled models of a tower.

    Raises:
        ValueError, OSError, RuntimeError: a file is missing or damaged.
    """
    core = openvino().Core()
    compiled = []
    for stage in stages:
        content = (folder / stage.file).read_bytes()
        # OpenVINO itself crashes on some kinds of damage, and does not notice others.
        if len(content) != stage.bytes or zlib.crc32(content) != stage.crc32:
            raise ValueError(f"{stage.file} is damaged")
        compiled.append(core.import_model(content, "CPU", compile_options(stage)))
    return compiled


def compile_options(stage: Stage) -> dict[str, Any]:
    """OpenVINO's options for a stage: for throughput with photos, for latency with queries."""
    hint = "LATENCY" if stage.file.startswith(TEXT) else "THROUGHPUT"
    return {"PERFORMANCE_HINT": hint, "INFERENCE_PRECISION_HINT": stage.precision}
