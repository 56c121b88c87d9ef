"""Text for people, made of file names and of what exceptions say."""

from __future__ import annotations


def printable(text: str) -> str:
    """A name with what is not valid text shown as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def reason_of(error: BaseException, most: int | None = None) -> str:
    """What an exception says, on one line; its class where it says nothing.

    Args:
        most: characters; what is longer is cut. None: all of it.
    """
    return " ".join(str(error).split())[:most] or type(error).__name__
