"""What decoding costs: all pixels against clipsearch's way, and threads against processes.

    python -m benchmarks.bench_decode

Made JPEGs, read, decoded and resized to what the starter model sees. ``N threads`` is how an index
run decodes; processes would have to send the pixels back.
"""

from __future__ import annotations

import io
import os
import tempfile
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks import report
from benchmarks.samples import make_pictures
from indexer.pictures.read_photo import read_photo

SIDE = 224  # what the starter model sees


def full(path: Path) -> Any:
    """The plain way with Pillow."""
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        return np.asarray(image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def ours(path: Path) -> Any:
    image = read_photo(path, SIDE, unknown).image
    assert image is not None
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


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
            times = report.alternating(
                {
                    "full decode": partial(in_turn, full, paths),
                    "clipsearch": partial(in_turn, ours, paths),
                    f"{cores} threads": partial(in_pool, threads, paths),
                    f"{cores} processes": partial(in_pool, processes, paths),
                },
                options.rounds,
            )
            rows += [
                {
                    "JPEG": f"{width} x {height}",
                    "how": name,
                    "files/s": count / seconds,
                    "ratio": times["full decode"] / seconds,
                }
                for name, seconds in times.items()
            ]
    report.show("bench_decode: files to pixels", rows, options)


if __name__ == "__main__":
    main()
