"""Loads any open_clip model by its name, as two towers that are functions of arrays.

``torch_encoder`` runs them, ``openvino_convert`` converts them.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.encoders import models
from indexer.encoders.open_clip_names import check_known, repository_of
from indexer.encoders.preprocess import Preprocess
from indexer.encoders.tokenizer import ClipTokenizer, Tokenizer, Tokens
from indexer.encoders.towers import nothing_drawn, towers_of, weights_fingerprint
from indexer.text import reason_of
from store.errors import ModelUnavailable

_EXPLICIT_TIMEOUT_S = 15.0  # for a model that the user has named, who will rather wait


@dataclass(frozen=True)
class ClipModel:
    """A loaded model, in full precision on the CPU.

    Attributes:
        image_tower: a torch module, (n, height, width, 3) uint8 -> (n, dim) float32, unit length.
        text_tower: a torch module, (n, context) int64 -> (n, dim) float32, unit length.
        fingerprint: identifies weights and preprocessing.
        logit_scale: see ``Encoder``.
    """

    name: str
    image_tower: Any
    text_tower: Any
    preprocess: Preprocess
    tokenizer: Tokenizer
    fingerprint: str
    logit_scale: float


def load_model(name: str, fingerprint: str | None = None) -> ClipModel:
    """Load a model by its name (see ``indexer.encoders.models``).

    Args:
        fingerprint: of its folder, where it was read just before.

    Raises:
        UnknownModel: no model has that name; the message lists close ones.
        ModelUnavailable: its weights can't be fetched or read.
    """
    import open_clip

    parsed = models.parse(name)
    check_known(parsed)
    repository = repository_of(parsed)
    cached = repository is not None and models.is_cached(repository)
    kept_offline = models.kept_offline()
    if repository and not cached and kept_offline:
        raise ModelUnavailable(
            f"The weights of {parsed.text} are not on this machine, and {kept_offline} is set, so "
            "that they are not fetched. Unset it, or use the bundled model: --model starter"
        )
    if repository and not cached and not models.hub_answers(_EXPLICIT_TIMEOUT_S):
        # The hub's own client would go on trying for most of a minute.
        raise ModelUnavailable(_unavailable(parsed, "the model hub does not answer"))
    with _quiet(), _hub_offline(cached or bool(kept_offline)), nothing_drawn():
        try:
            model = open_clip.create_model(
                parsed.architecture, parsed.pretrained, require_pretrained=True, weights_only=True
            ).eval()
            config = open_clip.get_model_preprocess_cfg(model)
            preprocess = Preprocess.from_config(_with_defaults(config))
            tokenizer = _tokenizer(parsed)
        except MemoryError:
            raise
        except Exception as error:  # open_clip, hub and torch raise anything for a bad download
            raise ModelUnavailable(_unavailable(parsed, _reason(error))) from error
    fingerprint = fingerprint or models.folder_fingerprint(parsed)
    if fingerprint is None:
        fingerprint = weights_fingerprint(model, _with_defaults(config))
    towers = towers_of(model, preprocess)
    scale = float(model.logit_scale.detach().exp())
    return ClipModel(parsed.text, *towers, preprocess, tokenizer, fingerprint, scale)


def tokenizer_of(name: str) -> Tokenizer:
    """The tokenizer of a model, without its weights.

    Raises:
        ModelUnavailable: its files are not on this machine.
    """
    parsed = models.parse(name)
    with _quiet(), _hub_offline(True):
        try:
            return _tokenizer(parsed)
        except Exception as error:
            raise ModelUnavailable(_unavailable(parsed, _reason(error))) from error


def _tokenizer(name: models.ModelName) -> Tokenizer:
    """Our own tokenizer if the model uses CLIP's, so that all engines see the same tokens."""
    import open_clip
    from open_clip import tokenizer as theirs

    its_own = open_clip.get_tokenizer(name.architecture)
    if (
        type(its_own) is open_clip.SimpleTokenizer
        and its_own.clean_fn is theirs._clean_lower
        and its_own.reduction_fn is None
        and len(its_own.all_special_ids) == 2
        and its_own.context_length
    ):
        return ClipTokenizer(its_own.context_length)
    return _OtherTokenizer(its_own)


class _OtherTokenizer:
    """A different tokenizer of open_clip (mostly those of Hugging Face models)."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer

    def __call__(self, texts: Sequence[str]) -> Tokens:
        return np.asarray(self._tokenizer(list(texts)).numpy(), np.int64)

    def truncates(self, text: str) -> bool:
        context: int = self._tokenizer.context_length
        if hasattr(self._tokenizer, "encode"):  # without start and end
            return len(self._tokenizer.encode(text)) + 2 > context
        return len(self._tokenizer.tokenizer(text).input_ids) > context


def _with_defaults(config: dict[str, Any]) -> dict[str, Any]:
    from dataclasses import asdict

    from open_clip.transform import PreprocessCfg

    return asdict(PreprocessCfg(**config))


def _reason(error: Exception) -> str:
    """The first sentence of the innermost error message."""
    text = reason_of(error).rpartition("Last error: ")[2]
    return text.partition(". ")[0] or type(error).__name__


def _unavailable(name: models.ModelName, reason: str) -> str:
    if name.architecture.startswith("local-dir:"):
        return f"The model {name.text} can't be loaded: {reason}"
    return (
        f"The weights of {name.text} can't be loaded: {reason}. Check the network and try "
        "again (what was downloaded is kept), or use the bundled model: --model starter"
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Silence what libraries print while loading; what matters is raised as our own error."""
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
    """With ``offline``, load weights that are here without asking a server for changes."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = before or offline
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before
