"""One or more small pictures of every format that is read, made here so that they travel along.

Pillow writes most of them; the rest is written by hand, as plainly as each format allows.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

from benchmarks.raw_files import dng
from indexer.pictures.formats import readable_formats

_SIZE = 24, 16  # width, height


def _picture(width: int = _SIZE[0], height: int = _SIZE[1]) -> Image.Image:
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    noise = np.random.default_rng(0).integers(0, 40, (*across.shape, 3))
    values = np.stack([across, down, 255 - across], axis=-1) * 0.8 + noise
    return Image.fromarray(values.astype(np.uint8))


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Maker", "Model", 6
    exif.get_ifd(0x8769)[0x9003] = "2020:01:01 10:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 30.0, 0.0), 3: "E", 4: (9.0, 0.0, 30.0)})
    return exif.tobytes()


def _written(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def tiny_pictures() -> dict[str, bytes]:
    """Files by name; the first word of a name is Pillow's name of its format."""
    readable_formats()  # registers HEIF
    rgb = _picture()
    grey, palette, bits = rgb.convert("L"), rgb.convert("P"), rgb.convert("1")
    sixteen = Image.fromarray(np.asarray(grey, np.uint16) * 257)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "of a picture", zip=True)
    made = {
        "JPEG": _written(rgb, "JPEG", exif=_exif(), icc_profile=b"\0" * 128),
        "JPEG progressive": _written(rgb, "JPEG", progressive=True),
        "JPEG cmyk": _written(rgb.convert("CMYK"), "JPEG"),
        "PNG": _written(rgb, "PNG", exif=_exif(), pnginfo=text),
        "PNG sixteen": _written(sixteen, "PNG"),
        "PNG palette": _written(palette, "PNG", transparency=0),
        "PNG frames": _written(rgb, "PNG", save_all=True, append_images=[grey.convert("RGB")]),
        "WEBP": _written(rgb, "WEBP", exif=_exif()),
        "WEBP lossless": _written(rgb.convert("RGBA"), "WEBP", lossless=True),
        "HEIF": _written(rgb, "HEIF", exif=_exif()),
        "AVIF": _written(rgb, "AVIF", exif=_exif()),
        "JPEG2000": _written(rgb, "JPEG2000"),
        "GIF": _written(palette, "GIF", save_all=True, append_images=[palette.rotate(90)]),
        "TIFF": _written(rgb, "TIFF", exif=_exif()),
        "TIFF lab": _written(rgb.convert("LAB"), "TIFF"),
        "TIFF floats": _written(grey.convert("F"), "TIFF"),
        "DDS bc3": _written(rgb.convert("RGBA"), "DDS", pixel_format="BC3"),
        "SPIDER": _written(grey.convert("F"), "SPIDER"),
        "MSP": _written(bits, "MSP"),
        "XBM": _written(bits, "XBM"),
        "BLP": _written(palette, "BLP"),
        "DNG": dng(_picture(64, 48)),
        "DNG preview": dng(_picture(64, 48), preview=rgb, orientation=6),
        **{f"TIFF {c}": _written(rgb, "TIFF", compression=c) for c in ("tiff_lzw", "jpeg", "zstd")},
        "TIFF group4": _written(bits, "TIFF", compression="group4"),
    }
    plain = "BMP DIB PPM PCX ICO IM SGI TGA QOI DDS"
    made |= {kind: _written(rgb, kind) for kind in plain.split() if kind in Image.SAVE}
    return made | {kind: make() for kind, make in _BY_HAND.items()}


def _dcx() -> bytes:
    return struct.pack("<III", 0x3ADE68B1, 12, 0) + _written(_picture(), "PCX")


def _cur() -> bytes:
    dib = _written(_picture().resize((16, 16)), "DIB")
    dib = dib[:8] + struct.pack("<i", 32) + dib[12:]  # picture and mask, one above the other
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 1, len(dib) + 64, 22)
    return b"\0\0\2\0\1\0" + entry + dib + bytes(64)


