"""The index files are never trusted further than the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from conftest import Index, draw, index_into
from fakes import ColourEncoder
from indexer.events import Progress
from indexer.folders.steps import Target
from indexer.pipeline import run_index
from store import index_sync
from store.index import index_files, vector_rows
from store.index.faiss_index import FaissIndex
from store.index.index_files import IndexFiles, SavedIndex
from store.library import Library
from store.sql import changes
from store.values import ModelInfo


def model_of(library: Library) -> ModelInfo:
    model = library.model()
    assert model is not None
    return model


def check_whole(library: Library, model: ModelInfo) -> str | None:
    """Open the index, see that it equals the rows, and return what it took."""
    opened = library.index(model)
    assert len(opened.index) == 5
    assert library.check(model, opened.index) == []
    assert library.index(model).repaired is None  # mended on disk, not only in memory
    return opened.repaired


def test_after_a_run_nothing_needs_mending(library: Library, model: ModelInfo) -> None:
    assert check_whole(library, model) is None


def files_of(library: Library) -> dict[str, Path]:
    """The index files by suffix."""
    return {path.suffix: path for path in library.folder.glob("vectors-*")}


def test_no_index_file_is_one_from_the_rows(library: Library, model: ModelInfo) -> None:
    for path in files_of(library).values():
        path.unlink()
    assert "there was no index file" in (check_whole(library, model) or "")


@pytest.mark.parametrize("suffix", [".f32", ".ids"])
def test_a_missing_part_is_rebuilt(library: Library, model: ModelInfo, suffix: str) -> None:
    files_of(library)[suffix].unlink()
    assert "damaged" in (check_whole(library, model) or "")


@pytest.mark.parametrize("suffix", [".f32", ".ids", ".json"])
@pytest.mark.parametrize("keep", [0, 10, 0.5, -1])
def test_a_cut_file_is_rebuilt(
    library: Library, model: ModelInfo, suffix: str, keep: float
) -> None:
    path = files_of(library)[suffix]
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep) if isinstance(keep, float) else keep])
    assert "damaged" in (check_whole(library, model) or "")


@pytest.mark.parametrize("suffix", [".f32", ".ids", ".json"])
def test_every_flipped_byte_is_noticed(library: Library, model: ModelInfo, suffix: str) -> None:
    kept = {path: path.read_bytes() for path in files_of(library).values()}
    broken = files_of(library)[suffix]
    for place in range(0, len(kept[broken]), 3):
        for path in files_of(library).values():
            path.unlink()
        for path, content in kept.items():
            path.write_bytes(content)
        damaged = bytearray(kept[broken])
        damaged[place] ^= 0xFF
        broken.write_bytes(damaged)
        assert check_whole(library, model)


@pytest.mark.parametrize("facts", ["", "{", "[]", "{}", '{"format": 2, "crc32": 0, "facts": 3}'])
def test_damaged_facts(library: Library, model: ModelInfo, facts: str) -> None:
    files_of(library)[".json"].write_text(facts)
    assert "damaged" in (check_whole(library, model) or "")


def keep(library: Library, names: str) -> Callable[[], None]:
    """Remember files of the library; calling the result puts them back as they were."""
    kept = {path: path.read_bytes() for path in library.folder.glob(names)}

    def restore() -> None:
        for path in library.folder.glob(names):
            path.unlink()
        for path, content in kept.items():
            path.write_bytes(content)

    return restore


def run_unfinished(library: Library, count: int) -> None:
    """A run that ends, as by a kill, when ``count`` files are written and no index is."""
    with library.writing() as writer:
        targets = [Target(root) for root in library.roots()]
        events = run_index(library, writer, ColourEncoder(), targets)
        for event in events:
            if isinstance(event, Progress) and event.seen == count:
                break
        events.close()  # type: ignore[attr-defined]


def test_what_was_written_since_is_taken_from_the_rows(
    library: Library, model: ModelInfo, photos: Path
) -> None:
    (photos / "red.png").unlink()
    draw(photos / "more.png", "red", (5, 5))
    run_unfinished(library, 5)
    assert "1 added, 1 removed" in (check_whole(library, model) or "")


@pytest.mark.parametrize("step", ["save", "settle"])
def test_a_kill_while_saving_costs_nothing(
    library: Library,
    model: ModelInfo,
    photos: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    """Before the new files are in place, or just after."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    draw(photos / "more.png", "red", (5, 5))
    (photos / "red.png").unlink()
    run_unfinished(library, 5)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        holder, name = (IndexFiles, "save") if step == "save" else (changes, "settle")
        patched.setattr(holder, name, killed)
        library.index(model)
    repaired = check_whole(library, model)
    assert repaired is None if step == "settle" else "1 added, 1 removed" in (repaired or "")


def test_files_of_an_older_state_are_rebuilt(
    library: Library, model: ModelInfo, index: Index, photos: Path
) -> None:
    restore = keep(library, "vectors-*")
    (photos / "red.png").unlink()
    draw(photos / "more.png", "red", (5, 5))
    index()
    restore()
    assert "rebuilt" in (check_whole(library, model) or "")


