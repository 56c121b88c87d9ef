"""File names as database text, without losing one.

Python reads a file name that is not valid Unicode into a ``str`` with lone surrogates
(``os.fsdecode``, PEP 383), which no database takes as text. Here each such character becomes an
escape, so that every name goes in and comes back, and ordinary names stay readable in the file.
"""

from __future__ import annotations

import fnmatch
import os
import re
from pathlib import Path

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


def glob_pattern(glob: str) -> str:
    """The regular expression, as text of the database, that a name meeting ``glob`` matches.

    The name is compared without case: ``from_text(name).casefold()``.
    """
    return to_text(fnmatch.translate(glob.casefold()))
