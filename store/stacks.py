"""Stacks: files that a camera wrote for one photo, side by side, are one photo.

They are a picture and a camera raw, or a picture and the short video of a live photo. The picture
shows, and what is beside it is hidden as long as it is there: its path has the state ``STACKED``.
``store.sql.stack_states`` keeps it so.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RAW_FORMATS = (
    *("3FR", "ARW", "CR2", "CR3", "CRW", "DNG", "ERF", "IIQ", "KDC", "MEF", "MOS", "MRW"),
    *("NEF", "ORF", "PEF", "RAF", "RAW", "RW2", "SRW", "X3F"),
)
"""The formats of camera raw files, as their contents have them; RAW is any that has no other."""

SHOWN_FORMATS = ("JPEG", "MPO", "HEIF")
"""The formats of the pictures that cameras write beside a raw, and phones beside a video."""

LIVE_FORMATS = ("MOV", "MP4")
LIVE_MS = 5_000
"""The longest video of a live photo, in milliseconds; those of an iPhone last about 3 seconds."""

_NONE: Mapping[str, int | None] = MappingProxyType({})


def stacked(formats: Mapping[str, str], durations: Mapping[str, int | None] = _NONE) -> set[str]:
    """The names of the files that have a picture beside them, called the same but for the ending,
    which shows for them.

    Args:
        formats: of each picture and video of one folder, by its name.
        durations: how long the videos among them are, in milliseconds; 0 where a file says nothing.
    """
    shown = {up_to_dot(name) for name, kind in formats.items() if kind in SHOWN_FORMATS} - {""}
    return {
        name
        for name, kind in formats.items()
        if up_to_dot(name) in shown and can_be_hidden(kind, durations.get(name))
    }


def can_be_hidden(kind: str, duration_ms: int | None) -> bool:
    """Whether a file of this format and length is hidden beside a picture called the same."""
    if kind in LIVE_FORMATS:
        return 0 < (duration_ms or 0) <= LIVE_MS
    return kind in RAW_FORMATS


def up_to_dot(name: str) -> str:
    """A file's name up to its last dot, with that; empty where only an ending, or none, is there.

    In SQL it is ``store.sql.stacking._up_to_dot``.
    """
    before = name.rpartition(".")[0]
    return before and f"{before}."
