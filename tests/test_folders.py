from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from conftest import Index, draw
from fakes import ColourEncoder
from indexer.folders.scan import ScannedFile, walk
from store.folder_summary import digest
from store.library import Library
from store.states import State
from store.values import ModelInfo

NAMES = ["a.png", "B.png", "a b.png", "ä.png", "日本.png", "\U0001f600.png", "quote'\".png", "1/2"]


@pytest.fixture
def model(library: Library) -> ModelInfo:
    with library.writing() as writer:
        return writer.add_model("colours", "1", 3)


def test_the_library_and_the_disk_agree_on_digests(
    library: Library, index: Index, tmp_path: Path
) -> None:
    """For names of every kind, or a second run would compare each file."""
    root = tmp_path / "root"
    for number, name in enumerate(NAMES):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(path.with_suffix(".png"), "red", (number + 1, 1))
    (root / "notes.txt").write_text("not a picture")
    (root / "empty.jpg").touch()
    if sys.platform == "linux":
        Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9.png")).write_bytes(
            (root / "a.png").read_bytes()
        )
    index(root)
    model = library.model()
    assert model
    known = library.folders(library.roots()[0], "", model)
    assert sorted(known) == ["", "1"]
    for listing in walk(root):
        assert known[listing.folder].digest == digest(listing.files)
    assert known["1"].states == {State.INDEXED: 1}
    assert known[""].states[State.OTHER] == known[""].states[State.EMPTY] == 1
    assert known[""].whole


def test_a_digest_tells_what_changed() -> None:
    files = [ScannedFile("a", 1, 2), ScannedFile("b", 3, 4)]
    others = [
        [],
        files[:1],
        [ScannedFile("a", 1, 2), ScannedFile("b", 3, 5)],
        [ScannedFile("a", 1, 2), ScannedFile("b", 4, 4)],
        [ScannedFile("a", 12, 2), ScannedFile("b", 3, 4)],
        [ScannedFile("A", 1, 2), ScannedFile("b", 3, 4)],
        [*files, ScannedFile("c", 0, 0)],
    ]
    assert len({digest(files), *map(digest, others)}) == 1 + len(others)
    assert digest(files) == digest(list(files))


def test_pictures_that_another_model_has_seen_are_not_whole(
    library: Library, index: Index, photos: Path, tmp_path: Path
) -> None:
    index(photos)
    with library.writing() as writer:
        other = writer.add_model("other", "2", 3)
    (root,) = library.roots()
    assert not any(summary.whole for summary in library.folders(root, "", other).values())
    only_text = tmp_path / "text"
    only_text.mkdir()
    (only_text / "a.txt").touch()
    index(only_text)
    (root,) = (root for root in library.roots() if root.path == only_text)
    assert library.folders(root, "", other)[""].whole


def test_part_of_a_root(library: Library, index: Index, photos: Path, model: ModelInfo) -> None:
    index(photos)
    (root,) = library.roots()
    assert sorted(library.folders(root, "sub", model)) == ["sub"]
    assert library.folders(root, "su", model) == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda photos: (photos / "red.png").unlink(), {"gone": 1, "unchanged": 4}),
        (lambda photos: os.utime(photos / "red.png", ns=(1, 1)), {"changed": 1, "unchanged": 4}),
        (lambda photos: draw(photos / "x.png", "red", (9, 9)), {"new": 1, "unchanged": 5}),
        (lambda photos: (photos / "x.txt").write_text("x"), {"other": 1, "unchanged": 5}),
        (lambda photos: (photos / "sub").rename(photos / "s"), {"moved": 2, "unchanged": 3}),
        (lambda photos: None, {"unchanged": 5}),
    ],
)
def test_what_changed_in_a_folder_is_seen(
    index: Index, photos: Path, change: object, expected: dict[str, int]
) -> None:
    index(photos)
    assert index().unchanged == 5
    change(photos)  # type: ignore[operator]
    summary = vars(index())
    counted = {name: summary[name] for name in ("new", "changed", "gone", "moved", "unchanged")}
    counted["other"] = summary["other"]
    assert Counter(counted) == Counter(expected)


def test_a_gone_file_keeps_its_folder_from_being_passed_over(
    index: Index, photos: Path, encoder: ColourEncoder
) -> None:
    """Its row is of the same name, size and time as the file that came back."""
    index(photos)
    content, facts = (photos / "red.png").read_bytes(), (photos / "red.png").stat()
    (photos / "red.png").unlink()
    index()
    (photos / "red.png").write_bytes(content)
    os.utime(photos / "red.png", ns=(facts.st_mtime_ns, facts.st_mtime_ns))
    assert (index().returned, encoder.encoded) == (1, 5)


def test_failures_are_counted_at_every_run_and_tried_again_on_request(
    index: Index, photos: Path
) -> None:
    (photos / "bad.jpg").write_bytes(b"\xff\xd8\xff")
    first = index(photos)
    assert first.failed.total() == 1
    second = index()
    assert (second.failed, second.opened) == (first.failed, 0)
    third = index(retry=True)
    assert (third.failed, third.opened) == (first.failed, 1)
