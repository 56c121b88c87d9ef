"""Imports without the parts that a search has no use for, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys


def run(code: str) -> list[str]:
    environment = {
        name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    return done.stdout.splitlines()


def test_sqlalchemy_works_without_what_it_does_not_need() -> None:
    lines = run(
        "import sys\n"
        "from app.quick_imports import sqlalchemy_for_sqlite\n"
        "sqlalchemy_for_sqlite()\n"
        "print('asyncio' in sys.modules, 'importlib.metadata' in sys.modules)\n"
        "import sqlalchemy as sa\n"
        "with sa.create_engine('sqlite://').connect() as c: print(c.scalar(sa.text('SELECT 7')))\n"
        "import asyncio, importlib.metadata\n"
        "print(asyncio.run(asyncio.sleep(0, 'waited')), importlib.metadata.version('sqlalchemy'))\n"
        "from sqlalchemy.util import concurrency\n"
        "async def wait(): pass\n"
        "begun = wait(); print(concurrency.iscoroutine(begun), concurrency.iscoroutine(1))\n"
        "begun.close()\n"
        "print(sa.util.compat.asyncio.TimeoutError is asyncio.TimeoutError)\n"
    )
    assert lines[:2] == ["False False", "7"]
    assert lines[2].startswith("waited ")
    assert lines[3:] == ["True False", "True"]


def test_a_module_that_is_there_already_stays() -> None:
    assert run(
        "import asyncio, sys\n"
        "from app.quick_imports import sqlalchemy_for_sqlite\n"
        "sqlalchemy_for_sqlite()\n"
        "print(sys.modules['asyncio'] is asyncio)\n"
    ) == ["True"]


def test_numpy_multiplies_on_one_thread_and_the_environment_is_as_before() -> None:
    lines = run(
        "import os, threading\n"
        "from app.quick_imports import numpy_on_one_thread\n"
        "numpy_on_one_thread()\n"
        "print('OPENBLAS_NUM_THREADS' in os.environ)\n"
        "os.environ['OPENBLAS_NUM_THREADS'] = '3'\n"
        "numpy_on_one_thread()\n"
        "print(os.environ['OPENBLAS_NUM_THREADS'])\n"
    )
    assert lines == ["False", "3"]
