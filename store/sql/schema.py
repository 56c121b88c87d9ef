"""The tables: what a library is.

``photo`` is one path; ``content`` is what its bytes are; ``embedding`` is what one model sees
in a content. A moved or copied file is a new path to the same content, so it is never embedded
twice. Vectors are kept here, in their rows; the FAISS file can always be made again.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
    false,
    text,
)

from store.sql.dialect.ddl import ID, NEVER_USED_TWICE, TEXT, partial_index
from store.sql.path_type import FsPath
from store.sql.table_class import Base as Base
from store.sql.table_class import column, optional
from store.sql.user_tables import AlbumPhoto as AlbumPhoto
from store.sql.user_tables import ConceptExample as ConceptExample
from store.sql.user_tables import PastSearch as PastSearch
from store.sql.user_tables import SavedSearch as SavedSearch
from store.sql.user_tables import Tag as Tag


class Root(Base):
    """A folder that the user asked to index; ``path`` is absolute."""

    __tablename__ = "root"

    id = column(ID, Identity(), primary_key=True)
    path = column(FsPath, unique=True)
    excludes: ColumnElement[list[str]] = column(JSON, default=list)


class Content(Base):
    """What a file's bytes are. Ids are never used twice: they are the ids of the index.

    What is believed by what file, sidecars and name say together: see ``store.metadata``.
    """

    __tablename__ = "content"
    __table_args__ = (
        # Nearly empty, so that a run learns at once that there is nothing to look up or read.
        partial_index(
            "content_unplaced",
            "id",
            "latitude IS NOT NULL AND longitude IS NOT NULL AND place IS NULL",
        ),
        partial_index("content_unread", "id", "embedded IS NULL"),
        NEVER_USED_TWICE,
    )

    id = column(ID, Identity(), primary_key=True)
    digest = column(LargeBinary(32), unique=True)  # SHA-256
    width = column(ID)  # pixels, upright
    height = column(ID)
    format = column(TEXT)  # Pillow's name: JPEG, PNG, HEIF, ...
    taken_at = optional(DateTime)  # local time
    camera = optional(TEXT)
    lens = optional(TEXT)
    latitude = optional(Double)  # degrees, WGS 84
    longitude = optional(Double)
    place = optional(TEXT)  # "Town, region, country"; "" if nowhere
    taken_from = optional(TEXT)  # store.metadata.TakenFrom
    taken_offset = optional(ID)  # minutes that ``taken_at`` is ahead of UTC
    only_day = column(Boolean, default=False, server_default=false())
    title = optional(TEXT)
    description = optional(TEXT)
    creator = optional(TEXT)
    copyright = optional(TEXT)
    rating = optional(ID)  # 1 to 5 stars, -1: rejected
    colour_label = optional(TEXT)
    # What the file itself says, as ``Metadata.plain``; NULL: nobody has read that yet.
    embedded = optional(JSON(none_as_null=True))
    duration_ms = optional(ID)  # of a video; 0 where nothing says it


class Keyword(Base):
    """A keyword that a photo's file or sidecar says; its content is updated when it changes.

    A hierarchical one has all names on the way to it; see ``store.metadata.BETWEEN``.
    """

    __tablename__ = "keyword"
    __table_args__ = (Index("keyword_name", "name"),)

    content_id = column(ID, ForeignKey("content.id", ondelete="CASCADE"), primary_key=True)
    name = column(TEXT, primary_key=True)


class PictureText(Base):
    """The text that can be read in a picture. Without a row, nobody has looked; see
    ``store.picture_text``."""

    __tablename__ = "picture_text"

    content_id = column(ID, ForeignKey("content.id", ondelete="CASCADE"), primary_key=True)
    lines = column(JSON)  # [text, confidence, [x, y, x, y, x, y, x, y]]; none: there is no text
    folded = column(TEXT)  # ``store.misreadings.folded`` of all lines, to be searched
    reader = column(TEXT)  # what read it, and by which models
    problem = optional(TEXT)  # why it could not be read


class Filesystem(Base):
    """A file system that photos were on, by a name that outlives a restart of the machine."""

    __tablename__ = "filesystem"

    id = column(ID, Identity(), primary_key=True)
    name = column(TEXT, unique=True)  # indexer.folders.filesystems


class Photo(Base):
    """One path under a root, and what became of it."""

    __tablename__ = "photo"
    __table_args__ = (
        UniqueConstraint("root_id", "folder", "name"),
        Index("photo_content", "content_id"),
        Index("photo_visible", "state", "content_id"),
        partial_index("photo_away", "root_id", "away"),
        partial_index("photo_previous", "previous_id", "previous_id IS NOT NULL"),
        partial_index("photo_sidecar", "folder", "sidecar IS NOT NULL"),
    )

    id = column(ID, Identity(), primary_key=True)
    root_id = column(ID, ForeignKey("root.id", ondelete="CASCADE"))
    folder = column(FsPath)  # relative to the root, "/" between, "" at the top
    name = column(FsPath)
    size = column(ID)  # bytes
    mtime_ns = column(ID)
    state = column(TEXT)  # store.states.State
    reason = optional(TEXT)
    content_id = optional(ID, ForeignKey("content.id"))
    run = column(ID)  # the run that first saw this path: tells a move from a copy
    # Where it was last seen; NULL: before there was this column.
    filesystem_id = optional(ID, ForeignKey("filesystem.id"))
    # Missed at the last look, but not called gone: its drive may be unplugged.
    away = column(Boolean, default=False, server_default=false())
    # The last picture at this path, while no picture can be read there.
    previous_id = optional(ID, ForeignKey("content.id"))
    # What it says of a photo beside it, as ``Metadata.plain``; NULL: it is no sidecar.
    sidecar = optional(JSON(none_as_null=True))


class Model(Base):
    """A model that made embeddings: its name, and what identifies its weights."""

    __tablename__ = "model"
    __table_args__ = (UniqueConstraint("name", "fingerprint"),)

    id = column(ID, Identity(), primary_key=True)
    name = column(TEXT)
    fingerprint = column(TEXT)
    dim = column(ID)


class Embedding(Base):
    """(content, model) -> vector: ``dim`` little-endian float32, unit length."""

    __tablename__ = "embedding"
    __table_args__ = (Index("embedding_model", "model_id", "content_id"),)

    content_id = column(ID, ForeignKey("content.id", ondelete="CASCADE"), primary_key=True)
    model_id = column(ID, ForeignKey("model.id"), primary_key=True)
    vector = column(LargeBinary)
    # ``store.checksums``: SQLite does not notice a changed bit.
    checksum = column(ID, server_default=text("0"))


class Frame(Base):
    """A frame of a video as one model sees it; ``vector`` as in ``Embedding``.

    The video's own embedding is that of its first frame. See ``store.frames``.
    """

    __tablename__ = "frame"

    content_id = column(ID, ForeignKey("content.id", ondelete="CASCADE"), primary_key=True)
    model_id = column(ID, ForeignKey("model.id"), primary_key=True)
    at_ms = column(ID, primary_key=True)  # from the video's beginning
    vector = column(LargeBinary)
    checksum = column(ID)  # with ``store.frames.frame_digest``


class Change(Base):
    """A content that a search can find now or no longer; triggers write these, in order.

    What is derived from the rows catches up by them; see ``store.sql.changes``.
    """

    __tablename__ = "change"
    __table_args__ = NEVER_USED_TWICE  # numbers go on where a cleared table ended

    number = column(ID, Identity(), primary_key=True)
    content_id = column(ID)


class Setting(Base):
    """Single values: ``model_id``, ``building_model_id``, ``generation``, ``run``, ..."""

    __tablename__ = "setting"

    key = column(TEXT, primary_key=True)
    value = column(JSON)
