"""Real photos, the real model, and what people do to copies."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageEnhance
from sqlalchemy import event

from app import alike_pairs as module
from app.duplicates import DuplicateGroup, duplicates
from conftest import Index
from indexer.encoders.engines import load_encoder
from indexer.folders.steps import Target
from indexer.pipeline import run_index
from store.library import Library


def groups(library: Library, **options: Any) -> list[DuplicateGroup]:
    model = library.model()
    assert model
    return duplicates(library, model, **options)


def named(group: DuplicateGroup) -> list[str]:
    return [photo.path.name for photo in group.photos]


@pytest.fixture(scope="module")
def copies(
    real_photos: Path, engine_cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    """The real photos, with copies of one that are not the same file, and a true copy of one."""
    place = tmp_path_factory.mktemp("duplicates")
    photos = Path(shutil.copytree(real_photos, place / "photos"))
    with Image.open(photos / "coffee.png") as image:
        coffee = image.convert("RGB")
    coffee.save(photos / "coffee-again.jpg", quality=60)
    ImageEnhance.Brightness(coffee).enhance(1.15).save(photos / "coffee-bright.jpg", quality=90)
    width, height = coffee.size
    inner = (width // 50, height // 50, width - width // 50, height - height // 50)
    coffee.crop(inner).save(photos / "coffee-cut.png")
    shutil.copy(photos / "rocket.jpg", photos / "rocket-copy.jpg")
    encoder = load_encoder("starter", cache=engine_cache)
    with Library.open(place / "library", create=True) as library:
        with library.writing() as writer:
            root = writer.add_root(photos, (), replace=False)
            for _ in run_index(library, writer, encoder, [Target(root)]):
                pass
        yield library


def test_nearly_the_same_and_the_same(copies: Library) -> None:
    by_name = {named(group)[0]: group for group in groups(copies)}
    coffee = by_name["coffee.png"]
    assert coffee.kind == "near"
    assert set(named(coffee)) == {
        *("coffee.png", "coffee-again.jpg", "coffee-bright.jpg", "coffee-cut.png"),
    }
    assert named(coffee)[-1] == "coffee-cut.png"  # fewest pixels
    rocket = next(group for group in groups(copies) if "rocket.jpg" in named(group))
    assert (rocket.kind, sorted(named(rocket))) == ("same", ["rocket-copy.jpg", "rocket.jpg"])
    others = {frozenset(named(g)) for g in groups(copies)} - {frozenset(named(coffee))}
    assert others - {frozenset(named(rocket))} == {
        frozenset({"chessboard_GRAY.png", "chessboard_RGB.png"}),  # scikit-image's own
    }


def test_only_equal_files(copies: Library) -> None:
    assert {group.kind for group in groups(copies, near=False)} == {"same"}


def test_many_are_compared_with_their_nearest(
    copies: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = groups(copies)
    monkeypatch.setattr(module, "_EXACT_UP_TO", 0)
    monkeypatch.setattr(module, "_BLOCK", 3)
    assert groups(copies) == expected
    monkeypatch.setattr(module, "_EXACT_UP_TO", 1000)
    assert groups(copies) == expected


def test_colours_alike_are_no_duplicates_unless_the_pictures_are(
    library: Library, index: Index, tmp_path: Path
) -> None:
    folder = tmp_path / "drawn"
    folder.mkdir()
    rows = np.linspace(0, 255, 64).astype(np.uint8)
    rising = np.stack([np.tile(rows, (64, 1))] * 3, axis=2)
    Image.fromarray(rising).save(folder / "rising.png")
    wave = (127 + 120 * np.sin(np.arange(64) / 5)).astype(np.uint8)
    Image.fromarray(np.stack([np.tile(wave, (64, 1))] * 3, axis=2)).save(folder / "waves.png")
    Image.fromarray(rising).resize((48, 48)).save(folder / "smaller.png")
    index(folder)
    (group,) = groups(library)
    assert named(group) == ["rising.png", "smaller.png"]
    assert group.changes == ("saved",)


def test_what_can_not_be_read_now_is_passed_over(
    library: Library, index: Index, photos: Path, tmp_path: Path
) -> None:
    shutil.copy(photos / "red.png", photos / "sub" / "same.png")
    index(photos)
    photos.rename(tmp_path / "away")
    (group,) = groups(library)
    assert (group.kind, named(group)) == ("same", ["red.png", "same.png"])


def test_one_file_is_never_its_own_copy(
    library: Library, index: Index, photos: Path, tmp_path: Path
) -> None:
    """Hard links, links to files, and the folder once more under another name."""
    (photos / "hard.png").hardlink_to(photos / "red.png")
    (photos / "soft.png").symlink_to(photos / "red.png")
    index(photos)
    assert len(library.photos_of(library.contents_at(photos / "red.png")).popitem()[1]) == 3
    assert groups(library, near=False) == []
    (tmp_path / "again").symlink_to(photos)
    index(tmp_path / "again")  # as libraries have it that were made before this was noticed
    assert groups(library, near=False) == []
    shutil.copy(photos / "red.png", photos / "copy.png")
    index()
    (group,) = groups(library, near=False)
    assert (group.kind, len(group.photos)) == ("same", 2)
    assert "copy.png" in {photo.path.name for photo in group.photos}
    assert sorted(map(len, group.names.values())) == [1, 5]  # of the copy, and of the other


def test_what_is_offline_is_a_file_each(
    library: Library, index: Index, photos: Path, tmp_path: Path
) -> None:
    (photos / "hard.png").hardlink_to(photos / "red.png")
    index(photos)
    photos.rename(tmp_path / "away")  # nobody can tell now
    assert len(groups(library, near=False)) == 1


def test_copies_are_counted_in_one_question(library: Library, index: Index, photos: Path) -> None:
    for number in range(20):
        for place in ("", "sub"):
            Image.new("RGB", (40, 30 + number)).save(photos / place / f"{number}.png")
    index(photos)
    asked: list[object] = []
    event.listen(library._engine, "before_cursor_execute", lambda *all: asked.append(all[2]))
    assert len(groups(library, near=False)) == 20
    assert len(asked) < 10
