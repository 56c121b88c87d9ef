"""Stacks: a camera raw and the picture that the camera made of it, side by side, are one photo.

The picture shows, and the raw beside it is hidden as long as it is there: its path has the state
``STACKED``, and the name of that picture as the reason. ``store.sql.stacking`` keeps it so.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import PurePosixPath

RAW_FORMATS = (
    *("3FR", "ARW", "CR2", "CR3", "CRW", "DNG", "ERF", "IIQ", "KDC", "MEF", "MOS", "MRW"),
    *("NEF", "ORF", "PEF", "RAF", "RAW", "RW2", "SRW", "X3F"),
)
"""The formats of camera raw files, as their contents have them; RAW is any that has no other."""

SHOWN_FORMATS = ("JPEG", "MPO", "HEIF")
"""The formats that cameras write beside a raw; of several, the first shows."""


def shown_for(formats: Mapping[str, str]) -> dict[str, str]:
    """Which picture shows for each raw that has one beside it, by name.

    It is called the same but for the ending; case makes no difference, but the same case comes
    first.

    Args:
        formats: of each picture of one folder that can be seen, by its name.
    """
    shown: dict[str, list[str]] = {}
    for name, kind in formats.items():
        if kind in SHOWN_FORMATS:
            shown.setdefault(_stem(name).casefold(), []).append(name)
    return {
        name: min(beside, key=partial(_rank, formats, _stem(name)))
        for name, kind in formats.items()
        if kind in RAW_FORMATS and (beside := shown.get(_stem(name).casefold()))
    }


def _rank(formats: Mapping[str, str], stem: str, name: str) -> tuple[bool, int, str]:
    """In which order pictures called alike show for the raw ``stem``."""
    return _stem(name) != stem, SHOWN_FORMATS.index(formats[name]), name


def _stem(name: str) -> str:
    return PurePosixPath(name).stem
