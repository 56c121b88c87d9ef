"""Step 13: copies of photos, many of them mixed in pairs, and what the ensemble sees of each.

6,086 photos are few to learn from. What an ensemble sees of a mixture of two is something else to
learn, and nobody has to say what it shows (mixup, Zhang et al. 2017, arXiv 1710.09412; what is
learnt from a teacher that looks at the same mixtures: Beyer et al. 2021, arXiv 2106.05237).

``python -m training.mixtures --work WORK --second SECOND [--third THIRD]`` writes
``WORK/mixtures.npy``, the copies, uint8 (24000, 3, 208, 208), 3.1 GB, and ``WORK/mixtures.pt``.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.augmented import augmented
from training.common import SEED, SIZE, load, seed_everything
from training.ensemble import Ensemble, turned
from training.ensemble_features import SIZES, VERSIONS, members_parser, trunks_of, versions_of
from training.ensemble_heads import Lines
from training.hubs import Hubs
from training.trunks import sized, whole

COPIES = 24_000
SEEN_AT = 224  # pixels, as the photos have
MIXED = 0.5
LEAST = 0.35  # of a photo, in a copy
BATCH = 100


@dataclass(frozen=True)
class Taught:
    """What is known of copies.

    Attributes:
        photo: of which photo each is, (n,); -1 where it is of two.
        image: what the ensemble sees of each, (n, 256).
        known: the classifiers' probabilities, (n, 1000).
    """

    photo: Tensor
    image: Tensor
    known: Tensor

    def and_also(self, others: Taught) -> Taught:
        """Of these, and of others behind them."""
        return Taught(
            torch.cat([self.photo, others.photo]),
            torch.cat([self.image, others.image]),
            torch.cat([self.known, others.known]),
        )


class Copies:
    """The copies in a folder, whose pixels are read from the file when they are asked for."""

    def __init__(self, work: Path) -> None:
        self._pixels: np.ndarray = np.load(work / "mixtures.npy", mmap_mode="r")
        self._saved = load(work / "mixtures.pt")

    def __len__(self) -> int:
        return len(self._pixels)

    def seen(self, rows: Tensor) -> Tensor:
        """The pixels of ``rows`` (n,): uint8 (n, 3, 208, 208)."""
        return torch.from_numpy(self._pixels[rows.numpy()])

    def taught(self, rows: Tensor) -> Taught:
        saved = self._saved
        return Taught(
            saved["photo"][rows], saved["image"][rows].float(), saved["known"][rows].float()
        )


def mixed(copies: Tensor, others: Tensor) -> Tensor:
    """Each with another shining through, or with a part of another in it.

    Args:
        copies: (n, 3, s, s), 0 to 255.
        others: as many.
    """
    seen = copies.clone()
    for copy, other in zip(seen, others, strict=True):
        if random.random() < 0.5:
            copy.lerp_(other, random.uniform(0.2, 0.8))
        else:
            rows, columns = _rectangle(copies.shape[-1])
            copy[:, rows, columns] = other[:, rows, columns]
    return seen


def _rectangle(size: int) -> tuple[slice, slice]:
    """From a fifth to the whole of each side: often a half of the picture, beside the other."""

    def part() -> slice:
        length = size if random.random() < 0.4 else int(size * random.uniform(0.2, 0.8))
        first = random.choice((0, size - length, random.randint(0, size - length)))
        return slice(first, first + length)

    rows, columns = part(), part()
    if rows == columns == slice(0, size):
        return rows, slice(0, size // 2)
    return rows, columns


def main() -> None:
    arguments = members_parser(__doc__)
    arguments.add_argument("--copies", type=int, default=COPIES)
    arguments.add_argument("--seed", type=int, default=SEED, help="another gives other copies")
    options = arguments.parse_args()
    versions = versions_of(options)
    seed_everything(options.seed)
    work: Path = options.work
    photos: Tensor = load(work / "pixels.pt")["pixels"]
    train = Lines(work).train
    ensemble = Ensemble(work, versions)
    targets = load(work / "targets.pt")
    hubs = Hubs(*(targets[f"{name} bank"] for name in ("photos", "captions", "names")))
    trunks = trunks_of(versions)
    nets = {name: whole(trunk, SIZES[name]) for name, trunk in trunks.items()}

    kept = np.lib.format.open_memmap(
        work / "mixtures.npy", "w+", np.uint8, (options.copies, 3, SIZE, SIZE)
    )
    photo, seen, known = [], [], []
    started = time.monotonic()
    for first in range(0, options.copies, BATCH):
        rows = train[torch.randint(len(train), (min(BATCH, options.copies - first),))]
        copies = augmented(photos[rows], SEEN_AT, LEAST)
        both = torch.rand(len(rows)) < MIXED
        others = train[torch.randint(len(train), (int(both.sum()),))]
        if len(others):
            copies[both] = mixed(copies[both], augmented(photos[others], SEEN_AT, LEAST))
        with torch.inference_mode():
            small = sized(copies, SIZE)
            features = {
                name: net(small if name == "second" else copies) for name, net in nets.items()
            }
            probabilities = [
                trunks[name].classifier(of).softmax(1)
                for name, of in features.items()
                if name not in VERSIONS
            ]
            seen.append(hubs.photos(turned(ensemble.images(features), targets["turn"])).half())
        known.append(torch.stack(probabilities).mean(0).half())
        photo.append(torch.where(both, -1, rows))
        kept[first : first + len(rows)] = small.round().byte().numpy()
        if first % (20 * BATCH) == 0:
            print(f"{first} {time.monotonic() - started:.0f} s", flush=True)
    kept.flush()
    saved = {"photo": photo, "image": seen, "known": known}
    torch.save({name: torch.cat(of).clone() for name, of in saved.items()}, work / "mixtures.pt")


if __name__ == "__main__":
    main()
