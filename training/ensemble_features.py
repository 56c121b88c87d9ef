"""Step 9: what four image towers see of each photo.

Three ImageNet classifiers at their own sizes, which have seen none of the photos, and the second
version's trunk; each sees the photo, its mirror image and the same two crops.

``python -m training.ensemble_features --work WORK --start SECOND`` writes ``WORK/ensemble.pt``.
"""

from __future__ import annotations

from pathlib import Path

import torch
from timm.models.efficientnet import EfficientNet
from torch import Tensor
from torchvision.transforms import v2

from training.common import SEED, SIZE, load, parser, seed_everything
from training.export import towers_of
from training.features import image_classifier
from training.trunks import whole

SIZES = {"lite2": 260, "lite0": 224, "lite1": 240, "second": SIZE}
"""Pixels by name; the first three are ImageNet's classifiers as they come."""


def trunk_of(name: str, start: Path) -> EfficientNet:
    """A trunk with its classifier; ``start`` is the second version's folder."""
    return towers_of(start).trunk if name == "second" else image_classifier(int(name[-1]))


def views(photos: Tensor) -> list[Tensor]:
    """uint8 (n, 3, 224, 224): the photos, their mirror images, and two crops of each."""
    crop = v2.RandomResizedCrop(224, scale=(0.45, 1), ratio=(0.75, 1.33), antialias=True)
    crops = [torch.stack([crop(photo) for photo in photos]) for _ in range(2)]
    return [photos, photos.flip(-1), *crops]


def main() -> None:
    options = parser(__doc__).parse_args()
    seed_everything(SEED)
    photos: Tensor = load(options.work / "pixels.pt")["pixels"]
    seen = views(photos)
    saved: dict[str, Tensor] = {}
    for name, size in SIZES.items():
        trunk = trunk_of(name, options.start)
        net = whole(trunk, size)
        features = torch.stack([net(view) for view in seen], 1)
        with torch.inference_mode():
            logits = trunk.classifier(features[:, :2]).mean(1)
        saved[name] = features.half()
        saved[f"{name} probabilities"] = logits.softmax(1).clone()
        print(name, tuple(features.shape), flush=True)
    torch.save(saved, options.work / "ensemble.pt")


if __name__ == "__main__":
    main()
