"""What the user adds: tags, concepts, saved searches, and which searches there were.

None of it is touched by indexing, so it needs no lock: a photo can be marked while a run goes on.
Each method is one transaction, whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, delete, func, literal, select
from sqlalchemy.dialects.sqlite import insert

from store.rescue import marks
from store.rescue.mark_lines import MarkLine
from store.rescue.marks import Imported
from store.sql import concepts, queries
from store.sql.database import immediate, reading
from store.sql.schema import Content, PastSearch, SavedSearch, Tag
from store.values import Example

HISTORY = 200  # searches that are remembered


class UserData:
    """Reads and changes them; got from ``Library.user_data``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # -- tags -------------------------------------------------------------------------------

    def add_tag(self, content_ids: Sequence[int], name: str) -> int:
        """Give contents a tag (kept in lower case). Returns how many did not have it."""
        added = 0
        with immediate(self._engine) as connection:
            for part in queries.chunks(content_ids):
                known = select(Content.digest, literal(name.lower())).where(Content.id.in_(part))
                statement = insert(Tag).from_select(["digest", "name"], known)
                added += connection.execute(statement.on_conflict_do_nothing()).rowcount
        return added

    def remove_tag(self, content_ids: Sequence[int], name: str) -> int:
        """Take a tag from contents. Returns how many had it."""
        removed = 0
        with immediate(self._engine) as connection:
            for part in queries.chunks(content_ids):
                digests = select(Content.digest).where(Content.id.in_(part))
                removed += connection.execute(
                    delete(Tag).where(Tag.digest.in_(digests), Tag.name == name.lower())
                ).rowcount
        return removed

    def tagged(self) -> dict[str, list[int]]:
        """The contents with each tag, by its name, in order."""
        contents: dict[str, list[int]] = {}
        query = select(Tag.name, Content.id).join(Content, Content.digest == Tag.digest)
        with reading(self._engine) as connection:
            for name, content_id in connection.execute(query.order_by(Tag.name, Content.id)):
                contents.setdefault(name, []).append(content_id)
        return contents

    def with_tag(self, name: str) -> set[int]:
        """The contents with one tag."""
        with reading(self._engine) as connection:
            query = select(Content.id).join(Tag, Tag.digest == Content.digest)
            query = query.where(Tag.name == name.lower())
            return set(connection.execute(query).scalars())

    # -- concepts ---------------------------------------------------------------------------

    def add_examples(self, concept: str, examples: Sequence[Example]) -> None:
        """Add to what a concept (kept in lower case) means, or begin one."""
        with immediate(self._engine) as connection:
            concepts.add(connection, concept, examples)

    def remove_concept(self, concept: str) -> int:
        """Forget a concept. Returns how many examples it had."""
        with immediate(self._engine) as connection:
            return concepts.remove(connection, concept)

    # -- all of them ------------------------------------------------------------------------

    def exported(self) -> Iterator[dict[str, Any]]:
        """Every tag, example and saved search as objects for JSON; see ``store.rescue.marks``."""
        return marks.exported(self._engine)

    def import_marks(self, lines: Iterable[MarkLine]) -> Imported:
        """Add what was exported, all or none; what is there stays.

        Raises:
            FileRefused: an example's vector can't be of its model.
        """
        return marks.import_marks(self._engine, lines)

    # -- searches ---------------------------------------------------------------------------

    def save_search(self, name: str, query: str) -> None:
        """Keep a search under a name; one of the same name is replaced."""
        statement = insert(SavedSearch).values(name=name, query=query)
        with immediate(self._engine) as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_={"query": query})
            )

    def forget_search(self, name: str) -> None:
        with immediate(self._engine) as connection:
            connection.execute(delete(SavedSearch).where(SavedSearch.name == name))

    def saved_searches(self) -> dict[str, str]:
        """Every saved search's query by its name, in order of names."""
        with reading(self._engine) as connection:
            query = select(SavedSearch.name, SavedSearch.query)
            return dict(connection.execute(query.order_by(func.lower(SavedSearch.name))).all())

    def remember(self, query: str) -> None:
        """Put a search at the end of the history; the oldest ones go."""
        now = datetime.now(UTC).replace(tzinfo=None)
        statement = insert(PastSearch).values(query=query, at=now)
        newest = select(PastSearch.query).order_by(PastSearch.at.desc()).limit(HISTORY)
        with immediate(self._engine) as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=["query"], set_={"at": now})
            )
            connection.execute(delete(PastSearch).where(PastSearch.query.not_in(newest)))

    def history(self, limit: int) -> list[str]:
        """The last searches, each once, the latest first."""
        with reading(self._engine) as connection:
            query = select(PastSearch.query).order_by(PastSearch.at.desc()).limit(limit)
            return list(connection.execute(query).scalars())

    def clear_history(self) -> None:
        with immediate(self._engine) as connection:
            connection.execute(delete(PastSearch))
