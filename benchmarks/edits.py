"""How surely an edit of a photo is told from a different photo, so that its marks follow it.

    python -m benchmarks.edits PHOTOS [--model starter] [--skip 0] [--count 1000]

Each photo is changed in memory as an editor would change it, and compared with itself; then all
pairs of different photos are compared, and each photo with the one nearest to it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from app import services
from app.config import load_config
from benchmarks import report
from benchmarks.robustness import cropped, resized
from indexer.encoders.encoder import Encoder
from indexer.pictures.likeness import (
    EDIT_BITS,
    EDIT_COSINE,
    difference_hash,
    is_edit,
    turned_hashes,
)
from store.vectors import Vectors

_BATCH = 64


def _saved(image: Image.Image, quality: int) -> Image.Image:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality)
    return Image.open(written).convert("RGB")


def _captioned(image: Image.Image) -> Image.Image:
    lettered = image.copy()
    band = (0, image.height * 0.8, image.width, image.height * 0.93)
    ImageDraw.Draw(lettered).rectangle(band, fill="white")
    return lettered


def _straightened(image: Image.Image) -> Image.Image:
    return cropped(0.9)(image.rotate(3, resample=Image.Resampling.BICUBIC))


EDITS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "saved at quality 75": lambda image: _saved(image, 75),
    "saved at quality 30": lambda image: _saved(image, 30),
    "turned by 90 degrees": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "turned by 180 degrees": lambda image: image.transpose(Image.Transpose.ROTATE_180),
    "mirrored": ImageOps.mirror,
    "grey": lambda image: image.convert("L").convert("RGB"),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.4),
    "darker by half": lambda image: ImageEnhance.Brightness(image).enhance(0.5),
    "more contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.5),
    "straightened by 3 degrees": _straightened,
    "cropped to 90 %": cropped(0.9),
    "cropped to 80 %": cropped(0.8),
    "cropped to 60 %": cropped(0.6),
    "a white border": lambda image: ImageOps.expand(image, image.width // 10, "white"),
    "a band across": _captioned,
    "half the size": resized(0.5, 0.5),
    "grey, cropped to 80 %": lambda image: cropped(0.8)(image.convert("L").convert("RGB")),
}


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--skip", type=int, default=0, help="photos, in order of name")
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    encoder = services.load_encoder(options.model, load_config())
    paths = sorted(options.photos.glob("*.jpg"))[options.skip : options.skip + options.count]
    photos = [Image.open(path).convert("RGB") for path in paths]
    vectors = _embed(encoder, photos)
    hashes = np.stack([turned_hashes(photo) for photo in photos])
    shown: list[dict[str, Any]] = []
    for name, edit in EDITS.items():
        edited = [edit(photo) for photo in photos]
        cosines = (vectors * _embed(encoder, edited)).sum(axis=1)
        told = [
            cosine >= EDIT_COSINE or is_edit(before, difference_hash(after))
            for cosine, before, after in zip(cosines, hashes, edited, strict=True)
        ]
        by_vector = float((cosines >= EDIT_COSINE).mean())
        shown.append({"edit": name, "taken for one photo": np.mean(told), "by vector": by_vector})
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    upright = np.stack([difference_hash(photo) for photo in photos])
    told_apart = np.array(
        [
            cosines[row, near] >= EDIT_COSINE or is_edit(hashes[row], upright[near])
            for row, near in enumerate(np.argmax(cosines, axis=1))
        ]
    )
    pairs = cosines[np.triu_indices(len(photos), 1)]
    for name, wrong in (
        ("a different photo", float((pairs >= EDIT_COSINE).mean())),
        ("the most similar of the others", float(told_apart.mean())),
    ):
        shown.append({"edit": name, "taken for one photo": wrong, "by vector": ""})
    title = f"edits: {options.model}, cosine {EDIT_COSINE} or {EDIT_BITS} bits"
    report.show(f"{title}, {len(photos)} photos", shown, options)


def _embed(encoder: Encoder, images: list[Image.Image]) -> Vectors:
    parts = [
        encoder.encode_images([encoder.prepare(image) for image in images[start : start + _BATCH]])
        for start in range(0, len(images), _BATCH)
    ]
    return np.concatenate(parts)


if __name__ == "__main__":
    main()
