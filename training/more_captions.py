"""Tried after step 8: the text tower and the image head, with captions of photos that are not here.

Five people each described 29,000 photos that nobody here has. What two of them say of one photo is
to be nearer than what is said of any other (InfoNCE between captions): so the text tower learns
words and turns of phrase that no caption of the 6,086 photos has. Those captions are also wrong
answers to the photos that are here, and so are right ones with one thing changed
(``wrong_captions``). The other losses are those of polish.

The trunk does not change, so that its features (``views``) are computed once.

``python -m training.more_captions --data FLICKR8K --work WORK --start MODEL --seed 1``
"""

from __future__ import annotations

import argparse
import copy
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training import lesson
from training.common import SEED, class_distillation, contrastive, load, seed_everything
from training.data import read_more_captions
from training.export import towers_of
from training.lesson import CAPTIONS, Data, Towers, follow, pairs_loss
from training.packed import say_packed
from training.teacher import class_directions, pseudo_features
from training.wrong_captions import wrong

PHOTOS = 192  # a step
GROUPS = 256  # photos that are not here, two captions of each
NAMES, PHRASES, WRONG = 128, 48, 48
PSEUDO = 192
AVERAGE = 0.96
HEAD_RATE = 2e-4


class Steps:
    """What a step shows and says, and its losses."""

    def __init__(self, work: Path, photos: list[list[str]], towers: Towers) -> None:
        self._data = Data(work)
        self._towers = towers
        self._before = copy.deepcopy(towers.text).requires_grad_(False)
        self._photos = photos
        self._views: Tensor = load(work / "views.pt")["features"].float()
        self.log_scale = nn.Parameter(torch.tensor(2.8))
        """Of captions to captions."""
        classifier = towers.trunk.classifier
        with torch.no_grad():
            both = [classifier(self._views[:, side]) for side in (0, 1)]
            self._known = ((both[0] + both[1]) / 2).softmax(1)
            self._directions = class_directions(
                self._views[self._data.train].flatten(0, 1), classifier
            )
            self._bank = self._data.texts.bank(towers.text)

    def measure(self, towers: Towers) -> str:
        return self._data.measure(towers)

    def _see(self, rows: Tensor) -> Tensor:
        """A view of each photo, some with a little of another photo in it."""
        seen = self._views[rows, torch.randint(self._views.shape[1], (len(rows),))]
        other = 0.3 * torch.rand(len(rows), 1) * (torch.rand(len(rows), 1) < 0.3)
        return seen.lerp(seen.roll(1, 0), other)

    def _others(self) -> list[str]:
        """Two captions each of GROUPS photos that are not here: all first ones, all second ones."""
        pairs = [random.sample(said, 2) for said in random.sample(self._photos, GROUPS)]
        return [lesson.hurried(pair[place]) for place in (0, 1) for pair in pairs]

    def _wrong(self, rows: Tensor) -> dict[int, str]:
        """A wrong caption of some of the photos, by place in the batch."""
        captions = self._data.texts.captions
        texts: dict[int, str] = {}
        for place in torch.randperm(len(rows)).tolist():
            own = self._data.captions_of[rows[place]].tolist()
            text = wrong(captions[random.choice(own)])
            if text and len(texts) < WRONG:
                texts[place] = text
        return texts

    def loss(self) -> tuple[Tensor, dict[str, float]]:
        """The loss of a batch drawn anew, and its parts."""
        towers, texts = self._towers, self._data.texts
        train = self._data.train
        rows = train[torch.randperm(len(train))[:PHOTOS]]
        seen = self._see(rows)
        made, labels = pseudo_features(seen, towers.trunk.classifier, PSEUDO, self._directions)
        shown = towers.images(torch.cat([F.dropout(seen, 0.3), made]))
        tokens, concepts = texts.step(self._data.captions_of[rows], NAMES, PHRASES)
        mistaken = self._wrong(rows)
        more = texts.tokens(self._others() + list(mistaken.values()))
        said = say_packed(towers.text, torch.cat([tokens, more]))
        counts = [PHOTOS * CAPTIONS, NAMES, PHRASES, 2 * GROUPS, len(mistaken)]
        captions, named, phrases, others, errors = said.split(counts)
        with torch.no_grad():
            aim = say_packed(self._before, tokens[-PHRASES:])

        images = shown[:PHOTOS]
        worse = torch.full((PHOTOS, 1), -1.0)  # of the photos that have no wrong caption here
        places = torch.tensor(list(mistaken))
        worse = worse.index_put((places,), (images[places] * errors).sum(1, keepdim=True))
        spoken = captions.view(PHOTOS, CAPTIONS, -1)
        answers = torch.cat([images @ others.T, worse], 1)
        pairs = pairs_loss(images, spoken, towers.scale, answers)
        names = self._bank.index_put((concepts,), named)
        self._bank = names.detach()
        taught = torch.cat([self._known[rows], labels])
        classes = class_distillation(shown, names, taught, texts.members, towers.scale)
        words = (1 - (phrases * aim).sum(1)).mean()
        first, second = others.chunk(2)
        groups = contrastive(first, second, self.log_scale.exp().clamp(max=60))
        parts = {"pairs": pairs, "classes": classes, "words": words, "groups": groups}
        loss = pairs + 0.8 * classes + 2 * words + groups
        return loss, {name: value.item() for name, value in parts.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    seed_everything(SEED + options.seed)

    towers = towers_of(options.start)
    towers.trunk.requires_grad_(False)
    photos = [said for said in read_more_captions(options.data / "text.en.tsv.gz") if len(said) > 1]
    steps = Steps(options.work, photos, towers)
    average = copy.deepcopy(towers).requires_grad_(False)
    print("before", steps.measure(average), flush=True)
    optimiser, schedule = lesson.optimiser_of(
        towers, {"text": options.rate, "head": HEAD_RATE}, options.steps
    )
    towers.head.train(), towers.text.train()
    started = time.monotonic()
    for step in range(options.steps):
        loss, parts = steps.loss()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(towers.text.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        follow(average, towers, min(AVERAGE, (step + 1) / (step + 10)))
        if (step + 1) % 25 == 0:
            said = " ".join(f"{name} {value:.3f}" for name, value in parts.items())
            print(f"step {step + 1} {time.monotonic() - started:.0f} s {said}", flush=True)
    print("average", steps.measure(average))
    saved = options.work / f"more_captions.{options.seed}.pt"
    torch.save({"average": average.state_dict()}, saved)


if __name__ == "__main__":
    main()
