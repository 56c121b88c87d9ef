"""Pictures and files made to break a decoder, drawn here so that they travel with the tests."""

from __future__ import annotations

import io
import os
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from indexer.pictures.formats import readable_formats
from store.states import State

readable_formats()  # registers HEIF, so that tests can write it

ENDINGS = ("jpg", "png", "webp", "gif", "tiff", "bmp", "avif", "heic", "jp2")


def noise(width: int = 400, height: int = 300, seed: int = 0) -> Image.Image:
    """Noise does not compress: half of such a file lacks half of its pixels."""
    values = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_claiming(width: int, height: int) -> bytes:
    """A tiny PNG whose header promises any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + _chunk(b"IEND", b"")
    )


def zero_size_tiff() -> bytes:
    entries = [(256, 3, 0), (257, 3, 0), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8)]
    entries += [(278, 3, 0), (279, 4, 0)]
    body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + struct.pack("<I", 0)


def tiff_claiming(width: int, height: int) -> bytes:
    """A tiny TIFF whose header promises any size, in one compressed strip."""
    entries = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 5), (262, 3, 1)]
    entries += [(273, 4, 8), (277, 3, 1), (278, 4, height), (279, 4, 100)]
    body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + struct.pack("<I", 0)


def empty_texture() -> bytes:
    """200 bytes of an FTEX texture, which Pillow closes before it fails."""
    header = bytes.fromhex("4654455801000000000000008000000008000000010000000100000020000000")
    return header + bytes(168)


def talking_tiff() -> bytes:
    """A TIFF whose damage libtiff tells on standard error."""
    file = io.BytesIO()
    noise(60, 40).save(file, "TIFF", compression="tiff_adobe_deflate")
    content = bytearray(file.getvalue())
    middle = len(content) // 2
    content[middle : middle + 200] = b"\x11" * 200
    return bytes(content)


def out_of_time(path: Path, seconds: int) -> bool:
    """Give a file a time; false if its file system can't keep that."""
    try:
        os.utime(path, ns=(0, seconds * 10**9))
    except (OSError, OverflowError):
        return False
    return path.stat().st_mtime_ns == seconds * 10**9


