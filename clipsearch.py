"""clipsearch for Python programs, and ``python -m clipsearch`` for the command line.

::

    from clipsearch import open_library

    with open_library() as library:
        for hit in library.search("a dog on a beach, 2019", limit=5):
            print(hit.path, hit.relevance, hit.taken_at)

Programs may rely on the names in ``__all__``; everything else may change with any version. A name
is imported when it is first used, so that ``import clipsearch`` takes next to no time.
"""

# Nothing may be imported up here, not even ``typing``: see ``_run_command_line``.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from app import __version__
    from app.photo_library import PhotoLibrary, open_library
    from app.search.results import Hit, Results
    from store.errors import (
        ClipsearchError,
        ClusterError,
        ConfigError,
        DataError,
        DeviceUnavailable,
        EngineUnavailable,
        FileRefused,
        LibraryBusy,
        LibraryDamaged,
        LibraryError,
        LibraryNotFound,
        LibraryReadOnly,
        LibraryTooNew,
        ModelError,
        ModelFailed,
        ModelUnavailable,
        PhotoError,
        QueryError,
        RootNotFound,
        UnknownModel,
    )

__all__ = [
    "ClipsearchError",
    "ClusterError",
    "ConfigError",
    "DataError",
    "DeviceUnavailable",
    "EngineUnavailable",
    "FileRefused",
    "Hit",
    "LibraryBusy",
    "LibraryDamaged",
    "LibraryError",
    "LibraryNotFound",
    "LibraryReadOnly",
    "LibraryTooNew",
    "ModelError",
    "ModelFailed",
    "ModelUnavailable",
    "PhotoError",
    "PhotoLibrary",
    "QueryError",
    "Results",
    "RootNotFound",
    "UnknownModel",
    "__version__",
    "open_library",
]

_HOMES = {
    "__version__": "app",
    "Hit": "app.search.results",
    "PhotoLibrary": "app.photo_library",
    "Results": "app.search.results",
    "open_library": "app.photo_library",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOMES.get(name, "store.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _run_command_line() -> None:
    """Run the command line, after the care that ``python -m`` needs."""
    import os
    import sys

    if not sys.flags.safe_path:
        # The current folder, which may be somebody else's folder of photos with an app.py in it.
        sys.path[0] = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    from app.start import main

    if not sys.flags.safe_path:
        sys.path.append(sys.path.pop(0))  # behind the standard library
    main()


if __name__ == "__main__":
    _run_command_line()
