"""File names as database text, without losing one.

Python reads a file name that is not valid Unicode into a ``str`` with lone surrogates
(``os.fsdecode``, PEP 383), which no database takes as text. Here each such character becomes an
escape, so that every name goes in and comes back, and ordinary names stay readable in the file.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath

ESCAPE = "\U0010fffd"  # private use: practically never in a name, and doubled when it is
_ENCODE = re.compile(f"[\ud800-\udfff{ESCAPE}]")
_DECODE = re.compile(f"{ESCAPE}([0-9a-f]{{4}}|{ESCAPE})")


def to_text(name: str) -> str:
    """A name as text that any database takes."""
    if name.isascii():
        return name
    return _ENCODE.sub(lambda m: ESCAPE * 2 if m[0] == ESCAPE else f"{ESCAPE}{ord(m[0]):04x}", name)


def from_text(text: str) -> str:
    """The name that ``to_text`` was given."""
    return _DECODE.sub(lambda m: ESCAPE if m[1] == ESCAPE else chr(int(m[1], 16)), text)


def expanded(path: str | Path) -> Path:
    """``path`` with "~" as the home folder; "~name" of no user is a name like any other."""
    return Path(os.path.expanduser(path))  # noqa: PTH111  # Path's own raises RuntimeError then


def relative(path: Path, root: Path) -> str:
    """``path`` as the library writes folders: "" for the root itself."""
    inner = path.relative_to(root)
    return "" if inner == Path() else inner.as_posix()


def is_below(folder: str, other: str) -> bool:
    """Whether a folder is in another one, or deeper; both as the library writes them."""
    return folder != other and (not other or folder.startswith(f"{other}/"))


def glob_pattern(glob: str) -> str:
    """The regular expression that a name meeting ``glob`` matches.

    The name is compared without case: ``name.casefold()``.
    """
    return fnmatch.translate(glob.casefold())


def folder_matcher(parts: Sequence[str], *, anchored: bool) -> Callable[[PurePath], bool]:
    """Tells whether a folder (absolute) is in folders that match ``parts``, one within the other.

    Args:
        parts: globs, whatever the case of letters.
        anchored: they begin at the file system's root, and not anywhere.
    """
    patterns = [re.compile(glob_pattern(part)) for part in parts]

    def matches(folder: PurePath) -> bool:
        names = [name.casefold() for name in (folder.parts if anchored else folder.parts[1:])]
        starts = range(1 if anchored else len(names)) if len(names) >= len(patterns) else ()
        return any(
            len(names) - start >= len(patterns)
            and all(p.match(name) for p, name in zip(patterns, names[start:], strict=False))
            for start in starts
        )

    return matches
