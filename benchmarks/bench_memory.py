"""Peak memory of `clipsearch index` over few and over many small files.

    python -m benchmarks.bench_memory [--files 1000 --files 100000]

Each run is the real command, in a process of its own, into a new library; its peak is what the
system accounts to it (``ru_maxrss``).
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.samples import picture

_FOLDER = 1000  # files in each


def make_files(root: Path, count: int) -> None:
    content = picture(64, 48)
    for number in range(count):
        folder = root / f"{number // _FOLDER:04}"
        if number % _FOLDER == 0:
            folder.mkdir(parents=True)
        (folder / f"{number:06}.jpg").write_bytes(content + b"%d" % number)


def index(photos: Path, library: Path) -> float:
    """Megabytes at the peak of indexing ``photos`` with the starter model."""
    code = "from app.cli import cli; cli()"
    command = [sys.executable, "-c", code, "index", str(photos), "--library", str(library)]
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(
        sys.executable, [*command, "--model", "starter"], os.environ, file_actions=quiet
    )
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"clipsearch index ended with {status}")
    return used.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--files", type=int, action="append", help="repeatable")
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for count in options.files or [1_000, 100_000]:
        with tempfile.TemporaryDirectory() as place:
            make_files(Path(place, "photos"), count)
            peak = index(Path(place, "photos"), Path(place, "library"))
        first = rows[0]["peak MB"] if rows else peak
        rows.append({"files": count, "peak MB": peak, "more MB": peak - first})
    report.show("bench_memory: clipsearch index", rows, options)


if __name__ == "__main__":
    main()
