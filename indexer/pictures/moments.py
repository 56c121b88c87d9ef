"""Times as EXIF, IPTC and XMP write them, and which of several is believed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

_FIRST_YEAR = 1826  # of the first photograph
_TIME = re.compile(
    r"(?P<day>\d{4}[-:]\d\d[-:]\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d)(?::(?P<second>\d\d)(?:\.(?P<part>\d+))?)?"
    r"\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?\s*",
    re.IGNORECASE,
)
_ZONE = re.compile(r"\s*([+-])(\d\d):?(\d\d)\s*")
_FURTHEST = 15 * 60  # minutes that any zone is from UTC, and one hour more


@dataclass(frozen=True)
class Moment:
    """A local time; ``offset`` is how many minutes it is ahead of UTC, if that is known.

    The hours of ``at`` mean nothing if ``only_day``.
    """

    at: datetime
    only_day: bool = False
    offset: int | None = None


def moment(text: str | None) -> Moment | None:
    """The time that ``text`` says (2019-07-14T18:30:05.12+02:00, or parts of it), or None."""
    match = _TIME.fullmatch(text.strip()) if text else None
    if not match:
        return None
    day, time = match["day"].replace(":", "-"), match["time"] or "00:00"
    part = (match["part"] or "0")[:6].ljust(6, "0")
    try:
        at = datetime.fromisoformat(f"{day}T{time}:{match['second'] or '00'}.{part}")
    except ValueError:
        return None
    if at.year < _FIRST_YEAR:
        return None
    return Moment(at, only_day=match["time"] is None, offset=offset(match["zone"]))


def offset(text: str | None) -> int | None:
    """Minutes ahead of UTC that ``text`` says (+02:00, -0330, Z), or None."""
    if not text:
        return None
    if text.strip().upper() == "Z":
        return 0
    match = _ZONE.fullmatch(text)
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    if minutes >= _FURTHEST:
        return None
    return -minutes if match[1] == "-" else minutes


def first_of(moments: Iterable[Moment | None]) -> Moment | None:
    """The first of ``moments``, with what others say more exactly of the same time."""
    said = [one for one in moments if one is not None]
    if not said:
        return None
    first = said[0]
    for other in said[1:]:
        if first.only_day and not other.only_day and first.at.date() == other.at.date():
            first = other
        elif not other.only_day and first.at.replace(microsecond=0) == other.at.replace(
            microsecond=0
        ):
            at = first.at if first.at.microsecond else other.at
            zone = other.offset if first.offset is None else first.offset
            first = replace(first, at=at, offset=zone)
    return first
