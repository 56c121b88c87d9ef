"""From which size on a second view of a photo takes less than a quarter of a run's time.

    python -m benchmarks.bench_views [--model starter]

Processor seconds, which the rest of the machine does not change: of reading a file as a run does
(digest, decoding, thumbnail, the tower's input) and of encoding it, once and twice. ``share`` is
the part of a run with two views that the second one takes.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from app import services
from app.config import load_config
from benchmarks import report
from benchmarks.samples import picture
from indexer.encoders import views
from indexer.encoders.encoder import Encoder
from indexer.pictures.read_photo import read_photo
from indexer.pictures.thumbnails import LEAST_SIDE, thumbnail

SIZES = ((1000, 750), (1600, 1200), (2600, 1950), (3300, 2475), (4000, 3000), (6000, 4000))
FORMATS = ("JPEG", "PNG")


def main() -> None:
    parser = report.parser(__doc__, rounds=3)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--most", type=float, default=30.0, help="megapixels")
    options = parser.parse_args()
    encoder = services.load_encoder(options.model, load_config())
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in FORMATS:
            for width, height in SIZES:
                if width * height > options.most * 1e6:
                    continue
                path = Path(folder) / f"{width}.{kind.lower()}"
                _save(path, width, height, kind)
                rows.append(_row(encoder, path, kind, width * height / 1e6, options.rounds))
    report.show(f"bench_views: {options.model}, {encoder.engine}", rows, options)


def _row(encoder: Encoder, path: Path, kind: str, megapixels: float, rounds: int) -> dict[str, Any]:
    side = max(encoder.image_size, LEAST_SIDE)
    image = read_photo(path, side, lambda _digest: False).image
    assert image is not None
    one, two = (views.prepare(encoder, image, two=twice) for twice in (False, True))
    batch = encoder.batch_size
    for pictures in ([one] * batch, [two] * batch):  # the first time is slower
        views.encode(encoder, pictures)

    def read(*, twice: bool) -> float:
        def work() -> None:
            photo = read_photo(path, side, lambda _digest: False)
            assert photo.image is not None
            views.prepare(encoder, photo.image, two=twice)
            thumbnail(photo.image)

        return _cpu_s(work, rounds)

    once = read(twice=False) + _cpu_s(lambda: views.encode(encoder, [one] * batch), rounds) / batch
    both = read(twice=True) + _cpu_s(lambda: views.encode(encoder, [two] * batch), rounds) / batch
    return {
        "format": kind,
        "megapixels": round(megapixels, 1),
        "one view, ms": 1000 * once,
        "two views, ms": 1000 * both,
        "share": 1 - once / both,
    }


def _save(path: Path, width: int, height: int, kind: str) -> None:
    content = picture(width, height)
    if kind != "JPEG":
        file = io.BytesIO()
        Image.open(io.BytesIO(content)).save(file, kind, compress_level=1)
        content = file.getvalue()
    path.write_bytes(content)


def _cpu_s(work: Callable[[], object], rounds: int) -> float:
    """The least processor seconds of all threads."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


if __name__ == "__main__":
    main()
