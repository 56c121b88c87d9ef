"""Step 3: the image tower itself, end to end, with the sentence encoder still frozen.

Block 3 and up, the image head and the text head learn together; batch norm keeps its ImageNet
statistics. A third term keeps the trunk's features readable by ImageNet's own classifier, so
that what no caption mentions is not forgotten (Li & Hoiem, "Learning without Forgetting", 2016).

``python -m training.finetune --work WORK``
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn
from torchvision.transforms import v2

from training.common import SEED, TextHead, class_distillation, contrastive, load, seed_everything
from training.features import channels_last, image_classifier, normalise
from training.teacher import Names, dev_recall, image_head, pseudo_features

FROZEN_BLOCKS = 3


def augment(size: int) -> v2.Compose:
    return v2.Compose(
        [
            v2.RandomResizedCrop(size, scale=(0.5, 1), ratio=(0.75, 1.34), antialias=True),
            v2.RandomHorizontalFlip(),
            v2.ColorJitter(0.3, 0.3, 0.2),
            v2.RandomGrayscale(0.05),
        ]
    )


def trunk_features(trunk: EfficientNet, photos: Tensor) -> Tensor:
    """uint8 (n, 3, s, s) -> (n, 1280); gradients reach block 3 and up only."""
    with torch.autocast("cpu", torch.bfloat16), torch.no_grad():
        maps = trunk.conv_stem(normalise(photos).contiguous(memory_format=torch.channels_last))
        maps = trunk.blocks[:FROZEN_BLOCKS](trunk.bn1(maps))
    return features_of_maps(trunk, maps)


def features_of_maps(trunk: EfficientNet, maps: Tensor) -> Tensor:
    """What the blocks that learn make of what the frozen ones gave: (n, c, h, w) -> (n, 1280)."""
    with torch.autocast("cpu", torch.bfloat16):
        maps = trunk.bn2(trunk.conv_head(trunk.blocks[FROZEN_BLOCKS:](maps)))
    features: Tensor = trunk.forward_head(maps.float(), pre_logits=True)
    return features


@torch.inference_mode()
def all_features(trunk: EfficientNet, photos: Tensor) -> Tensor:
    return torch.cat([trunk_features(trunk, photos[i : i + 64]) for i in range(0, len(photos), 64)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--size", type=int, default=192)
    parser.add_argument("--concept-weight", type=float, default=0.5)
    parser.add_argument("--keep-weight", type=float, default=0.5)
    options = parser.parse_args()
    seed_everything(SEED)

    photos = load(options.work / "pixels.pt")["pixels"]
    images, texts = load(options.work / "images.pt"), load(options.work / "texts.pt")
    teacher = load(options.work / "teacher.pt")
    names = Names(texts)
    train = (~images["is_dev"]).nonzero().squeeze(1)
    captions_of = texts["caption_photo"].argsort(stable=True).view(-1, 5)

    trunk = channels_last(image_classifier())  # eval: batch norm is frozen
    classifier = trunk.classifier.requires_grad_(False)
    for frozen in (trunk.conv_stem, trunk.bn1, *list(trunk.blocks)[:FROZEN_BLOCKS]):
        frozen.requires_grad_(False)
    head, text = image_head(), TextHead()
    head.load_state_dict(teacher["head"])
    text.load_state_dict(teacher["text"])
    log_scale = nn.Parameter(teacher["log_scale"])

    steps = options.epochs * (len(train) // options.batch)
    body = [p for p in trunk.parameters() if p.requires_grad]
    heads = [*head.parameters(), *text.parameters(), log_scale]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": 2e-4}, {"params": heads, "lr": 4e-4}], weight_decay=0.05
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [2e-4, 4e-4], steps, pct_start=0.1)
    change = augment(options.size)
    start = time.monotonic()
    for epoch in range(options.epochs):
        order = train[torch.randperm(len(train))]
        for first in range(0, len(order) - options.batch + 1, options.batch):
            rows = order[first : first + options.batch]
            batch = torch.stack([change(photo) for photo in photos[rows]])
            features = trunk_features(trunk, batch)
            pseudo, labels = pseudo_features(features.detach(), classifier, options.batch)
            caption = captions_of[rows, torch.randint(5, (len(rows),))]
            scale = log_scale.exp().clamp(max=100)
            shown = F.normalize(head(torch.cat([features, pseudo])), dim=1)
            known = images["probabilities"][rows]
            kept = F.kl_div(classifier(features).log_softmax(1), known, reduction="batchmean")
            loss = (
                contrastive(shown[: len(rows)], text(texts["caption"][caption]), scale)
                + options.concept_weight
                * class_distillation(
                    shown, text(names.draw()), torch.cat([known, labels]), names.members, scale
                )
                + options.keep_weight * kept
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        dev = images["is_dev"]
        now = {"features": torch.zeros(len(photos), 1, 1280), "is_dev": dev}
        now["features"][dev, 0] = all_features(trunk, photos[dev])
        recalls = " ".join(f"{r:.1f}" for r in dev_recall(head, text, now, texts))
        print(
            f"epoch {epoch + 1} {time.monotonic() - start:.0f} s loss {loss.item():.3f}"
            f" kept {kept.item():.3f} dev {recalls}",
            flush=True,
        )
        torch.save(
            {
                "trunk": trunk.state_dict(),
                "head": head.state_dict(),
                "text": text.state_dict(),
                "log_scale": log_scale.data,
            },
            options.work / "finetuned.pt",
        )
    images["features"] = all_features(trunk, photos)[:, None]
    torch.save(images, options.work / "finetuned_images.pt")


if __name__ == "__main__":
    main()
