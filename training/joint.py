"""Step 6: both towers, end to end, together: the second version of the model.

The image tower is EfficientNet-Lite2 at 208 pixels, the text tower the one that step 4 made.
Symmetric InfoNCE over two captions a photo; class distillation as before; a term that keeps the
trunk readable by its classifier, and one that keeps what the text tower said of words that no
caption has. What goes on is a running average of the weights.

``python -m training.joint --work WORK --start MODEL`` where MODEL is what step 5 exported. A run
that was cut goes on from its last epoch.
"""

from __future__ import annotations

import copy
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from training.common import (
    SEED,
    class_distillation,
    seed_everything,
    starting_parser,
)
from training.finetune import trunk_features
from training.lesson import Data, Lesson, Texts, Towers, changed, follow, optimiser_of
from training.teacher import pseudo_features
from training.text_tower import say

AVERAGE = 0.99
RATES = {"trunk": 1.5e-4, "head": 3e-4, "text": 1e-4}


def align(towers: Towers, images: dict[str, Tensor], texts: Texts, said: Tensor) -> None:
    """Teach the image head, on features that do not change, the text tower's language."""
    train = (~images["is_dev"]).nonzero().squeeze(1)
    names = texts.bank(towers.text)
    classifier = towers.trunk.classifier
    optimiser = torch.optim.AdamW(towers.head.parameters(), lr=1.5e-3, weight_decay=0.2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.5e-3, 300, pct_start=0.1)
    features = images["features"].float()
    for _ in range(300):
        rows = train[torch.randperm(len(train))[:512]]
        view = torch.randint(features.shape[1], (len(rows),))
        pseudo, labels = pseudo_features(features[train, 0], classifier, 512)
        seen = F.dropout(features[rows, view], 0.3)
        shown = towers.images(torch.cat([seen, pseudo]))
        scale = towers.scale.detach()
        caption = said[rows, torch.randint(5, (len(rows),))]
        logits, target = scale * shown[: len(rows)] @ caption.T, torch.arange(len(rows))
        loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
        taught = torch.cat([images["probabilities"][rows], labels])
        loss = loss + 0.5 * class_distillation(shown, names, taught, texts.members, scale)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()


def start_text(tower: nn.Module, model: Path) -> Tensor:
    """Load an exported text tower; returns the model's logit scale's logarithm."""
    weights = load_file(model / "open_clip_model.safetensors")
    state = {
        name.removeprefix("text."): value.float()
        for name, value in weights.items()
        if name.startswith("text.")
    }
    tower.load_state_dict(state)
    return weights["logit_scale"].float()


def main() -> None:
    arguments = starting_parser(__doc__)
    arguments.add_argument("--epochs", type=int, default=15)
    arguments.add_argument("--batch", type=int, default=128)
    arguments.add_argument("--concept-weight", type=float, default=0.5)
    arguments.add_argument("--keep-weight", type=float, default=0.3)
    options = arguments.parse_args()
    seed_everything(SEED)
    work: Path = options.work

    data = Data(work)
    images, texts, train = data.images, data.texts, data.train
    towers = Towers()
    towers.log_scale.data = start_text(towers.text, options.start)
    before = copy.deepcopy(towers.text).requires_grad_(False).eval()
    steps = options.epochs * (len(train) // options.batch)
    optimiser, schedule = optimiser_of(towers, RATES, steps)
    saved = work / "joint.pt"
    first_epoch = 0
    if saved.exists():
        state = torch.load(saved, weights_only=False)
        towers.load_state_dict(state["towers"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first_epoch = state["epoch"]
        average = copy.deepcopy(towers).requires_grad_(False)
        average.load_state_dict(state["average"])
        seed_everything(SEED + first_epoch)
    else:
        said = torch.cat(
            [
                say(before, texts.tokens(texts.captions[start : start + 500])).detach()
                for start in range(0, len(texts.captions), 500)
            ]
        )
        align(towers, images, texts, said[data.captions_of])
        average = copy.deepcopy(towers).requires_grad_(False)
        print("aligned", data.measure(towers), flush=True)

    towers.head.train(), towers.text.train()
    lesson = Lesson(data, towers, before)
    started = time.monotonic()
    for epoch in range(first_epoch, options.epochs):
        order = train[torch.randperm(len(train))]
        sums = torch.zeros(4)
        for first in range(0, len(order) - options.batch + 1, options.batch):
            rows = order[first : first + options.batch]
            crops = torch.stack(list(changed(data.photos[rows])))
            features = trunk_features(towers.trunk, crops)
            pairs, classes, words = lesson.losses(features, rows, options.batch)
            log_known = towers.trunk.classifier(features).log_softmax(1)
            kept = F.kl_div(log_known, images["probabilities"][rows], reduction="batchmean")
            loss = pairs + options.concept_weight * classes + options.keep_weight * kept + 2 * words
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(towers.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            follow(average, towers, AVERAGE)
            sums += torch.stack([pairs, classes, kept, words]).detach()
        losses = " ".join(f"{value:.3f}" for value in sums / (len(train) // options.batch))
        print(
            f"epoch {epoch + 1} {time.monotonic() - started:.0f} s losses {losses} scale "
            f"{towers.scale.item():.1f} average " + data.measure(average),
            flush=True,
        )
        state = {
            "towers": towers.state_dict(),
            "average": average.state_dict(),
            "optimiser": optimiser.state_dict(),
            "schedule": schedule.state_dict(),
            "epoch": epoch + 1,
        }
        torch.save(state, saved.with_suffix(".part"))
        saved.with_suffix(".part").replace(saved)


if __name__ == "__main__":
    main()
