"""A short part of ``server_faults.py``: indexers that are killed, cut off, and many at once."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator

import pytest
import server_faults

pytestmark = pytest.mark.one_python

if sys.platform == "win32":
    pytest.skip("SIGKILL, and a PostgreSQL for the tests", allow_module_level=True)


@pytest.fixture(scope="module")
def made() -> Iterator[server_faults.Ground]:
    seed = int(os.environ.get("CLIPSEARCH_FAULT_SEED", random.SystemRandom().randrange(10**6)))
    print("seed", seed)  # shown with a failure
    with server_faults.ground(folders=8, photos=24, seed=seed) as made:
        yield made


def test_eight_writers_at_once_lose_nothing(made: server_faults.Ground) -> None:
    server_faults.together(made, machines=2)
    assert made.counts["writers"] == 8


def test_writers_of_overlapping_folders_end_as_one(made: server_faults.Ground) -> None:
    server_faults.overlapping(made)
    assert made.counts["overlapping writers"] == 9


def test_killed(made: server_faults.Ground) -> None:
    server_faults.killed(made, 2)
    assert made.counts["kills"] == 2


def test_a_backend_that_dies_in_a_write(made: server_faults.Ground) -> None:
    server_faults.cut_off(made, 1)
    assert made.counts["cuts"] == 1


def test_a_server_that_is_stopped_and_started_again(made: server_faults.Ground) -> None:
    server_faults.stopped(made, 1)
    assert made.counts["stops"] == 1


def test_the_comparer_sees_a_lost_row(made: server_faults.Ground) -> None:
    url = made.library()
    made.finish(url, made.folders)
    made.compare(url)
    made.server.run(
        "DELETE FROM photo WHERE id = (SELECT min(id) FROM photo WHERE content_id IS NOT NULL)",
        url=url,
    )
    with pytest.raises(AssertionError):
        made.compare(url)
