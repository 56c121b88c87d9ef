"""NumPy on one thread, all that one query needs."""

from __future__ import annotations

import os

_THREADS = "OPENBLAS_NUM_THREADS"


def import_numpy() -> None:
    """Import NumPy so that it multiplies on one thread, unless the environment says otherwise.

    What a search multiplies is small. OpenBLAS would spread it over all cores, on which its threads
    then go on turning for a while: in each other's way where other work keeps the cores busy, and
    in that of the pictures that a page asks for next.

    BLAS asks the environment once, when it is loaded; what this process starts later is not to
    find it there.
    """
    if _THREADS in os.environ:
        return
    os.environ[_THREADS] = "1"
    try:
        import numpy  # noqa: F401
    finally:
        del os.environ[_THREADS]
