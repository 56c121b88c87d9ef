"""Thumbnails, previews and uploads: real files, real SQLite."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.gallery.gallery_service import GalleryService
from app.gallery.pictures import UPLOAD_PIXELS, UPLOADS, Pictures
from conftest import Index, draw
from indexer.pictures.limits import DECODING
from indexer.pictures.thumbnails import PREVIEW, THUMBNAIL, render, thumbnail
from store.errors import PhotoError
from store.files.previews import Previews
from store.files.thumbnails import FILE, Thumbnails
from store.library import Library


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    return Image.open(io.BytesIO(data))


def test_indexing_makes_the_thumbnails(library: Library, index: Index, photos: Path) -> None:
    Image.new("RGB", (3000, 1000), "teal").save(photos / "wide.jpg")
    index(photos)
    for path in photos.rglob("*.*"):
        (id,) = library.contents_at(path)
        digest = library.digest(id)
        assert digest
        image = opened(library.thumbnails.get(digest))
        assert image.format == "JPEG"
        with Image.open(path) as original:
            assert image.width / image.height == pytest.approx(
                original.width / original.height, rel=0.05
            )
        assert max(image.size) <= 640
    (id,) = library.contents_at(photos / "wide.jpg")
    assert opened(Pictures(library).thumbnail(id)).width == THUMBNAIL


def test_an_older_library_gets_them_when_they_are_asked_for(
    library: Library, index: Index, photos: Path
) -> None:
    index(photos)
    library.thumbnails.close()
    (library.folder / FILE).unlink()
    (id,) = library.contents_at(photos / "red.png")
    pictures = Pictures(library)
    image = opened(pictures.thumbnail(id)).convert("RGB")
    assert image.getpixel((5, 5))[0] > 240  # type: ignore[index]
    digest = library.digest(id)
    assert digest and library.thumbnails.get(digest)


def test_offline_photos_still_have_theirs(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    (id,) = library.contents_at(photos / "red.png")
    photos.rename(photos.parent / "away")
    pictures = Pictures(library)
    assert opened(pictures.thumbnail(id)).size == (32, 24)
    assert opened(pictures.preview(id)).size == (32, 24)
    assert pictures.original(id) is None


def test_unknown_ids(library: Library, index: Index, photos: Path) -> None:
    index(photos)
    pictures = Pictures(library)
    assert pictures.thumbnail(999) is pictures.preview(999) is None
    assert pictures.original(999) is None


def test_previews_are_kept_and_no_larger_than_needed(
    library: Library, index: Index, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (4000, 2000), "teal").save(folder / "a.jpg", exif=exif)
    index(folder)
    (id,) = library.contents_at(folder / "a.jpg")
    made = Pictures(library).preview(id)
    assert opened(made).size == (PREVIEW // 2, PREVIEW)  # upright
    (folder / "a.jpg").unlink()
    assert Pictures(library).preview(id) == made


def test_a_colour_profile_goes_along(tmp_path: Path) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.new("RGB", (50, 40), "red")
    image.save(tmp_path / "a.jpg", icc_profile=profile)
    assert opened(render(tmp_path / "a.jpg", 20)).info["icc_profile"] == profile
    other = profile[:16] + b"CMYK" + profile[20:]
    image.info["icc_profile"] = other
    assert "icc_profile" not in opened(thumbnail(image)).info
    image.info["icc_profile"] = profile + bytes(17_000_000)  # more than a JPEG file can hold
    assert "icc_profile" not in opened(thumbnail(image)).info


def test_a_link_out_of_the_folder_is_not_followed(
    library: Library, index: Index, photos: Path, tmp_path: Path
) -> None:
    secret = draw(tmp_path / "secret.png", "blue", (77, 33))
    shutil.copy(secret, photos / "here.png")
    index(photos)
    (id,) = library.contents_at(photos / "here.png")
    (photos / "here.png").unlink()
    (photos / "here.png").symlink_to(secret)
    assert Pictures(library).original(id) is None


def test_a_damaged_file_of_thumbnails_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database " * 500)
    thumbnails = Thumbnails(tmp_path)
    assert thumbnails.get(b"1" * 32) is None
    thumbnails.put([(b"1" * 32, b"picture")])
    assert thumbnails.get(b"1" * 32) == b"picture"
    thumbnails.remove([b"1" * 32])
    assert thumbnails.get(b"1" * 32) is None
    thumbnails.close()


def test_some_thumbnails_at_once_are_those_that_are_there_and_whole(tmp_path: Path) -> None:
    thumbnails = Thumbnails(tmp_path)
    assert thumbnails.get_some([b"1" * 32]) == {}  # there is no file yet
    pictures = [(number.to_bytes(32), b"picture %d" % number) for number in range(1_200)]
    thumbnails.put(pictures)
    with sqlite3.connect(tmp_path / FILE) as connection:
        changed = "UPDATE thumbnail SET image = ? WHERE digest = ?"
        assert connection.execute(changed, [b"damaged", (7).to_bytes(32)]).rowcount == 1
    connection.close()
    asked = [digest for digest, _ in pictures] + [b"1" * 32]
    whole = {digest: picture for digest, picture in pictures if thumbnails.get(digest)}
    assert thumbnails.get_some(asked) == whole
    assert len(whole) == 1_199
    thumbnails.close()


def test_what_leaves_the_library_leaves_no_picture(
    library: Library, index: Index, photos: Path
) -> None:
    index(photos)
    (id,) = library.contents_at(photos / "red.png")
    digest = library.digest(id)
    assert digest
    Pictures(library).preview(id)
    assert library.thumbnails.get(digest) and library.previews.find(digest)
    with library.writing() as writer:
        writer.forget(photos / "red.png")
    assert library.thumbnails.get(digest) is None
    assert library.previews.find(digest) is None


def test_the_least_looked_at_previews_make_room(tmp_path: Path) -> None:
    previews = Previews(tmp_path, limit=1000)
    for number in range(3):
        path = previews.put(bytes([number]) * 32, b"x" * 100)
        assert path
        os.utime(path, (number, number))
    assert previews.find(bytes([0]) * 32)  # looked at: the newest now
    Previews(tmp_path, limit=250).trim()
    assert [previews.find(bytes([n]) * 32) is not None for n in range(3)] == [True, False, True]


def test_an_upload_is_made_small_and_kept_as_a_picture_only(
    library: Library, tmp_path: Path
) -> None:
    pictures = Pictures(library)
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "secret"
    Image.new("RGB", (3000, 1500), "teal").save(written, "PNG", exif=exif)
    path = pictures.upload(written.getvalue())
    assert path.parent == library.folder / UPLOADS
    with Image.open(path) as image:
        assert image.size == (1024, 512)
        assert not image.getexif()
    with pytest.raises(PhotoError):
        pictures.upload(b"Dear all")
    os.utime(path, (0, 0))
    pictures.upload(written.getvalue()[:-1] + b"x")
    assert not path.exists()  # it was there for more than a month


def test_a_bomb_is_refused(library: Library) -> None:
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99))
    with pytest.raises(PhotoError, match="pixels"):
        Pictures(library).upload(bomb + chunk(b"IEND", b""))


def flat_png(width: int, height: int) -> bytes:
    """A PNG of one colour with transparency: a few hundred kilobytes, whatever its size."""
    written = io.BytesIO()
    image = Image.new("P", (width, height))
    image.save(written, "PNG", transparency=bytes([128] * 256))
    return written.getvalue()


def test_an_upload_of_many_pixels_is_refused_before_it_is_decoded(library: Library) -> None:
    side = 10_100
    content = flat_png(side, side)
    assert len(content) < 300_000 and side * side > UPLOAD_PIXELS
    with pytest.raises(PhotoError, match="more than 100 megapixels"):
        Pictures(library).upload(content)
    # Nothing waits for memory that it would take: it is refused also where there is none.
    with DECODING.hold(DECODING.total), pytest.raises(PhotoError):
        Pictures(library).upload(content)


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has other units elsewhere")
def test_uploads_take_a_bounded_memory(tmp_path: Path) -> None:
    """Four of 99 megapixels at once, whose pixels alone are 0.4 GB each when converted at once."""
    (tmp_path / "large.png").write_bytes(flat_png(9_950, 9_950))
    done = subprocess.run(
        [sys.executable, "-c", UPLOADS_AT_ONCE, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 350_000  # kilobytes


UPLOADS_AT_ONCE = """
import resource, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from app.gallery.pictures import Pictures
from store.library import Library
place = Path(sys.argv[1])
library = Library.open(place / "library", create=True)
pictures, content = Pictures(library), (place / "large.png").read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with ThreadPoolExecutor(4) as pool:
    list(pool.map(pictures.upload, (content + bytes([n]) for n in range(4))))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
library.close()
"""


def test_the_desk_sees_what_another_process_indexed(
    index: Index, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import app.services
    from app.config import load_config
    from app.query.parser import parse_text
    from fakes import ColourEncoder

    monkeypatch.setattr(app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name))
    index(photos)
    with GalleryService(load_config()) as service:
        assert len(service.listing(parse_text("red").query(), "best").listing) == 5
        assert service.listing(parse_text("red").query(), "best") is service.listing(
            parse_text(" red ").query(), "best"
        )
        draw(photos / "sub" / "new.png", "red", (9, 9))
        index()
        assert len(service.listing(parse_text("red").query(), "best").listing) == 6
        (id,) = service.library().contents_at(photos / "red.png")
        assert len(service.listing(parse_text("is:favourite").query(), "best").listing) == 0
        service.library().user_data.add_tag([id], "favourite")
        marked = service.listing(parse_text("is:favourite").query(), "best").listing
        assert marked.results.part(0, 9).tolist() == [id]
        shown = service.listing(parse_text("").query(), "best")
        tiles = service.tiles(shown, shown.listing.results.part(0, 9))
        assert [tile.id for tile in tiles if tile.favourite] == [id]
