"""Marks follow an edited photo and stay with a replaced one: real photos, the bundled model."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageEnhance, ImageOps

from conftest import draw, index_into
from fakes import ColourEncoder
from indexer.encoders.encoder import Encoder
from indexer.events import Progress, Summary
from indexer.folders.steps import Target
from indexer.pipeline import run_index
from store.library import Library
from store.metadata import Metadata
from store.sql import edits
from store.sql.database import immediate
from store.states import State
from store.values import ContentFacts, Example, FileRecord, Picture

Edit = Callable[[Path], None]


def changed(change: Callable[[Image.Image], Image.Image], **options: object) -> Edit:
    def edit(path: Path) -> None:
        with Image.open(path) as image:
            image.load()
        change(image.convert("RGB")).save(path, "JPEG", **options)

    return edit


def rated(path: Path) -> None:
    """As ``exiftool -Rating=5``: a fact more, and the same pixels."""
    exif = Image.Exif()
    exif[0x4746] = 5
    with Image.open(path) as image:
        image.load()
    image.save(path, "JPEG", exif=exif, quality="keep")


def cropped(image: Image.Image) -> Image.Image:
    return image.crop((image.width // 10, 0, image.width, image.height * 9 // 10))


EDITS: dict[str, Edit] = {
    "rated": rated,
    "saved again": changed(lambda image: image, quality=60),
    "turned": changed(lambda image: image.transpose(Image.Transpose.ROTATE_90)),
    "mirrored": changed(ImageOps.mirror),
    "grey": changed(lambda image: image.convert("L")),
    "brighter": changed(lambda image: ImageEnhance.Brightness(image).enhance(1.3)),
    "cropped": changed(cropped),
    "half the size": changed(lambda image: image.reduce(2)),
}
MARKED = ["chelsea", "coffee", "rocket", "motorcycle", "china"]


@pytest.fixture
def album(tmp_path: Path, real_photos: Path) -> Path:
    """Ten different photos as JPEG files."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in (*MARKED, "astronaut", "flower", "cell", "camera", "brick"):
        with Image.open(min(real_photos.glob(f"{name}*"))) as image:
            small = ImageOps.contain(image.convert("RGB"), (400, 400))
        small.save(folder / f"{name}.jpg", quality=92)
    return folder


@pytest.fixture
def run(library: Library, starter: Encoder, album: Path) -> Callable[[], Summary]:
    def index() -> Summary:
        return index_into(library, starter, album)  # type: ignore[arg-type]

    index()
    for name in MARKED:
        library.user_data.add_tag(library.contents_at(album / f"{name}.jpg"), "favourite")
        library.user_data.add_tag(library.contents_at(album / f"{name}.jpg"), name)
        library.user_data.add_to_album("Marked", library.contents_at(album / f"{name}.jpg"))
    return index


def tagged(library: Library) -> dict[str, list[str]]:
    """The tags of each photo that has any, by its name."""
    names = {}
    for root in library.roots():
        for path in sorted(root.path.rglob("*.jpg")):
            for id in library.contents_at(path):
                if tags := library.user_data.tags([id]).get(id):
                    names[path.stem] = tags
    return names


AS_MARKED = {name: sorted(["favourite", name]) for name in MARKED}


@pytest.mark.one_python
@pytest.mark.parametrize("name", EDITS)
def test_every_mark_follows_an_edit(
    library: Library, run: Callable[[], Summary], album: Path, name: str
) -> None:
    for marked in MARKED:
        EDITS[name](album / f"{marked}.jpg")
    summary = run()
    assert (summary.changed, summary.marks_followed, summary.replaced) == (5, 5, [])
    assert tagged(library) == AS_MARKED
    assert len(library.user_data.with_tag("favourite")) == 5
    held = library.photos_of(ids := library.user_data.album("marked"))
    assert [held[id][0].path.stem for id in ids] == list(MARKED)


def test_the_camera_says_that_it_is_one_photo(
    library: Library, run: Callable[[], Summary], album: Path
) -> None:
    """However much was changed."""
    path = album / "coffee.jpg"
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Canon", "EOS"
    exif.get_ifd(0x8769)[0x9003] = "2020:01:01 10:00:00"
    with Image.open(path) as image:
        image.load()
    image.save(path, "JPEG", exif=exif)
    run()
    image.crop((0, 0, 40, 30)).convert("1").save(path, "JPEG", exif=exif)
    assert run().marks_followed == 1
    assert tagged(library) == AS_MARKED


def test_marks_stay_with_a_picture_that_was_replaced(
    library: Library, run: Callable[[], Summary], album: Path, tmp_path: Path
) -> None:
    old = shutil.move(album / "rocket.jpg", tmp_path / "rocket.jpg")
    with Image.open(album / "flower.jpg") as flower:
        flower.rotate(5).save(album / "rocket.jpg")
    summary = run()
    assert (summary.marks_followed, summary.replaced) == (0, [album / "rocket.jpg"])
    without = {name: tags for name, tags in AS_MARKED.items() if name != "rocket"}
    assert tagged(library) == without
    with library.writing() as writer:
        writer.prune()
    shutil.copy(old, album / "old rocket.jpg")
    run()
    assert tagged(library) == {**without, "old rocket": ["favourite", "rocket"]}


