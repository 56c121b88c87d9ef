"""What ``like:`` names: an indexed photo, or a moment of an indexed video."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.text import clock_text

_MOMENT = re.compile(r"(.+)@((?:\d{1,4}:){0,2}\d{1,6}(?:\.\d{1,3})?)", re.DOTALL)


@dataclass(frozen=True)
class Liked:
    """The value of a ``like:``.

    Attributes:
        photo: the id or the path of an indexed photo.
        at_ms: of a video, the moment that is meant, in milliseconds; None for all of it.
    """

    photo: str
    at_ms: int | None = None

    @classmethod
    def read(cls, value: str) -> Liked:
        """``7``, ``7@42.5``, ``film.mp4@0:42``."""
        match = _MOMENT.fullmatch(value)
        if match is None:
            return cls(value)
        seconds = 0.0
        for part in match[2].split(":"):
            seconds = 60 * seconds + float(part)
        return cls(match[1], round(1_000 * seconds))

    def __str__(self) -> str:
        """As ``read`` takes it."""
        return self.photo if self.at_ms is None else f"{self.photo}@{self.at_ms / 1_000:.3f}"

    @property
    def id(self) -> int | None:
        """The id of the photo; None for a path."""
        return int(self.photo) if self.photo.isdecimal() else None

    @property
    def at(self) -> str | None:
        """The moment as players show it, "0:42"; None if none is meant."""
        return None if self.at_ms is None else clock_text(self.at_ms / 1_000)
