"""The file with a text tower's weights as plain arrays, for ``numpy_text_tower``.

First the words' vectors in half precision, of which a text needs a few, then all else in float32,
so that nothing is copied or converted: the file is mapped, and its pages are the system's.
"""

from __future__ import annotations

import math
import mmap
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.encoders.numpy_text_tower import EPSILON, NumpyTextTower, TowerShape, Weights
from indexer.encoders.tokenizer import Tokens, trimmed
from store.vectors import Vectors

FILE = "text.arrays"
_SAME = 0.9999  # the least cosine to torch's vector of the same text; measured is 1 - 1e-6
_IN_TORCH = {
    "first_norm": "ln_1",
    "second_norm": "ln_2",
    "attended": "attn.out_proj",
    "widen": "mlp.c_fc",
    "narrow": "mlp.c_proj",
}
"""What open_clip calls the parts of a layer."""


@dataclass(frozen=True)
class TextArrays:
    """Such a file: what is in it, its size in bytes, and its CRC-32."""

    shape: TowerShape
    bytes: int
    crc32: int

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> TextArrays:
        """From our own JSON; raises ``TypeError`` or ``KeyError`` where that is damaged."""
        return cls(TowerShape(**values["shape"]), values["bytes"], values["crc32"])


def write_arrays(
    text_tower: Any, tokens: Tokens, expected: Vectors, folder: Path
) -> TextArrays | None:
    """Write the file of a text tower (see ``ClipModel``) to ``folder``.

    None, with no file: NumPy can't run this tower, or not to torch's vectors.

    Args:
        tokens, expected: texts (n, context) and torch's vectors of them, (n, dim).

    Raises:
        OSError: it can't be written.
    """
    try:
        shape, weights = _arrays_of(text_tower)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError):
        return None  # made of other parts
    kept = {
        name: np.ascontiguousarray(weights[name], _precision(name)) for name, _ in shape.parts()
    }
    with np.errstate(all="ignore"):  # of a tower that is none of ours, anything may come
        vectors = NumpyTextTower(shape, kept)(trimmed(tokens), len(tokens))
    if not (vectors * expected).sum(axis=1).min() >= _SAME:  # false for NaN, too
        return None
    size = crc32 = 0
    with (folder / FILE).open("wb") as file:
        for array in kept.values():
            size += file.write(array.data)
            crc32 = zlib.crc32(array.data, crc32)
    return TextArrays(shape, size, crc32)


def read_arrays(arrays: TextArrays, folder: Path) -> NumpyTextTower:
    """The text tower that was written to ``folder``.

    Raises:
        OSError, ValueError: the file is missing or damaged.
    """
    with (folder / FILE).open("rb") as file:
        content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    if len(content) != arrays.bytes or zlib.crc32(content) != arrays.crc32:
        raise ValueError(f"{FILE} is damaged")
    weights, start = {}, 0
    for name, shape in arrays.shape.parts():
        array = np.frombuffer(content, _precision(name), math.prod(shape), start)
        weights[name] = array.reshape(shape)
        start += array.nbytes
    return NumpyTextTower(arrays.shape, weights)


def _precision(name: str) -> type[np.floating[Any]]:
    """That of an array in the file."""
    return np.float16 if name == "words" else np.float32


def _arrays_of(text_tower: Any) -> tuple[TowerShape, Weights]:
    """The parts of a text tower of open_clip; raises anything where it is made differently."""
    model = text_tower.model
    owner = model if hasattr(model, "attn_mask") else model.text
    layers = owner.transformer.resblocks
    first = layers[0]
    if not all(norm.eps == EPSILON for norm in (first.ln_1, first.ln_2, owner.ln_final)):
        raise ValueError
    state = {name: value.detach().float().numpy() for name, value in owner.state_dict().items()}
    weights = {
        "words": state["token_embedding.weight"],
        "positions": state["positional_embedding"],
        "last_norm.weight": state["ln_final.weight"],
        "last_norm.bias": state["ln_final.bias"],
        "projection": state["text_projection"].T,
    }
    for layer in range(len(layers)):
        of = f"transformer.resblocks.{layer}."
        for kind in ("weight", "bias"):
            weights[f"{layer}.attend.{kind}"] = state[f"{of}attn.in_proj_{kind}"]
            for ours, theirs in _IN_TORCH.items():
                weights[f"{layer}.{ours}.{kind}"] = state[f"{of}{theirs}.{kind}"]
    vocabulary, width = weights["words"].shape
    shape = TowerShape(
        vocabulary=vocabulary,
        context=len(weights["positions"]),
        width=width,
        heads=first.attn.num_heads,
        layers=len(layers),
        hidden=len(weights["0.widen.bias"]),
        dim=len(weights["projection"]),
        quick_gelu=type(first.mlp.gelu).__name__ == "QuickGELU",
    )
    if any(weights[name].shape != size for name, size in shape.parts()):
        raise ValueError
    return shape, weights
