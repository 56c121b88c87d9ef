"""Which camera raw a file is, by what is in it, and whether all of it is there.

Most are TIFF files, some with a number of their own where TIFF has 42: their directories say what
is where. What no directory says, LibRaw is asked for.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from indexer.pictures import formats

_OF_MAKERS = {
    "epson": "ERF",
    "hasselblad": "3FR",
    "kodak": "KDC",
    "leaf": "MOS",
    "mamiya": "MEF",
    "nikon": "NEF",
    "pentax": "PEF",
    "phase one": "IIQ",
    "ricoh": "PEF",
    "samsung": "SRW",
    "sony": "ARW",
}
_MAGIC = (
    (0, b"FUJIFILMCCD-RAW", "RAF"),
    (4, b"ftypcrx ", "CR3"),
    (6, b"HEAPCCDR", "CRW"),
    (0, b"\0MRM", "MRW"),
    (0, b"FOVb", "X3F"),
    (8, b"CR\x02", "CR2"),
    (8, b"IIII", "IIQ"),
    (8, b"MMMM", "IIQ"),
)
_NUMBERS = {b"II*\0": "", b"MM\0*": "", b"IIU\0": "RW2", b"IIRO": "ORF", b"IIRS": "ORF"} | {
    b"MMOR": "ORF"
}
"""The beginnings of files with TIFF's directories, and the kinds that have one of their own."""

_PHOTOMETRIC, _COMPRESSION, _MAKE, _SUBS, _DNG = 262, 259, 271, 330, 50706
_STRIPS, _TILES = (273, 279), (324, 325)  # where they are, and how long
_PANASONICS = (280, 279)
_OF_SENSORS = frozenset({32803, 34892})  # a mosaic of colours, and what was made of one
_NIKONS = 34713  # a compression
_SIZES = {1: "B", 2: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}  # types of values that are read
_MOST_DIRECTORIES, _MOST_VALUES = 64, 100_000
_NOWHERE = 0xFFFFFFF0  # what cameras write that keep their pixels elsewhere

Directory = dict[int, tuple[int, ...]]


def is_tiff(head: bytes) -> bool:
    """Whether a file that begins so has TIFF's directories."""
    return head[:4] in _NUMBERS


def raw_format(file: BinaryIO, name: str = "") -> str | None:
    """One of ``store.stacks.RAW_FORMATS``; None for a file that is no camera raw.

    The file is left at its beginning.

    Args:
        name: the file's; one with the ending of a raw is one, unless its content says otherwise.
    """
    head = _at(file, 0, formats.HEAD)
    try:
        return _raw_format(file, head, name)
    finally:
        file.seek(0)


def _raw_format(file: BinaryIO, head: bytes, name: str) -> str | None:
    for at, magic, kind in _MAGIC:
        if head[at:].startswith(magic) and (at != 8 or is_tiff(head)):
            return kind
    named = formats.is_raw(name)
    if not is_tiff(head):
        return "RAW" if named and formats.sniff(head) is None else None
    if own := _NUMBERS[head[:4]]:
        return own
    of_sensor, make = False, ""
    for directory in _directories(file, head):
        if _DNG in directory:
            return "DNG"
        make = make or bytes(directory.get(_MAKE, ())).decode("latin-1").lower()
        of_sensor |= not _OF_SENSORS.isdisjoint(directory.get(_PHOTOMETRIC, ()))
        of_sensor |= _NIKONS in directory.get(_COMPRESSION, ())
    if not (of_sensor or named):
        return None
    return next((kind for maker, kind in _OF_MAKERS.items() if make.startswith(maker)), "RAW")


def is_raw_cut_short(file: BinaryIO) -> bool:
    """Whether pixels that a raw file says it has lie behind its end.

    LibRaw takes what is missing for black, and says nothing of it.
    """
    head = _at(file, 0, formats.HEAD)
    end = file.seek(0, os.SEEK_END)
    parts: list[tuple[int, int]] = []  # (begin, length)
    if head.startswith(b"FUJIFILMCCD-RAW"):
        numbers = struct.unpack(">6I", _at(file, 84, 24).ljust(24, b"\xef"))
        parts = [(numbers[0], numbers[1]), (numbers[4], numbers[5])]  # the JPEG, and the sensor's
    elif is_tiff(head):
        for directory in _directories(file, head):
            places = (_PANASONICS,) if _NUMBERS[head[:4]] == "RW2" else (_STRIPS, _TILES)
            for begins, lengths in places:
                pairs = zip(directory.get(begins, ()), directory.get(lengths, ()), strict=False)
                parts += pairs
    else:
        return formats.is_cut_short(file)
    # Some cameras are a little wrong about lengths: LibRaw notices if what it needs is not there.
    return any(b < _NOWHERE and b + n > end + n // 100 for b, n in parts)


def _directories(file: BinaryIO, head: bytes) -> Iterator[Directory]:
    """The directories of a file like TIFF, with those inside them; none that can't be read."""
    order = "<" if head[:2] == b"II" else ">"
    (first,) = struct.unpack(order + "I", head[4:8].ljust(4, b"\0"))
    todo, seen = [first], set[int]()
    while todo and len(seen) < _MOST_DIRECTORIES:
        at = todo.pop(0)
        if at in seen or at < 8:
            continue
        seen.add(at)
        directory, following = _directory(file, order, at)
        yield directory
        todo += [*directory.get(_SUBS, ()), following]


def _directory(file: BinaryIO, order: str, at: int) -> tuple[Directory, int]:
    """The directory at ``at``, and where the next one is; 0 for none."""
    wanted = {_PHOTOMETRIC, _COMPRESSION, _MAKE, _SUBS, _DNG, *_STRIPS, *_TILES, *_PANASONICS}
    directory: Directory = {}
    (count,) = struct.unpack(order + "H", _at(file, at, 2).ljust(2, b"\0"))
    entries = _at(file, at + 2, 12 * count + 4)
    for start in range(0, min(12 * count, len(entries) - 11), 12):
        tag, kind, values = struct.unpack(order + "HHI", entries[start : start + 8])
        if tag not in wanted or kind not in _SIZES or values > _MOST_VALUES:
            continue
        letter = _SIZES[kind]
        size = struct.calcsize(order + letter) * values
        data = entries[start + 8 : start + 12]
        if size > 4:
            data = _at(file, struct.unpack(order + "I", data)[0], size)
        if len(data) >= size:
            directory[tag] = struct.unpack(f"{order}{values}{letter}", data[:size])
    ending = entries[12 * count :]
    return directory, struct.unpack(order + "I", ending)[0] if len(ending) == 4 else 0


def _at(file: BinaryIO, at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)
