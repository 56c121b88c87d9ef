"""Imports of large packages without the parts that a command which asks once has no use for."""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType
from typing import Any

_THREADS = "OPENBLAS_NUM_THREADS"
_UNUSED = {"asyncio": ("iscoroutine",), "importlib.metadata": ()}
"""Modules, and the functions of each that SQLAlchemy takes hold of at once, to call them later."""


def numpy_on_one_thread() -> None:
    """Import NumPy so that it multiplies on one thread, all that one query needs.

    Where other work keeps the cores busy, several threads wait for each other: to multiply one
    query took 190 ms instead of 5. BLAS asks the environment once, when it is loaded; what this
    process starts later is not to find it there.
    """
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        import numpy  # noqa: F401
    finally:
        del os.environ[_THREADS]
        if before is not None:
            os.environ[_THREADS] = before


def sqlalchemy_for_sqlite() -> None:
    """Import SQLAlchemy without ``asyncio`` and ``importlib.metadata``: a sixth of its time.

    It imports both for what SQLite does not need, drivers that wait and plug-ins. Should it ask
    either for something after all, that is imported then.
    """
    modules = [_Later(name) for name in _UNUSED if name not in sys.modules]
    sys.modules.update({module.__name__: module for module in modules})
    try:
        import sqlalchemy.dialects.sqlite  # noqa: F401
    finally:
        for module in modules:
            module.stand_back()


class _Later(ModuleType):
    """Stands for a module that is imported when something in it is first asked for."""

    def stand_back(self) -> None:
        """Let others import the module itself."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]

    def __getattr__(self, name: str) -> Any:
        if name in _UNUSED[self.__name__]:
            return lambda *values: self._real(name)(*values)
        return self._real(name)

    def _real(self, name: str) -> Any:
        self.stand_back()
        return getattr(importlib.import_module(self.__name__), name)
