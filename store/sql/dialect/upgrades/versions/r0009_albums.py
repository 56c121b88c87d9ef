"""Albums: pictures in an order, under a name."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision: str | None = "0008"

_IN_FILE = (
    "CREATE TABLE album_photo (album VARCHAR NOT NULL, digest BLOB NOT NULL, "
    "place INTEGER NOT NULL, PRIMARY KEY (album, digest))",
    "CREATE INDEX album_photo_digest ON album_photo (digest)",
)
_ON_SERVER = (
    'CREATE TABLE album_photo (album VARCHAR COLLATE "C" NOT NULL, digest BYTEA NOT NULL, '
    "place BIGINT NOT NULL, PRIMARY KEY (album, digest))",
    "CREATE INDEX album_photo_digest ON album_photo (digest)",
)


def upgrade() -> None:
    connection = op.get_bind()
    for statement in _IN_FILE if connection.dialect.name == "sqlite" else _ON_SERVER:
        connection.exec_driver_sql(statement)
