"""Stacks: a camera raw and the picture that the camera made of it, side by side, are one photo.

The picture shows, and the raw beside it is hidden as long as it is there: its path has the state
``STACKED``. ``store.sql.stacking`` keeps it so.
"""

from __future__ import annotations

from collections.abc import Mapping

RAW_FORMATS = (
    *("3FR", "ARW", "CR2", "CR3", "CRW", "DNG", "ERF", "IIQ", "KDC", "MEF", "MOS", "MRW"),
    *("NEF", "ORF", "PEF", "RAF", "RAW", "RW2", "SRW", "X3F"),
)
"""The formats of camera raw files, as their contents have them; RAW is any that has no other."""

SHOWN_FORMATS = ("JPEG", "MPO", "HEIF")
"""The formats of the pictures that cameras write beside a raw."""


def stacked(formats: Mapping[str, str]) -> set[str]:
    """The names of the raws that have a picture beside them, called the same but for the ending.

    Args:
        formats: of each picture of one folder, by its name.
    """
    shown = {stem(name) for name, kind in formats.items() if kind in SHOWN_FORMATS}
    return {name for name, kind in formats.items() if kind in RAW_FORMATS and stem(name) in shown}


def stem(name: str) -> str:
    """A file's name without its ending: what is before its last dot."""
    return name.rpartition(".")[0] or name
