"""Photos as they come: cropped, in frames, coarse, grey, too dark or too bright."""

from __future__ import annotations

import random

import torch
from torch import Tensor
from torchvision.transforms import v2

_resize = v2.functional.resize
_GREY = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)


def augmented(photos: Tensor, size: int, least: float) -> Tensor:
    """uint8 (n, 3, s, s) to float32 (n, 3, size, size), 0 to 255.

    Args:
        least: how much of a photo its copy shows at least, unless that has a frame.
    """
    crop = v2.RandomResizedCrop(size, scale=(least, 1), ratio=(0.65, 1.54), antialias=True)
    seen = []
    for photo in photos:
        copy: Tensor = _framed(photo, size) if random.random() < 0.08 else crop(photo)
        if random.random() < 0.5:
            copy = copy.flip(-1)
        if random.random() < 0.12:
            small = _resize(copy, [random.randint(48, 110)] * 2, antialias=True)
            copy = _resize(small, [size, size])
        seen.append(copy)
    return _lit(torch.stack(seen).float())


def _framed(photo: Tensor, size: int) -> Tensor:
    """With borders of up to a fifth on some of its sides: white, black or grey."""
    top, bottom, left, right = (
        int(size * random.uniform(0, 0.22)) if random.random() < 0.7 else 0 for _ in range(4)
    )
    shade = random.choice((255, 255, 0, random.randint(0, 255)))
    frame = torch.full((3, size, size), shade, dtype=torch.uint8)
    inner = _resize(photo, [size - top - bottom, size - left - right], antialias=True)
    frame[:, top : size - bottom, left : size - right] = inner
    return frame


def _lit(photos: Tensor) -> Tensor:
    """Of other brightness, contrast and saturation; one in ten without colours."""

    def between(low: float, high: float) -> Tensor:
        return torch.empty(len(photos), 1, 1, 1).uniform_(low, high)

    seen = photos * between(0.7, 1.3)
    middle = seen.mean((1, 2, 3), keepdim=True)
    seen = (seen - middle) * between(0.7, 1.3) + middle
    grey = (seen * _GREY).sum(1, keepdim=True)
    colour = between(0.7, 1.3) * (torch.rand(len(photos), 1, 1, 1) >= 0.1)
    return ((seen - grey) * colour + grey).clamp(0, 255)
