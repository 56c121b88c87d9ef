"""An ``Encoder`` that runs a model with OpenVINO on the CPU, from a folder of compiled towers.

The folder, which ``openvino_convert`` makes, is all that it needs: torch and open_clip are not
imported, and the model's own weights are not read, so that a query is answered at once.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from indexer.encoders.encoder import Pixels
from indexer.encoders.openvino_files import (
    DAMAGE,
    FACTS,
    IMAGE,
    TEXT,
    Facts,
    folder_of,
    openvino,
    read_stages,
)
from indexer.encoders.tokenizer import ClipTokenizer, Tokenizer, trimmed, used
from store.errors import ModelFailed, ModelUnavailable
from store.vectors import Vectors

if TYPE_CHECKING:
    from PIL import Image

IMAGES_AT_ONCE = 8  # in a stream; more need more cache than cores have
_TEXTS_AT_ONCE = 64


class RunsTower(Protocol):
    """What runs a tower; ``streams``: how many batches at once suit the CPU."""

    streams: int

    def __call__(self, inputs: Any, at_once: int) -> Vectors:
        """Inputs (n, ...) to vectors (n, dim) float32, ``at_once`` rows a batch.

        Raises:
            ModelFailed: the engine failed, mostly for lack of memory.
        """


class Tower:
    """Runs the stages of a tower in turn, on as many batches at once as suits the CPU."""

    def __init__(self, stages: Sequence[Any]) -> None:
        self._lock = threading.Lock()
        self.streams = max(
            int(stage.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")) for stage in stages
        )
        self._queues = [openvino().AsyncInferQueue(stage, self.streams) for stage in stages]

    def __call__(self, inputs: Any, at_once: int) -> Vectors:
        """See ``RunsTower``."""
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
    outputs: list[Any] = [None] * len(parts)

    def keep(request: Any, number: int) -> None:
        outputs[number] = request.get_output_tensor(0).data.copy()

    queue.set_callback(keep)
    for number, part in enumerate(parts):
        queue.start_async(part, number, share_inputs=True)
    queue.wait_all()
    return outputs


class OpenVinoEncoder:
    """An encoder whose towers are read from ``folder``, each when it is first needed."""

    def __init__(
        self,
        name: str,
        folder: Path,
        facts: Facts,
        tokenizer: Tokenizer,
        towers: Mapping[str, RunsTower] | None = None,
    ) -> None:
        self.name = name
        self.fingerprint = facts.fingerprint
        self.dim = facts.dim
        self.logit_scale = facts.logit_scale
        self.image_size = max(facts.preprocess.size)
        self.engine = f"OpenVINO, {facts.image[-1].precision}"
        self._folder, self._facts, self._tokenizer = folder, facts, tokenizer
        self._towers: dict[str, RunsTower] = dict(towers or {})
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
        tower, tokens = self.tower(TEXT), self._tokenizer(texts)
        if not self._facts.any_length:
            return tower(tokens, _TEXTS_AT_ONCE)
        # The short ones together: a batch takes as long as its longest text.
        order = np.argsort(used(tokens), kind="stable")
        vectors = np.empty((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            some = order[start : start + _TEXTS_AT_ONCE]
            vectors[some] = tower(trimmed(tokens[some]), _TEXTS_AT_ONCE)
        return vectors

    def truncates(self, text: str) -> bool:
        return self._tokenizer.truncates(text)

    def tower(self, kind: str) -> RunsTower:
        """The tower ``kind``, which is ``IMAGE`` or ``TEXT``.

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
            # A different process may have made the files anew since: other bytes, as good.
            now = Facts.read(self._folder / FACTS)
            if now.fingerprint != self.fingerprint or now == self._facts:
                raise
            self._facts = now
            return Tower(read_stages(self._folder, now.stages(kind)))


def open_cached(cache: Path, name: str, fingerprint: str, first: str) -> OpenVinoEncoder | None:
    """The encoder of a model whose towers are in the cache; None if they are not, or damaged.

    Args:
        first: the tower to read now, ``IMAGE`` or ``TEXT``.
    """
    encoder = known(cache, name, fingerprint)
    try:
        if encoder:
            encoder.tower(first)
        return encoder
    except (*DAMAGE, ModelFailed):
        return None


def known(cache: Path, name: str, fingerprint: str) -> OpenVinoEncoder | None:
    """The same, with no tower read yet: each is when it is first asked for."""
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
        return OpenVinoEncoder(name, folder, facts, tokenizer)
    except (*DAMAGE, ModelUnavailable):
        return None


def read_for_queries(encoder: OpenVinoEncoder) -> OpenVinoEncoder | None:
    """``encoder`` with its text tower read and run once; None if that is damaged."""
    try:
        encoder.tower(TEXT)
        encoder.encode_texts([""])  # the first takes ten times as long as any other
    except ModelFailed:
        return None
    return encoder
