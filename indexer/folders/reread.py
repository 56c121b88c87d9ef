"""Steps of a run that reads some known photos again, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.folders.scan import ScannedFile
from indexer.folders.steps import ReadFile, Step, Why
from store.library import Library
from store.sql.fspath import relative
from store.values import PhotoInfo


def steps_for(library: Library, photos: Iterable[PhotoInfo], why: Why = "again") -> Iterator[Step]:
    """One step for each of ``photos`` whose file exists.

    Args:
        why: ``verify`` reads a file for its digest, and decodes it only if the digest differs.
    """
    roots = {root.path: root for root in library.roots()}
    for photo in photos:
        try:
            seen = photo.path.stat()
        except OSError:
            continue
        digest = None if photo.content_id is None else library.digest(photo.content_id)
        file = ScannedFile(photo.path.name, seen.st_size, seen.st_mtime_ns)
        folder = relative(photo.path.parent, photo.root)
        yield ReadFile(roots[photo.root], folder, file, why, known=digest)
