"""clipsearch. From Python: ``from app import open_library``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.library_door import PhotoLibrary, open_library
    from app.search.results import Hit

__version__ = "0.1.0"
"""The one place that has it: pyproject.toml reads it here."""

__all__ = ["Hit", "PhotoLibrary", "__version__", "open_library"]


def __getattr__(name: str) -> Any:
    """Imported when asked for: ``clipsearch --help`` does without."""
    if name in ("PhotoLibrary", "open_library"):
        from app import library_door

        return getattr(library_door, name)
    if name == "Hit":
        from app.search.results import Hit

        return Hit
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
