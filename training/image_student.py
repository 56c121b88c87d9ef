"""Step 14: the image tower learns what the ensemble sees in the copies of step 13.

It starts at an earlier version's trunk, or a part of the way back to ImageNet's (Wortsman et al.
2021, arXiv 2109.01903), and learns by cosine distance, by how far off it is in the dimensions of
hubs, by the KL divergence of how it ranks captions, and how captions rank its photos, from how the
ensemble does, by InfoNCE and class distillation as before. Texts do not
change, so that a step can have 2,500 captions. Depthwise convolutions learn in float32: on CPUs
with AMX, the way back through torch's bfloat16 ones takes up to eight times as long.

Two runs that begin at different places and see the photos differently, since the mean of their
weights is better than either (Wortsman et al. 2022, arXiv 2203.05482):
``python -m training.image_student --work WORK --start VERSION [--run NAME] [--back SHARE]
[--long]`` writes ``WORK/image_student.NAME.pt``. Long runs have whole photos among the copies.
"""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.common import SEED, SIZE, Order, load, seed_everything, starting_parser
from training.ensemble_heads import Lines
from training.export import towers_of
from training.finetune import FROZEN_BLOCKS, features_of_maps
from training.image_lesson import ImageLesson
from training.lesson import Towers, follow, optimiser_of
from training.mixtures import Copies, Taught
from training.trunks import frozen_part, sized, whole

BATCH = 64


@dataclass(frozen=True)
class Run:
    """How one of the two trunks is learnt whose mean goes on.

    Attributes:
        rate: the trunk's highest learning rate; the head's is twice that.
        back: how much of the way from the trunk that it starts with to ImageNet's it begins at.
        size: pixels that all are seen at.
        photos: how many of a batch are whole photos, with the mean of what the ensemble sees in
            their views as their aim; the others are copies.
    """

    seed: int
    steps: int
    rate: float
    back: float
    size: int
    photos: int = 0


RUNS = {
    "first": Run(SEED, steps=1600, rate=2e-4, back=0.25, size=176),
    "second": Run(SEED + 1, steps=1200, rate=1.2e-4, back=0, size=192),
}
LONG = {
    "first": Run(SEED, steps=4800, rate=2e-4, back=0.1, size=176, photos=16),
    "second": Run(SEED + 1, steps=3200, rate=1.5e-4, back=0, size=192, photos=16),
}
AVERAGE = 0.99
EVERY = 200  # steps until recalls are printed


class Depthwise(nn.Module):
    """A depthwise convolution that stays in float32 under autocast."""

    def __init__(self, convolution: nn.Conv2d) -> None:
        super().__init__()
        self.convolution = convolution

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast("cpu", enabled=False):
            seen: Tensor = self.convolution(x.float())
        return seen


def in_float32(module: nn.Module) -> None:
    """Wrap every depthwise convolution in ``module``."""
    for name, child in list(module.named_children()):
        if isinstance(child, nn.Conv2d) and child.groups > 1:
            setattr(module, name, Depthwise(child))
        else:
            in_float32(child)


def towers_near(start: Path, back: float) -> Towers:
    """Towers with a new head, and a trunk near an earlier version's.

    Args:
        start: that version's folder.
        back: how much of the way from its trunk to ImageNet's to begin at.
    """
    towers = Towers().eval()
    before, first = towers_of(start).trunk.state_dict(), towers.trunk.state_dict()
    for name, value in before.items():
        if value.is_floating_point():
            first[name] = torch.lerp(value, first[name], back)
    towers.trunk.load_state_dict(first)
    return towers


def align(towers: Towers, features: Tensor, aim: Tensor) -> None:
    """Teach the head the new space, on features (n, 1280) that do not change."""
    optimiser = torch.optim.AdamW(towers.head.parameters(), lr=1.5e-3, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.5e-3, 300, pct_start=0.1)
    for _ in range(300):
        rows = torch.randperm(len(features))[:512]
        loss = (1 - (towers.images(F.dropout(features[rows], 0.3)) * aim[rows]).sum(1)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()


def main() -> None:
    arguments = starting_parser(__doc__)
    arguments.add_argument("--run", choices=RUNS, default="first")
    arguments.add_argument("--back", type=float, help="instead of the run's")
    arguments.add_argument("--long", action="store_true", help="three times the steps, with photos")
    arguments.add_argument("--steps", type=int, default=0, help="as many as the run has")
    options = arguments.parse_args()
    run = (LONG if options.long else RUNS)[options.run]
    back = run.back if options.back is None else options.back
    seed_everything(run.seed)
    work: Path = options.work
    photos: Tensor = load(work / "pixels.pt")["pixels"]
    lines, targets, copies = Lines(work), load(work / "targets.pt"), Copies(work)
    known: Tensor = load(work / "heads.pt")["known"]
    towers = towers_near(options.start, back)
    features = whole(towers.trunk, SIZE)(photos[lines.train])
    towers.head.train()
    align(towers, features, targets["image"][lines.train])
    lesson = ImageLesson(lines, targets, towers, features)
    average = copy.deepcopy(towers).requires_grad_(False).eval()
    print("aligned", lesson.measure(average, photos), flush=True)

    first = frozen_part(towers.trunk, run.size)
    in_float32(towers.trunk.blocks[FROZEN_BLOCKS:])
    steps = options.steps or run.steps
    optimiser, schedule = optimiser_of(towers, {"trunk": run.rate, "head": 2 * run.rate}, steps)
    started = time.monotonic()
    of_copies, of_photos = Order(torch.arange(len(copies))), Order(lines.train)
    for step in range(steps):
        rows, own = of_copies.draw(BATCH - run.photos), of_photos.draw(run.photos)
        taught = copies.taught(rows).and_also(Taught(own, targets["image"][own], known[own]))
        pixels = torch.cat([sized(of, run.size) for of in (copies.seen(rows), photos[own])])
        pixels = torch.where((torch.rand(BATCH) < 0.5).view(-1, 1, 1, 1), pixels, pixels.flip(-1))
        maps = first(pixels).contiguous(memory_format=torch.channels_last)
        loss = lesson.loss(features_of_maps(towers.trunk, maps), taught)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(towers.trunk.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        follow(average.trunk, towers.trunk, AVERAGE, step)
        follow(average.head, towers.head, AVERAGE, step)
        if (step + 1) % EVERY == 0 or step + 1 == steps:
            recalls = lesson.measure(average, photos)
            taken = time.monotonic() - started
            print(f"step {step + 1} {taken:.0f} s loss {loss.item():.3f} {recalls}", flush=True)
            torch.save(average.trunk.state_dict(), work / f"image_student.{options.run}.pt")


if __name__ == "__main__":
    main()
