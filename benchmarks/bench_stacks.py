"""What stacks cost: a batch of files is settled, and those that show for raws are counted.

    python -m benchmarks.bench_stacks [--count 30000] [--server]

The library has so many made-up stacks of a picture and a raw, 100 in each folder. With
``--server``, it is on a PostgreSQL server that the benchmark starts for itself.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, event

from app.query.parser import parse_query
from benchmarks import report
from benchmarks.bench_names import library_in
from store.library import Library
from store.sql import stack_states
from store.sql.database import immediate
from store.sql.dialect import bulk
from store.states import State
from store.values import ContentFacts, FileRecord, ModelInfo, Picture

_BATCH = 64  # files
_IN_FOLDER = 100
_AT_ONCE = 2_500


def place(number: int, ending: str = "JPG") -> tuple[str, str]:
    """The folder and name of a file of a stack."""
    return f"trip {number // _IN_FOLDER}", f"IMG_{number:07}.{ending}"


def fill(library: Library, count: int) -> ModelInfo:
    vector = np.array([1, 0], np.float32)
    with library.writing() as writer:
        model = writer.add_model("made up", "1", 2)
        root = writer.add_root(Path("/made/up"), (), replace=False).id
        for start in range(0, count, _AT_ONCE):
            files = [
                FileRecord(
                    *(root, *place(number, ending), 1, 1, State.INDEXED),
                    picture=Picture(
                        (2 * number + is_raw).to_bytes(32, "big"),
                        ContentFacts(1, 1, kind),
                        vector,
                    ),
                )
                for number in range(start, min(start + _AT_ONCE, count))
                for is_raw, ending, kind in ((0, "JPG", "JPEG"), (1, *_raw(number)))
            ]
            writer.record(files, model, 1)
    return model


def _raw(number: int) -> tuple[str, str]:
    return ("CR2", "CR2") if number % 2 else ("NEF", "NEF")


def measured(library: Library, asked: Callable[[], object], rounds: int) -> dict[str, Any]:
    """The median of some rounds, and how many statements one takes."""
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    times: list[tuple[float, float]] = []
    event.listen(library._engine, "before_cursor_execute", count)
    for _ in range(rounds):
        start, own, statements = time.perf_counter(), time.process_time(), 0
        asked()
        times.append((time.perf_counter() - start, time.process_time() - own))
    event.remove(library._engine, "before_cursor_execute", count)
    seconds, processor = (statistics.median(one) for one in zip(*times, strict=True))
    return {
        "ms": round(1000 * seconds, 1),
        "of this processor, ms": round(1000 * processor, 1),
        "statements": statements,
    }


def batches(count: int, rounds: int, *, many_folders: bool) -> list[list[tuple[int, str, str]]]:
    """Files of the library, as a run meets them: in one folder, or each in another."""
    chance = random.Random(1)
    made = []
    for _ in range(rounds):
        first = chance.randrange(max(1, count // _IN_FOLDER)) * _IN_FOLDER
        step = _IN_FOLDER if many_folders else 1
        numbers = [(first + step * n) % count for n in range(_BATCH)]
        made.append([(1, *place(number)) for number in numbers])
    return made


def settle_next(connection: Connection, left: Iterator[list[tuple[int, str, str]]]) -> None:
    stack_states.settle(connection, next(left))


def rows(library: Library, model: ModelInfo, count: int, rounds: int) -> Sequence[dict[str, Any]]:
    raws = parse_query("type:raw").filter
    shown: list[dict[str, Any]] = []
    for what, many_folders in (("of one folder", False), (f"of {_BATCH} folders", True)):
        left = iter(batches(count, rounds, many_folders=many_folders))
        with immediate(library._engine) as connection:
            settle = measured(library, partial(settle_next, connection, left), rounds)
        shown.append({"what": f"settle {_BATCH} files {what}", "stacks": count, **settle})
    for what, asked in (
        ("list type:raw", lambda: library.matching(model, raws)),
        ("count formats", lambda: library.catalogue(model).everything.counts("format")),
        (
            "count formats of type:raw",
            lambda: library.catalogue(model).choose(raws).counts("format"),
        ),
    ):
        shown.append({"what": what, "stacks": count, **measured(library, asked, rounds)})
    return shown


def main() -> None:
    parser = report.parser(__doc__, rounds=7)
    parser.add_argument("--count", type=int, default=30_000)
    parser.add_argument("--server", action="store_true")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        library_in(Path(folder), on_server=options.server) as library,
    ):
        model = fill(library, options.count)
        if options.server:
            with immediate(library._engine) as connection:
                bulk.analyze(connection)
        shown = rows(library, model, options.count, options.rounds)
    where = "on a server" if options.server else "in a folder"
    report.show(f"bench_stacks: {where}", shown, options)


if __name__ == "__main__":
    main()
