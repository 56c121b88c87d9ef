"""Labelling: how many photos a second get all their labels from stored embeddings.

    python -m benchmarks.bench_labels [--count 40000] [--rounds 3]

The vectors are starter embeddings of sample photos, mixed in pairs and jittered. ``search`` is one
exact search over the same vectors, for comparison.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from app import services
from app.config import load_config
from app.labels.labeller import Labeller, encode_concepts
from app.labels.vocabulary import everyday
from benchmarks import report
from benchmarks.samples import sample_library
from store.vectors import Vectors

JITTER = 0.5  # length of the noise, against vectors of length 1


def mixed(base: Vectors, count: int, seed: int = 0) -> Vectors:
    """(count, dim) unit vectors, each near two of ``base``."""
    chance = np.random.default_rng(seed)
    one, other = (base[chance.integers(len(base), size=count)] for _ in range(2))
    noise = chance.standard_normal((count, base.shape[1])).astype(np.float32)
    sums = one + other + JITTER * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    unit: Vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return unit


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=40_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        base, _ = sample_library(None, Path(place))
        encoder = services.load_encoder("starter", load_config(), for_queries=True)
        start = time.perf_counter()
        concepts = encode_concepts(everyday().names, encoder.encode_texts)
        words = time.perf_counter() - start
        labeller = Labeller(everyday(), concepts, encoder.logit_scale)
        vectors = mixed(base, options.count)
        ids = np.arange(options.count, dtype=np.int64)
        labelling, searching = [], []
        for _ in range(options.rounds):
            start = time.perf_counter()
            labels = labeller.label(ids, vectors, "")
            labelling.append(time.perf_counter() - start)
            start = time.perf_counter()
            np.argpartition(vectors @ vectors[0], -10)
            searching.append(time.perf_counter() - start)
    row = {
        "photos": options.count,
        "labels": len(labels.concepts),
        "photos/s": options.count / float(np.median(labelling)),
        "against a search": float(np.median(labelling) / np.median(searching)),
        "words, once, s": words,
    }
    report.show("bench_labels", [row], options)


if __name__ == "__main__":
    main()
