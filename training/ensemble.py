"""What earlier versions and the pairs of heads see and say together."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from training.common import EMBED_DIM, TextHead, load
from training.ensemble_heads import ImageHead
from training.export import towers_of

WEIGHT = 0.3
"""Of each pair of heads' cosine; see ``training/README.md``."""
ALONE = {"second": 1.0}
TOGETHER = {"second": 0.5, "third": 1.0}
"""Of each version's cosine, before and since there is a third."""


class Ensemble:
    """Embeddings side by side, (n, d), which adds up their cosines.

    Args:
        versions: folders of earlier versions, by name.
    """

    def __init__(self, work: Path, versions: dict[str, Path]) -> None:
        self._weights = TOGETHER if "third" in versions else ALONE
        self._towers = {name: towers_of(folder) for name, folder in versions.items()}
        self._pairs: list[tuple[ImageHead, TextHead]] = []
        for saved in load(work / "heads.pt")["heads"]:
            image, text = ImageHead(saved["trunks"]).eval(), TextHead().eval()
            image.load_state_dict(saved["image"])
            text.load_state_dict(saved["text"])
            self._pairs.append((image, text))

    def images(self, features: dict[str, Tensor]) -> Tensor:
        """What is seen, (n, d), by each trunk's features (n, 1280)."""
        parts = [
            self._weights[name] ** 0.5 * towers.images(features[name])
            for name, towers in self._towers.items()
        ]
        parts += [WEIGHT**0.5 * head(features) for head, _ in self._pairs]
        return torch.cat(parts, 1)

    def texts(self, said: dict[str, Tensor], kind: str) -> Tensor:
        """What is said, (n, d), of all texts of a kind; ``said`` is what step 9 left."""
        parts = [self._weights[name] ** 0.5 * said[f"{name} {kind}"] for name in self._towers]
        parts += [WEIGHT**0.5 * head(said[kind]) for _, head in self._pairs]
        return torch.cat(parts, 1)


def turned(side_by_side: Tensor, turn: Tensor) -> Tensor:
    """Embeddings (..., d) in the fewer dimensions of ``turn`` (d, 256), of unit length."""
    return F.normalize(side_by_side @ turn, dim=-1)


def axes(vectors: list[Tensor]) -> Tensor:
    """The EMBED_DIM directions (d, 256) in which vectors (n, d), each part counting alike, lie."""
    moments = torch.stack([part.T @ part / len(part) for part in vectors]).sum(0)
    directions: Tensor = torch.linalg.eigh(moments).eigenvectors
    return directions[:, -EMBED_DIM:]
