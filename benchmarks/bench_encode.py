"""The engines side by side: images/s and queries/s of one model in torch and in OpenVINO.

    python -m benchmarks.bench_encode [--model starter] [--random ViT-B-32]

Photos are the samples of scikit-image and scikit-learn, prepared before; queries come one by one,
as people type them. Engines take turns. ``--random`` measures an architecture of open_clip with
random weights, which are as fast as trained ones.
"""

from __future__ import annotations

import json
import tempfile
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from app.config import load_config
from benchmarks import report
from benchmarks.samples import TEXTS, sample_files
from indexer.encoders import engines
from indexer.encoders.encoder import Encoder, Pixels
from indexer.encoders.openvino_files import wait_for_conversions
from indexer.pictures.read_photo import read_photo

QUERIES = 30


def random_model(name: str, folder: Path) -> str:
    """An untrained model of open_clip's, as a name that ``load_encoder`` takes."""
    import open_clip
    from safetensors.torch import save_file

    model = open_clip.create_model(name)
    config = {
        "model_cfg": open_clip.get_model_config(name),
        "preprocess_cfg": open_clip.get_model_preprocess_cfg(model),
    }
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    save_file(model.state_dict(), folder / "open_clip_model.safetensors")
    return f"local-dir:{folder}"


def prepared(encoder: Encoder, count: int) -> list[Pixels]:
    paths = sample_files()
    images = [read_photo(path, encoder.image_size, lambda _: False).image for path in paths]
    pixels = [encoder.prepare(image) for image in images if image]
    return list(islice(chain.from_iterable([pixels] * (count // len(pixels) + 1)), count))


def images(encoder: Encoder, pixels: list[Pixels]) -> None:
    for start in range(0, len(pixels), encoder.batch_size):
        encoder.encode_images(pixels[start : start + encoder.batch_size])


def queries(encoder: Encoder) -> None:
    for text in TEXTS[:QUERIES]:
        encoder.encode_texts([text])


def main() -> None:
    parser = report.parser(__doc__, rounds=5)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--random", help="an architecture of open_clip, instead of --model")
    parser.add_argument("--images", type=int, default=64, help="in each round")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        name = random_model(options.random, Path(place)) if options.random else options.model
        cache = Path(place, "cache") if options.random else load_config().cache
        encoders = [
            engines.load_encoder(name, device="cpu", engine=engine, cache=cache)
            for engine in ("torch", "openvino")
        ]
        wait_for_conversions()
        if engines.may_have_gpu() and engines.best_device() != "cpu":
            encoders.append(engines.load_encoder(name, engine="torch", cache=cache))
        pixels = prepared(encoders[0], options.images)
        expected = encoders[0].encode_images(pixels)
        cosines = [float((e.encode_images(pixels) * expected).sum(1).min()) for e in encoders]
        by_image = report.alternating(
            {e.engine: partial(images, e, pixels) for e in encoders}, options.rounds
        )
        by_query = report.alternating(
            {e.engine: partial(queries, e) for e in encoders}, options.rounds
        )
    first = encoders[0].engine
    rows: list[dict[str, Any]] = [
        {
            "engine": e.engine,
            "images/s": len(pixels) / by_image[e.engine],
            "ratio": by_image[first] / by_image[e.engine],
            "queries/s": QUERIES / by_query[e.engine],
            "query ratio": by_query[first] / by_query[e.engine],
            "least cosine": round(cosine, 5),
        }
        for e, cosine in zip(encoders, cosines, strict=True)
    ]
    shown = f"{options.random}, random weights" if options.random else name
    report.show(f"bench_encode: {shown}", rows, options)


if __name__ == "__main__":
    main()