def sixteen_bit(dark: bool = False) -> Image.Image:
    """A ramp from black to white (or to a quarter of it) in 16 bits."""
    ramp = np.linspace(0, 65535 // (4 if dark else 1), 256).astype(np.uint16)
    return Image.fromarray(np.tile(ramp, (32, 1)))


def make_folder(folder: Path) -> dict[str, State]:
    """Fill ``folder`` with all sorts of files; returns the state that each must end in."""
    folder.mkdir(parents=True)
    expected: dict[str, State] = {}

    def put(name: str, content: bytes, state: State) -> None:
        (folder / name).write_bytes(content)
        expected[name] = state

    for number, ending in enumerate(ENDINGS):
        path = folder / f"good.{ending}"
        noise(seed=number).save(path)
        expected[path.name] = State.INDEXED
        whole = path.read_bytes()
        put(f"half.{ending}", whole[: len(whole) // 2], State.TRUNCATED)

    jpeg = (folder / "good.jpg").read_bytes()
    put("empty.jpg", b"", State.EMPTY)
    put("text.jpg", b"this is only text, whatever its name says\n" * 9, State.UNSUPPORTED)
    put("notes.txt", b"text that claims to be nothing else", State.OTHER)
    put("raw.nef", b"MM\0*" + b"\0" * 500, State.UNSUPPORTED)
    put("stub.jpg", jpeg[:20], State.DAMAGED)
    put("bomb.png", png_claiming(60_000, 60_000), State.TOO_LARGE)
    put("smaller-bomb.png", png_claiming(16_000, 16_000), State.TOO_LARGE)
    put("line.png", png_claiming(1, 130_000_000), State.TOO_LARGE)
    put("line.tiff", tiff_claiming(1, 130_000_000), State.TOO_LARGE)
    put("thread.png", png_claiming(2, 9_000), State.UNSUPPORTED)
    put("texture.jpg", empty_texture(), State.DAMAGED)
    put("talking.tiff", talking_tiff(), State.DAMAGED)
    for name, seconds in (("future.jpg", 10**10), ("ancient.jpg", -(10**10))):
        put(name, noise(seed=seconds % 97)._repr_jpeg_() or b"", State.INDEXED)
        out_of_time(folder / name, seconds)
    put("zero.png", png_claiming(0, 0), State.DAMAGED)
    put("zero.tiff", zero_size_tiff(), State.UNSUPPORTED)
    put("copied.png", jpeg, State.INDEXED)  # a JPEG by another name
    put("no-ending", noise(seed=50)._repr_png_() or b"", State.INDEXED)
    put("picture.txt", noise(seed=51)._repr_png_() or b"", State.INDEXED)
    put("n" * 251 + ".jpg", noise(seed=52)._repr_jpeg_() or b"", State.INDEXED)  # the longest
    put("  spaces and\ttabs '\"$;&.jpg", noise(seed=53)._repr_jpeg_() or b"", State.INDEXED)

    special = {
        "cmyk.jpg": noise(seed=60).convert("CMYK"),
        "grey.jpg": noise(seed=61).convert("L"),
        "palette.png": noise(seed=62).convert("P"),
        "bits.png": noise(seed=63).convert("1"),
        "sixteen.png": sixteen_bit(),
        "sixteen.tiff": sixteen_bit(dark=True),
        "floats.tiff": Image.fromarray(np.random.default_rng(64).random((30, 40), np.float32)),
        "alpha.png": noise(seed=65).convert("RGBA"),
        "wide.png": noise(3000, 2, seed=66),
        "dot.png": noise(1, 1, seed=67),
    }
    for name, image in special.items():
        image.save(folder / name)
        expected[name] = State.INDEXED
    frames = [noise(seed=70 + number) for number in range(3)]
    for name in ("moving.gif", "moving.webp", "moving.png", "pages.tiff"):
        frames[0].save(folder / name, save_all=True, append_images=frames[1:])
        expected[name] = State.INDEXED

    deep = folder / "/".join(["folder" * 10] * 6)  # a path of more than 300 characters
    deep.mkdir(parents=True)
    noise(seed=80).save(deep / "deep.jpg")
    expected["deep.jpg"] = State.INDEXED

    if sys.platform != "win32":
        os.mkfifo(folder / "pipe.jpg")
        (folder / "broken.jpg").symlink_to("nowhere.jpg")
        (folder / "circle.jpg").symlink_to("circle.jpg")
        (folder / "loop").symlink_to(".")
        expected |= {
            "pipe.jpg": State.SPECIAL,
            "broken.jpg": State.BROKEN_LINK,
            "circle.jpg": State.LINK_LOOP,
            "loop": State.LINK_LOOP,
        }
    if sys.platform == "linux":
        put(os.fsdecode(b"caf\xe9.jpg"), noise(seed=90)._repr_jpeg_() or b"", State.INDEXED)
    if sys.platform != "win32" and os.geteuid() != 0:  # root may read everything
        put("locked.jpg", jpeg, State.UNREADABLE)
        (folder / "locked.jpg").chmod(0)
        (folder / "locked-folder").mkdir(mode=0)
        expected["locked-folder"] = State.UNREADABLE
    return expected


EVERY_CALL = frozenset({"is_file", "is_dir", "is_symlink", "stat"})
"""What an entry of a folder can be asked for, if the listing has no more than its name."""


class _FailingEntry:
    """An entry of a folder of which ``calls`` fail."""

    def __init__(self, entry: os.DirEntry[str], error: OSError, calls: frozenset[str]) -> None:
        self._entry, self._error, self._calls = entry, error, calls

    def __getattr__(self, name: str) -> Any:
        return self._fail if name in self._calls else getattr(self._entry, name)

    def _fail(self, **_: object) -> None:
        raise self._error


def scandir_with(
    path: Path, error: OSError, calls: frozenset[str] = EVERY_CALL
) -> Callable[[Path], AbstractContextManager[Iterator[Any]]]:
    """An ``os.scandir`` that lists ``path``, of which these ``calls`` fail with ``error``.

    With no calls, ``path`` is a folder that can't be listed itself.
    """
    real = os.scandir

    @contextmanager
    def scandir(folder: Path) -> Iterator[Any]:
        if not calls and Path(folder) == path:
            raise error
        with real(folder) as entries:
            yield (
                _FailingEntry(one, error, calls) if Path(one.path) == path else one
                for one in entries
            )

    return scandir
