"""Step 12: the text tower learns what the ensemble says.

It starts from an earlier version's, turned into the new space by least squares, and learns from
176,000 captions, 40,000 nouns and ImageNet's names: cosine distance, how far off it is in the
dimensions of hubs, and the KL divergence of how it ranks photos, how photos rank its captions, and
how texts of the batch rank each other, from how the ensemble does.

``python -m training.text_student --work WORK --start VERSION`` writes ``WORK/text_student.pt``.
"""

from __future__ import annotations

import copy
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from open_clip.transformer import TextTransformer
from torch import Tensor

from training.common import SEED, Order, load, seed_everything, starting_parser
from training.ensemble_heads import Lines
from training.ensemble_texts import KINDS, read_lines
from training.export import towers_of
from training.hubs import DIMENSIONS
from training.lesson import Texts, follow, hurried
from training.packed import say_all, say_packed
from training.text_tower import optimiser_of

MIX = {"caption": 144, "more": 208, "phrase": 96, "name": 64}
"""Texts of each kind in a batch."""
PHOTOS = 1500  # that are ranked in a step
SCALE = 20.0
HUBS = 10.0  # how much an error in their dimensions counts
TURNED = 20_000  # texts of each kind by which a tower is turned
AVERAGE = 0.99


class Pool:
    """Texts of one kind, given out in an order that is drawn anew when too few are left."""

    def __init__(self, lines: list[str], aims: Tensor, rows: Tensor) -> None:
        self._lines, self._aims, self._order = lines, aims, Order(rows)

    def draw(self, count: int) -> tuple[list[str], Tensor]:
        """Texts, and what is to be said of them, (count, d)."""
        rows = self._order.draw(count)
        return [self._lines[row] for row in rows.tolist()], self._aims[rows]


def ranked_alike(said: Tensor, aim: Tensor, others: Tensor) -> Tensor:
    """The KL divergence of softmaxes over ``others`` (o, d): of (n, d) from what they should be."""
    return _divergence(said @ others.T, aim @ others.T)


def ranked_by(others: Tensor, said: Tensor, aim: Tensor) -> Tensor:
    """The other way round: for each of ``others`` (o, d), the KL divergence of its softmax over
    ``said`` (n, d) from that over ``aim`` (n, d), so that what is near to all of them costs."""
    return _divergence(others @ said.T, others @ aim.T)


def _divergence(cosines: Tensor, aim: Tensor) -> Tensor:
    """Of the softmax of each row from that of the same row of ``aim``, (n, m) each."""
    return F.kl_div(
        F.log_softmax(SCALE * cosines, 1), F.softmax(SCALE * aim, 1), reduction="batchmean"
    )


def off_in_hubs(vectors: Tensor, aim: Tensor) -> Tensor:
    """The mean squared distance of (n, d) from what it should be, in the dimensions of hubs."""
    return (vectors - aim)[:, :DIMENSIONS].pow(2).sum(1).mean()


def turned(tower: TextTransformer, tokens: Tensor, aims: Tensor) -> None:
    """Turn ``tower``, so that what it says of ``tokens`` (n, 32) is nearest to ``aims`` (n, d)."""
    way = torch.linalg.lstsq(say_all(tower, tokens), aims).solution
    tower.text_projection.data @= way


def main() -> None:
    arguments = starting_parser(__doc__)
    arguments.add_argument("--steps", type=int, default=1800)
    arguments.add_argument("--rate", type=float, default=5e-4)
    options = arguments.parse_args()
    seed_everything(SEED)
    work: Path = options.work
    lines, targets, texts = Lines(work), load(work / "targets.pt"), Texts(work)
    all_texts = read_lines(work)
    photo = lines.said["caption_photo"]
    rows = {kind: torch.arange(len(targets[kind])) for kind in KINDS}
    rows["caption"] = (~lines.is_dev[photo]).nonzero().squeeze(1)
    pools = {kind: Pool(all_texts[kind], targets[kind], rows[kind]) for kind in KINDS}
    shown = targets["image"][lines.train]

    some = [pool.draw(min(TURNED, len(rows[kind]))) for kind, pool in pools.items()]
    tower = towers_of(options.start).text
    turned(
        tower,
        texts.tokens([text for of_kind, _ in some for text in of_kind]),
        torch.cat([aims for _, aims in some]),
    )
    average = copy.deepcopy(tower).requires_grad_(False)
    optimiser, schedule = optimiser_of(tower, options.rate, options.steps)

    tokens = texts.tokens(texts.captions)

    def measured() -> str:
        return lines.measure(say_all(average, tokens), targets["image"])

    print("turned", measured(), flush=True)
    started = time.monotonic()
    for step in range(options.steps):
        spoken, aims = [], []
        for kind, count in MIX.items():
            drawn, aim = pools[kind].draw(count)
            spoken += [hurried(text) for text in drawn] if kind in ("caption", "more") else drawn
            aims.append(aim)
        aim = torch.cat(aims)
        said = say_packed(tower, texts.tokens(spoken))
        photos = shown[torch.randperm(len(shown))[:PHOTOS]]
        distance = (1 - (said * aim).sum(1)).mean()
        captions = MIX["caption"] + MIX["more"]  # the first ones
        loss = (
            5 * distance
            + HUBS * off_in_hubs(said, aim)
            + ranked_alike(said, aim, photos)
            + 2 * ranked_by(photos, said[:captions], aim[:captions])
            + ranked_alike(said, aim, aim) / 2
        )
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tower.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        follow(average, tower, AVERAGE, step)
        if (step + 1) % 300 == 0:
            print(
                f"step {step + 1} {time.monotonic() - started:.0f} s distance "
                f"{distance.item():.4f} average {measured()}",
                flush=True,
            )
            torch.save(average.state_dict(), work / "text_student.pt")


if __name__ == "__main__":
    main()
