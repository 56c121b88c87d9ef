"""Nearest-neighbour search in big libraries: recall, time, memory, changes, filters.

    python -m benchmarks.bench_vectors [--count 100000 --count 1000000] [--library LIBRARY]

The vectors are starter embeddings of the photos in ``--library`` (any library indexed with
``starter``; by default one made of scikit-image's and scikit-learn's sample photos), mixed in
pairs, lifted to 512 dimensions and jittered. They go through a real library: rows in SQLite, index
files from the rows, searched by a process of its own on one thread, and again as it searches for
people, on all. Queries are texts. The truth is computed here, from the same vectors, with NumPy.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import report
from benchmarks.samples import sample_library, starter_vectors
from indexer.probe_texts import PROBE_TEXTS
from store.index.faiss_package import faiss_package
from store.library import Library
from store.states import State
from store.values import ContentFacts, FileRecord, Picture
from store.vectors import Ids, Vectors, VectorSearch

DIM = 512
BLOCK = 20_000
WANTED = 10
JITTER = 0.5  # length of the noise, against vectors of length 1
ADDED = 1_000
FILTERED = 40  # queries that are also tried with filters
SCANNED = 5_000  # results for which every vector is looked at
PAUSE_S = 0.03  # between two queries of people, so that cores fall asleep


def unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def lift(vectors: Vectors) -> Vectors:
    """(n, dim) to (n, DIM), all angles kept."""
    random = np.random.default_rng(0).standard_normal((DIM, vectors.shape[1]))
    lifted: Vectors = vectors @ np.linalg.qr(random)[0].T.astype(np.float32)
    return lifted


def mixed(base: Vectors, count: int, seed: int = 0, width: int = DIM) -> Iterator[Vectors]:
    """``count`` unit vectors in blocks (BLOCK, width), each near two of ``base`` (n, width)."""
    chance = np.random.default_rng(seed)
    for start in range(0, count, BLOCK):
        size = min(BLOCK, count - start)
        one, other = (base[chance.integers(len(base), size=size)] for _ in range(2))
        share = chance.uniform(0.5, 1, (size, 1)).astype(np.float32)
        noise = chance.standard_normal((size, width), np.float32) * np.float32(JITTER / width**0.5)
        yield unit(unit(share * one + (1 - share) * other) + noise)


def records(root: int, first: int, vectors: Vectors) -> list[FileRecord]:
    """Files that the library takes for photos with these embeddings."""
    facts = ContentFacts(1, 1, "JPEG")
    return [
        FileRecord(
            root,
            f"folder{number // 500}",
            f"{number}.jpg",
            1,
            1,
            State.INDEXED,
            picture=Picture(hashlib.sha256(b"%d" % number).digest(), facts, vector),
        )
        for number, vector in enumerate(vectors, first)
    ]


def filters(total: int) -> dict[str, int]:
    """Sizes of the sets of ids that searches are restricted to."""
    return {
        "10 ids": 10,
        "1,000 ids": 1_000,
        "a tenth": total // 10,
        "a hundredth": total // 100,
        "half": total // 2,
        "all but ten": total - 10,
    }


# -- in a process of its own --------------------------------------------------------------------


def search(folder: Path, place: Path) -> dict[str, Any]:
    """Open the library, search it for every query and with every filter that lie in ``place``."""
    faiss = faiss_package()
    cores = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    queries = np.load(place / "queries.npy")
    before = memory("VmRSS")
    start = time.perf_counter()
    with Library.open(folder) as library:
        model = library.model()
        assert model is not None
        index = library.index(model).index
    index.search(queries[0], WANTED)
    first = time.perf_counter() - start
    for _ in range(2):  # the second time, no disk is waited for
        times, nearest = timed(index, queries)
    faiss.omp_set_num_threads(cores)
    on_all, _ = timed(index, queries)
    apart, _ = timed(index, queries, pause=PAUSE_S)
    faiss.omp_set_num_threads(1)
    resident = memory("VmRSS") - before
    exact = [report.seconds(lambda: index.search(queries[0], SCANNED)) for _ in range(3)]
    filtered = {}
    for path in sorted(place.glob("filter-*.npy")):
        taken, best = timed(index, queries[:FILTERED], np.load(path))
        filtered[path.stem.removeprefix("filter-")] = {"s": float(np.median(taken)), "ids": best}
    return {
        "open": first,
        "exact": min(exact),
        "median": float(np.median(times)),
        "p99": float(np.percentile(times, 99)),
        "on all cores": float(np.median(on_all)),
        "apart": float(np.median(apart)),
        "resident": resident,
        "peak": memory("VmHWM") - before,
        "ids": nearest,
        "filtered": filtered,
    }


def timed(
    index: VectorSearch, queries: Vectors, allowed: Ids | None = None, pause: float = 0.0
) -> tuple[list[float], list[list[int]]]:
    """The seconds that each query takes, and the ids that it gives.

    Args:
        pause: seconds to wait before each.
    """
    times, nearest = [], []
    for query in queries:
        time.sleep(pause)
        start = time.perf_counter()
        nearest.append(index.search(query, WANTED, allowed)[0].tolist())
        times.append(time.perf_counter() - start)
    return times, nearest


def memory(name: str) -> float:
    """Megabytes, from Linux's own account of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"this system has no {name}")


