"""How often labels are right with 0, 1, 2, ... examples each.

    python -m benchmarks.few_shot captions.tsv --photos PHOTOS --split dev [--skip 500]

Persons: man, woman, boy, girl or dog, of photos of which two captions or more name just one of
these. Things: views of five photos (see ``benchmarks.concepts``) whose labels' names say nothing.
Accuracy is the mean over labels, and over draws of the examples.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app import services
from app.config import load_config
from app.labels.few_shot import FewShotClassifier
from app.labels.templates import SEVEN
from benchmarks import captioned, report
from benchmarks.concepts import view
from indexer.encoders.encoder import Encoder
from store.vectors import Vectors

_SHOTS = (0, 1, 2, 4, 8, 16)
_DRAWS = 5
_PERSONS = {
    "man": r"m[ae]n|guy",
    "woman": r"wom[ae]n|lady",
    "boy": r"boys?",
    "girl": r"girls?",
    "dog": r"dogs?",
}
_THINGS = [f"thing number {number}" for number in range(1, 6)]
_VIEWS = 40


def main() -> None:
    parser = captioned.parser(__doc__)
    parser.add_argument("--skip", type=int, default=0, help="photos, in order of name")
    parser.add_argument("--count", type=int, default=500)
    options = parser.parse_args()
    captions: dict[str, list[str]] = defaultdict(list)
    for name, caption in captioned.read_captions(options.captions, options.split):
        captions[name].append(caption.lower())
    names = sorted(captions)[options.skip : options.skip + options.count]
    encoder = services.load_encoder(options.model, load_config())
    named = np.array(
        [
            [sum(bool(re.search(rf"\b({one})\b", c)) for c in captions[name]) for one in patterns]
            for patterns in [list(_PERSONS.values())]
            for name in names
        ]
    )
    chosen = np.flatnonzero(((named > 0).sum(axis=1) == 1) & (named.max(axis=1) >= 2))
    persons = _embedded(encoder, [_read(options.photos / names[row]) for row in chosen.tolist()])
    chance = np.random.default_rng(0)
    places = chance.choice(len(names), (len(_THINGS), 2), replace=len(names) < 10)
    photos = [[_read(options.photos / names[row]) for row in pair] for pair in places.tolist()]
    views = [view(one, behind, chance) for one, behind in photos for _ in range(_VIEWS)]
    sets = {
        "persons": (list(_PERSONS), persons, named[chosen].argmax(axis=1)),
        "things": (_THINGS, _embedded(encoder, views), np.repeat(np.arange(5), _VIEWS)),
    }
    rows: list[dict[str, Any]] = []
    for name, (labels, images, of) in sets.items():
        for shots in _SHOTS:
            right = [_accuracy(encoder, labels, images, of, shots, draw) for draw in range(_DRAWS)]
            rows.append({"labels": name, "examples each": shots, "right": float(np.mean(right))})
    report.show(f"few_shot: {options.model}, {len(chosen)} persons", rows, options)


def _accuracy(
    encoder: Encoder,
    labels: list[str],
    images: Vectors,
    of: NDArray[np.int64],
    shots: int,
    draw: int,
) -> float:
    """The mean over labels; a label of few photos has half of them as examples at most."""
    chance = np.random.default_rng(draw)
    examples: list[int] = []
    for label in range(len(labels)):
        mine = np.flatnonzero(of == label)
        examples += chance.choice(mine, min(shots, len(mine) // 2), replace=False).tolist()
    asked = np.setdiff1d(np.arange(len(of)), examples)
    made = FewShotClassifier(
        encoder.encode_texts,
        encoder.logit_scale,
        labels,
        SEVEN,
        images[examples],
        of[examples].tolist(),
    )
    predicted = (images[asked] @ made.weights.T).argmax(axis=1)
    parts = [predicted[of[asked] == label] == label for label in np.unique(of[asked]).tolist()]
    return float(np.mean([part.mean() for part in parts]))


def _embedded(encoder: Encoder, images: list[Image.Image]) -> Vectors:
    parts = [images[start : start + 64] for start in range(0, len(images), 64)]
    return np.concatenate(
        [encoder.encode_images([encoder.prepare(one) for one in part]) for part in parts]
    )


def _read(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


if __name__ == "__main__":
    main()
