"""Photos with captions: read, indexed into a library of their own, and searched."""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from app import services
from app.config import load_config
from app.search.searcher import Searcher
from benchmarks import report
from benchmarks.samples import index_photos


def parser(doc: str | None) -> argparse.ArgumentParser:
    """A command line that names captions, their photos, a split and a model."""
    made = report.parser(doc)
    made.add_argument("captions", type=Path)
    made.add_argument("--photos", type=Path, required=True)
    made.add_argument("--split", help="only rows of this split")
    made.add_argument("--model", default="starter")
    return made


def read_captions(path: Path, split: str | None) -> list[tuple[str, str]]:
    """(file name, caption) for every row of the split."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(r["file"], r["caption"]) for r in rows if split is None or r["split"] == split]


def half_of(rows: Iterable[tuple[str, str]], *, first: bool) -> list[tuple[str, str]]:
    """The rows of the first half of the photos, by file name, or of the second.

    Choices are made on the first, and figures reported of the second.
    """
    listed = list(rows)
    names = sorted({name for name, _ in listed})
    kept = set(names[: len(names) // 2] if first else names[len(names) // 2 :])
    return [row for row in listed if row[0] in kept]


def texts(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """All captions of each photo as one text in lower case."""
    by_photo: dict[str, str] = defaultdict(str)
    for name, caption in rows:
        by_photo[name] += f" {caption.lower()}"
    return by_photo


def searcher_over(names: Iterable[str], photos: Path, model: str, place: Path) -> Searcher:
    """A searcher over just those of ``photos``, indexed in ``place`` through links to them.

    To be closed before ``place`` is removed.
    """
    folder = place / "photos"
    folder.mkdir()
    for name in sorted(names):
        (folder / name).symlink_to(photos.resolve() / name)
    index_photos(place / "library", [folder], model)
    return services.open_searcher(load_config(library=place / "library"))
