"""SQLAlchemy without what SQLite does not need, in processes of their own."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> list[str]:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_sqlalchemy_works_without_what_it_does_not_need() -> None:
    lines = run(
        "import sys\n"
        "from store.sql.dialect.light_import import import_for_sqlite\n"
        "import_for_sqlite()\n"
        "print('asyncio' in sys.modules, 'importlib.metadata' in sys.modules)\n"
        "import sqlalchemy as sa\n"
        "with sa.create_engine('sqlite://').connect() as c: print(c.scalar(sa.text('SELECT 7')))\n"
        "print(len(sa.util.langhelpers.parse_version_from_metadata('numpy')) > 0)\n"
        "import asyncio, importlib.metadata\n"
        "print(asyncio.run(asyncio.sleep(0, 'waited')), importlib.metadata.version('sqlalchemy'))\n"
        "from sqlalchemy.util import concurrency\n"
        "async def wait(): pass\n"
        "begun = wait(); print(concurrency.iscoroutine(begun), concurrency.iscoroutine(1))\n"
        "begun.close()\n"
        "print(concurrency.asyncio.TimeoutError is asyncio.TimeoutError)\n"
    )
    assert lines[:3] == ["False False", "7", "True"]
    assert lines[3].startswith("waited ")
    assert lines[4:] == ["True False", "True"]


def test_a_module_that_is_there_already_stays() -> None:
    assert run(
        "import asyncio, sys\n"
        "from store.sql.dialect.light_import import import_for_sqlite\n"
        "import_for_sqlite()\n"
        "print(sys.modules['asyncio'] is asyncio)\n"
    ) == ["True"]
