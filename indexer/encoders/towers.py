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


def of_any_length(text_tower: Any) -> Any | None:
    """A text tower of ``towers_of`` for tokens (n, c), c up to its context; None if it can't be.

    CLIP's attention is causal and its vector that of the end token, so that the padding behind it
    changes nothing, and five sixths of a query's time are spent on it. Open_clip adds positions
    and mask in full; here they have the length of the input. Whether a model's vectors stay the
    same is for the caller to see.
    """
    import torch

    model = getattr(text_tower, "model", None)
    owner: Any = model if hasattr(model, "attn_mask") else getattr(model, "text", None)
    parts = ("positional_embedding", "attn_mask")
    if owner is None or not all(isinstance(getattr(owner, p, None), torch.Tensor) for p in parts):
        return None

    class ShortTextTower(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.tower = text_tower

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            length = tokens.shape[1]
            # Attributes of an instance come before a module's parameters and buffers.
            owner.__dict__.update(
                positional_embedding=owner.positional_embedding[:length],
                attn_mask=owner.attn_mask[:length, :length],
            )
            try:
                vectors: torch.Tensor = self.tower(tokens)
                return vectors
            finally:
                for part in parts:
                    del owner.__dict__[part]

    return ShortTextTower().eval()


def nothing_drawn() -> Any:
    """A context in which no new weights are drawn by chance: theirs are about to be read.

    For ViT-B-32-256 that takes longer than reading them.
    """
    import torch
    from torch.overrides import TorchFunctionMode

    draws = (torch.Tensor.uniform_, torch.Tensor.normal_)

    class NothingDrawn(TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
        ) -> Any:
            return args[0] if func in draws else func(*args, **(kwargs or {}))

    return NothingDrawn()


def weights_fingerprint(model: Any, preprocess: dict[str, Any]) -> str:
    """SHA-256 over preprocessing, and every weight by name, shape and value."""
    digest = hashlib.sha256(json.dumps(preprocess, sort_keys=True, default=str).encode())
    for name, value in sorted(model.state_dict().items()):
        digest.update(f"{name} {tuple(value.shape)}".encode())
        digest.update(value.detach().cpu().contiguous().flatten().numpy().data)
    return digest.hexdigest()
