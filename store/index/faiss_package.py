"""FAISS, imported when it is first needed; its threads sleep while they have nothing to do."""

from __future__ import annotations

import os
import sys
from typing import Any

_POLICY = "OMP_WAIT_POLICY"


def faiss_package() -> Any:
    """The module ``faiss``.

    By default, OpenMP's threads go on turning for milliseconds after each search, in the way of
    what comes next: in a million vectors, a query that came 30 ms after another took 6.1 ms, and
    with threads that sleep 2.6 (two cores, by a script that is not kept). Laying vectors out takes
    as long with either.

    OpenMP asks the environment once, when it is loaded or first used; what this process starts
    later is not to find it there. What the environment says already is left as it is.
    """
    if "faiss" not in sys.modules and _POLICY not in os.environ:
        os.environ[_POLICY] = "PASSIVE"
        try:
            import faiss

            faiss.omp_get_max_threads()  # LLVM's OpenMP, as on Macs, asks only now
        finally:
            os.environ.pop(_POLICY, None)  # another thread may have been here meanwhile
    import faiss

    return faiss
