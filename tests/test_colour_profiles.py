from __future__ import annotations

import io
import struct
import time

import numpy as np
import pytest
from PIL import Image, ImageCms

from indexer.pictures.colour_profiles import to_srgb
from indexer.pictures.decode import decode

# Display P3's primaries, adapted to D50, as Apple's own profile has them.
P3 = ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))
WHITE = (0.9642, 1.0, 0.8249)


def profile(name: str, colours: tuple[tuple[float, ...], ...] = P3, gamma: float = 2.2) -> bytes:
    """An ICC profile of version 2 with three primaries and a gamma."""

    def numbers(values: tuple[float, ...]) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(v * 65536)) for v in values)

    text = name.encode()
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    described = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" * 80
    tags = {b"desc": described, b"cprt": b"text\0\0\0\0none\0", b"wtpt": numbers(WHITE)}
    for letter, primary in zip(b"rgb", colours, strict=True):
        tags[bytes([letter]) + b"XYZ"] = numbers(primary)
        tags[bytes([letter]) + b"TRC"] = curve
    place = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for tag, data in tags.items():
        data += b"\0" * (-len(data) % 4)
        table += tag + struct.pack(">II", place + len(body), len(data))
        body += data
    head = struct.pack(">I4sI4s4s4s12x4s", place + len(body), b"lcms", 0x02100000, b"mntr",
                       b"RGB ", b"XYZ ", b"acsp")  # fmt: skip
    head += b"\0" * 28 + struct.pack(">iii", *(round(v * 65536) for v in WHITE))
    return head.ljust(128, b"\0") + table + body


def file_of(image: Image.Image, kind: str, icc: bytes) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, kind, icc_profile=icc)
    file.seek(0)
    return file


def test_a_wide_gamut_is_turned_into_srgb() -> None:
    wide = Image.new("RGB", (40, 30), (200, 60, 50))
    icc = profile("Display P3")
    seen, _ = decode(file_of(wide, "PNG", icc), 16)
    expected = ImageCms.profileToProfile(
        wide, ImageCms.ImageCmsProfile(io.BytesIO(icc)), ImageCms.createProfile("sRGB")
    )
    assert expected is not None
    ours, theirs = seen.getpixel((5, 5)), expected.getpixel((5, 5))
    assert isinstance(ours, tuple) and isinstance(theirs, tuple)
    assert max(abs(a - b) for a, b in zip(ours, theirs, strict=True)) <= 2
    assert ours[0] > 210 and ours[1] < 55  # more vivid than the numbers say in sRGB
    assert "icc_profile" not in seen.info


def test_srgb_and_what_is_no_profile_change_nothing() -> None:
    plain = Image.new("RGB", (40, 30), (200, 60, 50))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    damaged = profile("Display P3")[:200]
    for icc in (srgb, profile("my sRGB"), damaged, b"x" * 300, b"\0" * 128):
        image = plain.copy()
        image.info["icc_profile"] = icc
        assert to_srgb(image) is image
    assert to_srgb(plain) is plain


def test_transparency_stays_and_grey_profiles_of_colours_are_ignored() -> None:
    image = Image.new("RGBA", (40, 30), (200, 60, 50, 77))
    image.info["icc_profile"] = profile("Display P3")
    pixel = to_srgb(image).getpixel((0, 0))
    assert isinstance(pixel, tuple) and pixel[3] == 77 and pixel[0] > 210
    grey = Image.new("L", (4, 4), 9)
    grey.info["icc_profile"] = profile("Display P3")
    assert to_srgb(grey) is grey


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "WEBP", "HEIF"])
def test_each_format(kind: str) -> None:
    wide = Image.new("RGB", (64, 48), (200, 60, 50))
    options, file = {"quality": 95} if kind != "TIFF" else {}, io.BytesIO()
    wide.save(file, kind, icc_profile=profile("Display P3"), **options)
    file.seek(0)
    seen, _ = decode(file, 16)
    assert np.asarray(seen)[..., 0].mean() > 208


def test_it_costs_little() -> None:
    image = Image.new("RGB", (400, 300), (200, 60, 50))
    image.info["icc_profile"] = profile("Display P3")
    to_srgb(image)
    start = time.perf_counter()
    for _ in range(10):
        to_srgb(image)
    assert (time.perf_counter() - start) / 10 < 0.1
