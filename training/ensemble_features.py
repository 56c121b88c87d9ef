"""Step 9: what four or five image towers see of each photo.

Three ImageNet classifiers at their own sizes, which have seen none of the photos, and the trunks
of earlier versions; each sees the photo, its mirror image and the same two crops.

``python -m training.ensemble_features --work WORK --second SECOND [--third THIRD]`` writes
``WORK/ensemble.pt``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from timm.models.efficientnet import EfficientNet
from torch import Tensor
from torchvision.transforms import v2

from training.common import SEED, SIZE, load, parser, seed_everything
from training.export import towers_of
from training.features import image_classifier
from training.trunks import whole

VERSIONS = ("second", "third")
SIZES = {"lite2": 260, "lite0": 224, "lite1": 240, "second": SIZE, "third": 260}
"""Pixels by name; the first three are ImageNet's classifiers as they come."""


def members_parser(description: str | None) -> argparse.ArgumentParser:
    """For a step that asks earlier versions, too."""
    options = parser(description)
    options.add_argument("--second", type=Path, required=True, help="that version's folder")
    options.add_argument("--third", type=Path, help="that version's, once there is one")
    return options


def versions_of(options: argparse.Namespace) -> dict[str, Path]:
    """The folders that were given, by version."""
    return {name: folder for name in VERSIONS if (folder := getattr(options, name))}


def trunks_of(versions: dict[str, Path]) -> dict[str, EfficientNet]:
    """Trunks with their classifiers, by name."""
    trunks = {name: image_classifier(int(name[-1])) for name in SIZES if name not in VERSIONS}
    return trunks | {name: towers_of(folder).trunk for name, folder in versions.items()}


def views(photos: Tensor) -> list[Tensor]:
    """uint8 (n, 3, 224, 224): the photos, their mirror images, and two crops of each."""
    crop = v2.RandomResizedCrop(224, scale=(0.45, 1), ratio=(0.75, 1.33), antialias=True)
    crops = [torch.stack([crop(photo) for photo in photos]) for _ in range(2)]
    return [photos, photos.flip(-1), *crops]


def main() -> None:
    options = members_parser(__doc__).parse_args()
    seed_everything(SEED)
    photos: Tensor = load(options.work / "pixels.pt")["pixels"]
    seen = views(photos)
    saved: dict[str, Tensor] = {}
    for name, trunk in trunks_of(versions_of(options)).items():
        net = whole(trunk, SIZES[name])
        features = torch.stack([net(view) for view in seen], 1)
        with torch.inference_mode():
            logits = trunk.classifier(features[:, :2]).mean(1)
        saved[name] = features.half()
        saved[f"{name} probabilities"] = logits.softmax(1).clone()
        print(name, tuple(features.shape), flush=True)
    torch.save(saved, options.work / "ensemble.pt")


if __name__ == "__main__":
    main()
