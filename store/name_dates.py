"""The times that are in names of files: ``IMG_20190704_183005.jpg``, ``IMG-20190704-WA0001.jpg``.

Messengers take EXIF off, screenshots never had any, and copying gives a file a new time: the name
is then the only one that knows. A date has to have four digits for the year and to exist.
"""

from __future__ import annotations

import re
from datetime import datetime

from store.metadata import Metadata

_FIRST, _LAST = 1990, 2100  # years that a number of eight digits is believed to be of
_NAME = re.compile(
    r"(?<!\d)(?P<year>\d{4})(?P<between>[-_. ]?)(?P<month>\d\d)(?P=between)(?P<day>\d\d)"
    r"(?!\d{1,5}(?!\d))"
    r"(?:(?:[-_. T]{1,3}|[-_. ]*(?:at|um|om|kl|\u00e0)[-_. ]+)?"
    r"(?P<hour>[0-2]\d)(?P<apart>[-_.:h ]?)(?P<minute>[0-5]\d)"
    r"(?:(?P=apart)(?P<second>[0-5]\d)(?:[-_.]?(?P<milli>\d{3})(?!\d))?)?(?!\d|x\d))?",
    re.IGNORECASE,
)
_HALF = re.compile(r"[\s\u202f]?([AP])M\b", re.IGNORECASE)
_OF_A_DAY = re.compile(r"[-_]WA\d{4}", re.IGNORECASE)
"""WhatsApp's: what follows the date is a number, no time."""


def named_date(name: str) -> Metadata | None:
    """The time that a file's name says that it was taken, or None."""
    for match in _NAME.finditer(name):
        year = int(match["year"])
        if not _FIRST <= year <= _LAST:
            continue
        try:
            day = datetime(year, int(match["month"]), int(match["day"]))
        except ValueError:
            continue
        if match["hour"] is None or _OF_A_DAY.match(name, match.end("day")):
            return Metadata(taken_at=day, only_day=True)
        try:
            time = day.replace(
                hour=_hour(int(match["hour"]), _HALF.match(name, match.end())),
                minute=int(match["minute"]),
                second=int(match["second"] or 0),
                microsecond=int(match["milli"] or 0) * 1000,
            )
        except ValueError:  # the 25th hour
            return Metadata(taken_at=day, only_day=True)
        return Metadata(taken_at=time)
    return None


def _hour(hour: int, half: re.Match[str] | None) -> int:
    """The hour of 24; ``half`` says which half of the day it is of, if anything does."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no hour of twelve")
    return hour % 12 + 12 * (half[1].upper() == "P")
