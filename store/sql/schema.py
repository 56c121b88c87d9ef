"""The tables: what a library is.

``photo`` is one path; ``content`` is what its bytes are; ``embedding`` is what one model sees
in a content. A moved or copied file is a new path to the same content, so it is never embedded
twice. Vectors are kept here, in their rows; the FAISS file can always be made again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from store.sql.dialect.ddl import ID, NEVER_USED_TWICE, TEXT, partial_index
from store.sql.fspath import ESCAPE, from_text, to_text


class FsPath(TypeDecorator[str]):
    """A path or file name; see ``store.sql.fspath``."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # As ``dialect.ddl.TEXT``, which can't be imported from here.
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(collation=collation))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else to_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None or ESCAPE not in value else from_text(value)


class Base(DeclarativeBase):
    type_annotation_map = {int: ID}


class Root(Base):
    """A folder that the user asked to index; ``path`` is absolute."""

    __tablename__ = "root"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    path: Mapped[str] = mapped_column(FsPath, unique=True)
    excludes: Mapped[list[str]] = mapped_column(JSON, default=list)


class Content(Base):
    """What a file's bytes are. Ids are never used twice: they are the ids of the index."""

    __tablename__ = "content"
    __table_args__ = (
        # Nearly empty, so that a run learns at once that there is nothing to look up.
        partial_index(
            "content_unplaced",
            "id",
            "latitude IS NOT NULL AND longitude IS NOT NULL AND place IS NULL",
        ),
        NEVER_USED_TWICE,
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)  # SHA-256
    width: Mapped[int]  # pixels, upright
    height: Mapped[int]
    format: Mapped[str] = mapped_column(TEXT)  # Pillow's name: JPEG, PNG, HEIF, ...
    taken_at: Mapped[datetime | None] = mapped_column(DateTime)  # the camera's local time
    camera: Mapped[str | None] = mapped_column(TEXT)
    lens: Mapped[str | None] = mapped_column(TEXT)
    latitude: Mapped[float | None]  # degrees, WGS 84
    longitude: Mapped[float | None]
    place: Mapped[str | None] = mapped_column(TEXT)  # "Town, region, country"; "" if nowhere


class Filesystem(Base):
    """A file system that photos were on, by a name that outlives a restart of the machine."""

    __tablename__ = "filesystem"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(TEXT, unique=True)  # indexer.folders.filesystems


class Photo(Base):
    """One path under a root, and what became of it."""

    __tablename__ = "photo"
    __table_args__ = (
        UniqueConstraint("root_id", "folder", "name"),
        Index("photo_content", "content_id"),
        Index("photo_visible", "state", "content_id"),
        # Both nearly empty.
        partial_index("photo_away", "root_id", "away"),
        partial_index("photo_previous", "previous_id", "previous_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("root.id", ondelete="CASCADE"))
    folder: Mapped[str] = mapped_column(FsPath)  # relative to the root, "/" between, "" at the top
    name: Mapped[str] = mapped_column(FsPath)
    size: Mapped[int]  # bytes
    mtime_ns: Mapped[int]
    state: Mapped[str] = mapped_column(TEXT)  # store.states.State
    reason: Mapped[str | None] = mapped_column(TEXT)
    content_id: Mapped[int | None] = mapped_column(ForeignKey("content.id"))
    run: Mapped[int]  # the run that first saw this path: tells a move from a copy
    # Where it was last seen; NULL: before there was this column.
    filesystem_id: Mapped[int | None] = mapped_column(ForeignKey("filesystem.id"))
    # Missed at the last look, but not called gone: its drive may be unplugged.
    away: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    # The last picture at this path, while no picture can be read there.
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("content.id"))


class Tag(Base):
    """A word that the user gave to a picture; in lower case.

    It hangs on the digest and on no other row, so that nothing that is removed takes it along: it
    is there again when the picture is.
    """

    __tablename__ = "tag"
    __table_args__ = (Index("tag_name", "name"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    name: Mapped[str] = mapped_column(TEXT, primary_key=True)


class AlbumPhoto(Base):
    """A picture's place in an album, which is there as long as it has pictures.

    It hangs on the digest, as a ``Tag`` does. ``album`` is as the user wrote it first: two names
    that differ in case only are one.
    """

    __tablename__ = "album_photo"
    __table_args__ = (Index("album_photo_digest", "digest"),)

    album: Mapped[str] = mapped_column(TEXT, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    place: Mapped[int]  # the pictures of an album are in order of it


class ConceptExample(Base):
    """A picture that shows what a concept means, or (``negative``) does not.

    With its vector by one model, because the file may be anywhere. The content of the same digest,
    if the library has one, has vectors by every model.
    """

    __tablename__ = "concept_example"
    __table_args__ = (UniqueConstraint("concept", "path"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    concept: Mapped[str] = mapped_column(TEXT)  # in lower case
    path: Mapped[str] = mapped_column(FsPath)  # absolute
    negative: Mapped[bool]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # SHA-256; None: never indexed
    model_id: Mapped[int] = mapped_column(ForeignKey("model.id"))
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class SavedSearch(Base):
    """A search that the user gave a name."""

    __tablename__ = "saved_search"

    name: Mapped[str] = mapped_column(TEXT, primary_key=True)
    query: Mapped[str] = mapped_column(TEXT)


class PastSearch(Base):
    """A search of the history, and when it was last made (UTC)."""

    __tablename__ = "past_search"

    query: Mapped[str] = mapped_column(TEXT, primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime)


class Model(Base):
    """A model that made embeddings: its name, and what identifies its weights."""

    __tablename__ = "model"
    __table_args__ = (UniqueConstraint("name", "fingerprint"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(TEXT)
    fingerprint: Mapped[str] = mapped_column(TEXT)
    dim: Mapped[int]


class Embedding(Base):
    """(content, model) -> vector: ``dim`` little-endian float32, unit length."""

    __tablename__ = "embedding"
    __table_args__ = (Index("embedding_model", "model_id", "content_id"),)

    content_id: Mapped[int] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), primary_key=True
    )
    model_id: Mapped[int] = mapped_column(ForeignKey("model.id"), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    # ``store.checksums``: SQLite does not notice a changed bit.
    checksum: Mapped[int] = mapped_column(server_default=text("0"))


class Change(Base):
    """A content that a search can find now or no longer; triggers write these, in order.

    What is derived from the rows catches up by them; see ``store.sql.changes``.
    """

    __tablename__ = "change"
    __table_args__ = NEVER_USED_TWICE  # numbers go on where a cleared table ended

    number: Mapped[int] = mapped_column(Identity(), primary_key=True)
    content_id: Mapped[int]


class Setting(Base):
    """Single values: ``model_id``, ``building_model_id``, ``generation``, ``run``, ..."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(TEXT, primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
