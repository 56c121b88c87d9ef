"""What tests of dates share: the moment that it is, and a date among other words."""

from __future__ import annotations

from datetime import datetime

from app.query.plain_dates import DatePart, dates
from store.filters import Taken

NOW = datetime(2026, 11, 26, 14, 30)  # a Thursday


def span(start: str, end: str) -> Taken:
    return Taken(datetime.fromisoformat(start), datetime.fromisoformat(end))


def whole_date(text: str) -> DatePart:
    """The one date in ``text``, all of which it has to be, between other words."""
    around = f"hund, {text}, strand"
    (part,) = dates(around, NOW)
    assert around[part.start : part.end] == text
    return part
