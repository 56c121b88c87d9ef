"""What the user adds, which no run touches: each method is one transaction, without a lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from store.sql import albums, concepts, hidden, key_values, library_names, searches, tags
from store.sql.database import immediate, reading
from store.values import AlbumInfo, Example
from store.vectors import Ids

if TYPE_CHECKING:
    from store.outcomes import Imported
    from store.rescue.mark_lines import MarkLine

HISTORY = 200  # searches that are remembered


class UserData:
    """Reads and changes what the user adds to a library; see ``Library.user_data``.

    Raises:
        LibraryReadOnly: a method that changes something, if the library can't be written to.
        LibraryError: any method, if the database can't be used.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # -- tags -------------------------------------------------------------------------------

    def tags(self, content_ids: Iterable[int]) -> dict[int, list[str]]:
        """The tags of each content that has any, in order."""
        with reading(self._engine) as connection:
            return tags.of(connection, content_ids)

    def tag_names(self) -> tuple[str, ...]:
        """The names of all tags, in order."""
        with reading(self._engine) as connection:
            return library_names.tags(connection)

    def tagged(self) -> dict[str, list[int]]:
        """The ids of the contents with each tag, by the tag's name, in order."""
        with reading(self._engine) as connection:
            return tags.contents_of_all(connection)

    def tagged_digests(self) -> dict[str, list[bytes]]:
        """The SHA-256 of each picture with a tag, by the tag's name, in order.

        Some may be of pictures that are not in the library now. Hidden ones are under ``HIDDEN``.
        """
        with reading(self._engine) as connection:
            return tags.digests_of_all(connection)

    def with_tag(self, name: str) -> set[int]:
        """The ids of the contents with the tag ``name``."""
        with reading(self._engine) as connection:
            return tags.contents_with(connection, name)

    def add_tag(self, content_ids: Sequence[int], name: str) -> int:
        """Give contents a tag (kept in lower case). Returns how many did not have it.

        Raises:
            QueryError: no tag can have this name.
        """
        tags.require_name(name)
        with immediate(self._engine) as connection:
            return tags.add(connection, content_ids, name)

    def remove_tag(self, content_ids: Sequence[int], name: str) -> int:
        """Take a tag from contents. Returns how many had it. Raises as ``add_tag`` does."""
        tags.require_name(name)
        with immediate(self._engine) as connection:
            return tags.remove(connection, content_ids, name)

    def writes_sidecars(self) -> bool:
        """Whether the page also writes tags into sidecars."""
        with reading(self._engine) as connection:
            return bool(key_values.get(connection, key_values.WRITE_SIDECARS, default=False))

    def write_sidecars(self, wanted: bool) -> None:
        """Let the page also write tags into sidecars from now on, or not."""
        with immediate(self._engine) as connection:
            key_values.put(connection, key_values.WRITE_SIDECARS, wanted)

    # -- hidden photos ----------------------------------------------------------------------

    def hide(self, content_ids: Sequence[int]) -> int:
        """Hide contents: only who asks for hidden photos sees them. Returns how many were not."""
        with immediate(self._engine) as connection:
            return hidden.hide(connection, content_ids)

    def show_again(self, content_ids: Sequence[int]) -> int:
        """Let contents be shown again. Returns how many were hidden."""
        with immediate(self._engine) as connection:
            return hidden.show_again(connection, content_ids)

    def hidden(self) -> Ids:
        """The ids of the contents that are hidden, (n,) int64, in order."""
        with reading(self._engine) as connection:
            return hidden.contents(connection)

    def hidden_among(self, content_ids: Sequence[int]) -> set[int]:
        """Those of ``content_ids`` that are hidden."""
        with reading(self._engine) as connection:
            return hidden.among(connection, content_ids)

    def hidden_revision(self) -> str | None:
        """What changes whenever other photos are hidden; None while none is."""
        with reading(self._engine) as connection:
            return hidden.revision(connection)

    # -- albums -----------------------------------------------------------------------------

    def albums(self) -> list[AlbumInfo]:
        """Every album, in order of names."""
        with reading(self._engine) as connection:
            return albums.listed(connection)

    def album(self, name: str) -> list[int]:
        """The ids of the contents in an album, in its order; none if there is no such album."""
        with reading(self._engine) as connection:
            return albums.contents(connection, name)

    def album_digests(self, name: str) -> list[bytes]:
        """The SHA-256 of each picture in an album, in its order.

        Some may be of pictures that are not in the library now.
        """
        with reading(self._engine) as connection:
            return albums.digests(connection, name)

    def albums_of(self, content_id: int) -> list[str]:
        """The names of the albums that a content is in, in order."""
        with reading(self._engine) as connection:
            return albums.of(connection, content_id)

    def add_to_album(self, name: str, content_ids: Sequence[int]) -> int:
        """Put contents at the end of an album, which is made if it is new.

        Returns how many were not in it.
        """
        with immediate(self._engine) as connection:
            return albums.add(connection, name, content_ids)

    def remove_from_album(self, name: str, content_ids: Sequence[int]) -> int:
        """Take contents out of an album, which goes with its last one. Returns how many it had."""
        with immediate(self._engine) as connection:
            return albums.remove(connection, name, content_ids)

    def move_in_album(self, name: str, content_ids: Sequence[int], before: int | None) -> int:
        """Put contents of an album, in this order, before another one, or (None) at its end.

        Returns how many of them it has.
        """
        with immediate(self._engine) as connection:
            return albums.move(connection, name, content_ids, before)

    def rename_album(self, name: str, new: str) -> None:
        """Give an album another name; one of that name takes its pictures in, behind its own.

        Raises:
            RootNotFound: there is no album ``name``.
        """
        with immediate(self._engine) as connection:
            albums.rename(connection, name, new)

    def remove_album(self, name: str) -> int:
        """Forget an album; its pictures stay. Returns how many it had.

        Raises:
            RootNotFound: there is no album ``name``.
        """
        with immediate(self._engine) as connection:
            return albums.delete_album(connection, name)

    # -- concepts ---------------------------------------------------------------------------

    def concepts(self) -> list[str]:
        """The names of all concepts, in order."""
        with reading(self._engine) as connection:
            return concepts.names(connection)

    def examples(self, concept: str) -> list[Example]:
        """The examples of a concept; none if there is no such concept."""
        with reading(self._engine) as connection:
            return concepts.examples(connection, concept)

    def add_examples(self, concept: str, examples: Sequence[Example]) -> None:
        """Add examples to a concept (kept in lower case), which is made if it is new."""
        with immediate(self._engine) as connection:
            concepts.add(connection, concept, examples)

    def remove_concept(self, concept: str) -> int:
        """Forget a concept. Returns how many examples it had."""
        with immediate(self._engine) as connection:
            return concepts.remove(connection, concept)

    # -- export and import ------------------------------------------------------------------

    def exported(self) -> Iterator[dict[str, Any]]:
        """Every mark as an object for JSON; see ``store.sql.marks``."""
        from store.sql import marks

        return marks.exported(self._engine)

    def import_marks(self, lines: Iterable[MarkLine]) -> Imported:
        """Add exported marks, all or none; what is there stays.

        Raises:
            FileRefused: an example's vector does not have its model's length.
        """
        from store.sql import marks

        return marks.import_marks(self._engine, lines)

    # -- searches ---------------------------------------------------------------------------

    def save_search(self, name: str, query: str) -> None:
        """Keep a search under a name; one of the same name is replaced."""
        with immediate(self._engine) as connection:
            searches.save(connection, name, query)

    def forget_search(self, name: str) -> None:
        with immediate(self._engine) as connection:
            searches.forget(connection, name)

    def saved_searches(self) -> dict[str, str]:
        """Every saved search's query by its name, in order of names."""
        with reading(self._engine) as connection:
            return searches.saved(connection)

    def remember(self, query: str) -> None:
        """Put a search at the end of the history; the oldest ones go."""
        with immediate(self._engine) as connection:
            searches.remember(connection, query, HISTORY)

    def history(self, limit: int) -> list[str]:
        """The last searches, each once, the latest first."""
        with reading(self._engine) as connection:
            return searches.history(connection, limit)

    def clear_history(self) -> None:
        with immediate(self._engine) as connection:
            searches.clear_history(connection)
