"""The one module that knows torch and open_clip: an ``Encoder`` around any open_clip model."""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import json
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from indexer import models
from indexer.encoder import Pixels
from store.errors import DeviceUnavailable, ModelFailed, ModelUnavailable, UnknownModel
from store.vectors import Vectors

if TYPE_CHECKING:
    from torch import Tensor

# On a CPU a small batch is twice as fast as one of 32: its activations are kept, not mapped anew.
_CPU_BATCH, _GPU_BATCH = 8, 256
_TEXT_BATCH = 256
_EXPLICIT_TIMEOUT_S = 15.0  # for a model asked for by name: patience pays


def load_encoder(name: str, device: str = "auto") -> ClipEncoder:
    """Load a model by its name (see ``indexer.models``) onto a device.

    Args:
        device: ``auto`` (CUDA, then MPS, then CPU) or torch's name of one.

    Raises:
        UnknownModel: no model has that name; the message lists close ones.
        ModelUnavailable: its weights can't be fetched or read.
        DeviceUnavailable: this machine has no such device.
    """
    import open_clip

    parsed = models.parse(name)
    place = choose_device(device)
    _check_known(parsed)
    repository = _repository(parsed)
    cached = repository is not None and models.is_cached(repository)
    if repository and not cached and not models.hub_answers(_EXPLICIT_TIMEOUT_S):
        # The hub's own client would try for most of a minute.
        raise ModelUnavailable(_unavailable(parsed, "the model hub does not answer"))
    with _quiet(), _hub_offline(cached):
        try:
            # Half precision comes from autocast: the fingerprint is of the full weights.
            model = open_clip.create_model(
                parsed.architecture, parsed.pretrained, require_pretrained=True, weights_only=True
            )
            tokenizer = open_clip.get_tokenizer(parsed.architecture)
        except MemoryError:
            raise
        except Exception as error:  # open_clip, hub and torch raise anything for a bad download
            raise ModelUnavailable(_unavailable(parsed, _reason(error))) from error
    return ClipEncoder(
        parsed.text, model, tokenizer, place, fingerprint=models.folder_fingerprint(parsed)
    )


def choose_device(wanted: str) -> str:
    """Torch's name of the device to use.

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


class ClipEncoder:
    """Both towers of an open_clip model; size, mean, tokenizer and context are the model's own."""

    def __init__(
        self,
        name: str,
        model: Any,
        tokenizer: Any,
        device: str,
        fingerprint: str | None = None,
    ) -> None:
        import torch
        from open_clip import get_model_preprocess_cfg
        from open_clip.transform import PreprocessCfg, image_transform_v2
        from torchvision.transforms import ToTensor

        preprocess = PreprocessCfg(**get_model_preprocess_cfg(model))
        self.name = name
        self.fingerprint = fingerprint or weights_fingerprint(model, asdict(preprocess))
        self.device = device
        self.batch_size = _CPU_BATCH if device == "cpu" else _GPU_BATCH
        size = preprocess.size
        self.image_size = size if isinstance(size, int) else max(size)
        # Up to the tensor it is all Pillow; from there on NumPy does it in ``prepare``, since
        # torch in each decoding thread would start threads of its own that fight for the cores.
        steps = image_transform_v2(preprocess, is_train=False).transforms
        tensor = next(i for i, step in enumerate(steps) if isinstance(step, ToTensor))
        self._resize = steps[:tensor]
        self._mean = np.array(preprocess.mean, np.float32)
        self._std = np.array(preprocess.std, np.float32)
        # Convolutions on a CPU run 1.7 times as fast so (starter, 2 cores), to the same vectors.
        self._model = model.to(device, memory_format=torch.channels_last).eval()
        self._tokenizer = tokenizer
        self.dim = self.encode_texts(["a photo"]).shape[1]

    def prepare(self, image: Image.Image) -> Pixels:
        for step in self._resize:
            image = step(image)
        values = (np.asarray(image, np.float32) / 255 - self._mean) / self._std
        return np.ascontiguousarray(values.transpose(2, 0, 1))

    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        if not images:
            return np.empty((0, self.dim), np.float32)
        tower = self._model.encode_image
        vectors, self.batch_size = self._encode(np.stack(images), tower, self.batch_size)
        return vectors

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        tokens = self._tokenizer(list(texts)).numpy()
        return self._encode(tokens, self._model.encode_text, _TEXT_BATCH)[0]

    def truncates(self, text: str) -> bool:
        context: int = self._tokenizer.context_length
        if hasattr(self._tokenizer, "encode"):  # open_clip's own: without start and end
            tokens = len(self._tokenizer.encode(text)) + 2
        else:
            tokens = len(self._tokenizer.tokenizer(text).input_ids)
        return tokens > context

    def _encode(self, inputs: Any, tower: Callable[..., Tensor], batch: int) -> tuple[Vectors, int]:
        """(n, ...) inputs through one tower: (n, dim) float32, unit length; and the batch size
        that fitted."""
        import torch

        kind = torch.device(self.device).type
        half = torch.autocast(kind, torch.float16, enabled=kind != "cpu")

        def run(part: Any) -> Vectors:
            with torch.inference_mode(), half:
                said = tower(torch.from_numpy(part).to(self.device))
                # Normalised in full precision: half of it is 1e-3 off.
                unit = torch.nn.functional.normalize(said.float(), dim=-1)
                found: Vectors = unit.cpu().numpy()
                return found

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return run_in_batches(run, inputs, batch)
            except RuntimeError as error:
                reason = str(error).strip().partition("\n")[0]
                raise ModelFailed(f"The model failed on {self.device}: {reason}") from error


