"""How a library is changed, one transaction at a time, and what becomes of known paths."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from store.sql import key_values, ledger
from store.sql.database import immediate
from store.states import Away, State

T = TypeVar("T")


class LedgerWriter:
    """The part of ``store.writer.LibraryWriter`` that keeps the ledger of paths."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last_path = 0

    def _change(
        self,
        work: Callable[[Connection], T],
        *,
        searched: bool = False,
        together: bool = False,  # noqa: ARG002  # in a folder there is nobody else
    ) -> T:
        """Do ``work`` in one transaction. Returns what it returns.

        Args:
            searched: it changes what is searched, so that the library gets its next generation: at
                the end, because nobody else can have one before the transaction ends.
            together: others may do the like at the same time, where there are others.
        """
        with immediate(self._engine) as connection:
            outcome = work(connection)
            if searched:
                key_values.bump_generation(connection)
        return outcome

    def begin_run(self) -> int:
        """A number for this run: paths first seen in it may turn out to be moved ones."""

        def work(connection: Connection) -> int:
            self._last_path = ledger.last_path(connection)
            return ledger.begin_run(connection)

        return self._change(work)

    def set_gone(self, photo_ids: Iterable[int], reason: str) -> None:
        """Record known paths as gone, for ``reason``."""
        values = {"state": State.GONE, "reason": reason, "away": False}
        self._set(photo_ids, values, searched=True)

    def set_returned(self, photo_ids: Iterable[int], filesystem_id: int | None) -> None:
        """Record that paths which were gone or away are there again, unchanged."""
        values = {"state": State.INDEXED, "reason": None, "away": False}
        self._set(photo_ids, values | {"filesystem_id": filesystem_id}, searched=True)

    def set_away(self, photo_ids: Iterable[int], why: Away) -> None:
        """Record that paths are missing, but may come back: they stay searchable."""
        self._set(photo_ids, {"away": True, "reason": why}, searched=True)

    def set_filesystem(self, photo_ids: Iterable[int], filesystem_id: int) -> None:
        """Record the file system of paths that are otherwise unchanged."""
        self._set(photo_ids, {"filesystem_id": filesystem_id}, searched=False)

    def _set(self, photo_ids: Iterable[int], values: dict[str, Any], *, searched: bool) -> None:
        ids = sorted(photo_ids)
        self._change(
            lambda connection: ledger.set_values(connection, ids, values),
            searched=searched,
            together=True,
        )

    def try_again(
        self,
        reasons: Iterable[str],
        root_id: int,
        folder: str = "",
        only: Collection[str] | None = None,
    ) -> None:
        """Let a run that looks through ``folder`` of a root read what was passed over there for one
        of ``reasons``; ``only``: in these folders, each without what is below it."""
        self._change(
            lambda connection: ledger.try_again(connection, reasons, root_id, folder, only),
            together=True,
        )

    def accept_missing(self, path: Path) -> int:
        """Record what is away at or below ``path`` (absolute) as gone; returns how many paths."""
        return self._change(
            lambda connection: ledger.accept_missing(connection, path), searched=True
        )

    def filesystem_id(self, name: str) -> int:
        """The number of a file system, made if its name is new."""
        return self._change(
            lambda connection: ledger.filesystem_id(connection, name), together=True
        )

    def drop(self, photo_ids: Iterable[int]) -> None:
        """Remove paths that never held a picture, and are gone, from the ledger."""
        ids = sorted(photo_ids)
        self._change(lambda connection: ledger.drop(connection, ids), together=True)
