"""NumPy on one thread, all that one query needs."""

from __future__ import annotations

from store.environment import set_meanwhile


def import_numpy() -> None:
    """Import NumPy so that it multiplies on one thread, unless the environment says otherwise.

    What a search multiplies is small. OpenBLAS would spread it over all cores, on which its threads
    then go on turning for a while: in each other's way where other work keeps the cores busy, and
    in that of the pictures that a page asks for next.

    BLAS asks the environment once, when it is loaded.
    """
    with set_meanwhile("OPENBLAS_NUM_THREADS", "1"):
        import numpy  # noqa: F401
