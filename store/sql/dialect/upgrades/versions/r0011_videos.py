"""Videos: how long each is, and its frames as models see them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"

_ENDINGS = (
    "3g2 3gp asf avi divx flv m1v m2t m2ts m2v m4v mkv mov mp4 mpe mpeg mpg mts mxf ogv qt ts vob "
    "webm wmv"
)

# As ``dialect.ddl`` had it: ids, and whole numbers of any size.
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("content", sa.Column("duration_ms", _NUMBER))
    # Else each search would go through all contents for titles.
    op.get_bind().exec_driver_sql(
        "CREATE INDEX content_said ON content (id) "
        "WHERE title IS NOT NULL OR description IS NOT NULL"
    )
    op.create_table(
        "frame",
        sa.Column("content_id", _NUMBER, nullable=False),
        sa.Column("model_id", _NUMBER, nullable=False),
        sa.Column("at_ms", _NUMBER, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Column("checksum", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("content_id", "model_id", "at_ms"),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"]),
    )
    # Files that were passed over until now; the next run takes them for new ones, and reads them.
    endings = " OR ".join(f"lower(name) LIKE '%.{ending}'" for ending in _ENDINGS.split())
    op.get_bind().exec_driver_sql(
        "DELETE FROM photo WHERE state = 'other' AND content_id IS NULL AND previous_id IS NULL "
        f"AND ({endings})".replace("%", "%%" if op.get_bind().dialect.name == "postgresql" else "%")
    )
