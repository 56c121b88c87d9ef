"""The index file is never trusted further than the rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Index, draw
from store.derived import index_path
from store.library import Library
from store.records import ModelInfo


def model_of(library: Library) -> ModelInfo:
    model = library.model()
    assert model is not None
    return model


@pytest.fixture
def model(index: Index, photos: Path, library: Library) -> ModelInfo:
    index(photos)
    return model_of(library)


def check_whole(library: Library, model: ModelInfo) -> str | None:
    """Open the index, see that it equals the rows, and return what it took."""
    opened = library.index(model)
    assert len(opened.index) == 5
    assert library.check(model, opened.index) == []
    assert library.index(model).repaired is None  # mended on disk, not only in memory
    return opened.repaired


def test_after_a_run_nothing_needs_mending(library: Library, model: ModelInfo) -> None:
    assert check_whole(library, model) is None


def test_a_missing_file_is_built(library: Library, model: ModelInfo) -> None:
    index_path(library.folder, model).unlink()
    assert "there was no index file" in (check_whole(library, model) or "")


@pytest.mark.parametrize("keep", [0, 10, 0.5, -1])
def test_a_cut_file_is_rebuilt(library: Library, model: ModelInfo, keep: float) -> None:
    path = index_path(library.folder, model)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep) if isinstance(keep, float) else keep])
    assert "damaged" in (check_whole(library, model) or "")


def test_every_flipped_byte_is_noticed(library: Library, model: ModelInfo) -> None:
    path = index_path(library.folder, model)
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        broken = bytearray(content)
        broken[place] ^= 0xFF
        path.write_bytes(broken)
        assert "damaged" in (library.index(model).repaired or "")
        assert path.read_bytes() == content


@pytest.mark.parametrize("facts", ["", "{", "[]", "{}", '{"generation": "x"}'])
def test_damaged_facts(library: Library, model: ModelInfo, facts: str) -> None:
    index_path(library.folder, model).with_suffix(".json").write_text(facts)
    assert "damaged" in (check_whole(library, model) or "")


def test_the_file_of_an_older_state_is_caught_up(
    library: Library, model: ModelInfo, index: Index, photos: Path
) -> None:
    path = index_path(library.folder, model)
    old, old_facts = path.read_bytes(), path.with_suffix(".json").read_bytes()
    (photos / "red.png").unlink()
    draw(photos / "more.png", "red", (5, 5))
    index()
    path.write_bytes(old)
    path.with_suffix(".json").write_bytes(old_facts)
    assert "1 added, 1 removed" in (check_whole(library, model) or "")


def test_the_file_of_another_model_is_rebuilt(library: Library, model: ModelInfo) -> None:
    path = index_path(library.folder, model).with_suffix(".json")
    facts = json.loads(path.read_text())
    path.write_text(json.dumps({**facts, "fingerprint": "another"}))
    assert check_whole(library, model)


def test_leftovers_of_a_kill_while_saving_go(library: Library, model: ModelInfo) -> None:
    left = library.folder / f"vectors-{model.id}.1234.tmp"
    left.write_bytes(b"half")
    with library.writing():
        assert not left.exists()


def test_searching_while_another_writes_does_not_wait(library: Library, model: ModelInfo) -> None:
    index_path(library.folder, model).unlink()
    with library.writing():
        opened = library.index(model)  # in memory only: the file is the writer's to mend
        assert len(opened.index) == 5
        assert not index_path(library.folder, model).exists()
