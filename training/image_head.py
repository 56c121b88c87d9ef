"""Tried after step 8: the image head alone, against texts that stay as they are.

Head and vectors of texts are small, so that a step can have 1,024 photos, half of them as wrong
answers only, 1,024 captions of photos that are not here (wrong answers to all), all names, and 768
features of things that no photo here shows. Those lie where a class lies from the mean of all
(``teacher.class_directions``): those made along the classifier's weights were less like any.

``python -m training.image_head --data FLICKR8K --work WORK --start MODEL``
"""

from __future__ import annotations

import argparse
import copy
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from training.common import SEED, class_distillation, load, seed_everything
from training.data import read_more_captions
from training.export import towers_of
from training.lesson import (
    CAPTIONS,
    TEMPLATES,
    Data,
    Texts,
    Towers,
    follow,
    optimiser_of,
    pairs_loss,
)
from training.packed import say_packed
from training.teacher import class_directions, pseudo_features

PHOTOS, EXTRA = 512, 512  # with captions, without
MORE = 1024  # captions of photos that are not here
NAMES = 700  # concepts said in one of their ways; the others are the mean of all ways
PSEUDO = 768
RATE = 1e-3
CLASS_WEIGHT = 1.5
AVERAGE = 0.98
SHARE = 0.75  # of the way from the old head to the new one (Wortsman et al. 2021, arXiv 2109.01903)


@torch.inference_mode()
def said_of(towers: Towers, texts: Texts, lines: list[str]) -> Tensor:
    """Embeddings (n, d) of texts."""
    parts = (lines[i : i + 1000] for i in range(0, len(lines), 1000))
    return torch.cat([say_packed(towers.text, texts.tokens(part)) for part in parts]).clone()


class Names:
    """All ways to say each concept, and their vectors."""

    def __init__(self, towers: Towers, texts: Texts) -> None:
        ways = [
            [template.format(name) for name in names for template in dict.fromkeys(TEMPLATES)]
            for names in texts.names
        ]
        count = torch.tensor([len(said) for said in ways])
        self._first, self._count = count.cumsum(0) - count, count
        self._vectors = said_of(towers, texts, [text for said in ways for text in said])
        sums = torch.zeros(len(ways), self._vectors.shape[1])
        owner = torch.arange(len(ways)).repeat_interleave(count)
        self._means = F.normalize(sums.index_add(0, owner, self._vectors), dim=1)

    def draw(self) -> Tensor:
        """(concepts, d): one way for some, the mean of all for others."""
        picked = torch.randperm(len(self._count))[:NAMES]
        ways = self._first[picked] + (torch.rand(len(picked)) * self._count[picked]).long()
        return self._means.index_put((picked,), self._vectors[ways])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=400)
    options = parser.parse_args()
    seed_everything(SEED)
    work: Path = options.work

    data = Data(work)
    train = data.train
    towers = towers_of(options.start)
    classifier = towers.trunk.classifier
    views: Tensor = load(work / "views.pt")["features"].float()
    more = [said[0] for said in read_more_captions(options.data / "text.en.tsv.gz")]
    others = said_of(towers, data.texts, more)
    captions = said_of(towers, data.texts, data.texts.captions)[data.captions_of]
    names = Names(towers, data.texts)
    with torch.no_grad():
        directions = class_directions(views[train].flatten(0, 1), classifier)
        known = ((classifier(views[:, 0]) + classifier(views[:, 1])) / 2).softmax(1)
    before = copy.deepcopy(towers).requires_grad_(False)
    average = copy.deepcopy(before)
    print("before", data.measure(average), flush=True)

    optimiser, schedule = optimiser_of(towers, {"head": RATE}, options.steps)
    towers.head.train()
    for step in range(options.steps):
        rows = train[torch.randperm(len(train))[: PHOTOS + EXTRA]]
        seen = views[rows, torch.randint(views.shape[1], (len(rows),))]
        made, labels = pseudo_features(seen, classifier, PSEUDO, directions)
        shown = towers.images(torch.cat([F.dropout(seen, 0.3), made]))
        images, extra, _ = shown.split([PHOTOS, EXTRA, PSEUDO])
        picked = torch.rand(PHOTOS, 5).argsort(1)[:, :CAPTIONS]
        spoken = captions[rows[:PHOTOS, None], picked]
        wrong = images @ others[torch.randperm(len(others))[:MORE]].T
        pairs = pairs_loss(images, spoken, towers.scale, wrong, extra)
        classes = class_distillation(
            shown, names.draw(), torch.cat([known[rows], labels]), data.texts.members, towers.scale
        )
        loss = pairs + CLASS_WEIGHT * classes
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        follow(average, towers, min(AVERAGE, (step + 1) / (step + 10)))
        if (step + 1) % 100 == 0:
            print(
                f"step {step + 1} pairs {pairs.item():.3f} classes {classes.item():.3f} average "
                + data.measure(average),
                flush=True,
            )
    with torch.no_grad():
        for old, new in zip(before.parameters(), average.parameters(), strict=True):
            new.lerp_(old, 1 - SHARE)
    print("three quarters of the way", data.measure(average))
    torch.save({"average": average.state_dict()}, work / "image_head.pt")


if __name__ == "__main__":
    main()
