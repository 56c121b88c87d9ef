"""What the page asks of all photos of a large library: opening, facets, lists, and the memory.

    python -m benchmarks.bench_catalogue [--count 1000000] [--rounds 5] [--before FOLDER]

The photos are rows only: of 40 cameras, 300 towns and 20 years, one in three without a time of its
own, 500 to a folder, one in 50 in two folders, one in 40 with a tag, five labels each. Everything
is measured in a process of its own. ``--before``: the folder of an earlier clipsearch's source;
both then measure the same library, one after the other in each round, and the ratio is the earlier
time for each of today's, of the processor (others may keep it busy). "MB of its own" is memory that
no file stands behind, "MB mapped" what is resident of files; both since the library was opened,
labels left out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import report
from store.catalogue import Kind, PhotoSet
from store.filters import Contains, Taken
from store.labels import Labels
from store.library import DATABASE, Library

Figures = dict[str, tuple[float, float]]
DIM = 8
_CONCEPTS = 2_400
_FORMATS = ("JPEG", "JPEG", "HEIF", "PNG")
_START = datetime(2004, 1, 1, tzinfo=UTC)
_CHANGED = 1_000
_TABLES = ((7, "fact_change", "%_facts_%"), (12, "content_words", "content_words_%"))
"""Of which format each is, and its triggers, without which an earlier clipsearch has to write."""
_INSERT = {
    "root": "INSERT INTO root (id, path, excludes) VALUES (1, '/photos', '[]')",
    "model": "INSERT INTO model (id, name, fingerprint, dim) VALUES (1, 'bench', '1', ?)",
    "setting": "INSERT INTO setting (key, value) VALUES (?, ?)",
    "content": "INSERT INTO content (id, digest, width, height, format, taken_at, camera, "
    "latitude, longitude, place, embedded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{}')",
    "embedding": "INSERT INTO embedding VALUES (?, 1, ?, 0)",
    "photo": "INSERT INTO photo (root_id, folder, name, size, mtime_ns, state, content_id, run) "
    "VALUES (1, ?, ?, 1000, ?, 'indexed', ?, 1)",
    "tag": "INSERT INTO tag VALUES (?, ?)",
}


def fill(folder: Path, count: int) -> None:
    """A library in ``folder`` of ``count`` photos that are rows only; its triggers stand aside."""
    Library.open(folder, create=True).close()
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        kept = triggers.fetchall()
        database.execute("BEGIN")
        for name, _ in kept:
            database.execute(f"DROP TRIGGER {name}")
        database.execute(_INSERT["root"])
        database.execute(_INSERT["model"], (DIM,))
        database.executemany(_INSERT["setting"], [("model_id", "1"), ("generation", "1")])
        for table, rows in (("content", contents), ("embedding", vectors), ("photo", paths)):
            database.executemany(_INSERT[table], rows(count))
        tagged = range(0, count, 40)
        database.executemany(_INSERT["tag"], ((digest(n), f"tag{n % 7}") for n in tagged))
        for _, sql in kept:
            database.execute(sql)
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def digest(number: int) -> bytes:
    return sha256(b"%d" % number).digest()


def moment(number: int) -> datetime:
    chance = random.Random(number)
    return _START + timedelta(chance.randrange(20 * 365), chance.randrange(86_400))


def contents(count: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(1)
    for number in range(count):
        taken = f"{moment(number):%Y-%m-%d %H:%M:%S}.000000" if number % 3 else None
        town = chance.randrange(300)
        placed = chance.random() < 0.5
        yield (
            *(
                number + 1,
                digest(number),
                4_000,
                3_000,
                ("JPEG", "JPEG", "HEIF", "PNG")[number % 4],
            ),
            *(taken, f"Camera {chance.randrange(40)}"),
            *((town / 10, town / 5, f"Town {town}, Region, Country") if placed else 3 * (None,)),
        )


def vectors(count: int) -> Iterator[tuple[Any, ...]]:
    for number in range(count):
        yield number + 1, digest(number)[:DIM] * 4


def paths(count: int) -> Iterator[tuple[Any, ...]]:
    for number in range(count):
        seconds = int(moment(number).timestamp()) * 10**9
        for folder in (f"album {number // 500}", "best")[: 1 if number % 50 else 2]:
            yield folder, f"{number}.jpg", seconds, number + 1


def labels(count: int) -> Labels:
    chance = np.random.default_rng(2)
    return Labels(
        "bench",
        np.arange(1, count + 1),
        np.arange(0, 5 * count + 1, 5),
        (chance.random(5 * count) ** 3 * _CONCEPTS).astype(np.int32),
        chance.random(5 * count, dtype=np.float32),
    )


def megabytes(kind: str) -> float:
    """Resident memory of this process, of a kind: ``RssAnon``, ``RssFile`` (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{kind}:"))


def measured(folder: Path) -> Figures:
    """Milliseconds, on the clock and of the processor, and megabytes; of the clipsearch that Python
    imports."""
    figures: Figures = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        clock, used = time.perf_counter(), time.process_time()
        outcome = work()
        times = time.perf_counter() - clock, time.process_time() - used
        figures[f"{name}, ms"] = (1_000 * times[0], 1_000 * times[1])
        return outcome

    with Library.open(folder) as library:
        model = library.model()
        assert model is not None
        before = {kind: megabytes(kind) for kind in ("RssAnon", "RssFile")}
        catalogue = timed("opening", lambda: library.catalogue(model))
        timed("opening again", lambda: library.catalogue(model))
        count = len(catalogue.everything)
        some = np.random.default_rng(3).permutation(count)[: count // 100] + 1
        year = Taken(datetime(2015, 1, 1), datetime(2016, 1, 1))  # local, as theirs
        chosen = {
            "all": lambda: catalogue.everything,
            "a year": lambda: catalogue.choose(year),
            "a place": lambda: catalogue.choose(Contains("place", "Town 7")),
            "1 % that match": lambda: catalogue.choose(None, some),
            "of these, a year": lambda: catalogue.choose(year, some),
        }
        for name, choose in chosen.items():
            photos = timed(f"{name}: choosing", choose)
            formats = timed(f"{name}: facets", partial(facets, photos))
            assert sum(formats.values()) == len(photos)
        shown = timed(
            "the first 240",
            lambda: catalogue.rows(catalogue.everything.in_order(newest=True).part(0, 240)),
        )
        assert len(shown.ids) == min(240, count)
        for kind, name in (("RssAnon", "MB of its own"), ("RssFile", "MB mapped")):
            figures[name] = (megabytes(kind) - before[kind],) * 2
        given = labels(count)
        timed("all: labels", lambda: catalogue.everything.labels(given))
        timed("a year: labels", lambda: catalogue.choose(year).labels(given))
        change(library, count)
        timed(f"opening after {_CHANGED:,} changes", lambda: library.catalogue(model))
    return figures


def facets(photos: PhotoSet) -> Mapping[str, int]:
    """Count what the page does, but for labels; returns the counts of formats."""
    kinds: tuple[Kind, ...] = ("month", "camera", "place")
    for kind in kinds:
        photos.counts(kind)
    photos.folders()
    photos.tags()
    return photos.counts("format")


def change(library: Library, count: int) -> None:
    """Give photos other places, and leave the library as a writer that was killed would."""
    ids = range(1, count + 1, max(1, count // _CHANGED))
    name = f"Town {time.time_ns() % 1000}, Region, Country"
    with library.writing() as writer:
        writer.set_places(dict.fromkeys(ids, name))


def in_its_own(top: Path, folder: Path) -> Figures:
    """``measured``, in a process that imports the clipsearch whose source is in ``top``."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), "--measure", str(folder)],
        cwd=top,
        env={**os.environ, "PYTHONPATH": str(top)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures: Figures = {name: tuple(both) for name, both in json.loads(done.stdout).items()}
    return figures


def main() -> None:
    parser = report.parser(__doc__, rounds=5)
    parser.add_argument("--count", type=int, default=1_000_000, help="photos")
    parser.add_argument("--before", type=Path, help="the source of an earlier clipsearch")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured(options.measure)))
        return
    tops = {"today": Path(__file__).resolve().parent.parent}
    if options.before:
        tops["before"] = options.before.resolve()
    rounds: dict[str, list[Figures]] = {name: [] for name in tops}
    with tempfile.TemporaryDirectory() as place:
        made = Path(place, "today")
        fill(made, options.count)
        if options.before:
            Path(place, "before").mkdir()
            shutil.copy(made / DATABASE, Path(place, "before"))
            as_before(Path(place, "before", DATABASE), options.before)
        first = {name: in_its_own(top, Path(place, name)) for name, top in tops.items()}
        for _ in range(options.rounds):
            for name, top in tops.items():
                rounds[name].append(in_its_own(top, Path(place, name)))
    opened = {side: figures["opening, ms"] for side, figures in first.items()}
    rows = [row("the very first opening, ms", opened)]
    for name in rounds["today"][0]:
        middle = {
            side: tuple(statistics.median(one[name][kind] for one in figures) for kind in (0, 1))
            for side, figures in rounds.items()
        }
        rows.append(row(name, middle))
    report.show(f"bench_catalogue: the page over {options.count:,} photos", rows, options)


def row(name: str, figures: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    """A line of the table: both sides by the clock and by the processor, and the ratio by that."""
    listed: dict[str, Any] = {"of so many photos": name}
    for side, (clock, used) in figures.items():
        listed |= {side: clock, f"{side}, CPU": used}
    if len(figures) > 1:
        today, before = (figures[side][1] for side in ("today", "before"))
        listed["CPU ratio"] = before / today if today else float("nan")
    return listed


def as_before(database: Path, top: Path) -> None:
    """Make the library one of the format that the clipsearch in ``top`` reads."""
    code = "from store.sql.dialect.upgrades import SCHEMA_VERSION as v; print(v)"
    version = int(
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=top,
            env={**os.environ, "PYTHONPATH": str(top)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
    )
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for since, table, triggers in _TABLES:
            if version < since:
                query = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE ?"
                for (name,) in connection.execute(query, (triggers,)).fetchall():
                    connection.execute(f"DROP TRIGGER {name}")
                connection.execute(f"DROP TABLE {table}")
        connection.execute(f"PRAGMA user_version = {version}")


if __name__ == "__main__":
    main()