def run_in_batches(run: Callable[[Any], Vectors], inputs: Any, batch: int) -> tuple[Vectors, int]:
    """``run`` over ``inputs`` in batches, halved for good where the device's memory is too small.

    Returns what the runs gave, joined, and the batch size that fitted.

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
            # CUDA has a class for it; MPS only says so.
            full = isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error)
            if not full or batch == 1:
                raise
            batch = min(batch, len(inputs) - start) // 2 or 1
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
    return np.concatenate(done), batch


def known_names() -> list[str]:
    """Every name that works without a prefix: ``starter`` and open_clip's own."""
    import open_clip

    return [models.STARTER, *("/".join(pair) for pair in open_clip.list_pretrained())]


def _check_known(name: models.ModelName) -> None:
    if name.architecture.startswith(("hf-hub:", "local-dir:")):
        return
    known = known_names()
    if name.text in known:
        return
    tags = [n for n in known if n.startswith(f"{name.text}/")]
    close = tags or difflib.get_close_matches(name.text, known, n=5, cutoff=0.4)
    hint = f" Did you mean: {', '.join(close[:8])}?" if close else ""
    raise UnknownModel(
        f"There is no model {name.text!r}.{hint} "
        "Names are: starter, NAME/PRETRAINED, hf-hub:ORG/NAME, local-dir:PATH."
    )


def _reason(error: Exception) -> str:
    """The first sentence of the innermost message."""
    text = " ".join(str(error).split()).rpartition("Last error: ")[2]
    return text.partition(". ")[0] or type(error).__name__


def _unavailable(name: models.ModelName, reason: str) -> str:
    if name.architecture.startswith("local-dir:"):
        return f"The model {name.text} can't be loaded: {reason}"
    return (
        f"The weights of {name.text} can't be had: {reason}. Check the network and try "
        "again (what was downloaded is kept), or use the bundled model: --model starter"
    )


def weights_fingerprint(model: Any, preprocess: dict[str, Any]) -> str:
    """SHA-256 over preprocessing, and every weight by name, shape and value."""
    digest = hashlib.sha256(json.dumps(preprocess, sort_keys=True, default=str).encode())
    for name, value in sorted(model.state_dict().items()):
        digest.update(f"{name} {tuple(value.shape)}".encode())
        digest.update(value.detach().cpu().contiguous().flatten().numpy().data)
    return digest.hexdigest()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Libraries talk while loading; whatever matters reaches the user as our own error."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextlib.contextmanager
def _hub_offline(offline: bool) -> Iterator[None]:
    """Weights that are here already are loaded without asking any server whether they changed."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = before or offline
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


def _repository(name: models.ModelName) -> str | None:
    from open_clip import get_pretrained_cfg

    if name.architecture.startswith("hf-hub:"):
        return name.architecture.removeprefix("hf-hub:")
    if name.pretrained is None:
        return None
    # "organisation/name/" or "organisation/name/file"
    place = get_pretrained_cfg(name.architecture, name.pretrained).get("hf_hub", "")
    return str(place).rpartition("/")[0] or None
