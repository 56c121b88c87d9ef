from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import hostile
from indexer.encoders.engines import load_encoder
from indexer.pictures.decode import decode
from indexer.pictures.read_photo import read_photo
from store.errors import PhotoError
from store.states import State


def unknown(_digest: bytes) -> bool:
    return False


def read(path: Path, side: int = 64) -> Image.Image:
    image = read_photo(path, side, unknown).image
    assert image is not None
    assert image.mode == "RGB"
    return image


def pixel(image: Image.Image, x: float = 0.5, y: float = 0.5) -> tuple[int, ...]:
    pixel = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(pixel, tuple)
    return pixel


def near(pixel: tuple[int, ...], expected: tuple[int, ...], by: int = 6) -> bool:
    return all(abs(a - b) <= by for a, b in zip(pixel, expected, strict=True))


@pytest.mark.parametrize("ending", hostile.ENDINGS)
def test_every_format_in_its_colours(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    Image.new("RGB", (120, 80), (200, 40, 90)).save(path)
    photo = read_photo(path, 64, unknown)
    assert photo.image and photo.facts
    assert near(pixel(photo.image), (200, 40, 90))
    assert (photo.facts.width, photo.facts.height) == (120, 80)
    assert photo.digest == hashlib.sha256(path.read_bytes()).digest()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tiff", "heic", "avif"])
def test_every_orientation_ends_upright(tmp_path: Path, orientation: int, ending: str) -> None:
    """Red top left, green top right, blue bottom left, however it was stored."""
    upright = Image.new("RGB", (160, 96), "white")
    upright.paste((255, 0, 0), (0, 0, 80, 48))
    upright.paste((0, 255, 0), (80, 0, 160, 48))
    upright.paste((0, 0, 255), (0, 48, 80, 96))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a.{ending}"
    options: dict[str, Any] = {"quality": 95} if ending in ("jpg", "heic", "avif", "webp") else {}
    stored.save(path, exif=exif.tobytes(), **options)
    photo = read_photo(path, 16, unknown)
    assert photo.image and photo.facts
    assert (photo.facts.width, photo.facts.height) == (160, 96)
    for x, y, colour in ((0.2, 0.2, (255, 0, 0)), (0.8, 0.2, (0, 255, 0)), (0.2, 0.8, (0, 0, 255))):
        assert near(pixel(photo.image, x, y), colour, by=60), (orientation, ending)


def test_transparency_is_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(tmp_path / "a.png")
    assert pixel(read(tmp_path / "a.png")) == (255, 255, 255)
    half = Image.new("RGBA", (50, 50), (255, 0, 0, 128))
    half.save(tmp_path / "b.webp", lossless=True)
    assert near(pixel(read(tmp_path / "b.webp")), (255, 127, 127))
    palette = Image.new("P", (50, 50), 0)
    palette.putpalette([10, 200, 30, 0, 0, 0])
    palette.save(tmp_path / "c.png", transparency=0)
    assert pixel(read(tmp_path / "c.png")) == (255, 255, 255)
    Image.new("LA", (50, 50), (0, 0)).save(tmp_path / "d.png")
    assert pixel(read(tmp_path / "d.png")) == (255, 255, 255)


@pytest.mark.parametrize("ending", ["png", "tiff"])
def test_sixteen_bits_keep_their_range(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    hostile.sixteen_bit().save(path)
    image = read(path)
    assert pixel(image, 0)[0] <= 2 and pixel(image, 1)[0] >= 253
    assert near(pixel(image, 0.5), (127, 127, 127), by=3)


def test_floats_are_stretched(tmp_path: Path) -> None:
    values = np.linspace(-3, 7, 256, dtype=np.float32)
    Image.fromarray(np.tile(values, (32, 1))).save(tmp_path / "a.tiff")
    image = read(tmp_path / "a.tiff")
    assert pixel(image, 0)[0] == 0 and pixel(image, 1)[0] == 255


def test_extreme_floats_are_no_trouble(tmp_path: Path) -> None:
    """The difference of the brightest and the darkest is no float of 32 bits any more."""
    values = np.full((40, 60), -3e38, np.float32)
    values[:, 30:] = 3e38
    values[0, 0] = np.nan
    Image.fromarray(values).save(tmp_path / "a.tiff")
    image = read(tmp_path / "a.tiff")
    assert pixel(image, 0, 0.5)[0] == 0 and pixel(image, 1)[0] == 255


def test_a_file_that_pillow_closes_itself(tmp_path: Path) -> None:
    """FTEX textures: the reason is of the picture, not of the closed file."""
    (tmp_path / "x.jpg").write_bytes(hostile.empty_texture())
    with pytest.raises(PhotoError) as caught:
        read_photo(tmp_path / "x.jpg", 64, unknown)
    assert caught.value.state is State.DAMAGED
    assert "closed file" not in str(caught.value)


@pytest.mark.parametrize("palette", ["P", "1", "I;16"])
def test_every_mode_is_made_smaller_before_it_waits(tmp_path: Path, palette: str) -> None:
    picture = Image.new("L", (3000, 2000), 255)
    picture.paste(0, (0, 0, 1500, 2000))
    if palette == "I;16":
        picture = Image.fromarray(np.asarray(picture, np.uint16) * 257)
    else:
        picture = picture.convert(palette)
    picture.save(tmp_path / "a.png")
    image = read(tmp_path / "a.png", side=224)
    assert max(image.size) < 1000
    assert near(pixel(image, 0.2), (0, 0, 0)) and near(pixel(image, 0.8), (255, 255, 255))


def test_cmyk(tmp_path: Path) -> None:
    Image.new("RGB", (50, 50), (220, 30, 40)).convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    assert near(pixel(read(tmp_path / "a.jpg")), (220, 30, 40))


@pytest.mark.parametrize("ending", ["gif", "webp", "png", "tiff"])
def test_the_first_frame_counts(tmp_path: Path, ending: str) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / f"a.{ending}", save_all=True, append_images=frames[1:])
    assert near(pixel(read(tmp_path / f"a.{ending}")), (255, 0, 0))


@pytest.mark.parametrize("size", [(4000, 3000), (3000, 4000), (1000, 800), (300, 200)])
@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_reduced_but_never_below_what_the_model_needs(
    tmp_path: Path, size: tuple[int, int], ending: str
) -> None:
    path = tmp_path / f"a.{ending}"
    Image.new("RGB", size, "teal").save(path)
    image = read(path, side=224)
    assert min(image.size) >= min(224, *size)
    assert max(image.size) < 4000
    assert abs(image.width / image.height - size[0] / size[1]) < 0.02
    facts = read_photo(path, 224, unknown).facts
    assert facts and (facts.width, facts.height) == size


@pytest.mark.parametrize("ending", hostile.ENDINGS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_cut_file_is_never_a_picture(tmp_path: Path, ending: str, share: float) -> None:
    path = tmp_path / f"a.{ending}"
    hostile.noise().save(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(PhotoError) as caught:
        read_photo(path, 64, unknown)
    assert caught.value.state is State.TRUNCATED


@pytest.mark.one_python
def test_scaling_while_decoding_changes_no_embedding(real_photos: Path, engine_cache: Path) -> None:
    """The real photos, enlarged to what cameras give, against decoding every pixel."""
    encoder = load_encoder("starter", cache=engine_cache)
    cosines = []
    for path in sorted(real_photos.iterdir()):
        with Image.open(path) as image:
            if min(image.size) < 200:
                continue
            size = image.width * 4, image.height * 4
            enlarged = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        file = io.BytesIO()
        enlarged.save(file, "JPEG", quality=92)
        with Image.open(file) as image:
            full = encoder.prepare(image.convert("RGB"))
        file.seek(0)
        scaled, facts = decode(file, encoder.image_size)
        assert (facts.width, facts.height) == size
        assert scaled.width < 0.6 * size[0]  # else this would show nothing
        one, other = encoder.encode_images([full, encoder.prepare(scaled)])
        cosines.append(float(one @ other))
    assert len(cosines) >= 20
    assert min(cosines) >= 0.99
    assert np.mean(cosines) >= 0.995
