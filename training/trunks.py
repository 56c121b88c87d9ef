"""Trunks in OpenVINO, which is faster than torch where nothing is learnt."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import openvino
import torch
import torch.nn.functional as F
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn

from training.features import normalise
from training.finetune import FROZEN_BLOCKS

Net = Callable[[Tensor], Tensor]


class _Whole(nn.Module):
    def __init__(self, trunk: EfficientNet) -> None:
        super().__init__()
        self.trunk = trunk

    def forward(self, photos: Tensor) -> Tensor:
        maps = self.trunk.forward_features(normalise(photos))
        features: Tensor = self.trunk.forward_head(maps, pre_logits=True)
        return features


class _Frozen(_Whole):
    def forward(self, photos: Tensor) -> Tensor:
        trunk = self.trunk
        maps = trunk.bn1(trunk.conv_stem(normalise(photos)))
        seen: Tensor = trunk.blocks[:FROZEN_BLOCKS](maps)
        return seen


def whole(trunk: EfficientNet, size: int) -> Net:
    """Photos (n, 3, s, s), 0 to 255, of any size, to features (n, 1280) at ``size`` pixels."""
    net = _compiled(_Whole(trunk), size)

    def features(photos: Tensor) -> Tensor:
        return torch.cat([net(sized(part, size)) for part in photos.split(64)])

    return features


def frozen_part(trunk: EfficientNet, size: int) -> Net:
    """Photos (n, 3, size, size), 0 to 255, to what the blocks that never learn make of them."""
    return _compiled(_Frozen(trunk), size)


def sized(photos: Tensor, size: int) -> Tensor:
    """Photos as float32 (n, 3, size, size), 0 to 255."""
    if photos.shape[-1] == size:
        return photos.float()
    smaller = photos.shape[-1] > size
    resized = F.interpolate(
        photos.float(), size, mode="bicubic" if smaller else "bilinear", antialias=smaller
    )
    return resized.clamp(0, 255)


def _compiled(module: nn.Module, size: int) -> Net:
    needed = [parameter.requires_grad for parameter in module.parameters()]
    module.requires_grad_(False)  # constants, or it can't be traced
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of torch, about how OpenVINO reads modules
            model = openvino.convert_model(
                module.eval(),
                example_input=torch.zeros(2, 3, size, size),
                input=[-1, 3, size, size],
            )
    finally:
        for parameter, was in zip(module.parameters(), needed, strict=True):
            parameter.requires_grad_(was)
    hints = {"INFERENCE_PRECISION_HINT": "bf16", "NUM_STREAMS": 1}
    net = openvino.Core().compile_model(
        model, "CPU", {**hints, "INFERENCE_NUM_THREADS": torch.get_num_threads()}
    )
    return lambda photos: torch.from_numpy(np.array(net(photos.numpy())[0]))
