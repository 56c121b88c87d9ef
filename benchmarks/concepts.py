"""Concepts by their examples: particular things, of which photos are made, and broad ones.

    python -m benchmarks.concepts captions.tsv --photos PHOTOS --split dev [--skip 500]

A particular thing: 24 views of one photo, each cut, slanted, turned, in another light and before
another photo. R-precision: of the photos of the thing that are no examples, how many are among as
many first results of the whole library. A broad one: what a caption names; of the first 20 results,
how many show it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from app import services
from app.config import load_config
from app.search import scoring
from app.search.concept_direction import concept_direction
from benchmarks import captioned, report
from benchmarks.negatives import THINGS
from store.vectors import Vectors

_VIEWS, _ASKED, _DRAWS, _FIRST, _SIDE = 24, 12, 5, 20, 224
_FEWEST = 40  # photos that show a broad thing


def view(photo: Image.Image, behind: Image.Image, chance: np.random.Generator) -> Image.Image:
    """The thing in ``photo`` from another side, before another background."""
    share = chance.uniform(0.5, 0.9)
    width, height = int(photo.width * share), int(photo.height * share)
    room = (photo.width - width, photo.height - height)
    left, top = (int(np.clip(r / 2 + chance.normal() * 0.1 * _SIDE, 0, r)) for r in room)
    seen = photo.crop((left, top, left + width, top + height)).resize((_SIDE, _SIDE))
    a, b, c, d = (chance.uniform(0, 0.15, 4) * _SIDE).tolist()
    corners = (a, b, c, _SIDE - d, _SIDE - b, _SIDE - a, _SIDE - d, c)
    seen = seen.transform(seen.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    seen = ImageOps.mirror(seen) if chance.random() < 0.5 else seen
    seen = seen.rotate(chance.uniform(-15, 15), resample=Image.Resampling.BICUBIC)
    seen = ImageEnhance.Brightness(seen).enhance(chance.uniform(0.5, 1.5))
    seen = ImageEnhance.Color(seen).enhance(chance.uniform(0.3, 1.7))
    side = int(chance.uniform(0.7, 1) * _SIDE)
    place = chance.integers(0, _SIDE - side + 1, 2).tolist()
    picture = behind.resize((_SIDE, _SIDE))
    picture.paste(seen.resize((side, side)), (place[0], place[1]))
    return picture


def main() -> None:
    parser = captioned.parser(__doc__)
    parser.add_argument("--skip", type=int, default=0, help="photos, in order of name")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--things", type=int, default=30)
    options = parser.parse_args()
    texts = captioned.texts(captioned.read_captions(options.captions, options.split))
    names = sorted(texts)[options.skip : options.skip + options.count]
    encoder = services.load_encoder(options.model, load_config())

    def embedded(images: list[Image.Image]) -> Vectors:
        parts = [images[start : start + 64] for start in range(0, len(images), 64)]
        return np.concatenate(
            [encoder.encode_images([encoder.prepare(one) for one in part]) for part in parts]
        )

    photos = [_read(options.photos / name) for name in names]
    library = embedded(photos)
    chance = np.random.default_rng(0)
    chosen = chance.choice(len(photos), min(options.things, len(photos)), replace=False).tolist()
    things = [
        embedded(
            [view(photos[n], photos[int(chance.integers(len(photos)))], chance) for _ in range(24)]
        )
        for n in chosen
    ]
    shows = [
        np.array([re.search(rf"\b({words})\b", texts[name]) is not None for name in names])
        for words in THINGS.values()
    ]
    broad = [one for one in shows if one.sum() >= min(_FEWEST, len(names) // 4)]
    rows: list[dict[str, Any]] = []
    for count in (1, 2, 3, 4, 6, 10):
        for name, direction in (("mean", scoring.prototype), ("clipsearch", concept_direction)):
            particular = []
            for views in things:
                everything = np.concatenate([views[_ASKED:], library])
                ranked = np.argsort(-(everything @ direction(views[:count], views[:0], library)))
                particular.append((ranked[:_ASKED] < _VIEWS - _ASKED).mean())
            precision = []
            for one in broad:
                for draw in range(_DRAWS):
                    rows_of = np.random.default_rng(draw).permutation(np.flatnonzero(one))[:count]
                    others = np.setdiff1d(np.arange(len(names)), rows_of)
                    way = direction(library[rows_of], library[:0], library)
                    first = others[np.argsort(-(library[others] @ way))[:_FIRST]]
                    precision.append(one[first].mean())
            rows.append(
                {
                    "examples": count,
                    "direction": name,
                    "particular, R-precision": float(np.mean(particular)),
                    "broad, of 20": float(np.mean(precision)) if precision else "",
                }
            )
    report.show(f"concepts: {options.model}, {len(names)} photos", rows, options)


def _read(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


if __name__ == "__main__":
    main()