def test_swapped_names(library: Library, run: Callable[[], Summary], album: Path) -> None:
    """Of two shots of one thing, of which only one is a favourite, too."""
    with Image.open(album / "coffee.jpg") as image:
        image.rotate(1).save(album / "coffee2.jpg")
    run()
    (album / "coffee.jpg").rename(album / "x")
    (album / "coffee2.jpg").rename(album / "coffee.jpg")
    (album / "x").rename(album / "coffee2.jpg")
    summary = run()
    assert (summary.marks_followed, summary.replaced) == (0, [])
    expected = {name: tags for name, tags in AS_MARKED.items() if name != "coffee"}
    assert tagged(library) == {**expected, "coffee2": ["coffee", "favourite"]}


def test_an_edit_saved_beside_and_moved_over_the_photo(
    library: Library, run: Callable[[], Summary], album: Path
) -> None:
    with Image.open(album / "coffee.jpg") as image:
        cropped(image).save(album / "coffee-edited.jpg")
    run()
    (album / "coffee-edited.jpg").rename(album / "coffee.jpg")
    run()
    assert tagged(library) == AS_MARKED


def test_an_edited_copy_has_the_marks_too(
    library: Library, run: Callable[[], Summary], album: Path
) -> None:
    shutil.copy(album / "coffee.jpg", album / "copy.jpg")
    run()
    EDITS["grey"](album / "copy.jpg")
    run()
    assert tagged(library) == {**AS_MARKED, "copy": ["coffee", "favourite"]}


@contextmanager
def unplugged(copy: Path, _: pytest.MonkeyPatch) -> Iterator[None]:
    """It is a link to a file on a drive that is not there."""
    drive = copy.resolve().parent
    away = drive.rename(drive.with_name("away"))
    yield
    away.rename(drive)


@contextmanager
def half_written(copy: Path, _: pytest.MonkeyPatch) -> Iterator[None]:
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2])
    yield
    copy.write_bytes(whole)


