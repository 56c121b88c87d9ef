"""Step 11: what the next version is to say of every text and photo, in 256 dimensions.

ImageNet's names move a little, to where the ensemble sees what the classifiers call by them:
sentence vectors tell a Norfolk terrier from a Norwich terrier by hardly more than their letters.

``python -m training.targets --work WORK --second SECOND [--third THIRD]`` writes
``WORK/targets.pt``.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from training.common import SEED, agreement, class_distillation, load, seed_everything
from training.ensemble import Ensemble, axes, turned
from training.ensemble_features import members_parser, trunks_of, versions_of
from training.ensemble_heads import Lines, Seen
from training.ensemble_texts import KINDS
from training.hubs import Hubs

SCALE, STAY = 25.0, 0.3  # of names' logits; of how far names move, squared, in the loss
STEPS, PHOTOS, PSEUDO = 250, 256, 384
MADE = 60_000
BANK = 10_000
CLASSES = 1000
"""The names of these move. What is made shows a hundred kinds of dog and no dog that runs: "dog"
would move away from photos."""


def moved(
    names: Tensor, images: Tensor, known: Tensor, made: tuple[Tensor, Tensor], members: Tensor
) -> Tensor:
    """How far each concept's names would have to move, (c, 256).

    Args:
        names: what is said of each concept, (c, 256).
        images: what is seen of photos, (n, views, 256).
        known: the classifiers' probabilities of them, (n, 1000).
        made: the same two of things that no photo shows, (m, 256) and (m, 1000).
        members: (c, 1000), of ``class_distillation``.
    """
    way = torch.zeros_like(names, requires_grad=True)
    optimiser = torch.optim.Adam([way], lr=5e-3)
    for _ in range(STEPS):
        rows = torch.randint(len(images), (PHOTOS,))
        more = torch.randint(len(made[0]), (PSEUDO,))
        seen = torch.cat([images[rows, torch.randint(images.shape[1], (PHOTOS,))], made[0][more]])
        taught = torch.cat([known[rows], made[1][more]])
        said = F.normalize(names + way, dim=1)
        loss = class_distillation(seen, said, taught, members, torch.tensor(SCALE))
        loss = loss + STAY * way.pow(2).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return way.detach()


def captions_bank(targets: dict[str, Tensor], learnt: Tensor) -> Tensor:
    """What is said of BANK captions of photos that are learnt, and of BANK that are not here."""
    return torch.cat([_some(targets["caption"][learnt]), _some(targets["more"])])


def names_bank(targets: dict[str, Tensor]) -> Tensor:
    """What is said of BANK of ImageNet's names, and of BANK other nouns."""
    return torch.cat([_some(targets["name"]), _some(targets["phrase"])])


def _some(said: Tensor) -> Tensor:
    return said[torch.randperm(len(said))[:BANK]]


def main() -> None:
    options = members_parser(__doc__).parse_args()
    seed_everything(SEED)
    work: Path = options.work
    lines = Lines(work)
    train, said = lines.train, lines.said
    known: Tensor = load(work / "heads.pt")["known"]
    versions = versions_of(options)
    ensemble = Ensemble(work, versions)
    everything = Seen(trunks_of(versions), work, train)
    with torch.no_grad():
        photos = torch.arange(len(lines.is_dev))
        wide = torch.stack(
            [
                torch.cat([ensemble.images(everything.of(p, v)) for p in photos.split(1000)])
                for v in range(everything.views)
            ],
            1,
        )
        texts = {kind: ensemble.texts(said, kind) for kind in KINDS}
        learnt = ~lines.is_dev[said["caption_photo"]]
        turn = axes([texts["caption"][learnt], wide[train, 0], texts["name"]])
        targets = {kind: turned(of, turn) for kind, of in texts.items()}
        targets["image"] = turned(wide.mean(1), turn)
        print("all together", lines.measure(texts["caption"], wide[:, 0]))
        print("in 256 dimensions, four views", lines.measure(targets["caption"], targets["image"]))
        views = turned(wide, turn)
        made = [
            everything.made(train, torch.randint(everything.views, (len(train),)), 1000)
            for _ in range(MADE // 1000)
        ]
        shown = torch.cat([turned(ensemble.images(of), turn) for of, _ in made])
        taught = torch.cat([probabilities for _, probabilities in made])

    owner = said["name_owner"]
    names = torch.zeros(len(said["members"]), views.shape[2])
    names = F.normalize(names.index_add(0, owner, targets["name"]), dim=1)
    way = moved(names, views[train], known[train], (shown, taught), said["members"])
    way[CLASSES:] = 0
    targets["name"] = F.normalize(targets["name"] + way[owner], dim=1)
    for title, of in (("before", names), ("moved", F.normalize(names + way, dim=1))):
        shares = agreement(views[lines.is_dev, 0] @ of[:CLASSES].T, known[lines.is_dev], 0.3)
        print("names", title, *(f"{share:.1f}" for share in shares))
    hubs = Hubs(targets["image"][train], captions_bank(targets, learnt), names_bank(targets))
    targets["image"] = hubs.photos(targets["image"])
    for kind in KINDS:
        told = hubs.captions if kind in ("caption", "more") else hubs.names
        targets[kind] = told(targets[kind])
    print("hubs told apart", lines.measure(targets["caption"], targets["image"]))
    targets |= {"turn": turn} | {f"{name} bank": bank for name, bank in hubs.banks.items()}
    torch.save({name: of.clone() for name, of in targets.items()}, work / "targets.pt")


if __name__ == "__main__":
    main()
