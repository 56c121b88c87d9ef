"""What a person made of a library, as lines of JSON: tags, albums, concepts, saved searches, and
which photos are hidden.

The first line says what the file is. Of the others, each is one of::

    {"digest": ..., "paths": [...], "tags": [...], "hidden": true}    (if it is hidden)
    {"album": ..., "digest": ..., "paths": [...]}
    {"concept": ..., "path": ..., "negative": ..., "digest": ..., "model": ..., "fingerprint": ...,
     "vector": ...}
    {"search": ..., "query": ...}

Digests are SHA-256 in hex, vectors little-endian float32 in base64. Marks hang on digests, so that
a picture that the library does not know (yet) keeps its own; its path is for the case that the
file was changed since. The lines of an album are in its order.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from store.errors import FileRefused
from store.filters import HIDDEN
from store.outcomes import Imported
from store.rescue.mark_lines import (
    FIRST_LINE,
    AlbumLine,
    ExampleLine,
    MarkLine,
    SearchLine,
    TagLine,
)
from store.sql import albums, hidden
from store.sql.database import immediate
from store.sql.dialect.expressions import insert
from store.sql.fspath import relative
from store.sql.roots import roots as known_roots
from store.sql.schema import (
    AlbumPhoto,
    ConceptExample,
    Content,
    Model,
    Photo,
    Root,
    SavedSearch,
    Tag,
)
from store.states import LIVING
from store.values import RootInfo

_Roots = Sequence[RootInfo]


def exported(engine: Engine) -> Iterator[dict[str, Any]]:
    """Every mark in a library, as of one moment, in an order that depends on nothing else."""
    with engine.connect() as connection:
        yield FIRST_LINE
        paths = _paths_of_marked(connection)
        for digest, names in _tags(connection).items():
            line = {"digest": digest.hex(), "paths": paths.get(digest, [])}
            also = {"hidden": True} if HIDDEN in names else {}
            yield {**line, "tags": [name for name in names if name != HIDDEN], **also}
        places = select(AlbumPhoto.album, AlbumPhoto.digest)
        places = places.order_by(AlbumPhoto.album, AlbumPhoto.place)
        for album, digest in connection.execute(places):
            yield {"album": album, "digest": digest.hex(), "paths": paths.get(digest, [])}
        yield from _examples(connection)
        query = select(SavedSearch.name, SavedSearch.query).order_by(SavedSearch.name)
        for name, text in connection.execute(query):
            yield {"search": name, "query": text}


def import_marks(engine: Engine, lines: Iterable[MarkLine]) -> Imported:
    """Add marks to a library, all or none; what it has stays as it is."""
    done = Imported()
    with immediate(engine) as connection:
        roots = known_roots(connection)
        for line in lines:
            if isinstance(line, TagLine):
                _import_tags(connection, roots, line, done)
            elif isinstance(line, AlbumLine):
                _import_place(connection, roots, line, done)
            elif isinstance(line, ExampleLine):
                _import_example(connection, roots, line, done)
            else:
                _import_search(connection, line, done)
    return done


def _tags(connection: Connection) -> dict[bytes, list[str]]:
    tags: dict[bytes, list[str]] = {}
    for digest, name in connection.execute(
        select(Tag.digest, Tag.name).order_by(Tag.digest, Tag.name)
    ):
        tags.setdefault(digest, []).append(name)
    return tags


def _paths_of_marked(connection: Connection) -> dict[bytes, list[str]]:
    query = (
        select(Content.digest, Root.path, Photo.folder, Photo.name)
        .join(Photo, Photo.content_id == Content.id)
        .join(Root, Root.id == Photo.root_id)
        .where(Content.digest.in_(select(Tag.digest).union(select(AlbumPhoto.digest))))
        .order_by(Root.path, Photo.folder, Photo.name)
    )
    paths: dict[bytes, list[str]] = {}
    for digest, root, folder, name in connection.execute(query):
        paths.setdefault(digest, []).append(str(Path(root, folder, name)))
    return paths


def _examples(connection: Connection) -> Iterator[dict[str, Any]]:
    query = select(
        ConceptExample.concept,
        ConceptExample.path,
        ConceptExample.negative,
        ConceptExample.digest,
        ConceptExample.vector,
        Model.name,
        Model.fingerprint,
    ).join(Model, Model.id == ConceptExample.model_id)
    for row in connection.execute(query.order_by(ConceptExample.concept, ConceptExample.id)).all():
        yield {
            "concept": row.concept,
            "path": row.path,
            "negative": bool(row.negative),
            "digest": row.digest.hex() if row.digest else None,
            "model": row.name,
            "fingerprint": row.fingerprint,
            "vector": base64.b64encode(row.vector).decode(),
        }


def _import_tags(connection: Connection, roots: _Roots, line: TagLine, done: Imported) -> None:
    digest = _marked(connection, roots, line, done)
    for name in line.tags:
        done.tags += _add_tag(connection, digest, name)
    if line.hidden and _add_tag(connection, digest, HIDDEN):
        done.hidden += 1
        hidden.next_revision(connection)


def _add_tag(connection: Connection, digest: bytes, name: str) -> int:
    new = insert(Tag).values(digest=digest, name=name).on_conflict_do_nothing()
    return connection.execute(new).rowcount


def _import_place(connection: Connection, roots: _Roots, line: AlbumLine, done: Imported) -> None:
    digest = _marked(connection, roots, line, done)
    album = albums.spelt(connection, line.album) or line.album
    done.albums += albums.add_digests(connection, album, [digest])


def _import_example(
    connection: Connection, roots: _Roots, line: ExampleLine, done: Imported
) -> None:
    digest = line.digest
    if digest is not None:
        digest, _ = _picture(connection, roots, digest, [line.path])
    connection.execute(
        insert(Model)
        .values(name=line.model, fingerprint=line.fingerprint, dim=len(line.vector) // 4)
        .on_conflict_do_nothing()
    )
    model_id, dim = connection.execute(
        select(Model.id, Model.dim).where(
            Model.name == line.model, Model.fingerprint == line.fingerprint
        )
    ).one()
    if len(line.vector) != 4 * dim:
        raise FileRefused(
            f"The vector of {line.path} (concept {line.concept}) has a different length from those "
            f"of the model {line.model}. Nothing was imported."
        )
    new = insert(ConceptExample).values(
        concept=line.concept,
        path=line.path,
        negative=line.negative,
        digest=digest,
        model_id=model_id,
        vector=line.vector,
    )
    done.examples += connection.execute(new.on_conflict_do_nothing()).rowcount


def _import_search(connection: Connection, line: SearchLine, done: Imported) -> None:
    new = insert(SavedSearch).values(name=line.name, query=line.query).on_conflict_do_nothing()
    if connection.execute(new).rowcount:
        done.searches += 1
        return
    has = select(SavedSearch.query).where(SavedSearch.name == line.name)
    done.kept += connection.execute(has).scalar_one() != line.query


def _marked(
    connection: Connection, roots: _Roots, line: TagLine | AlbumLine, done: Imported
) -> bytes:
    """The digest to mark; each picture is counted once."""
    digest, how = _picture(connection, roots, line.digest, line.paths)
    if line.digest not in done.counted:
        done.counted.add(line.digest)
        setattr(done, how, getattr(done, how) + 1)
    return digest


def _picture(
    connection: Connection, roots: _Roots, digest: bytes, paths: Iterable[str]
) -> tuple[bytes, str]:
    """The digest to mark, and which count of ``Imported`` that goes into."""
    if connection.execute(select(Content.id).where(Content.digest == digest)).first():
        return digest, "known"
    for path in paths:
        at_path = _digest_at(connection, roots, Path(path))
        if at_path is not None:
            return at_path, "by_path"
    return digest, "waiting"


def _digest_at(connection: Connection, roots: _Roots, path: Path) -> bytes | None:
    root = next((root for root in roots if root.path in path.parents), None)
    if root is None:
        return None
    query = (
        select(Content.digest)
        .join(Photo, Photo.content_id == Content.id)
        .where(
            Photo.root_id == root.id,
            Photo.folder == relative(path.parent, root.path),
            Photo.name == path.name,
            Photo.state.in_(LIVING),
        )
    )
    return connection.execute(query).scalar()