# -- in the main process ------------------------------------------------------------------------


def fill(folder: Path, base: Vectors, probes: Vectors, count: int) -> dict[str, float]:
    """Make the library; the seconds that its index took, and adding ``ADDED`` photos to it."""
    with Library.open(folder, create=True) as library, library.writing() as writer:
        model = writer.add_model("mixed", "1", DIM)
        root = writer.add_root(folder, (), replace=False).id
        done = 0
        for block in mixed(base, count):
            writer.record(records(root, done, block), model, 1)
            done += len(block)
        build = report.seconds(lambda: writer.save_index(model, texts=lambda: probes))
        more = records(root, done, next(mixed(base, ADDED, seed=1)))
        writer.record(more, model, 1)
        add = report.seconds(lambda: writer.save_index(model, texts=lambda: probes))
        nothing = report.seconds(lambda: writer.save_index(model, texts=lambda: probes))
    return {"build": build, "add": add, "nothing": nothing}


def truth(base: Vectors, queries: Vectors, count: int) -> tuple[Ids, Vectors]:
    """The ids (q, WANTED) nearest to each query, and all cosines of the first few queries."""
    best = np.full((len(queries), WANTED), -2, np.float32)
    ids = np.zeros((len(queries), WANTED), np.int64)
    kept, done = [], 1  # content ids begin at 1
    for block in chain(mixed(base, count), mixed(base, ADDED, seed=1)):
        cosines = queries @ block.T
        kept.append(cosines[:FILTERED])
        here = np.broadcast_to(np.arange(done, done + len(block)), cosines.shape)
        values, known = np.hstack([best, cosines]), np.hstack([ids, here])
        order = np.argpartition(-values, WANTED, axis=1)[:, :WANTED]
        best, ids = (np.take_along_axis(a, order, axis=1) for a in (values, known))
        done += len(block)
    return ids, np.hstack(kept)


def measure(
    base: Vectors, queries: Vectors, probes: Vectors, count: int, place: Path
) -> dict[str, Any]:
    folder = place / "library"
    seconds = fill(folder, base, probes, count)
    total = count + ADDED
    np.save(place / "queries.npy", queries)
    chance = np.random.default_rng(0)
    for name, size in filters(total).items():
        allowed = np.sort(chance.choice(total, size, replace=False)) + 1
        np.save(place / f"filter-{name}.npy", allowed)
    command = [sys.executable, "-m", "benchmarks.bench_vectors", "--search", str(folder)]
    answer = json.loads(subprocess.run([*command, str(place)], check=True, stdout=-1).stdout)

    ids, cosines = truth(base, queries, count)
    hits = sum(len(set(a) & set(b)) for a, b in zip(ids.tolist(), answer["ids"], strict=True))
    among: dict[str, float] = {}
    for name, result in answer["filtered"].items():
        allowed = np.load(place / f"filter-{name}.npy")
        right = 0
        for line, got in zip(cosines, result["ids"], strict=True):
            best = np.sort(line[allowed - 1])[-WANTED]
            right += int((line[np.array(got) - 1] >= best - 1e-5).sum())
        among[f"among {name} ms"] = 1000 * result["s"]
        among[f"recall@10 among {name}"] = right / (WANTED * len(cosines))
    sizes = {path.suffix: path.stat().st_size / 2**20 for path in folder.glob("vectors-*")}
    return {
        "vectors": total,
        "recall@10": hits / ids.size,
        "median ms": 1000 * answer["median"],
        "p99 ms": 1000 * answer["p99"],
        "median ms on all cores": 1000 * answer["on all cores"],
        f"the same, {1000 * PAUSE_S:.0f} ms apart": 1000 * answer["apart"],
        "median : exact": answer["median"] / answer["exact"],
        "resident MB": answer["resident"],
        "peak MB": answer["peak"],
        "open and first query s": answer["open"],
        "build s": seconds["build"],
        f"add {ADDED:,} s": seconds["add"],
        "nothing new s": seconds["nothing"],
        "approximate part MB": sizes.get(".faiss", 0.0),
        **among,
    }


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--count", type=int, action="append", help="vectors; repeatable")
    parser.add_argument("--library", type=Path, help="photos to mix; indexed with starter")
    parser.add_argument("--search", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.search:
        print(json.dumps(search(*options.search)))
        return
    with tempfile.TemporaryDirectory() as place:
        base, queries = sample_library(options.library, Path(place))
        probes = lift(starter_vectors(PROBE_TEXTS))
        columns = []
        for count in options.count or [100_000, 1_000_000]:
            inside = Path(place, str(count))
            inside.mkdir()
            columns.append(measure(lift(base), lift(queries), probes, count, inside))
    report.show("bench_vectors: search on one thread, and on all cores", columns, options)


if __name__ == "__main__":
    main()
