"""What the meaning of a query depends on, besides its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.query.library_names import GetNames, no_names
from app.query.unknown_words import ENGLISH, Reads


@dataclass(frozen=True)
class Surroundings:
    """What a query means depends on these.

    Attributes:
        names: gives the names that the library has.
        now: local time; None: as of the call.
        reads: which languages the model reads besides English, by its word for a text's language.
    """

    names: GetNames = no_names
    now: datetime | None = None
    reads: Reads = ENGLISH


UNKNOWN = Surroundings()
"""Those of whom nothing is known: no names, no language but English."""
