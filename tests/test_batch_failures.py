"""One file costs itself; a broken model or library costs the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import text

import indexer.folders.scan
import indexer.pictures.thumbnails
import indexer.reader
from conftest import draw, index_into
from fakes import ColourEncoder
from indexer.encoders.encoder import Pixels
from indexer.folders.scan import ScannedFile
from store.errors import LibraryError, ModelFailed, ModelUnavailable
from store.library import Library
from store.states import State
from store.vectors import Vectors

BLUE = (0, 0, 255)


class Picky(ColourEncoder):
    """Fails for every batch that has a blue picture in it."""

    def __init__(self, error: Exception, batch_size: int = 8) -> None:
        super().__init__(batch_size=batch_size)
        self.error = error

    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        if any(tuple(image[0, 0]) == BLUE for image in images):
            raise self.error
        return super().encode_images(images)


def states(library: Library) -> dict[str, State]:
    return {photo.path.name: photo.state for photo in library.files(State)}


@pytest.mark.parametrize(
    "error", [RuntimeError("no blue"), MemoryError(), ModelFailed("no blue"), ValueError("x\ny")]
)
def test_one_picture_of_a_batch_is_to_blame(
    library: Library, photos: Path, error: Exception
) -> None:
    draw(photos / "zz.png", "red", (64, 48))
    (photos / "blue-again.png").write_bytes((photos / "blue.png").read_bytes())
    for batch_size in (1, 3, 8):
        summary = index_into(library, Picky(error, batch_size), photos, retry=True)
        assert summary.failed == {State.DAMAGED: 2}
        blamed = {n for n, state in states(library).items() if state is State.DAMAGED}
        assert blamed == {"blue.png", "blue-again.png"}
        assert states(library)["zz.png"] is State.INDEXED
    (photo, _) = library.files([State.DAMAGED])
    assert photo.reason and photo.reason.startswith("the model can't encode it: ")
    assert summary.seen == 7

    again = index_into(library, ColourEncoder())
    assert (again.opened, again.failed) == (0, {State.DAMAGED: 2})
    mended = index_into(library, ColourEncoder(), retry=True)
    assert mended.failed == {} and mended.embedded == 1


class Dying(ColourEncoder):
    """Works for so many pictures, then not any more."""

    def __init__(self, error: Exception, lives: int) -> None:
        super().__init__()
        self.error, self.lives = error, lives

    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        if len(images) > self.lives:
            raise self.error
        self.lives -= len(images)
        return super().encode_images(images)


@pytest.mark.parametrize("error", [ModelFailed("gone"), MemoryError("gone"), RuntimeError("gone")])
@pytest.mark.parametrize("lives", [0, 1, 3, 4])
def test_a_broken_model_ends_the_run_and_blames_no_picture(
    library: Library, photos: Path, error: Exception, lives: int
) -> None:
    with pytest.raises(type(error), match="gone"):
        index_into(library, Dying(error, lives), photos)
    assert set(states(library).values()) <= {State.INDEXED}
    whole = index_into(library, ColourEncoder())
    assert whole.failed == {}
    assert set(states(library).values()) == {State.INDEXED}
    assert len(states(library)) == 5


def test_a_model_that_takes_only_a_plain_picture_is_broken(library: Library, photos: Path) -> None:
    class OnlyGrey(ColourEncoder):
        def encode_images(self, images: Sequence[Pixels]) -> Vectors:
            if any(tuple(image[0, 0]) != (128, 128, 128) for image in images):
                raise ModelFailed("of no use")
            return super().encode_images(images)

    with pytest.raises(ModelFailed, match="of no use"):
        index_into(library, OnlyGrey(batch_size=8), photos)
    assert states(library) == {}


def test_a_model_that_can_not_be_had_is_not_tried_again(library: Library, photos: Path) -> None:
    class Absent(ColourEncoder):
        def encode_images(self, images: Sequence[Pixels]) -> Vectors:
            self.encoded += 1
            raise ModelUnavailable("not here")

    encoder = Absent(batch_size=8)
    with pytest.raises(ModelUnavailable):
        index_into(library, encoder, photos)
    assert encoder.encoded == 1


@pytest.mark.parametrize(
    ("error", "state"), [(ValueError("odd"), State.DAMAGED), (MemoryError(), State.TOO_LARGE)]
)
@pytest.mark.parametrize("place", ["prepare", "thumbnail"])
def test_whatever_preparing_raises_is_the_files_own(
    library: Library,
    photos: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    state: State,
    place: str,
) -> None:
    class Fussy(ColourEncoder):
        def prepare(self, image: Image.Image) -> Pixels:
            if place == "prepare" and image.getpixel((0, 0)) == BLUE:
                raise error
            return super().prepare(image)

    real = indexer.pictures.thumbnails.thumbnail

    def thumbnail(image: Image.Image) -> bytes:
        if place == "thumbnail" and image.getpixel((0, 0)) == BLUE:
            raise error
        return real(image)

    monkeypatch.setattr(indexer.reader, "thumbnail", thumbnail)
    summary = index_into(library, Fussy(), photos)
    assert summary.failed == {state: 1}
    assert states(library)["blue.png"] is state


def refusing(library: Library, condition: str) -> None:
    """Have SQLite itself refuse some rows."""
    with library._engine.begin() as connection:
        connection.execute(
            text(
                f"CREATE TRIGGER refuse BEFORE INSERT ON photo WHEN {condition} "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        )


def test_a_row_that_is_refused_costs_one_file(library: Library, photos: Path) -> None:
    refusing(library, "NEW.name = 'blue.png' AND NEW.state = 'indexed'")
    summary = index_into(library, ColourEncoder(), photos)
    assert summary.failed == {State.DAMAGED: 1}
    assert (summary.new, summary.seen) == (4, 5)
    assert states(library)["blue.png"] is State.DAMAGED
    (photo,) = library.files([State.DAMAGED])
    assert photo.reason and photo.reason.startswith("it can't be recorded: ")
    model = library.model()
    assert model and library.check(model, library.index(model).index) == []
    assert index_into(library, ColourEncoder()).opened == 0


def test_a_file_that_is_refused_in_every_form_does_not_stop_the_others(
    library: Library, photos: Path
) -> None:
    refusing(library, "NEW.name = 'blue.png'")
    summary = index_into(library, ColourEncoder(), photos)
    assert (summary.failed, summary.new, summary.seen) == ({State.DAMAGED: 1}, 4, 5)
    assert len(states(library)) == 4
    with pytest.raises(Exception, match="refused"):  # nothing at all is taken: no file's fault
        index_into(library, ColourEncoder())


@pytest.mark.parametrize("wrong", [{"mtime_ns": 2**63}, {"size": 2**63}])
def test_a_number_that_sqlite_can_not_hold(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    real = indexer.folders.scan.ScannedFile

    def odd(name: str, *rest: Any) -> ScannedFile:
        made = real(name, *rest)
        return made._replace(**wrong) if name == "blue.png" else made

    monkeypatch.setattr(indexer.folders.scan, "ScannedFile", odd)
    summary = index_into(library, ColourEncoder(), photos)
    assert (summary.failed, summary.new) == ({State.DAMAGED: 1}, 4)
    (photo,) = library.files([State.DAMAGED])
    assert (photo.size, photo.mtime_ns) == (0, 0)


def test_a_library_that_refuses_all_ends_the_run(library: Library, photos: Path) -> None:
    refusing(library, "NEW.state = 'indexed'")
    with pytest.raises(Exception, match="refused"):
        index_into(library, ColourEncoder(), photos)
    assert states(library) == {}


def test_a_full_disk_ends_the_run(library: Library, tmp_path: Path) -> None:
    """SQLite's own limit of pages stands for the disk's: the error is the same."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(300):
        name = f"{number:03}-" + "x" * 200
        draw(folder / f"{name}.png", "red", (number + 1, 1))
    with library._engine.begin() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    limit_pages(library, pages + 12)
    with pytest.raises(LibraryError, match="full"):
        index_into(library, ColourEncoder(), folder)
    assert set(states(library).values()) <= {State.INDEXED}
    limit_pages(library, 10**6)
    assert index_into(library, ColourEncoder()).failed == {}
    assert len(states(library)) == 300


def limit_pages(library: Library, pages: int) -> None:
    from sqlalchemy import event

    library._engine.dispose()
    event.listen(
        library._engine,
        "connect",
        lambda connection, _: connection.execute(f"PRAGMA max_page_count = {pages}"),
    )


def test_vectors_of_no_number_are_named(library: Library, photos: Path) -> None:
    """The same picture twice: neither is called indexed without a vector."""
    (photos / "sub" / "blue-again.png").write_bytes((photos / "blue.png").read_bytes())

    class Nowhere(ColourEncoder):
        def encode_images(self, images: Sequence[Pixels]) -> Vectors:
            vectors = super().encode_images(images)
            for vector, image in zip(vectors, images, strict=True):
                if tuple(image[0, 0]) == BLUE:
                    vector[:] = np.nan
            return vectors

    for batch_size in (1, 8):
        summary = index_into(library, Nowhere(batch_size=batch_size), photos, retry=True)
        assert summary.failed == {State.DAMAGED: 2}
    assert states(library)["blue-again.png"] is State.DAMAGED
