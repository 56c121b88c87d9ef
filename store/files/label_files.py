"""Labels as a file beside the index, derived like it: they can be made again from the rows.

The file is written beside and renamed into place. A damaged file, or one of a different version,
counts as missing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from store.files.atomic import replaced
from store.labels import Labels


def save(labels: Labels, path: Path) -> None:
    """Write the file.

    Raises:
        OSError: it can't be written.
    """
    with replaced(path) as file:
        np.savez(
            file,
            version=np.array(labels.version),
            ids=labels.ids,
            starts=labels.starts,
            concepts=labels.concepts,
            confidences=labels.confidences.astype(np.float16),
        )


def load(path: Path, version: str) -> Labels | None:
    """The labels in a file; None if there are none of this version, or they are damaged.

    ``version`` may be just the beginning of the labels' version.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            there = str(saved["version"])
            if not there.startswith(version):
                return None
            labels = Labels(
                there,
                saved["ids"].astype(np.int64),
                saved["starts"].astype(np.int64),
                saved["concepts"].astype(np.int32),
                saved["confidences"].astype(np.float32),
            )
    except Exception:  # damage makes the readers of zip and npy raise anything
        return None
    whole = (
        len(labels.starts) == len(labels.ids) + 1
        and labels.starts[-1] == len(labels.concepts) == len(labels.confidences)
        and (np.diff(labels.ids) > 0).all()
        and (np.diff(labels.starts) >= 0).all()
    )
    return labels if whole else None