def _fits() -> bytes:
    cards = ["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 24", "NAXIS2  = 16", "END"]
    header = "".join(card.ljust(80) for card in cards).ljust(2880)
    return header.encode() + _picture().convert("L").tobytes().ljust(2880, b"\0")


def _fli() -> bytes:
    rows = b"".join(bytes([1, 24, number]) for number in range(16))  # each line one colour
    chunk = struct.pack("<IH", 6 + len(rows), 15) + rows
    frame = struct.pack("<IHH8x", 16 + len(chunk), 0xF1FA, 1) + chunk
    header = struct.pack("<IHHHHHHI", 128 + len(frame), 0xAF11, 1, 24, 16, 8, 3, 5)
    return header.ljust(128, b"\0") + frame


def _ftex() -> bytes:
    header = struct.pack("<4sIIIIIII", b"FTEX", 0, 24, 16, 1, 1, 1, 32)
    return header + struct.pack("<I", 24 * 16 * 3) + _picture().tobytes()


def _gbr() -> bytes:
    header = struct.pack(">IIIII4sI", 33, 2, 24, 16, 1, b"GIMP", 1) + b"name\0"
    return header + _picture().convert("L").tobytes()


def _icns() -> bytes:
    icon = _written(_picture().resize((32, 32)), "PNG")
    return struct.pack(">4sI4sI", b"icns", len(icon) + 16, b"ic11", len(icon) + 8) + icon


def _iptc() -> bytes:
    def field(record: int, dataset: int, value: bytes) -> bytes:
        return struct.pack(">BBBH", 0x1C, record, dataset, len(value)) + value

    fields = [(3, 20, b"\0\x18"), (3, 30, b"\0\x10"), (3, 60, b"\1\0"), (3, 120, b"\0\1")]
    head = b"".join(field(*each) for each in fields)
    return head + field(8, 10, _picture().convert("L").tobytes())


def _mcidas() -> bytes:
    words = [0] * 64
    words[1], words[8], words[9], words[10], words[13], words[33] = 4, 16, 24, 1, 1, 256
    return struct.pack(">64i", *words) + _picture().convert("L").tobytes()


def _pcd() -> bytes:
    return bytes(2048) + b"PCD_".ljust(96 * 2048 - 2048, b"\0") + bytes(768 * 512 * 3 // 2)


def _pixar() -> bytes:
    header = b"\200\350\000\000".ljust(416, b"\0") + struct.pack("<HH", 16, 24)
    return (
        header.ljust(424, b"\0")
        + struct.pack("<HH", 14, 2).ljust(600, b"\0")
        + (_picture().tobytes())
    )


def _psd() -> bytes:
    header = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, 16, 24, 8, 3)
    planes = b"".join(band.tobytes() for band in _picture().split())
    return header + bytes(12) + b"\0\0" + planes


def _sun() -> bytes:
    header = struct.pack(">8I", 0x59A66A95, 24, 16, 24, 24 * 16 * 3, 1, 0, 0)
    return header + _picture().tobytes()


def _xpm() -> bytes:
    rows = [("ab" * 12) if number % 2 else ("ba" * 12) for number in range(16)]
    lines = ["24 16 2 1", "a c #ff0000", "b c #0000ff", *rows]
    listed = ",\n".join(f'"{line}"' for line in lines)
    return f"/* XPM */\nstatic char *a[] = {{\n{listed}\n}};\n".encode()


_BY_HAND: dict[str, Callable[[], bytes]] = {
    "CUR": _cur,
    "DCX": _dcx,
    "FITS": _fits,
    "FLI": _fli,
    "FTEX": _ftex,
    "GBR": _gbr,
    "ICNS": _icns,
    "IMT": lambda: b"width 24\nheight 16\npixel n8\n\x0c" + _picture().convert("L").tobytes(),
    "IPTC": _iptc,
    "MCIDAS": _mcidas,
    "PCD": _pcd,
    "PIXAR": _pixar,
    "PSD": _psd,
    "SUN": _sun,
    "XPM": _xpm,
    "XVTHUMB": lambda: b"P7 332\n#END_OF_COMMENTS\n24 16 255\n" + bytes(range(128)) * 3,
}
