"""Text that is safe to show to a person, and paths as a person means them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePath

from indexer.text import printable
from store.sql.fspath import expanded

__all__ = [
    *("absolute", "clock_text", "counted", "numbered", "offset_text", "one_line", "plural"),
    "printable",
]


def one_line(text: object) -> str:
    """``text`` on one line: no terminal codes, no half characters."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in printable(str(text)))


def numbered(name: str, number: int) -> str:
    """The name of a file whose own may be taken: "a.jpg", then "a (2).jpg" and so on, from 1."""
    path = PurePath(name)
    return name if number == 1 else f"{path.stem} ({number}){path.suffix}"


def plural(count: int, one: str) -> str:
    """A number and what it counts: "1 photo", "2,000 photos"."""
    return f"{count:,} {one}{'' if count == 1 else 's'}"


_SINGULARS = {"copies": "copy", "not pictures": "not a picture"}


def counted(parts: Iterable[tuple[int, str]]) -> str:
    """Numbers and what they count, "2 new, 1 gone"; without those that are 0."""
    return ", ".join(
        f"{count:,} {_SINGULARS.get(word, word) if count == 1 else word}"
        for count, word in parts
        if count
    )


def absolute(path: Path) -> Path:
    """``path`` made absolute, with links left as they are: the user may mean the link."""
    return Path(os.path.abspath(expanded(path)))  # noqa: PTH100


def clock_text(seconds: float) -> str:
    """A length of time, or a moment of a video, as players show it: "0:42", "1:02:03"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def offset_text(minutes: int | None) -> str | None:
    """How far a time is ahead of UTC, as ISO 8601 writes it: "+02:00"."""
    if minutes is None:
        return None
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
