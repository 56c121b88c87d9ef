"""What decoding costs: all pixels against clipsearch's way, and threads against processes.

    python -m benchmarks.bench_decode

Made JPEGs, read, decoded and resized to what the starter model sees. ``N threads`` is how an index
run decodes; processes would have to send the pixels back. ``decoding alone`` is Pillow's part of
it, from memory: no more can be gained by a different decoder; ``simplejpeg`` (libjpeg-turbo's own
interface) takes turns with it where it is installed. ``raw`` is a camera raw of the largest size
(DNG, uncompressed), with a preview in full and without one, on one thread.
"""

from __future__ import annotations

import importlib
import io
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks import report
from benchmarks.raw_files import make_raws
from benchmarks.samples import make_pictures
from indexer.pictures.decode import OVERSAMPLING
from indexer.pictures.read_photo import read_photo

SIDE = 224  # what the starter model sees
_RAWS = 4  # files; each of 12 megapixels has 24 MB
LEAST = int(SIDE * OVERSAMPLING)


def full(path: Path) -> Any:
    """The plain way with Pillow."""
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        return np.asarray(image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def ours(path: Path) -> Any:
    image = read_photo(path, SIDE, unknown).image
    assert image is not None
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def by_pillow(contents: list[bytes]) -> None:
    for content in contents:
        with Image.open(io.BytesIO(content)) as image:
            image.draft(None, (LEAST, LEAST))
            image.load()


def by_simplejpeg(contents: list[bytes]) -> None:
    decode_jpeg = importlib.import_module("simplejpeg").decode_jpeg
    for content in contents:
        decode_jpeg(content, min_height=LEAST, min_width=LEAST, fastdct=True, fastupsample=True)


def unknown(_digest: bytes) -> bool:
    return False


def in_turn(work: Any, paths: list[Path]) -> None:
    for path in paths:
        work(path)


def in_pool(pool: Executor, paths: list[Path]) -> None:
    for _ in pool.map(ours, paths):
        pass


def main() -> None:
    parser = report.parser(__doc__, rounds=5)
    parser.add_argument("--scale", type=int, default=1, help="make all sides so many times smaller")
    options = parser.parse_args()
    cores = os.cpu_count() or 1
    rows: list[dict[str, Any]] = []
    with (
        tempfile.TemporaryDirectory() as place,
        ThreadPoolExecutor(cores) as threads,
        ProcessPoolExecutor(cores) as processes,
    ):
        for count, width, height in ((16, 4000, 3000), (64, 1920, 1080), (256, 500, 375)):
            width, height = width // options.scale, height // options.scale
            folder = Path(place, str(width))
            make_pictures(folder, count, width, height)
            paths = sorted(folder.iterdir())
            in_pool(processes, paths)  # the first time, they start and import
            contents = [path.read_bytes() for path in paths]
            works: dict[str, Callable[[], object]] = {
                "full decode": partial(in_turn, full, paths),
                "clipsearch": partial(in_turn, ours, paths),
                "decoding alone": partial(by_pillow, contents),
            }
            if find_spec("simplejpeg"):
                works["simplejpeg"] = partial(by_simplejpeg, contents)
            works[f"{cores} threads"] = partial(in_pool, threads, paths)
            works[f"{cores} processes"] = partial(in_pool, processes, paths)
            counts = dict.fromkeys(works, count)
            if width == 4000 // options.scale:
                few = paths[:_RAWS]
                for name, with_preview in (("raw, by its preview", True), ("raw, by half", False)):
                    raws = make_raws(few, Path(place, name), with_preview=with_preview)
                    works[name] = partial(in_turn, ours, raws)
                    counts[name] = len(raws)
            times = report.alternating(works, options.rounds)
            plain = times["full decode"] / count
            rows += [
                {
                    "pixels": f"{width} x {height}",
                    "how": name,
                    "files/s": counts[name] / seconds,
                    "ratio": plain * counts[name] / seconds,
                }
                for name, seconds in times.items()
            ]
    report.show("bench_decode: files to pixels", rows, options)


if __name__ == "__main__":
    main()
