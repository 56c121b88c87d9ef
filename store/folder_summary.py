"""All that is known right in one folder, in short: enough to see that nothing in it has changed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from store.sql.fspath import to_text
from store.states import State


class File(Protocol):
    """Anything that says what a file is called, its bytes and its time."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def mtime_ns(self) -> int: ...


@dataclass(frozen=True)
class FolderSummary:
    """All that is known right in one folder, in short.

    Attributes:
        digest: ``digest`` of its files, including those that are gone.
        states: how many files are in each state.
        whole: whether the model has embedded every picture in it.
        away: how many files were missed at the last look.
        filesystem_id: where all of its files were last seen; None if not all at one.
    """

    digest: bytes
    states: Counter[State]
    whole: bool
    away: int = 0
    filesystem_id: int | None = None

    @property
    def pictures(self) -> int:
        """How many pictures were there at the last look."""
        return self.states[State.INDEXED] + self.states[State.STACKED] - self.away


def digest(files: Iterable[File]) -> bytes:
    """A digest of the names, sizes and times of ``files``, which come in order of name."""
    return digest_of_lines(to_text("//".join([f"{f.name}/{f.size}/{f.mtime_ns}" for f in files])))


def digest_of_lines(text: str) -> bytes:
    """As ``digest``, of the lines as one text."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
