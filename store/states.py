"""What the ledger says of each file."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """State of one path in the library. Everything but the first four is a failure."""

    INDEXED = "indexed"
    STACKED = "stacked"  # hidden beside the picture that shows for it
    OTHER = "other"  # not a picture, and its name never claimed to be one
    GONE = "gone"  # was here, is not any more; kept until ``prune``
    EMPTY = "empty"
    UNSUPPORTED = "unsupported"  # named like a picture, but no decoder knows the content
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    TOO_LARGE = "too large"
    UNREADABLE = "unreadable"  # permissions, I/O errors; tried again at every run
    BROKEN_LINK = "broken link"
    LINK_LOOP = "link loop"
    SPECIAL = "special file"  # fifo, socket, device: opening one could hang

    @property
    def is_failure(self) -> bool:
        return self not in (State.INDEXED, State.STACKED, State.OTHER, State.GONE)

    @property
    def may_change_unnoticed(self) -> bool:
        """Whether the cause can pass without the file's size or time changing."""
        return self in (State.UNREADABLE, State.BROKEN_LINK, State.LINK_LOOP)


LIVING = (State.INDEXED, State.STACKED)
"""The states of paths that hold a photo, whether it shows or is hidden beside another."""


class Away(StrEnum):
    """Why a path counts as away, and not as gone: the reason in its row of the ledger."""

    UNPLUGGED = "the drive that it was on is not plugged in"
    AT_ONCE = "missing, with most of its folder"


FAILURES = tuple(state for state in State if state.is_failure)
