"""NumPy on one thread, in processes of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app import processes

_VARIABLE = "OPENBLAS_NUM_THREADS"
_BEGINNINGS = ["from app.one_thread import import_numpy; import_numpy()", "import streamlit_app"]
_BEGUN = """
import os
import numpy
from threadpoolctl import threadpool_info
print(*{one["num_threads"] for one in threadpool_info() if one["internal_api"] == "openblas"})
print(os.environ.get("OPENBLAS_NUM_THREADS"))
"""


@pytest.mark.one_python
@pytest.mark.parametrize("asked", ["", "2"])
@pytest.mark.parametrize("beginning", _BEGINNINGS)
def test_numpy_multiplies_on_one_thread_unless_somebody_said_otherwise(
    beginning: str, asked: str
) -> None:
    environment = {k: v for k, v in processes.environment().items() if k != _VARIABLE}
    if asked:
        environment[_VARIABLE] = asked
    command = [sys.executable, "-c", beginning + _BEGUN]
    begun = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    *threads, left = begun.stdout.split()  # there are none where NumPy has another BLAS
    assert left == (asked or "None")
    assert threads in ([], ["1"], [asked])
