"""FAISS, imported when it is first needed; its threads sleep while they have nothing to do."""

from __future__ import annotations

import sys
from typing import Any

from store.environment import set_meanwhile


def faiss_package() -> Any:
    """The module ``faiss``.

    By default, OpenMP's threads go on turning for milliseconds after each search, in the way of
    what comes next: in a million vectors, a query that came 30 ms after another took 6.1 ms, and
    with threads that sleep 2.6 (two cores, by a script that is not kept). Laying vectors out takes
    as long with either.

    OpenMP asks the environment once, when it is loaded or first used.
    """
    if "faiss" not in sys.modules:
        with set_meanwhile("OMP_WAIT_POLICY", "PASSIVE"):
            import faiss

            faiss.omp_get_max_threads()  # LLVM's OpenMP, as on Macs, asks only now
    import faiss

    return faiss
