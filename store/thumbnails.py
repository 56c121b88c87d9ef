"""Small pictures of the photos, in a SQLite file of their own: ``thumbnails.db``.

They are derived, so that a damaged or missing file is simply begun again. Kept by the digest of
what they show, they outlive a move, a copy and a drive that is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import (
    URL,
    Column,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    delete,
    event,
    select,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from store import read_only

FILE = "thumbnails.db"
_CHUNK = 500  # values in one IN (...)

_METADATA = MetaData()
_THUMBNAIL = Table(
    "thumbnail",
    _METADATA,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("image", LargeBinary, nullable=False),
)


class Thumbnails:
    """Thumbnails by SHA-256 digest of the photo's file; safe to share by threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._engine = self._connect()

    def _connect(self) -> Engine:
        if read_only.is_read_only(self._path):
            return create_engine(
                "sqlite://", creator=lambda: read_only.connect(self._path), poolclass=NullPool
            )
        engine = create_engine(URL.create("sqlite", database=str(self._path)))
        event.listen(engine, "connect", _set_pragmas)
        return engine

    def close(self) -> None:
        self._engine.dispose()

    def get(self, digest: bytes) -> bytes | None:
        """The picture file (JPEG) for a photo; None if there is none yet."""
        if not self._path.exists():
            return None
        query = select(_THUMBNAIL.c.image).where(_THUMBNAIL.c.digest == digest)
        try:
            with self._engine.connect() as connection:
                found: bytes | None = connection.execute(query).scalar()
                return found
        except DatabaseError:  # damaged, or just being begun
            return None

    def put(self, pictures: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep (digest, picture file) pairs; what cannot be written now is made again later."""
        rows = [{"digest": digest, "image": image} for digest, image in pictures]
        for _ in range(2):
            try:
                with self._engine.begin() as connection:
                    _METADATA.create_all(connection)
                    if rows:
                        connection.execute(insert(_THUMBNAIL).on_conflict_do_nothing(), rows)
                return
            except DatabaseError as error:
                if not _is_damage(error):
                    return  # a full disk, or one that can't be written to
                self._engine.dispose()
                if read_only.is_read_only(self._path):
                    return
                for end in ("", "-wal", "-shm"):
                    self._path.with_name(FILE + end).unlink(missing_ok=True)

    def remove(self, digests: Iterable[bytes]) -> None:
        """Forget what photos look like that left the library."""
        if not self._path.exists():
            return
        listed = list(digests)
        try:
            with self._engine.begin() as connection:
                for start in range(0, len(listed), _CHUNK):
                    part = listed[start : start + _CHUNK]
                    connection.execute(delete(_THUMBNAIL).where(_THUMBNAIL.c.digest.in_(part)))
        except DatabaseError:  # no table yet, or damaged
            return


def _is_damage(error: DatabaseError) -> bool:
    """SQLite's own errors (locked, full, read-only) have a class below this one."""
    return type(error.orig).__name__ == "DatabaseError"


def _set_pragmas(connection: object, _record: object) -> None:
    for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = OFF"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]
    connection.execute("PRAGMA secure_delete = ON")  # type: ignore[attr-defined]
