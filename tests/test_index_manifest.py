"""The manifest of an index's files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from test_vectors import DIM, unit

from store.index.faiss_index import FaissIndex
from store.index.index_files import IndexFiles
from store.index.vector_rows import VectorRows
from store.values import ModelInfo

MODEL = ModelInfo(1, "some", "1", DIM)


def saved(folder: Path) -> IndexFiles:
    """The files of an index that has an approximate part."""
    index = FaissIndex(VectorRows(DIM), exact_up_to=100)
    index.add(np.arange(400), unit(400))
    index.train()
    index.measure(None)
    files = IndexFiles(folder, MODEL)
    files.save(index, "token")
    return files


def test_what_was_measured_is_kept(tmp_path: Path) -> None:
    files = saved(tmp_path)
    loaded, seen = files.load(), files.glance()
    assert loaded is not None
    assert seen is not None
    assert loaded.index.approximate is not None
    assert loaded.index.effort == seen.effort
    assert loaded.index.effort.count == 400
    assert not seen.needs_training


def test_of_an_earlier_format_all_but_the_approximate_part_is_used(tmp_path: Path) -> None:
    files = saved(tmp_path)
    whole = json.loads(files.manifest.read_text())
    files.manifest.write_text(json.dumps(whole | {"format": 2}))
    loaded, seen = files.load(), files.glance()
    assert loaded is not None
    assert seen is not None
    assert loaded.token == seen.token == "token"
    assert len(loaded.index) == 400
    assert loaded.index.approximate is None
    assert seen.needs_training
    assert seen.effort is None


def test_of_other_formats_nothing_is(tmp_path: Path) -> None:
    files = saved(tmp_path)
    whole = json.loads(files.manifest.read_text())
    for number in (1, 4):
        files.manifest.write_text(json.dumps(whole | {"format": number}))
        assert files.load() is None
        assert files.glance() is None