@contextmanager
def refused(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """By the system, which can't read it at the moment."""
    real = Path.open

    def open_others(path: Path, *arguments: Any, **options: Any) -> Any:
        if path == copy:
            raise OSError(errno.EIO, "Input/output error")
        return real(path, *arguments, **options)

    os.utime(copy)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", open_others)
        yield


@pytest.mark.parametrize("lost", [unplugged, half_written, refused])
def test_a_copy_that_can_not_be_read_keeps_its_marks_when_another_is_edited(
    library: Library,
    run: Callable[[], Summary],
    album: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lost: Callable[[Path, pytest.MonkeyPatch], AbstractContextManager[None]],
) -> None:
    (tmp_path / "drive").mkdir()
    drive = shutil.copy(album / "coffee.jpg", tmp_path / "drive")
    copy = album / "copy.jpg"
    copy.symlink_to(drive) if lost is unplugged else shutil.copy(drive, copy)
    run()
    with lost(copy, monkeypatch):
        EDITS["grey"](album / "coffee.jpg")
        summary = run()
        assert (summary.marks_followed, sum(summary.failed.values())) == (1, 1)
    run()
    assert tagged(library) == {**AS_MARKED, "copy": ["coffee", "favourite"]}
    assert set(library.contents_at(copy)) <= set(library.user_data.album("marked"))


def test_an_edit_in_a_folder_that_somebody_else_indexes_has_the_marks_too(
    library: Library, encoder: ColourEncoder, tmp_path: Path
) -> None:
    """On a server, the first of two runs to end decides of the edits in its own folders only."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        draw(tmp_path / name / "photo.png", "red")
        index_into(library, encoder, tmp_path / name)
    library.user_data.add_tag(library.contents_at(tmp_path / "one" / "photo.png"), "red")
    model = library.model()
    assert model
    with library.writing() as writer:
        for root in library.roots():
            facts = ContentFacts(3, 2, "PNG", told=Metadata())
            edited = Picture(root.path.name.encode().ljust(32), facts, None)
            record = FileRecord(root.id, "", "photo.png", 9, 9, State.INDEXED, picture=edited)
            writer.record([record], model, 2)
    with immediate(library._engine) as connection:
        for root in library.roots():
            decided = edits.decide(connection, lambda *_: True, [root.id])
            edits.carry_out(connection, decided, [root.id])
    both = [*library.contents_at(tmp_path / "one"), *library.contents_at(tmp_path / "two")]
    assert len(both) == 2
    assert library.user_data.with_tag("red") == set(both)


def test_a_photo_that_was_half_written_in_between(
    library: Library, run: Callable[[], Summary], album: Path
) -> None:
    """A run came while an editor was saving."""
    path = album / "coffee.jpg"
    EDITS["cropped"](path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert sum(run().failed.values()) == 1
    with library.writing() as writer:
        writer.prune()
    path.write_bytes(whole)
    assert run().marks_followed == 1
    assert tagged(library) == AS_MARKED


def test_a_run_that_was_stopped_leaves_the_decision_to_the_next(
    library: Library, run: Callable[[], Summary], album: Path, starter: Encoder
) -> None:
    from threading import Event

    for name in MARKED:
        EDITS["grey"](album / f"{name}.jpg")
    stop = Event()
    stop.set()
    index_into(library, starter, album, stop=stop)  # type: ignore[arg-type]
    run()
    assert tagged(library) == AS_MARKED


def test_thumbnails_that_a_kill_lost_are_made_before_edits_are_judged(
    library: Library, album: Path
) -> None:
    """In a change of model they are all that two pictures can be compared by."""
    index_into(library, ColourEncoder(), album)
    photo = album / "coffee.jpg"
    library.user_data.add_tag(library.contents_at(photo), "favourite")
    before = library.thumbnails.digests()
    EDITS["grey"](photo)
    other = ColourEncoder(fingerprint="2")
    with library.writing() as writer:
        run = run_index(library, writer, other, [Target(root) for root in library.roots()])
        for event in run:
            if isinstance(event, Progress) and event.embedded == len(list(album.iterdir())):
                break
        run.close()  # type: ignore[attr-defined]
    lost = library.thumbnails.digests() - before
    assert len(lost) == 1
    library.thumbnails.remove(lost)
    assert index_into(library, other, album).marks_followed == 1
    assert tagged(library) == {"coffee": ["favourite"]}


def test_an_example_of_a_concept_follows_its_file(
    library: Library, run: Callable[[], Summary], album: Path
) -> None:
    model = library.model()
    assert model
    (id,) = library.contents_at(album / "coffee.jpg")
    vector = library.vectors(model, library.index(model).index.ids()[:1])[0]
    example = Example(str(album / "coffee.jpg"), False, id, model.id, vector)
    library.user_data.add_examples("cup", [example])
    EDITS["brighter"](album / "coffee.jpg")
    run()
    (now,) = library.contents_at(album / "coffee.jpg")
    assert [e.content_id for e in library.user_data.examples("cup")] == [now]


def test_prune_and_forget_keep_marks_unless_asked(
    library: Library, encoder: ColourEncoder, photos: Path, tmp_path: Path
) -> None:
    index_into(library, encoder, photos)
    library.user_data.add_tag(library.contents_at(photos / "red.png"), "red")
    library.user_data.add_tag(library.contents_at(photos / "white.png"), "white")
    library.user_data.add_to_album("Plain", library.contents_at(photos / "white.png"))
    library.user_data.add_to_album("Plain", library.contents_at(photos / "red.png"))
    kept = shutil.move(photos / "red.png", tmp_path / "red.png")
    index_into(library, encoder)
    with library.writing() as writer:
        assert writer.prune().marks.tags == 0
    assert library.user_data.with_tag("red") == set()  # not here
    shutil.move(kept, photos / "again.png")
    index_into(library, encoder)
    assert library.user_data.with_tag("red") == set(library.contents_at(photos / "again.png"))
    assert library.user_data.album("plain")[1:] == library.contents_at(photos / "again.png")

    at_stake = library.marks_only_at(photos)
    assert (at_stake.tags, at_stake.pictures) == (4, 2)
    draw(photos / "copy.png", "white")  # the same bytes as white.png
    index_into(library, encoder)
    assert library.marks_only_at(photos / "white.png").tags == 0
    with library.writing() as writer:
        assert writer.forget(photos / "again.png", marks=True).marks.tags == 2
    index_into(library, encoder)
    assert library.user_data.with_tag("red") == set()
    (photos / "white.png").unlink()
    (photos / "copy.png").unlink()
    index_into(library, encoder)
    assert library.marks_without_photo().tags == 2
    with library.writing() as writer:
        assert writer.prune(marks=True).marks.tags == 2
    assert library.user_data.albums() == []
    draw(photos / "white.png", "white")
    index_into(library, encoder)
    assert library.user_data.with_tag("white") == set()


def test_a_photo_that_is_half_written_keeps_its_marks_whatever_is_pruned(
    library: Library, encoder: ColourEncoder, photos: Path
) -> None:
    """And what is said to be at stake is what would go."""
    index_into(library, encoder, photos)
    library.user_data.add_tag(library.contents_at(photos / "red.png"), "red")
    whole = (photos / "red.png").read_bytes()
    (photos / "red.png").write_bytes(whole[: len(whole) // 2])
    index_into(library, encoder)
    assert library.marks_without_photo().tags == 0
    with library.writing() as writer:
        assert writer.prune(marks=True).marks.tags == 0
    (photos / "red.png").write_bytes(whole)
    index_into(library, encoder)
    assert library.user_data.with_tag("red") == set(library.contents_at(photos / "red.png"))
