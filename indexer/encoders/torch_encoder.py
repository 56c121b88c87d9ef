"""An ``Encoder`` that runs a model with torch: on CUDA, on Apple's MPS, and on any CPU."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PIL import Image

from indexer.encoders.clip_model import ClipModel
from indexer.encoders.encoder import Pixels
from store.errors import DeviceUnavailable, ModelFailed
from store.vectors import Vectors

# On a CPU a small batch is twice as fast as one of 32: malloc reuses its memory for activations.
_CPU_BATCH, _GPU_BATCH = 8, 256
_TEXT_BATCH = 256


def choose_device(wanted: str) -> str:
    """Torch's name of the device to use; ``auto`` is the first of CUDA, MPS and CPU that is here.

    Raises:
        DeviceUnavailable: ``wanted`` is not ``auto`` and not on this machine.
    """
    import torch

    if wanted == "auto":
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        torch.empty(1, device=wanted)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise DeviceUnavailable(
            f"There is no device {wanted!r} on this machine. Use --device auto or cpu."
        ) from error
    return wanted


class TorchEncoder:
    """Both towers of a model on one device; half precision on a GPU, full on a CPU.

    Args:
        device: torch's name of the device; see ``choose_device``.
        why: why no other engine is used, for the user.
    """

    def __init__(self, model: ClipModel, device: str, why: str = "") -> None:
        import torch

        self.name = model.name
        self.fingerprint = model.fingerprint
        self.device = device
        self.engine = f"torch on {device}" + (f"; {why}" if why else "")
        self.batch_size = _CPU_BATCH if device == "cpu" else _GPU_BATCH
        self.prepare: Callable[[Image.Image], Pixels] = model.preprocess
        self.image_size = max(model.preprocess.size)
        self.logit_scale = model.logit_scale
        self._tokenizer = model.tokenizer
        # On a CPU this makes convolutions 1.7 times as fast (starter, 2 cores), with equal vectors.
        self._images = model.image_tower.to(device, memory_format=torch.channels_last)
        self._texts = model.text_tower.to(device)
        self.dim = self.encode_texts(["a photo"]).shape[1]

    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        if not images:
            return np.empty((0, self.dim), np.float32)
        vectors, self.batch_size = self._encode(np.stack(images), self._images, self.batch_size)
        return vectors

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        return self._encode(self._tokenizer(texts), self._texts, _TEXT_BATCH)[0]

    def truncates(self, text: str) -> bool:
        return self._tokenizer.truncates(text)

    def _encode(self, inputs: Any, tower: Any, batch: int) -> tuple[Vectors, int]:
        """Inputs (n, ...) to (n, dim) float32 vectors of unit length; the batch size that fitted.

        Raises:
            ModelFailed: torch failed, mostly for lack of memory.
        """
        import torch

        kind = torch.device(self.device).type

        def run(part: Any) -> Vectors:
            tensor = torch.from_numpy(part)
            if kind == "cuda":  # the driver copies pinned memory itself, and at twice the speed
                tensor = tensor.pin_memory()
            with torch.inference_mode(), autocast(kind):
                vectors: Vectors = tower(tensor.to(self.device, non_blocking=True)).cpu().numpy()
                return vectors

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return run_in_batches(run, inputs, batch)
            except RuntimeError as error:
                reason = str(error).strip().partition("\n")[0]
                raise ModelFailed(f"The model failed on {self.device}: {reason}") from error


class TorchTower:
    """One tower on the CPU, called as those of OpenVINO are."""

    streams = 1

    def __init__(self, tower: Any) -> None:
        self._tower = tower

    def __call__(self, inputs: Any, at_once: int) -> Vectors:
        """Inputs (n, ...) to vectors (n, dim) float32, ``at_once`` rows a batch.

        Raises:
            ModelFailed: torch failed, mostly for lack of memory.
        """
        import torch

        def run(part: Any) -> Vectors:
            with torch.inference_mode():
                vectors: Vectors = self._tower(torch.from_numpy(part)).numpy()
                return vectors

        try:
            return run_in_batches(run, inputs, at_once)[0]
        except RuntimeError as error:
            reason = str(error).strip().partition("\n")[0]
            raise ModelFailed(f"The model failed on cpu: {reason}") from error


def autocast(kind: str) -> Any:
    """Half precision for matrix products and convolutions on a GPU, nothing on a CPU."""
    import torch

    return torch.autocast(kind, torch.float16, enabled=kind != "cpu")


def run_in_batches(run: Callable[[Any], Vectors], inputs: Any, batch: int) -> tuple[Vectors, int]:
    """``run`` over ``inputs`` in batches, whose size is halved if the device has too little memory.

    Returns the joined results, (n, dim), and the batch size that fitted.

    Raises:
        RuntimeError: not even one item fits, or something else went wrong.
    """
    import torch

    done, start = [], 0
    while start < len(inputs):
        try:
            done.append(run(inputs[start : start + batch]))
            start += batch
        except RuntimeError as error:
            # CUDA has a class for this error; MPS only has its message.
            full = isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error)
            if not full or batch == 1:
                raise
            batch = min(batch, len(inputs) - start) // 2 or 1
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
    return np.concatenate(done), batch
