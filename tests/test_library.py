"""Moves, roots, forgetting and pruning: what a library keeps, and when it lets go."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Index, draw, index_into
from fakes import ColourEncoder
from indexer.events import Progress
from indexer.folders.steps import Target
from indexer.pipeline import run_index
from store.errors import LibraryBusy, RootNotFound
from store.library import Library
from store.states import State
from store.values import ModelInfo


def paths(library: Library, *states: State) -> list[str]:
    """Names of the library's files in ``states`` (indexed, by default), with their folder."""
    return sorted(
        f"{photo.path.parent.name}/{photo.path.name}"
        for photo in library.files(states or (State.INDEXED,))
    )


def searchable(library: Library) -> int:
    model = library.model()
    assert model is not None
    opened = library.index(model)
    assert library.check(model, opened.index) == []
    return len(opened.index)


ALL = ["photos/blue.png", "photos/red.png", "photos/white.png", "sub/green.png", "sub/yellow.png"]


def test_the_first_run(library: Library, index: Index, photos: Path) -> None:
    summary = index(photos)
    assert (summary.new, summary.embedded, summary.seen) == (5, 5, 5)
    assert paths(library) == ALL
    assert searchable(library) == 5


def test_a_second_run_opens_nothing(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    generation = library.generation()
    summary = index()
    assert (summary.opened, summary.embedded, summary.unchanged) == (0, 0, 5)
    assert library.generation() == generation


def test_a_moved_file(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    (photos / "red.png").rename(photos / "sub" / "rot.png")
    summary = index()
    assert (summary.moved, summary.new, summary.copies, summary.gone) == (1, 0, 0, 0)
    assert summary.embedded == 0
    assert "sub/rot.png" in paths(library)
    assert paths(library, State.GONE) == []


def test_a_copy(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    shutil.copy(photos / "red.png", photos / "again.png")
    summary = index()
    assert (summary.copies, summary.moved, summary.embedded) == (1, 0, 0)
    assert searchable(library) == 5


def test_copies_within_one_run_are_embedded_once(
    index: Index, photos: Path, encoder: ColourEncoder
) -> None:
    for number in range(20):
        shutil.copy(photos / "red.png", photos / f"copy{number:02}.png")
    summary = index(photos)
    assert encoder.encoded == 5
    assert (summary.new, summary.copies) == (5, 20)


def test_one_moves_while_one_is_copied(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    shutil.copy(photos / "red.png", photos / "a.png")
    (photos / "red.png").rename(photos / "b.png")
    summary = index()
    assert (summary.moved, summary.copies, summary.gone) == (1, 1, 0)
    assert {"photos/a.png", "photos/b.png"} <= set(paths(library))


def test_a_move_is_recognised_after_a_run_that_was_killed(
    library: Library, index: Index, photos: Path, encoder: ColourEncoder
) -> None:
    index(photos)
    (photos / "red.png").rename(photos / "sub" / "rot.png")
    with library.writing() as writer:
        events = run_index(library, writer, encoder, [Target(r) for r in library.roots()])
        for event in events:
            if isinstance(event, Progress) and event.seen == 5:
                break  # all is written, and nothing settled
        events.close()  # type: ignore[attr-defined]
    assert paths(library, State.GONE) == ["photos/red.png"]
    summary = index()
    assert (summary.moved, summary.unchanged, encoder.encoded) == (1, 4, 5)  # of 5 files
    assert paths(library, State.GONE) == []


def test_a_deleted_file_is_gone_until_pruned(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    kept = (photos / "red.png").read_bytes(), (photos / "red.png").stat().st_mtime_ns
    (photos / "red.png").unlink()
    assert index().gone == 1
    assert (searchable(library), paths(library, State.GONE)) == (4, ["photos/red.png"])
    assert index().gone == 0  # told once

    (photos / "red.png").write_bytes(kept[0])
    os.utime(photos / "red.png", ns=(kept[1], kept[1]))
    summary = index()
    assert (summary.returned, summary.opened, summary.embedded) == (1, 0, 0)
    assert searchable(library) == 5


def test_a_gone_file_that_returns_with_another_time(
    index: Index, photos: Path, library: Library
) -> None:
    index(photos)
    content = (photos / "red.png").read_bytes()
    (photos / "red.png").unlink()
    index()
    (photos / "red.png").write_bytes(content)
    summary = index()
    assert (summary.opened, summary.embedded) == (1, 0)
    assert searchable(library) == 5


def test_prune_removes_what_is_gone_and_only_that(
    library: Library, index: Index, photos: Path, encoder: ColourEncoder
) -> None:
    index(photos)
    content = (photos / "red.png").read_bytes()
    (photos / "red.png").unlink()
    index()
    with library.writing() as writer:
        assert writer.prune().paths == 1
        assert writer.prune().paths == 0
    assert paths(library, State.GONE) == []
    assert searchable(library) == 4
    (photos / "red.png").write_bytes(content)
    index()
    assert encoder.encoded == 6  # its vector went with it


def test_an_edited_file(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    draw(photos / "red.png", "blue", (3, 3))
    summary = index()
    assert (summary.changed, summary.embedded, summary.new) == (1, 1, 0)
    assert searchable(library) == 5


@pytest.mark.parametrize("how", ["unplugged", "empty mount point"])
def test_an_offline_root_loses_nothing(
    library: Library, index: Index, photos: Path, tmp_path: Path, how: str
) -> None:
    index(photos)
    photos.rename(tmp_path / "elsewhere")
    if how == "empty mount point":
        photos.mkdir()
    summary = index()
    assert summary.offline == [photos]
    assert summary.gone == 0
    assert searchable(library) == 5
    (status,) = library.status()
    assert not status.online
    with library.writing() as writer:
        assert writer.prune().paths == 0
    assert searchable(library) == 5

    if how == "empty mount point":
        photos.rmdir()
    (tmp_path / "elsewhere").rename(photos)
    summary = index()
    assert (summary.unchanged, summary.opened) == (5, 0)


def test_relocate_a_root(library: Library, index: Index, photos: Path, tmp_path: Path) -> None:
    index(photos)
    new = photos.rename(tmp_path / "new")
    with library.writing() as writer:
        writer.relocate(photos, new)
    assert [root.path for root in library.roots()] == [new]
    summary = index()
    assert (summary.unchanged, summary.opened, summary.embedded) == (5, 0, 0)


def test_relocate_what_is_above_roots(library: Library, index: Index, tmp_path: Path) -> None:
    for name, colour in (("one", "red"), ("two", "blue")):
        (tmp_path / "disk" / name).mkdir(parents=True)
        draw(tmp_path / "disk" / name / "x.png", colour)
        index(tmp_path / "disk" / name)
    (tmp_path / "disk").rename(tmp_path / "mounted")
    with library.writing() as writer:
        writer.relocate(tmp_path / "disk", tmp_path / "mounted")
    assert [r.path.name for r in library.roots() if "mounted" in r.path.parts] == ["one", "two"]
    assert index().unchanged == 2


def test_relocate_a_folder_inside_a_root(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    (photos / "sub").rename(photos / "renamed")
    with library.writing() as writer:
        writer.relocate(photos / "sub", photos / "renamed")
    summary = index()
    assert (summary.unchanged, summary.opened) == (5, 0)
    assert "renamed/green.png" in paths(library)


def test_relocate_a_folder_out_of_its_root(
    library: Library, index: Index, photos: Path, tmp_path: Path
) -> None:
    index(photos)
    (photos / "sub").rename(tmp_path / "apart")
    with library.writing() as writer:
        writer.relocate(photos / "sub", tmp_path / "apart")
    assert {root.path for root in library.roots()} == {photos, tmp_path / "apart"}
    assert (index().unchanged, searchable(library)) == (5, 5)


def test_relocate_after_indexing_the_new_place_already(
    library: Library, index: Index, photos: Path, tmp_path: Path, encoder: ColourEncoder
) -> None:
    index(photos)
    new = photos.rename(tmp_path / "new")
    index(new)
    with library.writing() as writer:
        writer.relocate(photos, new)
    assert [root.path for root in library.roots()] == [new]
    assert (len(paths(library)), searchable(library), encoder.encoded) == (5, 5, 5)


def test_relocating_the_unknown(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    with library.writing() as writer, pytest.raises(RootNotFound, match="photos"):
        writer.relocate(photos.parent / "never", photos)


def test_a_root_around_a_root_takes_it_in(
    library: Library, index: Index, photos: Path, encoder: ColourEncoder
) -> None:
    index(photos / "sub")
    summary = index(photos)
    assert [root.path for root in library.roots()] == [photos]
    assert (summary.unchanged, summary.new, encoder.encoded) == (2, 3, 5)
    assert paths(library) == ALL


def test_names_that_differ_by_case_or_wildcards_are_others(
    library: Library, index: Index, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    for folder in ("trip", "Trip", "tr_p", "trip2"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        draw(root / folder / f"{folder}.png", "red")
    index(root)
    with library.writing() as writer:
        assert writer.forget(root / "trip").paths == 1
    assert paths(library) == ["Trip/Trip.png", "tr_p/tr_p.png", "trip2/trip2.png"]


def test_forget_a_file_a_folder_a_root(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    with library.writing() as writer:
        assert writer.forget(photos / "red.png").paths == 1
        assert searchable(library) == 4
        assert writer.forget(photos / "sub").paths == 2
        assert searchable(library) == 2
        assert writer.forget(photos).paths == 2
        with pytest.raises(RootNotFound):
            writer.forget(photos)
    assert library.roots() == []
    assert searchable(library) == 0
    assert (photos / "red.png").exists()


def test_one_writer_at_a_time(library: Library) -> None:
    other = Library.open(library.folder)
    with library.writing(), pytest.raises(LibraryBusy, match="searching works"), other.writing():
        pytest.fail("two writers")
    with other.writing():
        pass
    other.close()


def test_a_dead_writer_holds_no_lock(library: Library, tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys\n"
        "from store.library import Library\n"
        "with Library.open(pathlib.Path(sys.argv[1])).writing():\n"
        "    os._exit(9)\n"
    )
    top = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", script, str(library.folder)], cwd=top, check=False)
    assert done.returncode == 9
    with library.writing():
        pass


def test_a_model_switch_answers_with_the_old_one_until_it_is_whole(
    library: Library, photos: Path, tmp_path: Path
) -> None:
    old, new = ColourEncoder("old"), ColourEncoder("new", fingerprint="2")
    away = tmp_path / "away"
    away.mkdir()
    draw(away / "x.png", "red", (4, 4))
    index_into(library, old, photos)
    index_into(library, old, away)
    away.rename(tmp_path / "unplugged")

    summary = index_into(library, new)
    assert (new.encoded, summary.waiting_for) == (5, 1)

    def names() -> tuple[str, str]:
        answering, building = library.model(), library.building_model()
        assert answering and building
        return answering.name, building.name

    assert names() == ("old", "new")
    assert searchable(library) == 6  # the offline photo too

    (tmp_path / "unplugged").rename(away)
    summary = index_into(library, new)
    assert (new.encoded, summary.waiting_for) == (6, 0)
    assert names() == ("new", "new")
    assert searchable(library) == 6


def test_vectors_are_kept_in_the_rows(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    model = library.model()
    assert isinstance(model, ModelInfo)
    opened = library.index(model)
    stored = library.vectors(model, opened.index.ids())
    assert (stored == opened.index.vectors(opened.index.ids())).all()
