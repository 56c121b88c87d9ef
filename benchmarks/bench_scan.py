"""A second run over unchanged files against a bare walk of them (``os.scandir`` and ``stat``).

    python -m benchmarks.bench_scan [--files 100000] [--folder-size 500]

The files are real, the library knows them all, and nothing has changed: what is measured is how
fast ``clipsearch index`` finds that out. Taken in turns, after one round for the caches.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import report
from indexer.encoders.lazy_encoder import LazyEncoder
from indexer.events import Finished, Summary
from indexer.folders.steps import Target
from indexer.pipeline import run_index
from store.library import Library
from store.states import State
from store.values import ContentFacts, FileRecord, ModelInfo, Picture
from store.writer import LibraryWriter

DIM = 256
_TOGETHER = 2000  # files that are written in one transaction


def make_files(root: Path, count: int, folder_size: int) -> None:
    for number in range(count):
        folder = root / f"{number // folder_size:04}"
        if number % folder_size == 0:
            folder.mkdir(parents=True)
        (folder / f"IMG_{number:06}.jpg").write_bytes(b"%d" % number)


def fill(
    library: Library, root: Path, name: str = "bench", fingerprint: str = "1", dim: int = DIM
) -> ModelInfo:
    """Let the library know every file as indexed, by a model of that name."""
    vector = np.zeros(dim, np.float32)
    vector[0] = 1
    facts = ContentFacts(1, 1, "JPEG")
    with library.writing() as writer:
        model = writer.add_model(name, fingerprint, dim)
        root_id = writer.add_root(root, (), replace=False).id
        files: list[FileRecord] = []
        for folder in sorted(root.iterdir()):
            for entry in os.scandir(folder):
                seen = entry.stat()
                digest = hashlib.sha256(entry.name.encode()).digest()
                files.append(
                    FileRecord(
                        root_id,
                        folder.name,
                        entry.name,
                        seen.st_size,
                        seen.st_mtime_ns,
                        State.INDEXED,
                        picture=Picture(digest, facts, vector),
                    )
                )
            if len(files) >= _TOGETHER:
                _record(library, writer, files, model)
                files = []
        _record(library, writer, files, model)
        writer.save_index(model)
    return model


def _record(
    library: Library, writer: LibraryWriter, files: list[FileRecord], model: ModelInfo
) -> None:
    writer.record(files, model, 1)
    library.thumbnails.put([(f.picture.digest, b"jpeg") for f in files if f.picture])


def bare_walk(root: Path) -> int:
    """The least that finds out whether anything changed: every name, size and time."""
    count, todo = 0, [str(root)]
    while todo:
        with os.scandir(todo.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
                else:
                    entry.stat()
                    count += 1
    return count


def second_run(library: Library, model: ModelInfo) -> Summary:
    def load() -> LazyEncoder:
        raise AssertionError("nothing is to be embedded")

    with library.writing() as writer:
        targets = [Target(root) for root in library.roots()]
        *_, last = run_index(library, writer, LazyEncoder(model, load), targets)
    assert isinstance(last, Finished)
    return last.summary


def main() -> None:
    parser = report.parser(__doc__, rounds=5)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--folder-size", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place, "photos")
        make_files(root, options.files, options.folder_size)
        with Library.open(Path(place, "library"), create=True) as library:
            model = fill(library, root)
            assert bare_walk(root) == options.files
            assert second_run(library, model).unchanged == options.files
            times = report.alternating(
                {
                    "bare walk": lambda: bare_walk(root),
                    "second run": lambda: second_run(library, model),
                },
                options.rounds,
            )
    rows = [
        {
            "": name,
            "files": options.files,
            "s": seconds,
            "files/s": options.files / seconds,
            "ratio": seconds / times["bare walk"],
        }
        for name, seconds in times.items()
    ]
    report.show(f"bench_scan: folders of {options.folder_size}", rows, options)


if __name__ == "__main__":
    main()
