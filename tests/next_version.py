"""A clipsearch of the next version: a copy of ``store`` whose tables were changed by the recipe.

``docs/changing-the-schema.md`` is what it follows, with one revision for both databases.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from store.sql.dialect.upgrades import FORMATS, SCHEMA_VERSION, SERVER_FORMAT

TOP = Path(__file__).parent.parent
_REVISION = '''"""Albums, and what is written on the back of a photo."""

import sqlalchemy as sa
from alembic import op

from store.sql.dialect.ddl import ID, TEXT

revision = "next"
down_revision = "{last}"


def upgrade() -> None:
    op.create_table(
        "album",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        sa.Column("name", TEXT, nullable=False),
        sa.UniqueConstraint("name"),
    )
    op.add_column("content", sa.Column("back", TEXT))
    op.create_index("content_back", "content", ["back"])
    op.execute("UPDATE content SET back = 'of ' || format")
'''
_ALBUM = '''

class Album(Base):
    """A row for each album."""

    __tablename__ = "album"

    id = column(ID, Identity(), primary_key=True)
    name = column(TEXT, unique=True)
'''
_COUNTING = """
import os, signal
from sqlalchemy import Engine, event
left = {statements}
@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, *_):
    global left
    if statement.lstrip().startswith(("CREATE", "ALTER", "INSERT", "UPDATE", "PRAGMA user_v")):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
"""
_OPENING = """
import sys
from pathlib import Path
from store.address import Address
from store.errors import LibraryError
from store.library import Library
from store.server_library import ServerLibrary
where, create = sys.argv[1], len(sys.argv) > 2
try:
    if "://" in where:
        opened = ServerLibrary.at(Address(where), Path("derived"), create=create)
    else:
        opened = Library.open(Path(where), create=create)
except LibraryError as error:
    sys.exit(f"{type(error).__name__}: {error}")
opened.close()
"""


class NextVersion:
    """That program, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        shutil.copytree(TOP / "store", folder / "store", ignore=shutil.ignore_patterns("*.pyc"))
        schema = folder / "store" / "sql" / "schema.py"
        _change(schema, "    place = optional", "    back = optional(TEXT)\n")
        _change(
            schema, "        NEVER_USED_TWICE,\n    )", '        Index("content_back", "back"),\n'
        )
        schema.write_text(schema.read_text() + _ALBUM)
        upgrades = folder / "store" / "sql" / "dialect" / "upgrades"
        last = FORMATS["sqlite"][SCHEMA_VERSION]
        (upgrades / "versions" / "next.py").write_text(_REVISION.format(last=last))
        for name, version in (("sqlite", SCHEMA_VERSION), ("postgresql", SERVER_FORMAT)):
            line = f'FORMATS["{name}"][{version + 1}] = "next"\n'
            _change(upgrades / "__init__.py", "SCHEMA_VERSION = max", line)

    def open(
        self, where: str, *, create: bool = False, killed_after: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Open the library in a folder, or at an address, in a process of its own.

        Args:
            killed_after: so many statements that change something; the process dies at the next.
        """
        counting = "" if killed_after is None else _COUNTING.format(statements=killed_after)
        return subprocess.run(
            [sys.executable, "-c", counting + _OPENING, where, *["create"] * create],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PYTHONPATH": str(self._folder)},
        )


def _change(path: Path, before: str, line: str) -> None:
    """Write ``line`` before the line that begins with ``before``."""
    text = path.read_text()
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, line + before))
