"""Reading a SQLite file that SQLite itself refuses, page by page (https://sqlite.org/fileformat2).

SQLite's own way (``.recover``) is in its command line program alone: Python does not bring it, and
no wheel does either, apsw's among them.

Tables are followed from their roots as far as they hold; what nothing leads to any more is read
too, and has to be told apart by its shape. Nothing here trusts the file: any length or number in
it may be wrong.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from store.rescue.sqlite_log import committed_pages

Value = int | float | str | bytes | None
_HEADER = b"SQLite format 3\0"
_USUAL_SIZE = 4096  # SQLite's default, that every library was made with
_TABLE_LEAF, _TABLE_NODE, _INDEX_LEAF, _INDEX_NODE = 13, 5, 10, 2
_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # bytes of an integer, by its serial type


@dataclass(frozen=True)
class Cell:
    """A row, or an entry of an index (``rowid`` is None, the row's is the last value then).

    ``root`` is the page that its table or index begins at; None if nothing leads there.
    """

    root: int | None
    rowid: int | None
    values: tuple[Value, ...]


class Pages:
    """The pages of a database file, the newer ones in its log over those in the file itself.

    To be closed, or used in a ``with``.

    Raises:
        OSError: the file can't be read.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            empty = not path.stat().st_size  # nothing can be mapped then
            self._content = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.size = _page_size(self._content)
        self._newer = committed_pages(path.with_name(path.name + "-wal"), self.size)
        self.count = max([-(-len(self._content) // self.size), *self._newer])
        self._reserved = self.page(1)[20] if self.page(1).startswith(_HEADER) else 0

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if isinstance(self._content, mmap.mmap):
            self._content.close()

    def page(self, number: int) -> bytes:
        """A page, from 1 on; padded with zeros where the file was cut off."""
        if number in self._newer:
            return self._newer[number]
        start = (number - 1) * self.size
        return self._content[start : start + self.size].ljust(self.size, b"\0")

    def cells(self, roots: Iterable[int]) -> Iterator[Cell]:
        """All rows and index entries: first those that ``roots`` lead to, then those lost.

        Args:
            roots: the pages that tables and indexes begin at.
        """
        seen: set[int] = set()
        for root in roots:
            yield from self._tree(root, seen)
        free = self._free()
        for number in range(1, self.count + 1):
            if number not in seen and number not in free:
                yield from self._cells_of(number, None)

    def schema(self) -> list[tuple[str, str, int]]:
        """(kind, name, root page) of every table and index, as far as it can be read."""
        objects = []
        for cell in self._tree(1, set()):
            match cell.values:
                case (str(kind), str(name), str(), int(root), *_) if 1 < root <= self.count:
                    objects.append((kind, name, root))
        return objects

    def _tree(self, root: int, seen: set[int]) -> Iterator[Cell]:
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if number in seen or not 1 <= number <= self.count:
                continue
            seen.add(number)
            yield from self._cells_of(number, root)
            waiting += reversed(self._children(number))

    def _children(self, number: int) -> list[int]:
        page, start, kind = self._kind(number)
        if kind not in (_TABLE_NODE, _INDEX_NODE):
            return []
        cells = [
            struct.unpack(">I", page[place : place + 4])[0]
            for place in self._places(page, start, 12)
            if place + 4 <= self.size
        ]
        return [*cells, struct.unpack(">I", page[start + 8 : start + 12])[0]]

    def _kind(self, number: int) -> tuple[bytes, int, int]:
        """A page, where its own header begins, and what kind of page that says it is."""
        page, start = self.page(number), 100 if number == 1 else 0
        return page, start, page[start]

    def _places(self, page: bytes, start: int, header: int) -> list[int]:
        """Where the cells of a page begin."""
        (count,) = struct.unpack(">H", page[start + 3 : start + 5])
        first = start + header
        count = min(count, (self.size - first) // 2)
        return list(struct.unpack(f">{count}H", page[first : first + 2 * count]))

    def _cells_of(self, number: int, root: int | None) -> Iterator[Cell]:
        page, start, kind = self._kind(number)
        if kind not in (_TABLE_LEAF, _INDEX_LEAF, _INDEX_NODE):
            return
        is_node = kind == _INDEX_NODE
        for place in self._places(page, start, 12 if is_node else 8):
            try:
                yield self._cell(page, place + 4 * is_node, root, kind == _TABLE_LEAF)
            except (_Unreadable, IndexError, struct.error, UnicodeDecodeError):
                continue

    def _cell(self, page: bytes, place: int, root: int | None, is_table: bool) -> Cell:
        length, place = _varint(page, place)
        rowid = None
        if is_table:
            rowid, place = _varint(page, place)
            rowid -= (rowid >> 63) << 64
        return Cell(root, rowid, _record(self._payload(page, place, length, is_table)))

    def _payload(self, page: bytes, place: int, length: int, is_table: bool) -> bytes:
        """What a cell holds, with what continues on other pages."""
        usable = self.size - self._reserved
        if length > self.count * self.size:
            raise _Unreadable
        most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
        if length <= most:
            return _exactly(page[place : place + length], length)
        least = (usable - 12) * 32 // 255 - 23
        here = least + (length - least) % (usable - 4)
        here = least if here > most else here
        content = _exactly(page[place : place + here], here)
        (following,) = struct.unpack(">I", page[place + here : place + here + 4])
        seen: set[int] = set()
        while len(content) < length:
            if following in seen or not 2 <= following <= self.count:
                raise _Unreadable
            seen.add(following)
            more = self.page(following)
            (following,) = struct.unpack(">I", more[:4])
            content += more[4 : min(usable, 4 + length - len(content))]
        return content

    def _free(self) -> set[int]:
        """The pages of rows that were removed: they are not to come back."""
        free: set[int] = set()
        (trunk,) = struct.unpack(">I", self.page(1)[32:36])
        while 2 <= trunk <= self.count and trunk not in free:
            free.add(trunk)
            following, count = struct.unpack(">II", self.page(trunk)[:8])
            count = min(count, self.size // 4 - 2)
            free.update(struct.unpack(f">{count}I", self.page(trunk)[8 : 8 + 4 * count]))
            trunk = following
        return free


class _Unreadable(Exception):
    """There is no cell here that could be one."""


def _exactly(content: bytes, length: int) -> bytes:
    if len(content) != length:
        raise _Unreadable
    return content


def _varint(content: bytes, place: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for end in range(place, place + 8):
        value = value << 7 | content[end] & 0x7F
        if content[end] < 0x80:
            return value, end + 1
    return value << 8 | content[place + 8], place + 9


def _record(content: bytes) -> tuple[Value, ...]:
    header, place = _varint(content, 0)
    types = []
    while place < header:
        kind, place = _varint(content, place)
        types.append(kind)
    if place != header:
        raise _Unreadable
    values: list[Value] = []
    for kind in types:
        value, place = _value(content, place, kind)
        values.append(value)
    if place != len(content):
        raise _Unreadable
    return tuple(values)


def _value(content: bytes, place: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, place
    if kind in (8, 9):
        return kind - 8, place
    if kind in (10, 11):  # SQLite's own
        raise _Unreadable
    size = _SIZES.get(kind, 8 if kind == 7 else (kind - 12) // 2)
    part = _exactly(content[place : place + size], size)
    if kind == 7:
        return struct.unpack(">d", part)[0], place + size
    if kind < 7:
        return int.from_bytes(part, "big", signed=True), place + size
    return (part.decode() if kind % 2 else part), place + size


def _page_size(content: bytes | mmap.mmap) -> int:
    """What the header says, if that can be."""
    size: int = int.from_bytes(content[16:18], "big")
    size = 65536 if size == 1 else size
    sound = content[:16] == _HEADER and size >= 512 and not size & (size - 1)
    return size if sound else _USUAL_SIZE