def test_files_of_a_newer_state_than_a_restored_database(
    library: Library, model: ModelInfo, index: Index, photos: Path
) -> None:
    """With as many changes since as the files had seen: numbers alone would look equal."""
    restore = keep(library, "library.db*")
    draw(photos / "more.png", "red", (5, 5))
    index()
    library.close()
    restore()
    (photos / "more.png").unlink()
    draw(photos / "other.png", "green", (6, 6))
    run_unfinished(library, 6)
    opened = library.index(model)
    assert len(opened.index) == 6
    assert library.check(model, opened.index) == []


def test_the_files_of_another_model_are_rebuilt(
    library: Library, model: ModelInfo, index: Index
) -> None:
    files = IndexFiles(library.folder, model)
    saved = files.load()
    assert saved
    IndexFiles(library.folder, replace(model, fingerprint="another")).save(saved.index, saved.token)
    assert files.load() is None
    assert check_whole(library, model)


def test_an_index_of_the_first_format_is_replaced(library: Library, model: ModelInfo) -> None:
    for path in files_of(library).values():
        path.unlink()
    (library.folder / f"vectors-{model.id}.faiss").write_bytes(b"IxMp")
    (library.folder / f"vectors-{model.id}.json").write_text('{"generation": 1, "crc32": 5}')
    assert check_whole(library, model)
    assert not (library.folder / f"vectors-{model.id}.faiss").exists()


def test_leftovers_of_a_kill_while_saving_go(
    library: Library, model: ModelInfo, index: Index, photos: Path
) -> None:
    left = [library.folder / f"vectors-{model.id}.{name}" for name in ("77.ids", "1234.tmp")]
    for path in left:
        path.write_bytes(b"half")
    draw(photos / "more.png", "red", (5, 5))
    index()
    assert not any(path.exists() for path in left)
    assert sorted(files_of(library)) == [".f32", ".ids", ".json"]


def test_removed_rows_are_left_behind_when_they_are_many(
    library: Library, model: ModelInfo, index: Index, photos: Path
) -> None:
    before = files_of(library)[".f32"].stat().st_size
    for name in ("red.png", "blue.png", "white.png"):
        (photos / name).unlink()
    index()
    assert files_of(library)[".f32"].stat().st_size == before * 2 // 5
    opened = library.index(model)
    assert (len(opened.index), opened.repaired) == (2, None)
    assert library.check(model, opened.index) == []


def test_past_the_limit_the_writer_trains_and_the_files_keep_it(
    library: Library, model: ModelInfo, monkeypatch: pytest.MonkeyPatch, index: Index, photos: Path
) -> None:
    limited = partial(FaissIndex, exact_up_to=4)
    monkeypatch.setattr(index_sync, "FaissIndex", limited)
    monkeypatch.setattr(index_files, "FaissIndex", limited)
    draw(photos / "more.png", "red", (5, 5))
    index()
    assert ".faiss" in files_of(library)
    opened = library.index(model)
    assert isinstance(opened.index, FaissIndex)
    assert opened.index.approximate is not None
    assert library.check(model, opened.index) == []
    content = files_of(library)[".faiss"].read_bytes()
    files_of(library)[".faiss"].write_bytes(content[:-1] + b"x")
    assert "damaged" in (library.index(model).repaired or "")
    assert ".faiss" not in files_of(library)  # a search need not wait for it
    index()
    assert ".faiss" in files_of(library)


@pytest.mark.parametrize("moment", ["while its files are read", "before the rows are read"])
def test_an_index_saved_by_another_in_between_is_taken_as_it_is_now(
    library: Library,
    model: ModelInfo,
    photos: Path,
    index: Index,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    """Not rebuilt, which takes minutes where photos come by the million."""
    real = IndexFiles.load
    another = Library.open(library.folder)

    def load(files: IndexFiles) -> SavedIndex | None:
        patched.undo()
        loaded = real(files) if moment == "before the rows are read" else None
        draw(photos / "more.png", "red", (5, 5))
        index_into(another, ColourEncoder())
        return loaded

    with monkeypatch.context() as patched:
        patched.setattr(IndexFiles, "load", load)
        opened = library.index(model)
    another.close()
    assert (len(opened.index), opened.repaired) == (6, None)
    assert library.check(model, opened.index) == []


def test_damage_inside_a_long_file_is_found_by_a_check(
    library: Library, model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening does not read all of it; ``doctor`` compares every vector with its row."""
    monkeypatch.setattr(vector_rows, "_KEEP_MAPPED", 0)
    path = files_of(library)[".f32"]
    content = path.read_bytes()
    path.write_bytes(content[:-2] + b"xx")
    opened = library.index(model)
    assert opened.repaired is None
    assert library.check(model, opened.index) == ["1 vectors in the index differ from their rows"]
    with library.writing() as writer:
        writer.save_index(model, rebuild=True)
    assert check_whole(library, model) is None


def test_a_run_without_news_leaves_the_files_alone(
    library: Library, model: ModelInfo, index: Index
) -> None:
    def state() -> dict[str, int]:
        return {p.name: p.stat().st_mtime_ns for p in library.folder.glob("vectors-*")}

    before = state()
    index()
    assert state() == before


def test_searching_while_another_writes_does_not_wait(library: Library, model: ModelInfo) -> None:
    for path in files_of(library).values():
        path.unlink()
    with library.writing():
        opened = library.index(model)  # in memory only: the files are the writer's to mend
        assert len(opened.index) == 5
        assert files_of(library) == {}
