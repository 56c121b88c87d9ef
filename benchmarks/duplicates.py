"""Which copies of photos are listed as duplicates, and what is listed wrongly.

    python -m benchmarks.duplicates PHOTOS [--model starter] [--skip 0] [--count 120]

Each photo is changed as people and programs do, and all are indexed with the photos themselves: a
copy counts if it is in one group with its photo. Then, each kind in a library of its own: receipts,
slides, screenshots and pages of text, which share a form and differ in what they say; and photos,
twice, with somebody else in the same place each time. No two of them are copies: a group that holds
two different ones counts as wrong.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from app import services
from app.duplicates import DuplicateGroup, duplicates
from benchmarks import report
from benchmarks.robustness import cropped, resized
from benchmarks.samples import index_photos
from benchmarks.written_pages import PAGES
from store.library import Library

_QUALITY = 90


def _saved(image: Image.Image) -> Image.Image:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=30)
    return Image.open(written).convert("RGB")


def _lettered(image: Image.Image) -> Image.Image:
    lettered = image.copy()
    font = ImageFont.load_default(max(10, image.height // 9))
    place = (image.width * 0.08, image.height * 0.8)
    ImageDraw.Draw(lettered).text(place, "Summer 2019, (c) me", fill="white", font=font)
    return lettered


def _straightened(image: Image.Image) -> Image.Image:
    return cropped(0.9)(image.rotate(3, resample=Image.Resampling.BICUBIC))


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "10 % cut off each side": cropped(0.9),
    "30 % cut off each side": cropped(0.7),
    "a white border": lambda image: ImageOps.expand(image, image.width // 10, "white"),
    "mirrored": ImageOps.mirror,
    "turned by 90 degrees": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "turned by 180 degrees": lambda image: image.transpose(Image.Transpose.ROTATE_180),
    "turned by 270 degrees": lambda image: image.transpose(Image.Transpose.ROTATE_270),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.4),
    "grey": lambda image: image.convert("L").convert("RGB"),
    "saved at quality 30": _saved,
    "half the size": resized(0.5, 0.5),
    "lettered": _lettered,
    "straightened by 3 degrees": _straightened,
}


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--model", default="starter")
    parser.add_argument("--skip", type=int, default=0, help="photos, in order of name")
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--pages", type=int, default=12, help="of each kind")
    options = parser.parse_args()
    listed = sorted(path for folder in options.photos for path in folder.glob("*.*"))
    photos = _readable(listed[options.skip :], options.count)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as place:
        copies = {"photo": lambda image: image, **COPIES}
        groups, seconds, count = _grouped(
            Path(place),
            options.model,
            (
                (f"{number}-{kind}", change(photo))
                for number, photo in enumerate(photos)
                for kind, change in enumerate(copies.values())
            ),
        )
    of = {path: n for n, group in enumerate(groups) for path in group}
    for kind, name in enumerate(copies):
        if kind:
            both = [
                f"{n}-0" in of and of[f"{n}-0"] == of.get(f"{n}-{kind}", -1)
                for n in range(len(photos))
            ]
            rows.append({"copies": name, "listed": float(np.mean(both))})
    report.show(f"duplicates: {options.model}, {len(photos)} photos", rows, options)
    apart: list[dict[str, Any]] = [_wrong("photos and all their copies", groups, seconds, count)]
    different: dict[str, Iterable[tuple[str, Image.Image]]] = {
        "photos": ((f"{number}-0", photo) for number, photo in enumerate(photos)),
        "the same place, somebody else": _visited(photos),
        **{
            kind: ((f"{number}-0", draw(number)) for number in range(options.pages))
            for kind, draw in PAGES.items()
        },
    }
    for name, pictures in different.items():
        with tempfile.TemporaryDirectory() as place:
            apart.append(_wrong(name, *_grouped(Path(place), options.model, pictures)))
    report.show("wrong groups", apart, options)


def _readable(paths: list[Path], count: int) -> list[Image.Image]:
    images: list[Image.Image] = []
    for path in paths:
        try:
            with Image.open(path) as image:
                images.append(image.convert("RGB"))
        except OSError:
            continue
        if len(images) == count:
            break
    return images


def _visited(photos: list[Image.Image]) -> Iterable[tuple[str, Image.Image]]:
    """Each photo twice, with a part of another photo in it: here, then there."""
    for number, photo in enumerate(photos[:-1]):
        width, height = photo.width // 3, photo.height // 2
        visitor = ImageOps.fit(photos[number + 1], (width, height))
        for side, place in enumerate(((0.08, 0.3), (0.55, 0.4))):
            visited = photo.copy()
            visited.paste(visitor, (int(place[0] * photo.width), int(place[1] * photo.height)))
            yield f"{number}v{side}-0", visited


def _grouped(
    place: Path, model: str, pictures: Iterable[tuple[str, Image.Image]]
) -> tuple[list[list[str]], float, int]:
    """The groups of duplicates among ``pictures``, by name; the seconds, and how many pictures."""
    folder = place / "photos"
    folder.mkdir()
    count = 0
    for name, picture in pictures:
        picture.save(folder / f"{name}.jpg", quality=_QUALITY)
        count += 1
    index_photos(place / "library", [folder], model)
    with Library.open(place / "library") as library:
        answering = services.answering_model(library)
        library.index(answering)
        began = time.perf_counter()
        groups: list[DuplicateGroup] = duplicates(library, answering)
        seconds = time.perf_counter() - began
    names = [sorted({photo.path.stem for photo in group.photos}) for group in groups]
    return names, seconds, count


def _wrong(name: str, groups: list[list[str]], seconds: float, count: int) -> dict[str, Any]:
    mixed = [group for group in groups if len({path.split("-")[0] for path in group}) > 1]
    return {
        "pictures": name,
        "count": count,
        "groups": len(groups),
        "wrong": len(mixed),
        "s per 1,000": 1000 * seconds / max(1, count),
        "such as": " ".join(mixed[0][:4]) if mixed else "",
    }


if __name__ == "__main__":
    main()
