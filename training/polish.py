"""Step 7: the image head and the text tower once more, in large batches, at the final size.

The trunk no longer changes, so that its features are computed once, at the size that photos will
be seen at instead of the smaller one of step 6 (Touvron et al. 2019, arXiv 1906.06423), and a batch
has four times as many photos to tell apart. Same losses, without the trunk's.

``python -m training.polish --work WORK``
"""

from __future__ import annotations

import argparse
import copy
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from training.common import SEED, class_distillation, load, seed_everything
from training.finetune import trunk_features
from training.joint import (
    CAPTIONS,
    PHRASES,
    SIZE,
    Data,
    Towers,
    changed,
    pairs_loss,
    seen_whole,
)
from training.teacher import pseudo_features
from training.text_tower import say

RATES = {"head": 1e-4, "text": 1e-4}
PSEUDO = 128  # pseudo features a step
AVERAGE = 0.97


@torch.inference_mode()
def views(towers: Towers, photos: Tensor) -> Tensor:
    """Features (n, 3, 1280) of each photo, its mirror image, and an augmented crop."""
    found = []
    for part in photos.split(64):
        crops = torch.stack(list(changed(part, SIZE)))
        whole = (seen_whole(towers, part), seen_whole(towers, part.flip(-1)))
        found.append(torch.stack([*whole, trunk_features(towers.trunk, crops)], 1))
    return torch.cat(found).clone()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--concept-weight", type=float, default=0.5)
    options = parser.parse_args()
    seed_everything(SEED)
    work: Path = options.work

    data = Data(work)
    texts, train = data.texts, data.train

    towers = Towers()
    towers.load_state_dict(load(work / "joint.pt")["average"])  # type: ignore[arg-type]
    towers.eval()
    features, known = views(towers, data.photos[train]), data.images["probabilities"][train]
    captions_of = data.captions_of[train]
    classifier = towers.trunk.classifier.requires_grad_(False)
    before = copy.deepcopy(towers.text).requires_grad_(False)
    average = copy.deepcopy(towers).requires_grad_(False)
    print("before", data.measure(average), flush=True)

    parts = {"head": towers.head, "text": towers.text}
    groups = [{"params": part.parameters(), "lr": RATES[name]} for name, part in parts.items()]
    groups.append({"params": [towers.log_scale], "lr": RATES["head"], "weight_decay": 0.0})
    optimiser = torch.optim.AdamW(groups, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [group["lr"] for group in groups], options.steps, pct_start=0.1
    )
    bank = texts.bank(towers.text)
    towers.head.train(), towers.text.train()
    for step in range(options.steps):
        rows = torch.randperm(len(train))[: options.batch]
        seen = F.dropout(features[rows, torch.randint(features.shape[1], (len(rows),))], 0.3)
        pseudo, labels = pseudo_features(seen, classifier, PSEUDO)
        shown = towers.images(torch.cat([seen, pseudo]))
        tokens, concepts = texts.step(captions_of[rows])
        said = say(towers.text, tokens)
        captions = said[: len(rows) * CAPTIONS].view(len(rows), CAPTIONS, -1)
        with torch.no_grad():
            aim = say(before, tokens[-PHRASES:])

        pairs = pairs_loss(shown[: len(rows)], captions, towers.scale)
        names = bank.index_put((concepts,), said[len(rows) * CAPTIONS : -PHRASES])
        bank = names.detach()
        taught = torch.cat([known[rows], labels])
        classes = class_distillation(shown, names, taught, texts.members, towers.scale)
        words = (1 - (said[-PHRASES:] * aim).sum(1)).mean()
        loss = pairs + options.concept_weight * classes + 2 * words
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        with torch.no_grad():
            for mean, now in zip(average.parameters(), towers.parameters(), strict=True):
                mean.lerp_(now, 1 - AVERAGE)
        if (step + 1) % 25 == 0:
            found = data.measure(average)
            print(f"step {step + 1} loss {loss.item():.3f} average {found}", flush=True)
    torch.save({"average": average.state_dict()}, work / "polish.pt")


if __name__ == "__main__":
    main()
