"""What photos say beside their pixels: keywords, titles, ratings, sidecars; origins of dates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"

# As ``dialect.ddl`` had them: text that a server compares by its bytes, and ids.
_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("content", sa.Column("taken_from", _TEXT))
    op.add_column("content", sa.Column("taken_offset", _NUMBER))
    op.add_column(
        "content", sa.Column("only_day", sa.Boolean, nullable=False, server_default=sa.false())
    )
    for name in ("title", "description", "creator", "copyright"):
        op.add_column("content", sa.Column(name, _TEXT))
    op.add_column("content", sa.Column("rating", _NUMBER))
    op.add_column("content", sa.Column("colour_label", _TEXT))
    op.add_column("content", sa.Column("embedded", sa.JSON))
    op.add_column("photo", sa.Column("sidecar", sa.JSON))
    for name, table, column, where in (
        ("content_unread", "content", "id", "embedded IS NULL"),
        ("photo_sidecar", "photo", "folder", "sidecar IS NOT NULL"),
    ):
        op.get_bind().exec_driver_sql(f"CREATE INDEX {name} ON {table} ({column}) WHERE {where}")
    op.create_table(
        "keyword",
        sa.Column("content_id", _NUMBER, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("content_id", "name"),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], ondelete="CASCADE"),
    )
    op.create_index("keyword_name", "keyword", ["name"])
    # Files that were passed over until now; the next run takes them for new ones, and reads them.
    op.get_bind().exec_driver_sql(
        "DELETE FROM photo WHERE content_id IS NULL AND previous_id IS NULL "
        "AND lower(substr(name, length(name) - 3)) = '.xmp'"
    )
