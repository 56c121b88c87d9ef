"""What the second version and the pairs of heads say together, in 256 dimensions."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from training.common import EMBED_DIM, TextHead, load
from training.ensemble_heads import ImageHead, Lines, Seen
from training.export import towers_of

WEIGHT = 0.3
"""Of each pair of heads' cosine; the second version's has 1. See ``training/README.md``."""


class Ensemble:
    """Embeddings side by side, which adds up their cosines, turned into fewer dimensions.

    Attributes:
        turn: (d, 256); set once it is known.
    """

    turn: Tensor

    def __init__(self, work: Path, start: Path, lines: Lines) -> None:
        self._towers = towers_of(start)
        self._said = lines.said
        self._pairs: list[tuple[Seen, ImageHead, TextHead]] = []
        for saved in load(work / "heads.pt")["heads"]:
            seen = Seen(tuple(saved["trunks"]), work, start, lines.train)
            image, text = ImageHead(seen.width).eval(), TextHead().eval()
            image.load_state_dict(saved["image"])
            text.load_state_dict(saved["text"])
            self._pairs.append((seen, image, text))

    def wide_images(self, features: dict[str, Tensor]) -> Tensor:
        """Features (n, 1280) of each trunk, by its name, to (n, d), before the turn."""
        parts = [self._towers.images(features["second"])]
        parts += [WEIGHT**0.5 * head(seen.beside(features)) for seen, head, _ in self._pairs]
        return torch.cat(parts, 1)

    def wide_texts(self, kind: str) -> Tensor:
        """All texts of a kind to (n, d), before the turn."""
        parts = [self._said[f"second {kind}"]]
        parts += [WEIGHT**0.5 * head(self._said[kind]) for _, _, head in self._pairs]
        return torch.cat(parts, 1)

    def turned(self, wide: Tensor) -> Tensor:
        """(n, 256), of unit length."""
        return F.normalize(wide @ self.turn, dim=1)


def axes(vectors: list[Tensor]) -> Tensor:
    """The EMBED_DIM directions (d, 256) in which vectors (n, d), each part counting alike, lie."""
    moments = torch.stack([part.T @ part / len(part) for part in vectors]).sum(0)
    directions: Tensor = torch.linalg.eigh(moments).eigenvectors
    return directions[:, -EMBED_DIM:]
