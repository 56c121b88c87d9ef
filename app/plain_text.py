"""Text for a person, whatever is in it."""

from __future__ import annotations

from indexer.scan import printable


def one_line(text: object) -> str:
    """``text`` on one line: no terminal codes, no half characters."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in printable(str(text)))
