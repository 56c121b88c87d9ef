"""Step 10: three pairs of heads over frozen features, which have learnt no photo by heart.

An image head reads the features of several trunks side by side, a text head the sentence vectors of
multilingual-e5-small; they learn as the first teacher did (``training.teacher``).

``python -m training.ensemble_heads --work WORK --second SECOND`` writes ``WORK/heads.pt``.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from timm.layers import Mlp
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn

from training.common import (
    DROPOUT,
    EMBED_DIM,
    IMAGE_DIM,
    SEED,
    TextHead,
    class_distillation,
    load,
    parser,
    recall,
    recall_of_photos,
    seed_everything,
)
from training.ensemble_features import trunks_of
from training.lesson import CAPTIONS, follow, pairs_loss
from training.teacher import class_directions

TRUNKS = (("lite2", "lite0", "lite1"),) * 2 + (("second", "lite2", "lite0", "lite1"),)
"""What each image head reads."""
STEPS, BATCH, PSEUDO = 400, 512, 384
RATE = 1.5e-3
AVERAGE = 0.98


class ImageHead(nn.Module):
    """Features (n, 1280) of several trunks to (n, 256), unit length; training time only.

    Args:
        trunks: their names.
        sizes: how large each trunk's features are, (trunks,); not needed where weights are loaded.
    """

    sizes: Tensor

    def __init__(self, trunks: Sequence[str], sizes: Tensor | None = None) -> None:
        super().__init__()
        self.trunks = tuple(trunks)
        self.register_buffer("sizes", torch.ones(len(trunks)) if sizes is None else sizes)
        width = len(trunks) * IMAGE_DIM
        self.mlp = Mlp(width, 1024, EMBED_DIM, drop=(0.5, 0), bias=(True, False))

    def forward(self, features: dict[str, Tensor]) -> Tensor:
        alike = [features[name] / size for name, size in zip(self.trunks, self.sizes, strict=True)]
        thinned = F.dropout(torch.cat(alike, 1), DROPOUT, self.training)
        return F.normalize(self.mlp(thinned), dim=-1)


class Seen:
    """Features of several trunks, and of things that no photo here shows.

    Args:
        trunks: with their classifiers, by name.
        work: the folder that has what step 9 left.
        train: rows of the photos that are learnt, (t,).

    Attributes:
        views: how many of each photo there are.
        sizes: how large each trunk's features are, (trunks,).
    """

    def __init__(self, trunks: dict[str, EfficientNet], work: Path, train: Tensor) -> None:
        saved = load(work / "ensemble.pt")
        self._parts = {name: saved[name].float() for name in trunks}
        self._classifiers = {
            name: trunk.classifier.requires_grad_(False) for name, trunk in trunks.items()
        }
        self._directions = {
            name: class_directions(part[train].flatten(0, 1), self._classifiers[name])
            for name, part in self._parts.items()
        }
        self.views = next(iter(self._parts.values())).shape[1]
        self.sizes = torch.stack(
            [part[train].pow(2).mean().sqrt() for part in self._parts.values()]
        )

    def of(self, rows: Tensor, view: Tensor | int) -> dict[str, Tensor]:
        """Features (n, 1280) of a view of each photo, by trunk."""
        return {name: part[rows, view] for name, part in self._parts.items()}

    def made(self, rows: Tensor, view: Tensor, count: int) -> tuple[dict[str, Tensor], Tensor]:
        """Features (count, 1280) of things that no photo shows, and their classes; see
        ``teacher.pseudo_features``: here one class is pushed in all trunks alike."""
        base = torch.randint(len(rows), (count,))
        classes = torch.randint(1000, (count,))
        strength = torch.empty(count, 1).uniform_(4, 16)
        keep = torch.empty(count, 1).uniform_(0.2, 1)
        likelier = torch.rand(count, 1) < 0.7
        features, classified = {}, []
        for name, part in self._parts.items():
            classifier = self._classifiers[name]
            plain = F.normalize(classifier.weight[classes], dim=1)
            direction = torch.where(likelier, self._directions[name][classes], plain)
            pushed = (keep * part[rows[base], view[base]] + strength * direction).clamp(min=0)
            features[name] = pushed
            classified.append(classifier(pushed).softmax(1))
        return features, torch.stack(classified).mean(0)


class Lines:
    """Sentence vectors of captions and of names, and whose they are."""

    def __init__(self, work: Path) -> None:
        self.said = load(work / "said.pt")
        self.is_dev: Tensor = load(work / "images2.pt")["is_dev"]
        self.train = (~self.is_dev).nonzero().squeeze(1)
        self.captions_of = self.said["caption_photo"].argsort(stable=True).view(-1, 5)
        owner = self.said["name_owner"]
        self._count = torch.bincount(owner)
        self._first = self._count.cumsum(0) - self._count

    def name_rows(self) -> Tensor:
        """One way to say each concept, drawn anew."""
        return self._first + (torch.rand(len(self._count)) * self._count).long()

    def measure(self, texts: Tensor, images: Tensor) -> str:
        """Recalls in % of all captions' vectors and all photos', among ``dev`` photos."""
        photo = self.said["caption_photo"]
        mine = self.is_dev[photo]
        owner = (torch.cumsum(self.is_dev, 0) - 1)[photo[mine]]
        similarity = texts[mine] @ images[self.is_dev].T
        recalls = recall(similarity, owner) + recall_of_photos(similarity, owner)
        return " ".join(f"{value:.1f}" for value in recalls)


def fit(trunks: Sequence[str], seen: Seen, lines: Lines, known: Tensor) -> dict[str, Any]:
    """The weights of a pair of heads, and which trunks the image head reads.

    Args:
        known: the classifiers' probabilities of all photos, (n, 1000).
    """
    train, said = lines.train, lines.said
    head, text = ImageHead(trunks, seen.sizes), TextHead()
    log_scale = nn.Parameter(torch.tensor(2.8))
    learning = [*head.parameters(), *text.parameters(), log_scale]
    optimiser = torch.optim.AdamW(learning, lr=RATE, weight_decay=0.2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, STEPS, pct_start=0.1)
    both = nn.ModuleList([head, text])
    average = copy.deepcopy(both).requires_grad_(False).eval()
    for step in range(STEPS):
        rows = train[torch.randperm(len(train))[:BATCH]]
        view = torch.randint(seen.views, (len(rows),))
        made, classes = seen.made(rows, view, PSEUDO)
        photos = seen.of(rows, view)
        shown = head({name: torch.cat([photos[name], made[name]]) for name in trunks})
        picked = torch.rand(len(rows), 5).argsort(1)[:, :CAPTIONS]
        captions = said["caption"][lines.captions_of[rows[:, None], picked].flatten()]
        spoken = text(torch.cat([captions, said["name"][lines.name_rows()]]))
        scale = log_scale.exp().clamp(max=100)
        pairs = spoken[: len(captions)].view(len(rows), CAPTIONS, -1)
        taught = torch.cat([known[rows], classes])
        loss = pairs_loss(shown[: len(rows)], pairs, scale) + 0.5 * class_distillation(
            shown, spoken[len(captions) :], taught, said["members"], scale
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        follow(average, both, AVERAGE, step)
    everything = torch.arange(len(lines.is_dev))
    with torch.inference_mode():
        images = torch.cat([average[0](seen.of(part, 0)) for part in everything.split(2000)])
        print(lines.measure(average[1](said["caption"]), images), flush=True)
    weights = {"image": average[0].state_dict(), "text": average[1].state_dict()}
    return {"trunks": list(trunks)} | weights


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--second", type=Path, required=True, help="that version's folder")
    options = arguments.parse_args()
    lines = Lines(options.work)
    saved = load(options.work / "ensemble.pt")
    known = torch.stack([saved[f"lite{n} probabilities"] for n in (0, 1, 2)]).mean(0)
    trunks = trunks_of({"second": options.second})
    heads = []
    for number, names in enumerate(TRUNKS):
        seed_everything(SEED + number)
        seen = Seen({name: trunks[name] for name in names}, options.work, lines.train)
        heads.append(fit(names, seen, lines, known))
    torch.save({"heads": heads, "known": known}, options.work / "heads.pt")


if __name__ == "__main__":
    main()
