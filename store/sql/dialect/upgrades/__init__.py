"""How the library of an earlier clipsearch becomes today's: by the revisions in ``versions``.

They are Alembic's, in one line for both databases. One number, which every opening reads, says
which of them a library has: its format (``PRAGMA user_version`` of a file, the setting ``format``
on a server). There is no ``alembic_version`` beside it, which could say something else.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from store.values import Tell, silent

if TYPE_CHECKING:
    from sqlalchemy import Connection

FORMATS: dict[str, dict[int, str]] = {
    "sqlite": {
        **{2: "0002", 3: "0003", 4: "0004", 5: "0005", 6: "0006", 7: "0007", 8: "0008"},
        **{9: "0009", 10: "0010", 11: "0011", 12: "0012"},
    },
    "postgresql": {
        **{1: "0005", 2: "0006", 3: "0008", 4: "0009", 5: "0010", 6: "0011", 7: "0012"},
    },
}
"""By the name of the database: the revision that made each format, except for the first of all.

A revision is carried out on the databases that have it here, and on no other. The first libraries
on servers were made with the tables of a file's format 5.
"""

SCHEMA_VERSION = max(FORMATS["sqlite"])
"""The format of a library in a folder that is made or opened today."""

SERVER_FORMAT = max(FORMATS["postgresql"])
"""The same of a library on a server."""


def carry_out(connection: Connection, version: int, tell: Tell = silent) -> None:
    """Make one of today's of a library of the format ``version``, in its transaction.

    Args:
        tell: takes a line for the user about how far it is, where that takes long.

    Whoever calls it sets the number of the format, in the same transaction.
    """
    # Here and not above: it takes a tenth of a second, which only an earlier library has to pay.
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    formats = FORMATS[connection.dialect.name]
    here = Path(__file__).parent
    scripts = ScriptDirectory(str(here), version_locations=[str(here / "versions")])
    later = scripts.iterate_revisions(formats[max(formats)], formats.get(version, "base"))
    # Without Alembic's own transactions, each of which would end before the number is set.
    with Operations.context(MigrationContext.configure(connection, opts={"tell": tell})):
        for script in reversed(list(later)):
            if script.revision in formats.values():
                script.module.upgrade()
