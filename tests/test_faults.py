"""A sample of ``faults.py``: errors and kills at the n-th write, sync, rename and removal."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

import faults

pytestmark = pytest.mark.one_python


@pytest.fixture(scope="module")
def made() -> object:
    if not faults.can_trace():
        pytest.skip("strace is not there, or may not trace here")
    with faults.bench() as made:
        yield made


@pytest.mark.parametrize("name", faults.OPERATIONS)
def test_a_fault_at_any_moment_loses_nothing(made: faults.Bench, name: str) -> None:
    seed = int(os.environ.get("CLIPSEARCH_FAULT_SEED", random.SystemRandom().randrange(10**6)))
    faults.run(made, [name], most=5, seed=seed)
    assert made.trials[name] == 5
    assert made.faults == [], f"seed {seed}"


def test_every_kind_of_write_is_met(made: faults.Bench) -> None:
    calls = {moment.call for moment in faults.moments(made, faults.OPERATIONS["index"])}
    assert calls >= {"write", "pwrite64", "fsync", "rename", "unlink"}


def test_the_comparer_sees_a_lost_tag_and_a_changed_bit(made: faults.Bench, tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    made.prepare(faults.OPERATIONS["tag"])
    library = made.place / "library"
    before = faults.held(library)
    with closing(sqlite3.connect(library / "library.db")) as connection:
        connection.execute("DELETE FROM tag WHERE rowid = (SELECT min(rowid) FROM tag)")
        connection.commit()
    assert faults.held(library).marks != before.marks
