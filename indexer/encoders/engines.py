"""Chooses the engine that runs a model: OpenVINO on a CPU; torch on a GPU, or if OpenVINO can't.

==========  ==============================================================================
engine      meaning
==========  ==============================================================================
auto        torch on a GPU, if photos are to be encoded and there is one; else OpenVINO,
            unless it is missing or does not agree with torch; else torch on the CPU
torch       CUDA, MPS or CPU
openvino    the CPU
==========  ==============================================================================
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from indexer.encoders import models, openvino_encoder, openvino_files, query_encoder
from indexer.encoders.encoder import Encoder
from indexer.encoders.lazy_encoder import LazyEncoder
from indexer.encoders.slow_work import said_if_slow
from store.errors import EngineUnavailable, ModelUnavailable
from store.values import ModelInfo

_LOADING = "Loading the model {} ..."
_CONVERTING = (
    "Converting the model {} for this processor, which happens once: with a large model it can "
    "take a minute ..."
)
ENGINES = ("auto", "torch", "openvino")


def load_encoder(
    name: str,
    *,
    device: str = "auto",
    engine: str = "auto",
    cache: Path,
    fingerprint: str | None = None,
    for_queries: bool = False,
) -> Encoder:
    """Load a model by its name (see ``indexer.encoders.models``).

    Args:
        device: ``auto``, or torch's name of one; ``openvino`` takes the CPU only.
        engine: one of ``ENGINES``.
        cache: the folder that keeps converted models.
        fingerprint: of the wanted weights, where known. They are taken from the cache if they are
            in it, whatever has become of the model's files since: the hub may have different
            weights under the same name by now.
        for_queries: only a few texts will be encoded, so that a quick start matters more than the
            speed of a GPU.

    Raises:
        UnknownModel, ModelUnavailable: see ``indexer.encoders.clip_model.load_model``; the latter
            also if the weights of ``fingerprint`` are in neither the cache nor the model's folder.
        DeviceUnavailable: this machine has no such device.
        EngineUnavailable: there is no such engine here, or it can't run the model.
    """
    by_openvino = _by_openvino_here(device, engine, for_queries=for_queries)
    present = models.folder_fingerprint(models.parse(name), cache)
    if by_openvino and (wanted := fingerprint or present):
        first = openvino_files.TEXT if for_queries else openvino_files.IMAGE
        plain = models.parse(name).text
        if cached := openvino_encoder.open_cached(cache, plain, wanted, first):
            return cached
    if fingerprint and present and fingerprint != present:
        raise earlier_version(name)
    if by_openvino:
        needed = engine == "openvino"
        return _by_openvino(name, cache, present, needed=needed, for_queries=for_queries)
    return _by_torch(name, device)


def reader_for_queries(
    model: ModelInfo, *, device: str, engine: str, cache: Path, once: bool
) -> Callable[[], Encoder | None] | None:
    """What reads the text tower of a model that the cache has; None: it is not there.

    What is given back is for a thread of its own. It gives None where files are damaged.

    Args:
        once: for a process that asks once and ends, so that a quick start is all that counts.

    Raises:
        UnknownModel, EngineUnavailable: see ``load_encoder``.
    """
    if not _by_openvino_here(device, engine, for_queries=True):
        return None
    name, fingerprint = models.parse(model.name).text, model.fingerprint
    if once and engine == "auto" and (kept := query_encoder.kept(cache, fingerprint)):

        def load() -> Encoder:
            return load_encoder(
                name, device=device, cache=cache, fingerprint=fingerprint, for_queries=True
            )

        def read() -> Encoder | None:
            encoder = query_encoder.read(kept, LazyEncoder(model, load))
            # OpenVINO's towers beside the arrays may be whole, and all that is left of a model.
            if encoder is None and _has_weights(name, fingerprint, cache):
                shutil.rmtree(kept.folder, ignore_errors=True)  # to be made anew
            return encoder

        return read
    encoder = openvino_encoder.known(cache, name, fingerprint)
    return partial(openvino_encoder.read_for_queries, encoder) if encoder else None


def _by_openvino_here(device: str, engine: str, *, for_queries: bool) -> bool:
    """Whether OpenVINO is to run the model, where it can; see ``load_encoder``."""
    if engine not in ENGINES:
        raise EngineUnavailable(f"There is no engine {engine!r}. Engines: {', '.join(ENGINES)}.")
    if engine == "openvino" and not openvino_files.is_available():
        raise EngineUnavailable(
            "OpenVINO is not installed here. Try: pip install openvino, or use --engine torch"
        )
    if engine == "openvino" and device not in ("auto", "cpu"):
        raise EngineUnavailable(f"OpenVINO runs on the CPU only. For {device}: --engine torch")
    if engine != "auto" or not openvino_files.is_available():
        return engine == "openvino"
    return device == "cpu" or (
        device == "auto" and (for_queries or not may_have_gpu() or best_device() == "cpu")
    )


def _has_weights(name: str, fingerprint: str, cache: Path) -> bool:
    """Whether a folder here has these weights; of the hub's models nobody knows without asking."""
    with suppress(OSError):
        return models.folder_fingerprint(models.parse(name), cache) == fingerprint
    return False


def earlier_version(name: str) -> ModelUnavailable:
    """The error for a library whose vectors are by weights that are gone."""
    return ModelUnavailable(
        f"The photos were indexed with an earlier version of the model {name}, which is not here "
        f"any more. To search for words, index with the new one: clipsearch index --model {name}"
    )


def _by_openvino(
    name: str, cache: Path, fingerprint: str | None, *, needed: bool, for_queries: bool
) -> Encoder:
    from indexer.encoders.clip_model import load_model
    from indexer.encoders.openvino_convert import ConvertingEncoder, convert
    from indexer.encoders.torch_encoder import TorchEncoder

    with said_if_slow(_LOADING.format(name)):
        model = load_model(name, fingerprint)
    try:
        with said_if_slow(_CONVERTING.format(name)):
            if for_queries:
                return convert(model, cache)
            return ConvertingEncoder(model, cache, needed=needed)
    except EngineUnavailable as error:
        if needed:
            raise
        return TorchEncoder(model, "cpu", why=str(error))


def _by_torch(name: str, device: str) -> Encoder:
    with said_if_slow(_LOADING.format(name)):
        from indexer.encoders.clip_model import load_model
        from indexer.encoders.torch_encoder import TorchEncoder, choose_device

        place = choose_device(device)
        return TorchEncoder(load_model(name), place)


def best_device() -> str:
    from indexer.encoders.torch_encoder import choose_device

    return choose_device("auto")


def may_have_gpu() -> bool:
    """Whether there may be a GPU, so that it is worth three seconds to import torch and ask."""
    import importlib.metadata

    if platform.system() == "Darwin":
        return platform.machine() == "arm64"
    if "+cpu" in importlib.metadata.version("torch"):
        return False
    if platform.system() == "Windows":
        return Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32/nvcuda.dll").exists()
    return any(Path(device).exists() for device in ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg"))
