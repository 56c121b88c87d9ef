"""Step 14: the image head once more, at the final size, against what the text student says.

The trunk is the mean of two, and no longer changes, so that its features are computed once, of the
same views as the ensemble saw, and a batch has eight times as many photos.

``python -m training.final_head --work WORK --start SECOND`` writes ``WORK/final_head.pt``.
"""

from __future__ import annotations

import argparse
import copy
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from training.common import SEED, SIZE, load, seed_everything
from training.ensemble_features import views
from training.ensemble_heads import Lines
from training.ensemble_texts import read_lines
from training.image_student import ImageTower, Lesson, Weights, align
from training.lesson import Texts, Towers
from training.packed import say_packed
from training.trunks import whole

SHARES = {"first": 0.6, "second": 0.4}
"""Of each run of step 13, in the trunk that goes on."""
BATCH = 512
WEIGHTS = Weights(pairs=3, classes=4, pseudo=768)
AVERAGE = 0.97
LOGIT_SCALE = 23.33
"""With it, labels of the first half of ``dev`` are right as often as the second version's were."""


def mean_trunk(work: Path) -> dict[str, Tensor]:
    """The weights between those of the two runs."""
    states = {name: load(work / f"image_student.{name}.pt") for name in SHARES}
    trunks = [
        {
            key.removeprefix("trunk."): share * value
            for key, value in states[name].items()
            if key.startswith("trunk.")
        }
        for name, share in SHARES.items()
    ]
    return {key: trunks[0][key] + trunks[1][key] for key in trunks[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=250)
    parser.add_argument("--rate", type=float, default=5e-4)
    options = parser.parse_args()
    seed_everything(SEED)
    work: Path = options.work
    photos: Tensor = load(work / "pixels.pt")["pixels"]
    lines, texts, towers = Lines(work), Texts(work), Towers().eval()
    tower = ImageTower(options.start).eval()
    tower.trunk.load_state_dict(mean_trunk(work))
    towers.text.load_state_dict(load(work / "text_student.pt"))

    said = {}
    for kind, spoken in read_lines(work).items():
        if kind == "phrase":  # a lesson has none
            continue
        parts = texts.tokens(spoken).split(1000)
        with torch.inference_mode():
            said[kind] = torch.cat([say_packed(towers.text, part) for part in parts]).clone()
    net = whole(tower.trunk, SIZE)
    seen = torch.stack([net(view) for view in views(photos)], 1)
    align(tower, seen[lines.train, 0], load(work / "targets.pt")["image"][lines.train])
    lesson = Lesson(work, tower, seen[lines.train, 0], WEIGHTS, said)
    average = copy.deepcopy(tower).requires_grad_(False)

    def measured() -> str:
        with torch.inference_mode():
            return lines.measure(said["caption"], average(seen[:, 0]))

    print("before", measured(), flush=True)
    head = tower.head.train()
    optimiser = torch.optim.AdamW(head.parameters(), lr=options.rate, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, options.rate, options.steps, pct_start=0.1
    )
    for step in range(options.steps):
        rows = lines.train[torch.randperm(len(lines.train))[:BATCH]]
        view = torch.randint(seen.shape[1], (len(rows),))
        loss = lesson.loss(F.dropout(seen[rows, view], 0.2), rows)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        with torch.no_grad():
            for mean, now in zip(average.head.parameters(), head.parameters(), strict=True):
                mean.lerp_(now, 1 - min(AVERAGE, (step + 1) / (step + 10)))
        if (step + 1) % 50 == 0:
            print(f"step {step + 1} loss {loss.item():.3f} average {measured()}", flush=True)
    towers.trunk.load_state_dict(tower.trunk.state_dict())
    towers.head.load_state_dict(average.head.state_dict())
    towers.log_scale.data.fill_(math.log(LOGIT_SCALE))
    torch.save({"average": towers.state_dict()}, work / "final_head.pt")


if __name__ == "__main__":
    main()
