"""Recall on changed copies of photos: what cameras, phones and programs do to them.

    python -m benchmarks.robustness captions.tsv --photos PHOTOS --split dev [--model starter]

Each copy is written to a file and read as any photo is. Ratios are to the photos as they are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageEnhance, ImageOps

from app import services
from app.config import load_config
from app.evaluation.captions import read_captions
from app.evaluation.embeddings import image_embeddings
from app.evaluation.retrieval import retrieval
from benchmarks import captioned, report

Change = Callable[[Image.Image], Image.Image]


def resized(width: float, height: float) -> Change:
    return lambda image: image.resize((round(image.width * width), round(image.height * height)))


def cropped(share: float) -> Change:
    """The middle: each side's ``share``."""

    def change(image: Image.Image) -> Image.Image:
        left, top = image.width * (1 - share) / 2, image.height * (1 - share) / 2
        return image.crop((int(left), int(top), int(image.width - left), int(image.height - top)))

    return change


CHANGES: dict[str, tuple[Change, dict[str, Any]]] = {
    "as they are": (lambda image: image, {}),
    "grey": (lambda image: image.convert("L"), {}),
    "EXIF: on its side": (lambda image: image.transpose(Image.Transpose.ROTATE_90), {"turned": 6}),
    "EXIF: upside down": (lambda image: image.transpose(Image.Transpose.ROTATE_180), {"turned": 3}),
    "half the size": (resized(0.5, 0.5), {}),
    "a third of the size": (resized(1 / 3, 1 / 3), {}),
    "four times the size": (resized(4, 4), {}),
    "4:3 made 16:9": (resized(4 / 3, 1), {}),
    "4:3 made 3:4": (resized(0.75, 4 / 3), {}),
    "three quarters of it": (cropped(0.75**0.5), {}),
    "JPEG of quality 20": (lambda image: image, {"quality": 20}),
    "darker by half": (lambda image: ImageEnhance.Brightness(image).enhance(0.5), {}),
    "a white border": (lambda image: ImageOps.expand(image, image.width // 10, "white"), {}),
    "mirrored": (ImageOps.mirror, {}),
}


def save(image: Image.Image, path: Path, turned: int = 1, quality: int = 95) -> None:
    exif = Image.Exif()
    exif[0x0112] = turned
    image.save(path, quality=quality, exif=exif)


def main() -> None:
    options = captioned.parser(__doc__).parse_args()
    data = read_captions(options.captions, options.split)
    encoder = services.load_encoder(options.model, load_config())
    texts = encoder.encode_texts(list(data.captions))
    shown: list[dict[str, Any]] = []
    for name, (change, how) in CHANGES.items():
        with tempfile.TemporaryDirectory() as place:
            paths = [Path(place) / f"{number}.jpg" for number in range(len(data.photos))]
            for photo, path in zip(data.photos, paths, strict=True):
                with Image.open(options.photos / photo) as image:
                    save(change(image.convert("RGB")), path, **how)
            images, _ = image_embeddings(paths, encoder, None, None)
        by_text, by_image = retrieval(images, texts, data.of)
        first = shown[0]["text to image, recall@10"] if shown else by_text.recall[10]
        shown.append(
            {
                "photos": name,
                "text to image, recall@1": by_text.recall[1],
                "text to image, recall@10": by_text.recall[10],
                "image to text, recall@10": by_image.recall[10],
                "ratio": by_text.recall[10] / first,
            }
        )
    report.show(f"robustness: {options.model}", shown, options)


if __name__ == "__main__":
    main()
