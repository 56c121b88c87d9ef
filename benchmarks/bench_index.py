"""Indexing from end to end against what its parts allow together.

    python -m benchmarks.bench_index [--photos FOLDER] [--model starter]

Photos are made by the script (500 x 375 and 12 megapixels, and camera raws of the latter, with a
preview of full size or none), or those of ``--photos``. Decoding is read, decode and resize, in as
many threads as the run has, with thumbnails or without; encoding is the image tower on what came
out of it, on two views of a picture where a run takes two. On a CPU decoding (with thumbnails) and
encoding share the cores: together they allow 1 / (1/decoding + 1/encoding) photos a second; on a
GPU, the smaller of the two. The model is loaded before.
"""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from app import services
from app.config import load_config
from app.folders import targets_for
from benchmarks import report
from benchmarks.raw_files import make_raws
from benchmarks.samples import DIFFERENT, make_pictures
from indexer.encoders import views
from indexer.encoders.encoder import Encoder, Pixels
from indexer.encoders.openvino_files import wait_for_conversions
from indexer.events import Finished
from indexer.pictures.read_photo import read_photo
from indexer.pictures.thumbnails import thumbnail
from indexer.pipeline import run_index
from store.library import Library


def decode_all(paths: list[Path], encoder: Encoder, *, thumbnails: bool) -> list[Pixels]:
    def one(path: Path) -> Pixels:
        photo = read_photo(path, encoder.image_size, lambda _: False)
        assert photo.image is not None and photo.facts is not None
        if thumbnails:
            thumbnail(photo.image)
        two = views.are_two("auto", encoder.name, photo.facts)
        return views.prepare(encoder, photo.image, two=two)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(one, paths))


def encode_all(pixels: list[Pixels], encoder: Encoder) -> None:
    for start in range(0, len(pixels), encoder.batch_size):
        views.encode(encoder, pixels[start : start + encoder.batch_size])


def index_all(folder: Path, encoder: Encoder, count: int) -> None:
    """A first run into a new library, all of it: rows, vectors, index files."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        with (
            Library.open(Path(place, "library"), create=True) as library,
            library.writing() as writer,
        ):
            targets = targets_for(library, writer, [folder])
            *_, last = run_index(library, writer, encoder, targets)
        assert isinstance(last, Finished)
        assert last.summary.embedded == count, last.summary


def measure(name: str, folder: Path, encoder: Encoder, rounds: int) -> dict[str, Any]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    pixels = decode_all(paths, encoder, thumbnails=False)
    times = report.alternating(
        {
            "decode": lambda: decode_all(paths, encoder, thumbnails=False),
            "thumbnails": lambda: decode_all(paths, encoder, thumbnails=True),
            "encode": lambda: encode_all(pixels, encoder),
            "index": lambda: index_all(folder, encoder, len(paths)),
        },
        rounds,
    )
    on_gpu = encoder.engine.startswith(("torch on cuda", "torch on mps"))
    parts = (times["thumbnails"], times["encode"])
    bound = max(parts) if on_gpu else sum(parts)
    return {
        "photos": name,
        "files": len(paths),
        "decode/s": len(paths) / times["decode"],
        "with thumbnails/s": len(paths) / times["thumbnails"],
        "encode/s": len(paths) / times["encode"],
        "together/s": len(paths) / bound,
        "index/s": len(paths) / times["index"],
        "ratio": bound / times["index"],
    }


def main() -> None:
    parser = report.parser(__doc__, rounds=3)
    parser.add_argument("--photos", type=Path, help="a folder of photos, all different")
    parser.add_argument("--model", default="starter")
    parser.add_argument("--small", type=int, default=1500, help="photos of 500 x 375 to make")
    parser.add_argument("--large", type=int, default=150, help="photos of 4000 x 3000 to make")
    parser.add_argument("--raw", type=int, default=16, help="of these, how many as raws too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        encoder = services.load_encoder(options.model, load_config())
        wait_for_conversions()
        rows = []
        if options.photos:
            rows.append(measure(options.photos.name, options.photos, encoder, options.rounds))
        else:
            for name, count, size in (
                ("500 x 375", options.small, (500, 375)),
                ("4000 x 3000", options.large, (4000, 3000)),
            ):
                folder = Path(place, name)
                make_pictures(folder, count, *size)
                rows.append(measure(name, folder, encoder, options.rounds))
            # The same picture makes the same raw file, which is embedded once.
            few = sorted(folder.iterdir())[: min(options.raw, DIFFERENT)]
            for name, with_preview in (("raw, with preview", True), ("raw, without", False)):
                make_raws(few, Path(place, name), with_preview=with_preview)
                rows.append(measure(name, Path(place, name), encoder, options.rounds))
    report.show(f"bench_index: {encoder.name}, {encoder.engine}", rows, options)


if __name__ == "__main__":
    main()
