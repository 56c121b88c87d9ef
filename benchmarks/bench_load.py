"""Many people at once: new queries typed against the page's routes, alone and beside an index run.

    python -m benchmarks.bench_load [--photos 10000] [--seconds 30] [--clients 1 --clients 8 ...]

Each client asks a query that nobody asked before, waits for its first 120 tiles, and asks again.
The photos are rows only, with embeddings of sample photos, mixed in pairs; the server is a process
of its own. In the rows with "beside an index run" a different process indexes pictures of 4
megapixels into the library meanwhile. Memory is the resident memory of the server at the end.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from app import services
from app.config import load_config
from benchmarks import report
from benchmarks.bench_labels import mixed
from benchmarks.bench_page import megabytes, seconds_used
from benchmarks.bench_vectors import records
from benchmarks.samples import TEXTS, make_pictures, sample_library
from benchmarks.served import TOP, Served, served
from store.library import Library
from store.vectors import Vectors

CLIENTS = (1, 8, 32)
_TILES = 120
_BATCH = 10_000
_KINDS = ("red", "old", "small", "large", "white", "dark", "bright", "two", "three", "some")
_INDEXED = 12_000  # pictures of the run beside; more than it reads in the time


def queries() -> Iterator[str]:
    """Texts of the kind that people type, none of them twice."""
    for number in itertools.count():
        for kind, text in itertools.product(_KINDS, TEXTS):
            yield f"{kind} thing and {text}" + (f" number {number}" if number else "")


def fill(folder: Path, base: Vectors, count: int) -> None:
    """A library of ``count`` photos, with all that searches use derived."""
    config = load_config(library=folder)
    encoder = services.load_encoder("starter", config, for_queries=True)
    with Library.open(folder, create=True) as library:
        with library.writing() as writer:
            model = writer.add_model(encoder.name, encoder.fingerprint, encoder.dim)
            root = writer.add_root(folder, (), replace=False).id
            for start in range(0, count, _BATCH):
                vectors = mixed(base, min(_BATCH, count - start), start)
                writer.record(records(root, start, vectors), model, 1)
            writer.save_index(model)
        services.catch_up(library, encoder, config)


class Clients:
    """People who ask until ``end``; the seconds that each answer took, and what went wrong."""

    def __init__(self, address: str, asked: Iterator[str], seconds: float) -> None:
        self._host = urllib.parse.urlsplit(address).netloc
        self._asked, self._lock = asked, threading.Lock()
        self._end = time.monotonic() + seconds
        self.taken: list[float] = []
        self.problems: list[str] = []

    def run(self, count: int) -> None:
        people = [threading.Thread(target=self._ask) for _ in range(count)]
        for one in people:
            one.start()
        for one in people:
            one.join()

    def _ask(self) -> None:
        connection = http.client.HTTPConnection(self._host, timeout=60)
        while time.monotonic() < self._end:
            with self._lock:
                query = next(self._asked)
            path = f"/clipsearch/results?count={_TILES}&q={urllib.parse.quote(query)}"
            start = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            content = answer.read()
            taken = time.perf_counter() - start
            with self._lock:
                self.taken.append(taken)
                if answer.status != 200 or not json.loads(content)["total"]:
                    self.problems.append(f"{query}: {answer.status} {content[:100]!r}")
        connection.close()


@contextmanager
def indexing(library: Path, pictures: Path) -> Iterator[None]:
    """``clipsearch index`` of ``pictures`` until the end of the block; it is stopped then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "index", str(pictures)],
        cwd=TOP,
        env=os.environ | {"CLIPSEARCH_LIBRARY": str(library)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
        if process.poll() is not None:
            raise RuntimeError("The index run ended before the clients did: give it more pictures.")
    finally:
        process.terminate()
        process.wait(60)


def measured(server: Served, asked: Iterator[str], clients: int, seconds: float) -> dict[str, Any]:
    """One row: ``clients`` people for ``seconds``."""
    people = Clients(server.address, asked, seconds)
    used, start = seconds_used(server.pid), time.perf_counter()
    people.run(clients)
    took = time.perf_counter() - start
    if people.problems:
        raise RuntimeError(people.problems[0])
    answered = len(people.taken)
    return {
        "clients": clients,
        "answers/s": answered / took,
        "p50 s": float(np.percentile(people.taken, 50)),
        "p99 s": float(np.percentile(people.taken, 99)),
        "server CPU s each": (seconds_used(server.pid) - used) / answered,
        "MB": megabytes(server.pid),
    }


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--clients", type=int, action="append", help="default: 1, 8 and 32")
    parser.add_argument("--pictures", type=int, default=_INDEXED, help="of the index run beside")
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as place:
        base, _ = sample_library(None, Path(place))
        library, pictures = Path(place, "library"), Path(place, "pictures")
        make_pictures(pictures, options.pictures, 2400, 1600)
        fill(library, base, options.photos)
        with served(library) as server:
            asked = queries()
            Clients(server.address, asked, 1).run(2)  # what is loaded once is not of any row
            for clients in options.clients or CLIENTS:
                row = measured(server, asked, clients, options.seconds)
                rows.append({"beside an index run": "no", **row})
                with indexing(library, pictures):
                    row = measured(server, asked, clients, options.seconds)
                rows.append({"beside an index run": "yes", **row})
    report.show(f"bench_load: {options.photos:,} photos", rows, options)


if __name__ == "__main__":
    main()
