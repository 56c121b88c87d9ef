"""The two towers of an open_clip model as torch modules: arrays in, unit vectors out."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from indexer.encoders.preprocess import Preprocess


def towers_of(model: Any, preprocess: Preprocess) -> tuple[Any, Any]:
    """The image tower and the text tower of a loaded model; see ``ClipModel`` for their shapes."""
    import torch
    from torch.nn.functional import normalize

    class ImageTower(torch.nn.Module):
        mean: torch.Tensor
        std: torch.Tensor

        def __init__(self) -> None:
            super().__init__()
            self.model = model
            self.register_buffer("mean", torch.tensor(preprocess.mean).view(1, 3, 1, 1))
            self.register_buffer("std", torch.tensor(preprocess.std).view(1, 3, 1, 1))

        def forward(self, pixels: torch.Tensor) -> torch.Tensor:
            # (n, h, w, 3) is (n, 3, h, w) in channels-last order, which convolutions like best.
            values = pixels.permute(0, 3, 1, 2).float() / 255
            vectors = self.model.encode_image((values - self.mean) / self.std)
            return normalize(vectors.float(), dim=-1)  # half precision would be 1e-3 off

    class TextTower(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            return normalize(self.model.encode_text(tokens).float(), dim=-1)

    return ImageTower().eval(), TextTower().eval()


def weights_fingerprint(model: Any, preprocess: dict[str, Any]) -> str:
    """SHA-256 over preprocessing, and every weight by name, shape and value."""
    digest = hashlib.sha256(json.dumps(preprocess, sort_keys=True, default=str).encode())
    for name, value in sorted(model.state_dict().items()):
        digest.update(f"{name} {tuple(value.shape)}".encode())
        digest.update(value.detach().cpu().contiguous().flatten().numpy().data)
    return digest.hexdigest()
