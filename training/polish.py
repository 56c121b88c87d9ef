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

from training.common import SEED, SIZE, load, seed_everything
from training.finetune import trunk_features
from training.lesson import Data, Lesson, Towers, changed, follow, optimiser_of, seen_whole

RATES = {"head": 1e-4, "text": 1e-4}
PSEUDO = 128  # pseudo features a step
AVERAGE = 0.97


@torch.inference_mode()
def views(towers: Towers, photos: Tensor) -> Tensor:
    """Features (n, 3, 1280) of each photo, its mirror image, and an augmented crop."""
    features = []
    for part in photos.split(64):
        crops = torch.stack(list(changed(part, SIZE)))
        whole = (seen_whole(towers, part), seen_whole(towers, part.flip(-1)))
        features.append(torch.stack([*whole, trunk_features(towers.trunk, crops)], 1))
    return torch.cat(features).clone()


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
    train = data.train
    towers = Towers()
    towers.load_state_dict(load(work / "joint.pt")["average"])
    towers.eval()
    features = views(towers, data.photos[train])
    before = copy.deepcopy(towers.text).requires_grad_(False)
    average = copy.deepcopy(towers).requires_grad_(False)
    print("before", data.measure(average), flush=True)

    optimiser, schedule = optimiser_of(towers, RATES, options.steps)
    lesson = Lesson(data, towers, before)
    towers.head.train(), towers.text.train()
    for step in range(options.steps):
        picked = torch.randperm(len(train))[: options.batch]
        seen = features[picked, torch.randint(features.shape[1], (len(picked),))]
        pairs, classes, words = lesson.losses(F.dropout(seen, 0.3), train[picked], PSEUDO)
        loss = pairs + options.concept_weight * classes + 2 * words
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        follow(average, towers, AVERAGE)
        if (step + 1) % 25 == 0:
            recalls = data.measure(average)
            print(f"step {step + 1} loss {loss.item():.3f} average {recalls}", flush=True)
    torch.save({"average": average.state_dict()}, work / "polish.pt")


if __name__ == "__main__":
    main()
