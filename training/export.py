"""Step 5: write the trained towers as an open_clip ``local-dir`` model in half precision.

``python -m training.export --work WORK --out indexer/starter``
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from open_clip import create_model
from safetensors.torch import save_file
from torch import Tensor

from training.common import EMBED_DIM, MEAN, STD, load
from training.text_tower import TEXT_CONFIG

CONFIG = {
    "model_cfg": {
        "embed_dim": EMBED_DIM,
        "custom_text": True,
        "vision_cfg": {
            "timm_model_name": "tf_efficientnet_lite0",
            "timm_model_pretrained": False,
            "timm_pool": "avg",
            "timm_proj": "mlp",
            "image_size": 224,
        },
        "text_cfg": TEXT_CONFIG,
    },
    "preprocess_cfg": {
        "mean": [MEAN] * 3,
        "std": [STD] * 3,
        "interpolation": "bicubic",
        "resize_mode": "squash",
    },
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    tuned = load(options.work / "finetuned.pt")
    tower = load(options.work / "text_tower.pt")
    state: dict[str, Tensor] = {"logit_scale": tuned["log_scale"]}
    trunk: dict[str, Tensor] = tuned["trunk"]  # type: ignore[assignment]
    head: dict[str, Tensor] = tuned["head"]  # type: ignore[assignment]
    for name, value in trunk.items():
        if not name.startswith("classifier"):
            state[f"visual.trunk.{name}"] = value
    for name, value in head.items():
        state[f"visual.head.mlp.{name}"] = value
    for name, value in tower.items():
        state[f"text.{name}"] = value
    half = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in state.items()
    }
    if not all(torch.isfinite(value).all() for value in half.values()):
        raise ValueError("a weight does not fit half precision")

    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "open_clip_config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    save_file(half, options.out / "open_clip_model.safetensors", metadata={"format": "pt"})
    (options.out / "open_clip_model.safetensors").chmod(0o644)  # made readable by its owner only
    create_model(f"local-dir:{options.out}")  # strict: every tensor has its place
    size = (options.out / "open_clip_model.safetensors").stat().st_size
    print(f"{sum(v.numel() for v in half.values()) / 1e6:.1f} M parameters, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
