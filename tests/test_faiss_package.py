from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
SAYS_POLICY = """
import os
from store.index.faiss_package import faiss_package
before = dict(os.environ)
faiss_package()
assert dict(os.environ) == before
print(faiss_package().omp_get_max_threads())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="another OpenMP, which says it differently")
@pytest.mark.parametrize(
    ("asked", "policy"), [({}, "PASSIVE"), ({"OMP_WAIT_POLICY": "active"}, "ACTIVE")]
)
def test_threads_sleep_unless_the_environment_says_otherwise(
    asked: dict[str, str], policy: str
) -> None:
    """As OpenMP itself says when it is loaded."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OMP_")}
    done = subprocess.run(
        [sys.executable, "-c", SAYS_POLICY],
        cwd=TOP,
        env=environment | asked | {"OMP_DISPLAY_ENV": "true"},
        capture_output=True,
        text=True,
        check=True,
    )
    said = [line for line in done.stderr.splitlines() if "OMP_WAIT_POLICY" in line]
    assert said
    assert policy in said[-1]
    assert int(done.stdout) >= 1
