"""Step 15: the image head once more, at the final size, against what the text student says.

The trunk is the mean of two, and no longer changes, so that its features are computed once: of each
photo, its mirror image and two crops, and of the copies. A batch has eight times as many as before.

``python -m training.final_head --work WORK`` writes ``WORK/final_head.pt``.
"""

from __future__ import annotations

import copy
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from training.common import SEED, SIZE, load, parser, seed_everything
from training.ensemble_features import views
from training.ensemble_heads import Lines
from training.ensemble_texts import read_lines
from training.image_lesson import ImageLesson, Weights
from training.image_student import align
from training.lesson import Texts, Towers, follow
from training.mixtures import Copies, Taught
from training.packed import say_all
from training.trunks import whole

SHARES = {"first": 0.65, "second": 0.35}
"""Of each run of step 14, in the trunk that goes on."""
SAID = ("caption", "name", "more")  # kinds of texts that a lesson has
PHOTOS, COPIES = 256, 256  # in a batch
WEIGHTS = Weights(pairs=3, classes=3, pseudo=768, hubs=30, asked=4)
AVERAGE = 0.97
LOGIT_SCALE = 27.0
"""With it, captions confirm 92 % of the labels of the first half of ``dev``."""


def mean_trunk(work: Path) -> dict[str, Tensor]:
    """The weights between those of the two runs."""
    first, second = (
        {key: share * value for key, value in load(work / f"image_student.{name}.pt").items()}
        for name, share in SHARES.items()
    )
    return {key: first[key] + second[key] for key in first}


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--steps", type=int, default=500)
    arguments.add_argument("--rate", type=float, default=1e-3)
    options = arguments.parse_args()
    seed_everything(SEED)
    work: Path = options.work
    photos: Tensor = load(work / "pixels.pt")["pixels"]
    lines, texts, towers = Lines(work), Texts(work), Towers().eval()
    towers.trunk.load_state_dict(mean_trunk(work))
    towers.text.load_state_dict(load(work / "text_student.pt"))

    spoken = read_lines(work)
    said = {kind: say_all(towers.text, texts.tokens(spoken[kind])) for kind in SAID}
    net = whole(towers.trunk, SIZE)
    copies = Copies(work)
    of_copies = torch.cat(
        [net(copies.seen(rows)) for rows in torch.arange(len(copies)).split(1000)]
    )
    of_photos = torch.stack([net(view) for view in views(photos)], 1)
    aim: Tensor = load(work / "targets.pt")["image"]
    known: Tensor = load(work / "heads.pt")["known"]
    align(towers, of_photos[lines.train, 0], aim[lines.train])
    lesson = ImageLesson(lines, said, towers, of_photos[lines.train, 0], WEIGHTS)
    average = copy.deepcopy(towers).requires_grad_(False)

    def measured() -> str:
        with torch.inference_mode():
            return lines.measure(said["caption"], average.images(of_photos[:, 0]))

    print("before", measured(), flush=True)
    head = towers.head.train()
    optimiser = torch.optim.AdamW(head.parameters(), lr=options.rate, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, options.rate, options.steps, pct_start=0.1
    )
    for step in range(options.steps):
        rows = lines.train[torch.randperm(len(lines.train))[:PHOTOS]]
        view = torch.randint(of_photos.shape[1], (PHOTOS,))
        some = torch.randint(len(copies), (COPIES,))
        taught = Taught(rows, aim[rows], known[rows]).and_also(copies.taught(some))
        features = torch.cat([of_photos[rows, view], of_copies[some]])
        loss = lesson.loss(F.dropout(features, 0.2), taught)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        follow(average.head, head, AVERAGE, step)
        if (step + 1) % 100 == 0:
            print(f"step {step + 1} loss {loss.item():.3f} average {measured()}", flush=True)
    average.log_scale.data.fill_(math.log(LOGIT_SCALE))
    torch.save({"average": average.state_dict()}, work / "final_head.pt")


if __name__ == "__main__":
    main()
