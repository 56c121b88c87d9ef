"""File names and exceptions as text for people."""

from __future__ import annotations


def printable(text: str) -> str:
    """``text`` with everything that is not valid Unicode shown as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def reason_of(error: BaseException, most: int | None = None) -> str:
    """An exception's message on one line, or its class if it has none.

    Args:
        most: the most characters; None for all.
    """
    return " ".join(str(error).split())[:most] or type(error).__name__
