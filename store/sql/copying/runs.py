"""Numbers of runs in a copy: a server counts them in another way than a folder's library does.

They tell which paths are new, and may be moved ones; see ``store.sql.moves`` and
``store.sql.concurrent_moves``.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from store.sql import key_values
from store.sql.dialect import bulk
from store.sql.schema import Photo


def go_on_from(source: Connection, copy: Connection) -> None:
    """Let new runs in the copy have numbers above those of all paths; in it, none is new.

    Between two folders the numbers are the same, and so is which paths are new.
    """
    last = copy.execute(select(func.max(Photo.run))).scalar() or 0
    last = max(last, int(key_values.get(source, "run", 0)))
    if copy.dialect.name == "postgresql":
        bulk.begin_runs_after(copy, last)
        return
    key_values.put(copy, "run", last)
    key_values.put(copy, "settled_run", int(key_values.get(source, "settled_run", last)))
