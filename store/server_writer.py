"""Changes to a library on a server, where several writers may be at work at once.

Runs of different roots go on side by side. What they write is a row each of their own (paths), or
the same whoever writes it (contents, vectors, file systems), in one order, so that no two wait for
each other. ``docs/server.md`` says who waits for whom.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

from store.errors import LibraryBusy, LibraryReadOnly
from store.index_sync import Texts
from store.ledger_writer import T
from store.outcomes import MendedVectors, Moves, Removed
from store.sql import concurrent_moves, key_values, relocation, standing
from store.sql.database import reading
from store.sql.dialect import nearby, nearby_checks, server
from store.sql.dialect.helping_session import HelpingSession
from store.sql.dialect.server_locks import LockKeys, of_files
from store.sql.dialect.writing_session import WritingSession
from store.sql.roots import roots
from store.sql.server_index import ServerIndex
from store.sql.upsert import write_files
from store.values import FileRecord, ModelInfo, RootInfo
from store.vectors import Ids
from store.writer import LibraryWriter

_PAUSES_S = (0.1, 0.5, 1.0, 2.0)
"""At most, before what others got in the way of is tried again."""


class _Session(Protocol):
    """What changes go through."""

    def transaction(self, *, together: bool = False) -> AbstractContextManager[Connection]: ...
    def is_first_to_index(self, connection: Connection) -> bool: ...


class _BesideOthers(LibraryWriter):
    """How rows are written beside other writers, by a run or by who helps one."""

    saves_on_the_way = False  # once there is an index, each vector takes longer to write

    def __init__(self, engine: Engine, folder: Path, session: _Session) -> None:
        super().__init__(engine, folder)
        self._through = session

    def _clean(self) -> None:
        """What looks left behind may be another process's, which is at it."""

    def _change(
        self,
        work: Callable[[Connection], T],
        *,
        searched: bool = False,
        together: bool = False,
    ) -> T:
        for pause in (*_PAUSES_S, None):
            try:
                with self._through.transaction(together=together) as connection:
                    outcome = work(connection)
                    if searched:
                        key_values.bump_generation(connection)
                return outcome
            except LibraryBusy:
                if pause is None:
                    raise
                time.sleep(random.uniform(0, pause))
        raise AssertionError

    def record(self, files: Sequence[FileRecord], model: ModelInfo, run: int) -> None:
        def work(connection: Connection) -> None:
            LockKeys(connection).wait_for_all(connection, of_files(files))
            write_files(connection, files, model, run, server.draw_content_ids)
            nearby.fill(connection, model, [f.picture.digest for f in files if f.picture])

        self._change(work, searched=True, together=True)

    def save_index(
        self,
        model: ModelInfo,
        *,
        rebuild: bool = False,
        thorough: bool = False,
        texts: Texts | None = None,  # noqa: ARG002  # the server's effort is the same for all
    ) -> str | None:
        """Have an index made on the server where there are vectors enough for one.

        Until then, and by who may not make one, all vectors are compared. One writer at a time
        makes it; others go on without.

        Args:
            rebuild: in place of the one that is there.
            thorough: see whether that one finds photos by their own vectors.
        """
        with reading(self._engine) as connection:
            made = nearby.has_index(connection, model)
            worth = nearby.is_worth_an_index(connection, model)
        why = "as asked"
        if worth and made and thorough and not rebuild:
            index = ServerIndex(self._engine, model)
            rebuild = nearby_checks.misses_photos(self._engine, model, index)
            why = "it did not find all photos"
        if not worth or (made and not rebuild):
            return None
        try:
            with self._engine.begin() as connection:
                if not self._through.is_first_to_index(connection):
                    return None
                nearby.make_index(connection, model, anew=rebuild)
        except LibraryReadOnly:  # only the owner of the tables may
            return None
        return f"rebuilt ({why})" if rebuild else "built on the server"


