"""CLIP's text tower in NumPy: a command that asks once waits for neither OpenVINO nor torch.

To import OpenVINO and to have it prepare a tower takes longer than to multiply a short text with
all weights. This is the transformer of Radford et al. 2021 (section 2.4), as open_clip has it:
causal attention, layers that normalise first, and the end token's vector.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.encoders.tokenizer import Tokens
from store.vectors import Vectors

Weights = Mapping[str, NDArray[Any]]

EPSILON = np.float32(1e-5)
"""What torch adds to a variance before it takes the root."""


@dataclass(frozen=True)
class TowerShape:
    """The sizes of a text tower; ``quick_gelu``: as OpenAI's models have it (section 2.5)."""

    vocabulary: int
    context: int
    width: int
    heads: int
    layers: int
    hidden: int
    dim: int
    quick_gelu: bool

    def parts(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Each array of the tower by name and shape; a matrix has its inputs in the last place."""
        width = self.width
        yield "words", (self.vocabulary, width)
        yield "positions", (self.context, width)
        for layer in range(self.layers):
            for norm in ("first_norm", "second_norm"):
                yield f"{layer}.{norm}.weight", (width,)
                yield f"{layer}.{norm}.bias", (width,)
            for name, (out, into) in {
                "attend": (3 * width, width),
                "attended": (width, width),
                "widen": (self.hidden, width),
                "narrow": (width, self.hidden),
            }.items():
                yield f"{layer}.{name}.weight", (out, into)
                yield f"{layer}.{name}.bias", (out,)
        yield "last_norm.weight", (width,)
        yield "last_norm.bias", (width,)
        yield "projection", (self.dim, width)


class NumpyTextTower:
    """Runs a text tower; safe to share by threads.

    Args:
        weights: the arrays that ``shape.parts`` names.
    """

    streams = 1

    def __init__(self, shape: TowerShape, weights: Weights) -> None:
        self._shape = shape
        self._words = weights["words"]  # of which a text needs a few rows
        self._weights: dict[str, Vectors] = {
            name: np.asarray(value, np.float32)
            for name, value in weights.items()
            if name != "words"
        }

    def __call__(self, tokens: Tokens, at_once: int) -> Vectors:
        """Tokens (n, c) to unit vectors (n, dim) float32, ``at_once`` texts a batch.

        What stands behind the end token does not count, so that c may be less than the context.
        """
        parts = [tokens[start : start + at_once] for start in range(0, len(tokens), at_once)]
        return np.concatenate([self._vectors(part) for part in parts])

    def _vectors(self, tokens: Tokens) -> Vectors:
        count, length = tokens.shape
        flow = self._words[tokens].astype(np.float32) + self._weights["positions"][:length]
        later = np.triu(np.full((length, length), -np.inf, np.float32), 1)
        for layer in range(self._shape.layers):
            flow += self._attended(f"{layer}.", flow, later)
            wide = self._linear(f"{layer}.widen", self._norm(f"{layer}.second_norm", flow))
            flow += self._linear(f"{layer}.narrow", self._activated(wide))
        ends = flow[np.arange(count), tokens.argmax(axis=1)]  # its token is the largest
        vectors = self._norm("last_norm", ends) @ self._weights["projection"].T
        unit: Vectors = vectors / np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
        return unit

    def _attended(self, layer: str, flow: Vectors, later: Vectors) -> Vectors:
        """What each token learns of those before it."""
        count, length, width = flow.shape
        heads = self._shape.heads
        mixed = self._linear(layer + "attend", self._norm(layer + "first_norm", flow))
        split = mixed.reshape(count, length, 3, heads, width // heads).transpose(2, 0, 3, 1, 4)
        queries, keys, values = split
        size = np.float32(width // heads)
        scores = queries @ keys.swapaxes(2, 3) / np.sqrt(size) + later
        shares = np.exp(scores - scores.max(axis=3, keepdims=True))
        shares /= shares.sum(axis=3, keepdims=True)
        together = (shares @ values).swapaxes(1, 2).reshape(count, length, width)
        return self._linear(layer + "attended", together)

    def _linear(self, name: str, values: Vectors) -> Vectors:
        weight, bias = self._weights[name + ".weight"], self._weights[name + ".bias"]
        # As one matrix: NumPy multiplies more dimensions without the help of BLAS.
        made: Vectors = values.reshape(-1, values.shape[-1]) @ weight.T + bias
        return made.reshape(*values.shape[:-1], len(bias))

    def _norm(self, name: str, values: Vectors) -> Vectors:
        centred = values - values.mean(axis=-1, keepdims=True)
        variance = (centred * centred).mean(axis=-1, keepdims=True)
        scaled: Vectors = centred / np.sqrt(variance + EPSILON)
        return scaled * self._weights[name + ".weight"] + self._weights[name + ".bias"]

    def _activated(self, values: Vectors) -> Vectors:
        if self._shape.quick_gelu:
            share = 1 / (1 + np.exp(np.float32(-1.702) * values))
        else:
            share = np.float32(0.5) + np.float32(0.5) * _erf(values * np.float32(0.5**0.5))
        activated: Vectors = values * share
        return activated


def _erf(values: Vectors) -> Vectors:
    """The error function, to 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26): NumPy has none."""
    size = np.abs(values)
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * t
    erf: Vectors = np.copysign(1 - series * np.exp(-size * size), values)
    return erf
