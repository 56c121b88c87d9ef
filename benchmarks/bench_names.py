"""What names cost: a lookup of a query's words in the names of very many photos.

    python -m benchmarks.bench_names --count 1000000 [--server]
    python -m benchmarks.bench_names --count 100000 --titles

Names are made up: half as a camera gives them, half of words that are as frequent as words are, in
folders that are all called "photo" and something else. No vectors are needed for that. With
``--server``, on a PostgreSQL server that it starts for itself. With ``--titles``, what the first
lookup of a process costs where each photo has a title and a description, and where none has.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from app.query.model import Query, Term
from app.search.lexical import name_matches
from benchmarks import report
from benchmarks.bench_server import own_server
from store.address import Address
from store.library import Library
from store.server_library import ServerLibrary
from store.sql.database import immediate
from store.sql.dialect import bulk, name_words
from store.sql.schema import Base
from store.states import State

WORDS = 20_000
QUERIES: dict[str, tuple[int | str, ...]] = {
    "one rare word": (15_000,),
    "one that thousands have": (60,),
    "a frequent one": (1,),
    "what is in every name": ("photo",),
    "a rare and two frequent ones": ("photo", 9_000, 1),
    "frequent ones only": (1, "photo"),
    "frequent ones that no name has together": ("photo", "dcim"),
    "a caption": (12, 3_000, 70, 15, 5, 800, 2_000, 40),
    "a camera's name": ("IMG_1234",),
}


def spelled(number: int) -> str:
    """A word of letters only, of its own for each number; 1 is the most frequent."""
    return "w" + "".join(chr(ord("a") + int(digit)) for digit in str(number))


def rows(count: int, *, titles: bool) -> Iterator[tuple[list[Any], list[Any]]]:
    """Made-up contents and photos, in parts."""
    chance, saying = random.Random(3), random.Random(4)

    def word(chance: random.Random = chance) -> str:
        return spelled(min(WORDS, int(chance.paretovariate(0.6))))

    def said(words: int) -> str | None:
        return " ".join(word(saying) for _ in range(words)).capitalize() if titles else None

    for start in range(1, count + 1, 5_000):
        contents, photos = [], []
        for id in range(start, min(start + 5_000, count + 1)):
            by_camera = id % 2
            name = f"IMG_{id:04d}" if by_camera else "-".join(word() for _ in range(4))
            folder = f"dcim/{id // 1000}" if by_camera else f"photo/{word()} {word()}"
            says = said(4), said(12)
            contents.append((id, id.to_bytes(32, "big"), 640, 480, "JPEG", *says))
            photos.append((id, 1, folder, f"{name}-{id}.jpg" if not by_camera else f"{name}.jpg"))
        yield contents, photos


def fill(library: Library, count: int, *, titles: bool = False) -> float:
    """Write the rows. Returns the seconds that photos took."""
    with library.writing() as writer:
        writer.add_root(Path("/made/up"), (), replace=False)
    tables = Base.metadata.tables
    seconds = 0.0
    for contents, photos in rows(count, titles=titles):
        with immediate(library._engine) as connection:
            content, photo = tables["content"], tables["photo"]
            of_content = ("id", "digest", "width", "height", "format", "title", "description")
            bulk.write(connection, content, [content.c[name] for name in of_content], contents)
            of_photo = (
                *("id", "root_id", "folder", "name", "size", "mtime_ns", "state", "content_id"),
                *("run", "away"),
            )
            columns = [photo.c[name] for name in of_photo]
            written = [(*row, 1, 1, State.INDEXED, row[0], 1, False) for row in photos]
            seconds += report.seconds(partial(bulk.write, connection, photo, columns, written))
    return seconds


@contextmanager
def library_in(place: Path, *, on_server: bool) -> Iterator[Library]:
    if on_server:
        with own_server(place) as url:
            address = Address(url)
            with ServerLibrary.at(address, place / "derived", create=True) as library:
                yield library
    else:
        with Library.open(place / "library", create=True) as library:
            yield library


# A process of its own, which measures its first lookup, not its imports.
FIRST = """
import json, sys, time
from pathlib import Path
from app.query.model import Query, Term
from app.search.lexical import name_matches
from store.library import Library
with Library.open(Path(sys.argv[1])) as library:
    query = Query((Term("text", sys.argv[2]),))
    start, before = time.perf_counter(), time.process_time()
    matches = name_matches(library, query, int(sys.argv[3]))
    measured = time.perf_counter() - start, time.process_time() - before
    print(json.dumps([*measured, len(matches.ids) if matches else 0]))
"""


def first_lookups(count: int, rounds: int) -> list[dict[str, Any]]:
    """What the first lookup of a process takes, with titles and without, in turns."""
    kinds = ("no titles", "a title each")
    queries = {kind: QUERIES[kind] for kind in ("one rare word", "frequent ones only", "a caption")}
    times: dict[tuple[str, str], list[tuple[float, float, int]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as place:
        for kind in kinds:
            with library_in(Path(place, kind), on_server=False) as library:
                fill(library, count, titles=kind != kinds[0])
        for _, (query, words), kind in product(range(rounds), queries.items(), kinds):
            library_folder = str(Path(place, kind, "library"))
            command = [sys.executable, "-c", FIRST, library_folder, typed(words), str(count)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            times[query, kind].append(json.loads(done.stdout))
    shown = []
    for (query, kind), measured in times.items():
        seconds, own, matched = (statistics.median(one) for one in zip(*measured, strict=True))
        base = statistics.median(one[1] for one in times[query, kinds[0]])
        shown.append(
            {
                **{"query": query, "photos": count, "which have": kind, "matched": int(matched)},
                **{"ms": round(1000 * seconds, 1), "of the processor, ms": round(1000 * own, 1)},
                "ratio": round(own / base, 2),
            }
        )
    return shown


def typed(words: tuple[int | str, ...]) -> str:
    return " ".join(spelled(word) if isinstance(word, int) else word for word in words)


def main() -> None:
    parser = report.parser(__doc__, rounds=7)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--server", action="store_true")
    parser.add_argument("--titles", action="store_true")
    options = parser.parse_args()
    if options.titles:
        first = first_lookups(options.count, options.rounds)
        report.show("bench_names: first lookups", first, options)
        return
    shown: list[dict[str, Any]] = []
    with (
        tempfile.TemporaryDirectory() as place,
        library_in(Path(place), on_server=options.server) as library,
    ):
        written = fill(library, options.count)
        if options.server:
            with library.at_one_moment() as connection:
                bulk.analyze(connection)
        else:
            with immediate(library._engine) as connection:
                anew = report.seconds(partial(name_words.make_anew, connection))
        for kind, words in QUERIES.items():
            query = Query((Term("text", typed(words)),))
            look_up = partial(name_matches, library, query, options.count)
            matches = look_up()
            before = time.process_time()
            seconds = report.alternating({kind: look_up}, options.rounds)[kind]
            own = (time.process_time() - before) / options.rounds
            shown.append(
                {
                    "query": kind,
                    "photos": options.count,
                    "matched": len(matches.ids) if matches else 0,
                    "ms": round(1000 * seconds, 2),
                    "of this processor, ms": round(1000 * own, 2),
                }
            )
    report.show("bench_names: on a server" if options.server else "bench_names", shown, options)
    if not options.json:
        print(f"\nTo write {options.count:,} photos took {written:.1f} s.")
        if not options.server:
            print(f"To make the index anew, as for a library of an earlier format: {anew:.1f} s.")


if __name__ == "__main__":
    main()
