"""What decoding a 12-megapixel JPEG costs, against decoding all of it.

    python -m benchmarks.bench_decode

Both are timed in turns within one run; the ratio is the figure, the milliseconds are of the day.
"""

from __future__ import annotations

import io
import statistics
import time

import numpy as np
from PIL import Image, ImageFilter

from indexer.decode import decode

ROUNDS = 9
SIDE = 224  # what the starter model sees


def photo() -> bytes:
    """4000 x 3000 pixels with the detail of a photo: smooth shapes under some noise."""
    chance = np.random.default_rng(0)
    coarse = Image.fromarray(chance.integers(0, 256, (75, 100, 3), dtype=np.uint8))
    smooth = coarse.resize((4000, 3000), Image.Resampling.BICUBIC)
    noise = Image.fromarray(chance.integers(0, 256, (3000, 4000, 3), dtype=np.uint8))
    noise = noise.filter(ImageFilter.GaussianBlur(1))
    file = io.BytesIO()
    Image.blend(smooth, noise, 0.1).save(file, "JPEG", quality=90)
    return file.getvalue()


def full(content: bytes) -> None:
    with Image.open(io.BytesIO(content)) as image:
        image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def ours(content: bytes) -> None:
    image, _ = decode(io.BytesIO(content), SIDE)
    image.resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def seconds(work: object, content: bytes) -> float:
    start = time.perf_counter()
    work(content)  # type: ignore[operator]
    return time.perf_counter() - start


def main() -> None:
    content = photo()
    ours(content)  # the first one also imports
    times = [(seconds(full, content), seconds(ours, content)) for _ in range(ROUNDS)]
    whole, mine = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"12 MP JPEG, {len(content) / 1e6:.1f} MB: decode and resize to {SIDE} px")
    print(f"  full decode  {1000 * whole:6.1f} ms")
    print(f"  clipsearch   {1000 * mine:6.1f} ms   ratio {mine / whole:.2f}")


if __name__ == "__main__":
    main()
