"""Which library is a copy of which, and whether the copy is whole."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import Connection, Engine, delete

from store.errors import FileRefused
from store.sql import key_values
from store.sql.copying.tables import Part, count, fingerprint
from store.sql.database import immediate, is_writable, reading
from store.sql.schema import Setting

_COPY = "copy_of"


@dataclass(frozen=True)
class Origin:
    """What is copied.

    Attributes:
        identity: what no other library has; None if it has nothing of the kind.
        generation: see ``store.sql.key_values.generation``.
        named: for people.
    """

    identity: str | None
    generation: int
    named: str


class CopyState(Enum):
    """What is at the place of a copy."""

    EMPTY = auto()
    UNFINISHED = auto()
    COPY = auto()
    OTHER = auto()


def identity(engine: Engine) -> str | None:
    """What tells a library from all others. One that has nothing of the kind is given it.

    None: that can't be written to it.
    """
    with reading(engine) as connection:
        known = _identity(connection)
    if known or not is_writable(engine):
        return known
    with immediate(engine) as connection:
        if not _identity(connection):
            key_values.put(connection, "library_id", secrets.token_hex(8))
        return _identity(connection)


def _identity(connection: Connection) -> str | None:
    # ``past`` is another one after a backup was restored: then it is not the library that it was.
    named = key_values.get(connection, "past") or key_values.get(connection, "library_id")
    return None if named is None else str(named)


def state(connection: Connection, listed: Sequence[Part]) -> CopyState:
    """What is there."""
    if key_values.get(connection, key_values.UNFINISHED) is not None:
        return CopyState.UNFINISHED
    if key_values.get(connection, _COPY) is not None:
        return CopyState.COPY
    rows = (count(connection, part) for part in listed if part.table is not Setting.__table__)
    return CopyState.OTHER if any(rows) else CopyState.EMPTY


def check(
    connection: Connection, there: CopyState, origin: Origin, named: str, listed: Sequence[Part]
) -> None:
    """Raise ``FileRefused`` where a copy of ``origin`` may not go.

    Args:
        there: see ``state``.
        named: the place, for people.
    """
    if there is CopyState.EMPTY:
        return
    if there is CopyState.UNFINISHED:
        kept = key_values.get(connection, key_values.UNFINISHED)
        if kept["library"] != origin.identity:
            raise FileRefused(
                f"{named} has the beginning of a copy of another library ({kept['named']}). "
                "Choose another place."
            )
        return
    own, kept = _identity(connection), key_values.get(connection, _COPY, {})
    if own is not None and own == origin.identity:
        raise FileRefused(
            f"{named} is the library that was to be copied, or was made from a dump of it."
        )
    if there is CopyState.COPY and origin.identity is None:
        raise FileRefused(
            f"Whether {named} is a copy of {origin.named} can't be told, because that can't be "
            "written to: it is left as it is. Choose another place."
        )
    if there is CopyState.OTHER or kept["library"] != origin.identity:
        raise FileRefused(
            f"{named} holds a library that is no copy of {origin.named}: it is left as it is. "
            "Choose another place."
        )
    if kept["generation"] > origin.generation:
        raise FileRefused(
            f"{named} is a copy of a later state of {origin.named}: it is left as it is. "
            "Choose another place."
        )
    if kept["rows"] != fingerprint(connection, listed):
        raise FileRefused(
            f"{named} was changed since it was copied (tags, or what was indexed there), which "
            "another copy would undo: it is left as it is. Choose another place."
        )


def begin(connection: Connection, origin: Origin) -> None:
    """Say that what is here is not whole."""
    kept = {"library": origin.identity, "named": origin.named}
    key_values.put(connection, key_values.UNFINISHED, kept)


def finish(connection: Connection, origin: Origin, rows: str, *, first: bool) -> None:
    """Say that the copy is whole.

    Args:
        rows: its fingerprint.
        first: whether it is new: then it is a library of its own, whose derived files are too.
    """
    kept = {"library": origin.identity, "generation": origin.generation, "rows": rows}
    key_values.put(connection, _COPY, kept)
    if first:
        key_values.put(connection, "past", secrets.token_hex(8))
    connection.execute(delete(Setting).where(Setting.key == key_values.UNFINISHED))
