"""SQLAlchemy without the parts that a command which only asks SQLite has no use for."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

_UNUSED = {"asyncio": ("iscoroutine",), "importlib.metadata": ()}
"""Modules, and the functions of each that SQLAlchemy takes hold of at once, to call them later."""


def import_for_sqlite() -> None:
    """Import SQLAlchemy without ``asyncio`` and ``importlib.metadata``, which take long.

    It imports both for what SQLite does not need, drivers that wait and plug-ins. Should it ask
    either for something after all, that is imported then.
    """
    modules = [_Later(name) for name in _UNUSED if name not in sys.modules]
    sys.modules.update({module.__name__: module for module in modules})
    for module in modules:  # some of it is asked for by the package: importlib.metadata.version
        package, _, name = module.__name__.rpartition(".")
        if package:
            setattr(sys.modules[package], name, module)
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
