"""Step 13: the image tower learns what the ensemble sees.

It starts near the second version's trunk, a little of the way back to ImageNet's (Wortsman et al.
2021, arXiv 2109.01903), and learns by cosine distance, by the KL divergence of how it ranks
captions from how the ensemble does, by InfoNCE and class distillation as before. Texts do not
change, so that a step can have 2,500 captions. Depthwise convolutions learn in float32: on CPUs
with AMX, torch's bfloat16 ones take five times as long there and back.

Two runs that begin at different places and see the photos differently, since the mean of their
weights is better than either (Wortsman et al. 2022, arXiv 2203.05482):
``python -m training.image_student --work WORK --start SECOND [--run second]`` writes
``WORK/image_student.first.pt`` or ``.second.pt``.
"""

from __future__ import annotations

import argparse
import copy
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from timm.layers import Mlp
from torch import Tensor, nn

from training.augmented import augmented
from training.common import (
    EMBED_DIM,
    IMAGE_DIM,
    SEED,
    SIZE,
    class_distillation,
    load,
    seed_everything,
)
from training.ensemble_heads import Lines
from training.export import towers_of
from training.features import channels_last, image_classifier
from training.finetune import FROZEN_BLOCKS
from training.lesson import CAPTIONS, pairs_loss
from training.teacher import class_directions, pseudo_features
from training.text_student import SCALE, ranked_alike
from training.trunks import frozen_part, whole

BATCH = 64


@dataclass(frozen=True)
class Run:
    """How one of the two trunks is learnt whose mean goes on.

    Attributes:
        back: how much of the way from the second version's trunk to ImageNet's it begins at.
        size: pixels of the copies.
        least: how much of a photo a copy shows at least.
    """

    epochs: int
    rate: float
    back: float
    size: int
    least: float


RUNS = {"first": Run(9, 2e-4, 0.25, 176, 0.35), "second": Run(5, 8e-5, 0, 192, 0.5)}
KNOWN, MORE = 1000, 1500  # captions that are ranked: of photos that are here, and of others
AVERAGE = 0.99


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


class ImageTower(nn.Module):
    """The trunk, whose first blocks never learn, and the head.

    Args:
        start: the second version's folder.
        back: how much of the way from its trunk to ImageNet's to begin at.
    """

    def __init__(self, start: Path, back: float = 0) -> None:
        super().__init__()
        trunk = image_classifier(2)
        second, first = towers_of(start).trunk.state_dict(), trunk.state_dict()
        for name, value in second.items():
            if value.is_floating_point():
                first[name] = torch.lerp(value.float(), first[name].float(), back)
        trunk.load_state_dict(first)
        self.trunk = channels_last(trunk)
        self.head = Mlp(IMAGE_DIM, 2 * EMBED_DIM, EMBED_DIM, drop=(0.5, 0), bias=(True, False))

    def forward(self, features: Tensor) -> Tensor:
        return F.normalize(self.head(features), dim=1)

    def features(self, maps: Tensor) -> Tensor:
        """What the blocks that learn make of (n, c, h, w): (n, 1280)."""
        with torch.autocast("cpu", torch.bfloat16):
            maps = self.trunk.blocks[FROZEN_BLOCKS:](maps)
            maps = self.trunk.bn2(self.trunk.conv_head(maps))
        features: Tensor = self.trunk.forward_head(maps.float(), pre_logits=True)
        return features


