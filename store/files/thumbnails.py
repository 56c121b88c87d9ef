"""Thumbnails of the photos in a SQLite file, and smaller pictures of these in another.

They are derived, so that a damaged or missing file is simply begun again. Kept by the digest of
what they show, they outlive a move, a copy and a drive that is not there. Each has its checksum
behind it, where no decoder of JPEG looks.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Select,
    Table,
    delete,
    event,
    func,
    select,
)
from sqlalchemy.exc import DatabaseError

from store.sql.dialect import read_only
from store.sql.dialect.connections import reading_engine, writing_engine
from store.sql.dialect.expressions import insert

FILE = "thumbnails.db"
SMALL_FILE = "small-pictures.db"
"""Of the smaller ones, which can be made from the thumbnails."""

_CHUNK = 500  # values in one IN (...)

_SEAL = b"crc32"  # before the CRC-32 of the JPEG file
_END_OF_JPEG = b"\xff\xd9"
_T = TypeVar("_T")

_METADATA = MetaData()
_THUMBNAIL = Table(
    "thumbnail",
    _METADATA,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("image", LargeBinary, nullable=False),
)

_COUNT = select(func.count()).select_from(_THUMBNAIL)


class Thumbnails:
    """Thumbnails by SHA-256 digest of the photo's file; safe to share by threads.

    Args:
        file: its name; another one holds other pictures of the same photos.
    """

    def __init__(self, folder: Path, file: str = FILE) -> None:
        self._path = folder / file
        self._engine = self._connect()

    def _connect(self) -> Engine:
        if read_only.is_read_only(self._path):
            return reading_engine(lambda: read_only.connect(self._path))
        engine = writing_engine(self._path)
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
                return _unsealed(connection.execute(query).scalar())
        except DatabaseError:  # damaged, or just being begun
            return None

    def get_some(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """The picture files (JPEG) of those of these photos that have one."""
        given: dict[bytes, bytes] = {}
        for start in range(0, len(digests), _CHUNK):
            listed = _THUMBNAIL.c.digest.in_(digests[start : start + _CHUNK])
            query = select(_THUMBNAIL.c.digest, _THUMBNAIL.c.image).where(listed)
            for digest, image in self._rows(query):
                if picture := _unsealed(image):
                    given[digest] = picture
        return given

    def put(self, pictures: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep (digest, picture file) pairs; what cannot be written now is made again later."""
        rows = [{"digest": digest, "image": _sealed(image)} for digest, image in pictures]
        new = insert(_THUMBNAIL)
        upsert = new.on_conflict_do_update(
            index_elements=["digest"], set_={"image": new.excluded.image}
        )
        if not self._path.exists():  # connections to a file that was removed still write to that
            self._connect_again()
        for _ in range(2):
            try:
                with self._engine.begin() as connection:
                    _METADATA.create_all(connection)
                    if rows:
                        connection.execute(upsert, rows)
                return
            except DatabaseError as error:
                if not _is_damage(error):
                    return  # a full disk, or one that can't be written to
                self._begin_again()

    def take_from(self, other: Thumbnails) -> None:
        """Keep those of ``other`` too that are not here yet and are not damaged."""
        last = b""
        query = select(_THUMBNAIL.c.digest, _THUMBNAIL.c.image).order_by(_THUMBNAIL.c.digest)
        while page := other._rows(query.where(_THUMBNAIL.c.digest > last).limit(_CHUNK)):
            last = page[-1][0]
            listed = _THUMBNAIL.c.digest.in_([digest for digest, _ in page])
            here = {digest for digest, _ in self._rows(query.where(listed))}
            new = ((digest, _unsealed(image)) for digest, image in page if digest not in here)
            self.put([(digest, image) for digest, image in new if image])

    def _rows(self, query: Select[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        return self._ask(lambda connection: [(d, i) for d, i in connection.execute(query)], [])

    def count(self) -> int:
        """How many thumbnails there are; 0 if the file is damaged, which is then removed."""
        return self._ask(lambda connection: connection.execute(_COUNT).scalar_one(), 0)

    def digests(self) -> set[bytes]:
        """The digests of all thumbnails; none if the file is damaged, which is then removed."""
        query = select(_THUMBNAIL.c.digest)
        return self._ask(lambda connection: set(connection.execute(query).scalars()), set())

    def digests_after(self, last: bytes, most: int) -> list[bytes]:
        """The first ``most`` digests behind ``last``, in order; none if the file is damaged."""
        behind = select(_THUMBNAIL.c.digest).where(_THUMBNAIL.c.digest > last)
        query = behind.order_by(_THUMBNAIL.c.digest).limit(most)
        return self._ask(lambda connection: list(connection.execute(query).scalars()), [])

    def kept_of(self, digests: Sequence[bytes]) -> set[bytes]:
        """Those of ``digests``, at most 500, of which there is a picture."""
        query = select(_THUMBNAIL.c.digest).where(_THUMBNAIL.c.digest.in_(digests))
        return self._ask(lambda connection: set(connection.execute(query).scalars()), set())

    def check(self) -> int:
        """Read all thumbnails, remove the damaged ones, and return how many those were."""
        damaged: list[bytes] = []

        def read(connection: Connection) -> int:
            if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
                raise DatabaseError("", None, sqlite3.DatabaseError("damaged"))
            query = select(_THUMBNAIL.c.digest, _THUMBNAIL.c.image)
            for digest, image in connection.execution_options(yield_per=_CHUNK).execute(query):
                if _unsealed(image) is None:
                    damaged.append(digest)
            return connection.execute(_COUNT).scalar_one()

        before = self._ask(lambda connection: connection.execute(_COUNT).scalar_one(), 0)
        after = self._ask(read, 0)
        self.remove(damaged)
        return before - after + len(damaged)

    def _ask(self, question: Callable[[Connection], _T], otherwise: _T) -> _T:
        if not self._path.exists():
            return otherwise
        try:
            with self._engine.connect() as connection:
                return question(connection)
        except DatabaseError as error:
            if _is_damage(error):
                self._begin_again()
            return otherwise

    def _connect_again(self) -> None:
        self._engine.dispose()
        self._engine = self._connect()

    def _begin_again(self) -> None:
        self._connect_again()
        if read_only.is_read_only(self._path):
            return
        for end in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)

    def remove(self, digests: Iterable[bytes]) -> None:
        """Remove the thumbnails of photos that have left the library."""
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


def _sealed(image: bytes) -> bytes:
    return image + _SEAL + zlib.crc32(image).to_bytes(4, "little")


def _unsealed(kept: object) -> bytes | None:
    """The picture file, None if it is not what was written; some were kept without checksums."""
    if not isinstance(kept, bytes):
        return None
    image, seal = kept[: -len(_SEAL) - 4], kept[-len(_SEAL) - 4 :]
    if seal == _SEAL + zlib.crc32(image).to_bytes(4, "little"):
        return image
    return kept if kept.endswith(_END_OF_JPEG) else None


def _is_damage(error: DatabaseError) -> bool:
    """SQLite's own errors (locked, full, read-only) have a class below this one."""
    return type(error.orig).__name__ == "DatabaseError"


def _set_pragmas(connection: object, _record: object) -> None:
    for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = OFF"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]
    connection.execute("PRAGMA secure_delete = ON")  # type: ignore[attr-defined]
