"""The vector index by itself at a size that is told: building, opening, searching, memory.

    python -m benchmarks.bench_index_size --count 10000000     # 21 GB of disk; a quarter of an hour

Vectors are made as in ``bench_vectors`` (starter embeddings mixed, lifted to 512 dimensions and
jittered), but no library is filled with them: they go into the index's files, from where each step
takes them in a process of its own, which says how much memory it needed. Searches run on one
thread, and again on as many as they do for people. The truth is computed here, from the same
vectors, with NumPy.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import report
from benchmarks.bench_vectors import DIM, PAUSE_S, WANTED, lift, memory, mixed, timed
from benchmarks.samples import sample_library, starter_vectors
from indexer.probe_texts import PROBE_TEXTS
from store.index.faiss_index import FaissIndex
from store.index.faiss_package import faiss_package
from store.index.index_files import IndexFiles
from store.index.vector_rows import VectorRows
from store.values import ModelInfo
from store.vectors import Ids, Vectors

MODEL = ModelInfo(1, "mixed", "1", DIM)
ADDED = 1_000
QUERIES = 200


def files_in(place: Path) -> IndexFiles:
    return IndexFiles(place, MODEL)


def loaded(files: IndexFiles) -> FaissIndex:
    saved = files.load()
    assert saved is not None
    return saved.index


# -- steps, each in a process of its own ----------------------------------------------------------


def write_rows(place: Path, count: int) -> dict[str, float]:
    """Write the vectors, as an index run leaves them before they are laid out."""
    files, index = files_in(place), FaissIndex(VectorRows(DIM))
    files.begin()
    done = 0
    for block in mixed(np.load(place / "base.npy"), count):
        index.add(np.arange(done, done + len(block)), block)
        files.flush(index)
        done += len(block)
    files.save(index, "rows")
    return {}


def lay_out(place: Path, _: int) -> dict[str, float]:
    files = files_in(place)
    index = loaded(files)
    laid_out = report.seconds(index.train)
    measured = report.seconds(lambda: index.measure(np.load(place / "probes.npy")))
    saved = report.seconds(lambda: files.save(index, "laid out"))
    return {"lay out s": laid_out, "measure s": measured, "save s": saved}


def add(place: Path, count: int) -> dict[str, float]:
    files = files_in(place)
    index = loaded(files)
    block = next(mixed(np.load(place / "base.npy"), ADDED, seed=1))
    start = time.perf_counter()
    index.add(np.arange(count, count + ADDED), block)
    files.flush(index)
    files.save(index, "added")
    return {f"add {ADDED:,} s": time.perf_counter() - start}


def search(place: Path, count: int) -> dict[str, Any]:
    faiss = faiss_package()
    cores = faiss.omp_get_max_threads()
    queries = np.load(place / "queries.npy")
    before = memory("VmRSS")
    start = time.perf_counter()
    index = loaded(files_in(place))
    opened = time.perf_counter() - start
    result: dict[str, Any] = {"open s": opened}
    for name, allowed in {"": None, " among a tenth": tenth(count)}.items():
        for threads, on in ((1, ""), (cores, f" on {cores} threads")):
            faiss.omp_set_num_threads(threads)
            for _ in range(2):  # the second time, no disk is waited for
                times, nearest = timed(index, queries, allowed)
            result[f"median ms{name}{on}"] = 1000 * float(np.median(times))
            result[f"p99 ms{name}{on}"] = 1000 * float(np.percentile(times, 99))
        apart, _ = timed(index, queries, allowed, PAUSE_S)
        result[f"median ms{name}, {1000 * PAUSE_S:.0f} ms apart"] = 1000 * float(np.median(apart))
        result[f"recall@10{name}"] = nearest  # what is given; the main process knows what is right
        if allowed is None:
            result["resident MB"] = memory("VmRSS") - before
    return result


STEPS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "rows": write_rows,
    "lay out": lay_out,
    "add": add,
    "search": search,
}


# -- in the main process --------------------------------------------------------------------------


def tenth(count: int) -> Ids:
    """The numbers that a search among a tenth is restricted to."""
    return np.sort(np.random.default_rng(2).choice(count, count // 10, replace=False))


def truth(base: Vectors, queries: Vectors, count: int) -> tuple[Ids, Ids]:
    """The numbers (q, WANTED) of the vectors nearest to each query: of all, and of a tenth."""
    within = np.zeros(count + ADDED, np.bool_)
    within[tenth(count)] = True
    best = np.full((2, len(queries), WANTED), -2, np.float32)
    ids = np.zeros((2, len(queries), WANTED), np.int64)
    done = 0
    for block in chain(mixed(base, count), mixed(base, ADDED, seed=1)):
        every = np.arange(done, done + len(block))
        for place, numbers in enumerate((every, every[within[every]])):
            cosines = queries @ block[numbers - done].T
            values = np.hstack([best[place], cosines])
            known = np.hstack([ids[place], np.broadcast_to(numbers, cosines.shape)])
            order = np.argpartition(-values, WANTED - 1, axis=1)[:, :WANTED]
            best[place], ids[place] = (np.take_along_axis(a, order, 1) for a in (values, known))
        done += len(block)
    return ids[0], ids[1]


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="vectors")
    parser.add_argument("--library", type=Path, help="photos to mix; indexed with starter")
    parser.add_argument("--folder", type=Path, help="where there is room; default: a temporary one")
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        name, place = options.step[0], Path(options.step[1])
        figures = STEPS[name](place, options.count)
        print(json.dumps(figures | {f"{name}: peak MB": memory("VmHWM")}))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as made:
        place = Path(made)
        base, queries = (lift(some) for some in sample_library(options.library, place))
        queries = queries[:QUERIES]
        for name, vectors in {
            "base": base,
            "queries": queries,
            "probes": lift(starter_vectors(PROBE_TEXTS)),
        }.items():
            np.save(place / f"{name}.npy", vectors)
        row: dict[str, Any] = {"vectors": options.count}
        for name in STEPS:
            command = [sys.executable, "-m", "benchmarks.bench_index_size", "--step", name, made]
            command += ["--count", str(options.count)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
            row |= json.loads(done.stdout)
        all_nearest, nearest_of_tenth = truth(base, queries, options.count)
        for name, nearest in {"": all_nearest, " among a tenth": nearest_of_tenth}.items():
            given = zip(nearest.tolist(), row[f"recall@10{name}"], strict=True)
            row[f"recall@10{name}"] = sum(len(set(a) & set(b)) for a, b in given) / nearest.size
        for path in place.glob("vectors-*"):
            row[f"{path.suffix} MB"] = path.stat().st_size / 2**20
    report.show("bench_index_size: the index by itself", [row], options)


if __name__ == "__main__":
    main()
