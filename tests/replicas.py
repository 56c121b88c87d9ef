"""A real replica of the tests' server: a copy of it that follows what is written there."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from servers import Server

_AT_ONCE = ("--checkpoint=fast", "--no-sync")
"""Otherwise a copy waits minutes for a checkpoint that the server takes its time for."""


class ReplicaServer(Server):
    """One that follows ``first``; ``folder`` has its data, and its socket."""

    def __init__(self, first: Server, folder: Path) -> None:
        super().__init__(folder, first.programs)
        self._first, self._folder = first, folder

    def replica_of(self, url: str) -> str:
        """The address here of what is at ``url`` on the first."""
        return url.replace(str(self._first.socket), str(self.socket))

    def make(self) -> None:
        source = f"host={self._first.socket} user=postgres"
        self._program(
            "pg_basebackup", "-d", source, "-D", str(self._folder), "-R", "-X", "stream", *_AT_ONCE
        )
        for left in [*self._folder.glob("postmaster.*"), *self._folder.glob(".s.PGSQL.*")]:
            left.unlink()  # which say that the first is running
        self.start()

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._folder}'"
        log = str(self._folder / "replica.log")
        self._program(
            "pg_ctl", "-D", str(self._folder), "-w", "-t", "300", "-l", log, "-o", options, "start"
        )

    def stop(self) -> None:
        self._program("pg_ctl", "-D", str(self._folder), "-w", "-m", "immediate", "stop")

    def pause(self) -> None:
        """Let it take nothing more in, as if it were far behind."""
        self.run("SELECT pg_wal_replay_pause()")
        while self.run("SELECT pg_get_wal_replay_pause_state()") != [("paused",)]:
            time.sleep(0.01)

    def catch_up(self) -> None:
        """Let it go on, until it has what the first has now."""
        if self.run("SELECT pg_is_wal_replay_paused()") == [(True,)]:
            self.run("SELECT pg_wal_replay_resume()")
        ((place,),) = self._first.run("SELECT pg_current_wal_lsn()")
        while self.run(f"SELECT pg_last_wal_replay_lsn() >= '{place}'") != [(True,)]:
            time.sleep(0.01)

    def _program(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.programs / name), *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **_owner(self._folder),
        )


@contextmanager
def replica(first: Server) -> Iterator[ReplicaServer]:
    """A replica of ``first``, which is stopped and removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="clipsearch-replica-"))
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        owner = first.socket.stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
    made = ReplicaServer(first, folder)
    try:
        made.make()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> dict[str, Any]:
    return {"user": folder.stat().st_uid, "cwd": folder} if os.geteuid() == 0 else {"cwd": folder}
