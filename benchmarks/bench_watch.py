"""How soon a photo can be searched for after it was written, and what watching costs meanwhile.

    python -m benchmarks.bench_watch [--files 100000] [--folder-size 50] [--seconds 60]

A real ``clipsearch watch`` with the starter model, in a process of its own, over folders of files
that the library knows. Photos of 12 megapixels are written one at a time; the clock runs from the
moment when one is closed until another process can search for it. Then nothing is done for a while,
and the processor time that the watcher takes is read. Linux only.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import processes, services
from app.config import load_config
from benchmarks import report
from benchmarks.bench_scan import fill, make_files
from benchmarks.samples import make_pictures
from store.library import Library

_LONGEST_S = 300.0


@contextmanager
def watching(library: Path, root: Path, *options: str) -> Iterator[int]:
    """A watcher, by the id of its process, which has seen what there was."""
    process = subprocess.Popen(
        processes.command("app.cli", "watch", "--json", *options, str(root)),
        env=processes.environment(CLIPSEARCH_LIBRARY=str(library), CLIPSEARCH_OFFLINE="1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def searchable(library: Library) -> int:
    model = library.model()
    return library.searchable_count(model) if model else 0


def latency(library: Library, photo: Path, target: Path) -> float:
    """Seconds from the end of writing ``target`` until it can be searched for."""
    before, generation = searchable(library), library.generation()
    shutil.copyfile(photo, target)
    began = time.perf_counter()
    while library.generation() == generation or searchable(library) == before:
        if time.perf_counter() - began > _LONGEST_S:
            sys.exit(f"{target} was not taken in")
        time.sleep(0.02)
    return time.perf_counter() - began


def processor_s(pid: int) -> float:
    """The processor time that a process has taken so far, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    parser = report.parser(__doc__, rounds=10)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--folder-size", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0, help="of idleness")
    parser.add_argument(
        "--calm", type=float, default=12.0, help="seconds until a folder was looked at once more"
    )
    options = parser.parse_args()
    if sys.platform != "linux":
        sys.exit("Linux only: the processor time of another process is read from /proc.")
    encoder = services.load_encoder("starter", load_config())
    rows = []
    with tempfile.TemporaryDirectory() as place:
        root, spare, folder = Path(place, "photos"), Path(place, "spare"), Path(place, "library")
        make_files(root, options.files, options.folder_size)
        make_pictures(spare, 2 * (options.rounds + 1), 4000, 3000)
        photos = iter(sorted(spare.iterdir()))
        with Library.open(folder, create=True) as library:
            fill(library, root, encoder.name, encoder.fingerprint, encoder.dim)
            for name, how in {"told": (), "polled": ("--poll", "--every", "60")}.items():
                with watching(folder, root, *how) as pid:
                    times = []
                    if not how:
                        latency(library, next(photos), root / "first.jpg")  # loads the model
                        for number in range(options.rounds):
                            target = root / f"{number % 5:04}" / f"new{number}.jpg"
                            times.append(latency(library, next(photos), target))
                    time.sleep(options.calm)
                    before = processor_s(pid)
                    time.sleep(options.seconds)
                    rows.append(
                        {
                            "changes are": name,
                            "median s": statistics.median(times) if times else "",
                            "longest s": max(times) if times else "",
                            "idle CPU %": 100 * (processor_s(pid) - before) / options.seconds,
                            "memory MB": memory_mb(pid),
                        }
                    )
    folders = -(-options.files // options.folder_size)
    report.show(f"bench_watch: {options.files:,} files in {folders:,} folders", rows, options)


if __name__ == "__main__":
    main()
