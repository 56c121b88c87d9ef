"""Steps 5, 8 and 16 to 18: trained towers as an open_clip ``local-dir`` model, half precision.

``python -m training.export --work WORK --out FOLDER [--step text_tower]``
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from open_clip import create_model
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.common import EMBED_DIM, MEAN, SIZE, STD, load
from training.lesson import Towers
from training.text_tower import TEXT_CONFIG

VARIANT = {"text_tower": 0, "joint": 2, "polish": 2, "final_head": 2}
"""Of EfficientNet-Lite, by the step whose result it is."""


def config(step: str) -> dict[str, Any]:
    return {
        "model_cfg": {
            "embed_dim": EMBED_DIM,
            "custom_text": True,
            "vision_cfg": {
                "timm_model_name": f"tf_efficientnet_lite{VARIANT[step]}",
                "timm_model_pretrained": False,
                "timm_pool": "avg",
                "timm_proj": "mlp",
                "image_size": SIZE if VARIANT[step] else 224,
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


def weights(step: str, work: Path) -> dict[str, Tensor]:
    """The weights of a step by open_clip's names; without the classifier, which is not needed."""
    if step != "text_tower":
        average: dict[str, Tensor] = load(work / f"{step}.pt")["average"]
        return {
            _open_clip_name(name): value
            for name, value in average.items()
            if "classifier" not in name
        }
    tuned = load(work / "finetuned.pt")
    tower = load(work / "text_tower.pt")
    state: dict[str, Tensor] = {"logit_scale": tuned["log_scale"]}
    for part in ("trunk", "head"):
        values: dict[str, Tensor] = tuned[part]
        for name, value in values.items():
            if not name.startswith("classifier"):
                state[_open_clip_name(f"{part}.{name}")] = value
    state |= {_open_clip_name(f"text.{name}"): value for name, value in tower.items()}
    return state


def towers_of(model: Path) -> Towers:
    """Both towers of an exported model, with the classifier that its trunk started from."""
    towers = Towers().eval()
    exported = load_file(model / "open_clip_model.safetensors")
    state = towers.state_dict()
    for name, value in state.items():
        if "classifier" not in name:
            state[name] = exported[_open_clip_name(name)].to(value.dtype)
    towers.load_state_dict(state)
    return towers


def _open_clip_name(name: str) -> str:
    if name == "log_scale":
        return "logit_scale"
    part, _, rest = name.partition(".")
    return {"trunk": "visual.trunk.", "head": "visual.head.mlp.", "text": "text."}[part] + rest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--step", choices=sorted(VARIANT), default="final_head")
    options = parser.parse_args()

    state = weights(options.step, options.work)
    half = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in state.items()
    }
    if not all(torch.isfinite(value).all() for value in half.values()):
        raise ValueError("a weight does not fit half precision")

    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "open_clip_config.json").write_text(
        json.dumps(config(options.step), indent=2) + "\n"
    )
    save_file(half, options.out / "open_clip_model.safetensors", metadata={"format": "pt"})
    (options.out / "open_clip_model.safetensors").chmod(0o644)  # made readable by its owner only
    create_model(f"local-dir:{options.out}")  # strict: every tensor has its place
    size = (options.out / "open_clip_model.safetensors").stat().st_size
    print(f"{sum(v.numel() for v in half.values()) / 1e6:.1f} M parameters, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