class ServerWriter(_BesideOthers):
    """See ``store.writer.LibraryWriter``."""

    def __init__(self, engine: Engine, folder: Path, session: WritingSession) -> None:
        super().__init__(engine, folder, session)
        self._session = session

    # -- models and roots ---------------------------------------------------------------------

    def add_model(self, name: str, fingerprint: str, dim: int) -> ModelInfo:
        def is_other() -> bool:
            with reading(self._engine) as connection:
                now = standing.model(standing.asking(connection), "building_model_id")
            return now is None or (now.name, now.fingerprint) != (name, fingerprint)

        with self._session.bringing_model(is_other):
            return super().add_model(name, fingerprint, dim)

    def switch_model(self, model: ModelInfo) -> int:
        self.save_index(model)  # before anybody searches with it
        return super().switch_model(model)

    def hold(self, folders: Iterable[Path]) -> None:
        wanted, before = list(folders), self._session.roots
        while True:
            self._session.hold(self._roots_around(wanted))
            if self._roots_around(wanted) <= self._session.roots:
                return
            self._session.let_go(self._session.roots - before)  # one was taken into another

    def _roots_around(self, folders: Sequence[Path]) -> set[Path]:
        """The roots that ``folders`` are in; those that are in none become roots themselves."""
        with reading(self._engine) as connection:
            known = [root.path for root in roots(connection)]
        around = {
            folder: [path for path in known if folder.is_relative_to(path)] for folder in folders
        }
        return {path for folder, paths in around.items() for path in paths or [folder]}

    def add_root(self, path: Path, excludes: Sequence[str], *, replace: bool) -> RootInfo:
        self.hold([path])
        return super().add_root(path, excludes, replace=replace)

    def relocate(self, old: Path, new: Path) -> relocation.Relocation:
        with self._session.alone():
            return super().relocate(old, new)

    def _own_roots(self) -> Sequence[int]:
        with reading(self._engine) as connection:
            return [root.id for root in roots(connection) if root.path in self._session.roots]

    # -- files --------------------------------------------------------------------------------

    def begin_run(self) -> int:
        def work(connection: Connection) -> int:
            run = concurrent_moves.begin_run(connection)
            self._session.hold_run(run)  # before anybody can see it, and take it for a dead one
            return run

        return self._change(work)

    def accept_missing(self, path: Path) -> int:
        with reading(self._engine) as connection:
            known = [root.path for root in roots(connection)]
        self.hold([one for one in known if one.is_relative_to(path) or path.is_relative_to(one)])
        return super().accept_missing(path)

    def settle_moves(self, run: int) -> Moves:
        with reading(self._engine) as connection:
            concerned = concurrent_moves.roots_concerned(connection)
            ids = {root.path: root.id for root in roots(connection) if root.id in concerned}
        with self._session.borrowing(ids) as mine:

            def work(connection: Connection) -> Moves:
                is_going = partial(self._session.is_going, connection)
                chosen = [ids[path] for path in mine]
                return concurrent_moves.settle_beside_others(connection, run, is_going, chosen)

            moves = self._change(work)
        self._session.let_go_of_run(run)
        return moves

    def forget(self, path: Path, *, marks: bool = False) -> Removed:
        with self._session.alone():
            return super().forget(path, marks=marks)

    def prune(self, *, marks: bool = False) -> Removed:
        with self._session.alone():
            return super().prune(marks=marks)

    # -- mending ------------------------------------------------------------------------------

    def mend_rows(self) -> list[str]:
        with self._session.alone():
            return super().mend_rows()

    def mend_vectors(self, model: ModelInfo) -> MendedVectors:
        """Mend what searches compare, from the stored vectors, of which there is no copy."""
        with self._session.alone():
            return nearby_checks.mend(self._engine, model, self._session.transaction)

    def remove_vectors(self, model: ModelInfo, content_ids: Ids) -> None:
        with self._session.alone():
            super().remove_vectors(model, content_ids)


class HelpingWriter(_BesideOthers):
    """Records for a run that another process has, and does nothing else.

    Raises:
        LibraryError: any method, once that run has ended.
    """

    def __init__(self, engine: Engine, folder: Path, session: HelpingSession) -> None:
        super().__init__(engine, folder, session)
        self._session = session

    def record(self, files: Sequence[FileRecord], model: ModelInfo, run: int) -> None:
        self._session.run = run
        super().record(files, model, run)
