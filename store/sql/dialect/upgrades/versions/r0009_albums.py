"""Albums: pictures in an order, under a name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"

# As ``dialect.ddl`` had them: text that a server compares by its bytes, and whole numbers.
_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "album_photo",
        sa.Column("album", _TEXT, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("place", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("album", "digest"),
    )
    op.create_index("album_photo_digest", "album_photo", ["digest"])
