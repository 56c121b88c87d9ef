"""Photos as they come: cropped, in frames, grey, coarse, dark.

``python -m training.views --work WORK --model indexer/starter`` computes, once, what the image
tower of ``MODEL`` makes of each photo, of its mirror image and of three changed copies.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch
from torch import Tensor
from torchvision.transforms import v2

from training.common import SEED, SIZE, load, seed_everything
from training.export import towers_of
from training.finetune import trunk_features
from training.lesson import Towers, seen_whole

_resize = v2.functional.resize
_colour = v2.ColorJitter(0.3, 0.3, 0.2, 0.02)


def cropped(photo: Tensor) -> Tensor:
    """Half to nearly all of a photo, uint8 (3, s, s), of other proportions, maybe mirrored."""
    crop = v2.RandomResizedCrop(SIZE, scale=(0.45, 1), ratio=(0.75, 1.33), antialias=True)
    copy: Tensor = v2.functional.horizontal_flip(photo) if random.random() < 0.5 else photo
    return crop(copy)  # type: ignore[no-any-return]  # torchvision has no types


def framed(photo: Tensor) -> Tensor:
    """With borders of up to a quarter on some of its sides: white, black or grey."""
    top, bottom, left, right = (
        int(SIZE * random.uniform(0, 0.25)) if random.random() < 0.7 else 0 for _ in range(4)
    )
    frame = torch.full((3, SIZE, SIZE), random.choice((255, 255, 0, random.randint(0, 255))))
    inner = _resize(photo, [SIZE - top - bottom, SIZE - left - right], antialias=True)
    frame[:, top : SIZE - bottom, left : SIZE - right] = inner
    return frame.to(torch.uint8)


def poor(photo: Tensor) -> Tensor:
    """Grey, coarse or dark."""
    kind = random.random()
    if kind < 0.45:
        photo = v2.functional.rgb_to_grayscale(photo, 3)
    elif kind < 0.8:
        photo = _resize(photo, [random.randint(60, 120)] * 2, antialias=True)
    else:
        photo = (photo * random.uniform(0.4, 0.7)).to(torch.uint8)
    return _resize(photo, [SIZE, SIZE], antialias=True)  # type: ignore[no-any-return]


@torch.inference_mode()
def all_views(towers: Towers, photos: Tensor) -> Tensor:
    """Features (n, 5, 1280) of uint8 (n, 3, s, s) photos."""
    features = []
    for part in photos.split(64):
        seen = [seen_whole(towers, part), seen_whole(towers, part.flip(-1))]
        for change in (cropped, framed, poor):
            copies = torch.stack([change(photo) for photo in part])
            seen.append(trunk_features(towers.trunk, copies))
        features.append(torch.stack(seen, 1).half())
    return torch.cat(features).clone()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    options = parser.parse_args()
    seed_everything(SEED)
    photos = load(options.work / "pixels.pt")["pixels"]
    features = all_views(towers_of(options.model), photos)
    torch.save({"features": features}, options.work / "views.pt")


if __name__ == "__main__":
    main()
