"""Reading the write-ahead log of a SQLite file that SQLite itself refuses."""

from __future__ import annotations

import struct
from pathlib import Path


def committed_pages(log: Path, page_size: int) -> dict[int, bytes]:
    """The pages in a write-ahead log up to its last whole transaction, by number."""
    content = log.read_bytes() if log.exists() else b""
    committed: dict[int, bytes] = {}
    if len(content) < 32:
        return committed
    magic, _, size, _, *salts = struct.unpack(">6I", content[:24])
    if magic & ~1 != 0x377F0682 or size != page_size:
        return committed
    order = ">" if magic & 1 else "<"
    sums = _wal_sums(content[:24], (0, 0), order)
    if sums != struct.unpack(">II", content[24:32]):
        return committed
    waiting: dict[int, bytes] = {}
    for start in range(32, len(content) - 24 - size + 1, 24 + size):
        head, page = content[start : start + 24], content[start + 24 : start + 24 + size]
        number, end, *rest = struct.unpack(">6I", head)
        sums = _wal_sums(page, _wal_sums(head[:8], sums, order), order)
        if rest != [*salts, *sums]:
            break
        waiting[number] = page
        if end:
            committed.update(waiting)
            waiting.clear()
    return committed


def _wal_sums(content: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