def align(tower: ImageTower, features: Tensor, aim: Tensor) -> None:
    """Teach the head the new space, on features (n, 1280) that do not change."""
    optimiser = torch.optim.AdamW(tower.head.parameters(), lr=1.5e-3, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.5e-3, 300, pct_start=0.1)
    for _ in range(300):
        rows = torch.randperm(len(features))[:512]
        loss = (1 - (tower(F.dropout(features[rows], 0.3)) * aim[rows]).sum(1)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()


@dataclass(frozen=True)
class Weights:
    """Of parts of the loss; and how many features of things that no photo shows a batch has."""

    pairs: float = 0.5
    classes: float = 0.5
    pseudo: int = 128


class Lesson:
    """The loss of a batch.

    Args:
        features: (n, 1280) of whole photos.
        said: what is said of texts, by their kind, where it is not what the ensemble says.
    """

    def __init__(
        self,
        work: Path,
        tower: ImageTower,
        features: Tensor,
        weights: Weights = Weights(),
        said: dict[str, Tensor] | None = None,
    ) -> None:
        self.lines = Lines(work)
        self._tower, self._weights = tower, weights
        self._targets = load(work / "targets.pt") | (said or {})
        self._known: Tensor = load(work / "heads.pt")["known"]
        learnt = ~self.lines.is_dev[self.lines.said["caption_photo"]]
        self._captions = self._targets["caption"][learnt]
        self._directions = class_directions(features, tower.trunk.classifier)

    def loss(self, features: Tensor, rows: Tensor) -> Tensor:
        """Of the features (n, 1280) of copies of photos, whose numbers are ``rows``."""
        tower, targets, scale = self._tower, self._targets, torch.tensor(SCALE)
        weights = self._weights
        classifier = tower.trunk.classifier
        made, classes = pseudo_features(
            features.detach(), classifier, weights.pseudo, self._directions
        )
        shown = tower(torch.cat([features, made]))
        images, aim = shown[: len(rows)], targets["image"][rows]
        picked = torch.rand(len(rows), 5).argsort(1)[:, :CAPTIONS]
        own = targets["caption"][self.lines.captions_of[rows[:, None], picked]]
        bank = torch.cat(
            [
                own.flatten(0, 1),
                self._captions[torch.randint(len(self._captions), (KNOWN,))],
                targets["more"][torch.randint(len(targets["more"]), (MORE,))],
            ]
        )
        names = targets["name"][self.lines.name_rows()]
        taught = torch.cat([self._known[rows], classes])
        kept = F.kl_div(
            classifier(features).log_softmax(1), self._known[rows], reduction="batchmean"
        )
        members = self.lines.said["members"]
        loss: Tensor = (
            4 * (1 - (images * aim).sum(1)).mean()
            + ranked_alike(images, aim, bank)
            + weights.pairs * pairs_loss(images, own, scale)
            + weights.classes * class_distillation(shown, names, taught, members, scale)
            + 0.3 * kept
        )
        return loss

    @torch.inference_mode()
    def measure(self, tower: ImageTower, photos: Tensor) -> str:
        """Recalls of whole ``dev`` photos, against what the ensemble says of their captions."""
        tower.head.eval()
        images = torch.zeros(len(photos), EMBED_DIM)
        dev = self.lines.is_dev
        images[dev] = tower(whole(copy.deepcopy(tower.trunk), SIZE)(photos[dev]))
        return self.lines.measure(self._targets["caption"], images)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--run", choices=RUNS, default="first")
    options = parser.parse_args()
    run = RUNS[options.run]
    seed_everything(SEED + len(options.run))
    work: Path = options.work
    photos: Tensor = load(work / "pixels.pt")["pixels"]
    lines = Lines(work)
    tower = ImageTower(options.start, run.back)
    features = whole(tower.trunk, SIZE)(photos[lines.train])
    align(tower, features, load(work / "targets.pt")["image"][lines.train])
    lesson = Lesson(work, tower, features)
    average = copy.deepcopy(tower).requires_grad_(False)
    print("aligned", lesson.measure(average, photos), flush=True)

    first = frozen_part(tower.trunk, run.size)
    in_float32(tower.trunk.blocks[FROZEN_BLOCKS:])
    trunk = tower.trunk
    for part in (trunk.conv_stem, trunk.bn1, trunk.blocks[:FROZEN_BLOCKS], trunk.classifier):
        part.requires_grad_(False)
    body = [p for p in trunk.parameters() if p.requires_grad]
    rates = [run.rate, 2 * run.rate]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": rates[0]}, {"params": tower.head.parameters(), "lr": rates[1]}],
        weight_decay=0.05,
    )
    steps = run.epochs * (len(lines.train) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, steps, pct_start=0.1)
    started, step = time.monotonic(), 0
    for epoch in range(run.epochs):
        tower.head.train()
        order = lines.train[torch.randperm(len(lines.train))]
        for rows in order.split(BATCH)[: len(order) // BATCH]:
            maps = first(augmented(photos[rows], run.size, run.least))
            maps = maps.contiguous(memory_format=torch.channels_last)
            loss = lesson.loss(tower.features(maps), rows)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(body, 5.0)
            optimiser.step()
            schedule.step()
            step += 1
            with torch.no_grad():
                for mean, now in zip(average.parameters(), tower.parameters(), strict=True):
                    mean.lerp_(now, 1 - min(AVERAGE, step / (step + 10)))
        recalls = lesson.measure(average, photos)
        taken = time.monotonic() - started
        print(
            f"epoch {epoch + 1} {taken:.0f} s loss {loss.item():.3f} average {recalls}", flush=True
        )
        torch.save(average.state_dict(), work / f"image_student.{options.run}.pt")


if __name__ == "__main__":
    main()
