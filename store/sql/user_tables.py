"""The tables of what the user adds to photos; ``store.sql.schema`` has the others."""

from __future__ import annotations

from sqlalchemy import Boolean, DateTime, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint

from store.sql.dialect.ddl import ID, TEXT
from store.sql.path_type import FsPath
from store.sql.table_class import Base, column, optional


class Tag(Base):
    """A word that the user gave to a picture; in lower case.

    It hangs on the digest and on no other row, so that nothing that is removed takes it along: it
    is there again when the picture is.
    """

    __tablename__ = "tag"
    __table_args__ = (Index("tag_name", "name"),)

    digest = column(LargeBinary(32), primary_key=True)
    name = column(TEXT, primary_key=True)


class AlbumPhoto(Base):
    """A picture's place in an album; on its digest, as a ``Tag``. ``album``: as written first."""

    __tablename__ = "album_photo"
    __table_args__ = (Index("album_photo_digest", "digest"),)

    album = column(TEXT, primary_key=True)
    digest = column(LargeBinary(32), primary_key=True)
    place = column(ID)  # the pictures of an album are in order of it


class ConceptExample(Base):
    """A picture that shows what a concept means, or (``negative``) does not.

    With its vector by one model, because the file may be anywhere. The content of the same digest,
    if the library has one, has vectors by every model.
    """

    __tablename__ = "concept_example"
    __table_args__ = (UniqueConstraint("concept", "path"),)

    id = column(ID, Identity(), primary_key=True)
    concept = column(TEXT)  # in lower case
    path = column(FsPath)  # absolute
    negative = column(Boolean)
    digest = optional(LargeBinary(32))  # SHA-256; None: never indexed
    model_id = column(ID, ForeignKey("model.id"))
    vector = column(LargeBinary)


class SavedSearch(Base):
    """A search that the user gave a name."""

    __tablename__ = "saved_search"

    name = column(TEXT, primary_key=True)
    query = column(TEXT)


class PastSearch(Base):
    """A search of the history, and when it was last made (UTC)."""

    __tablename__ = "past_search"

    query = column(TEXT, primary_key=True)
    at = column(DateTime)
