"""Every error that clipsearch raises on purpose, in any layer.

::

    ClipsearchError
    ├── LibraryError
    │   ├── LibraryNotFound        no library in that folder yet
    │   ├── LibraryBusy            another process is writing to it
    │   ├── LibraryReadOnly        it can be searched, but not written to
    │   ├── LibraryTooNew          written by a newer clipsearch
    │   ├── LibraryDamaged         the database is not a usable SQLite file
    │   ├── FileRefused            a backup or file of marks can't be read or may not be written
    │   └── RootNotFound           that folder, photo or album is not in the library
    ├── ModelError
    │   ├── UnknownModel           no model has that name (close names are listed)
    │   ├── ModelUnavailable       known, but its weights can't be had or loaded
    │   ├── ModelFailed            it stopped working while encoding
    │   ├── DeviceUnavailable      that device is not on this machine
    │   └── EngineUnavailable      that engine is not installed, or can't run the model
    ├── ClusterError               Ray, or a machine that it was to use, can't be used
    ├── PhotoError                 one file can't be used; carries a state for the ledger
    ├── QueryError                 the query can't be understood
    ├── ConfigError                the settings, or an option of theirs, can't be used
    └── DataError                  photos or captions to measure with can't be used

Each message is one plain line for the person at the screen: what happened and what to do.

Two are none of them, and let nothing be recorded: ``Vanished`` says that a photo's file has gone,
``Stopped`` that a run was ended while it read one.

These never leave their modules, where they end a search early or carry a reason upward:
``_OtherVersion`` (store/rescue/copies.py), ``_Wrong`` (store/rescue/mark_lines.py),
``_Unreadable`` (store/rescue/sqlite_pages.py),
``_PhotoUnreadable`` (app/export.py), ``_Spoke`` (indexer/pictures/decode.py).
"""

from __future__ import annotations

from store.states import State

WHEN_DAMAGED = (
    "Put a backup back (clipsearch restore FILE), "
    "or save what can be read (clipsearch doctor --salvage NEW_FOLDER)."
)
"""What to do about a damaged library."""


class ClipsearchError(Exception):
    """Base of all errors raised on purpose; the message is written for people."""


class LibraryError(ClipsearchError):
    """Something about the library on disk."""


class LibraryNotFound(LibraryError):
    """There is no library in that folder yet."""


class LibraryBusy(LibraryError):
    """Another process is writing to the library."""


class LibraryReadOnly(LibraryError):
    """The library can be searched, but not written to."""


class LibraryTooNew(LibraryError):
    """The library was written by a newer version of clipsearch."""


class LibraryDamaged(LibraryError):
    """The database file can't be read as one."""


class FileRefused(LibraryError):
    """A backup or a file of marks is not what it should be, or may not be written there."""


class RootNotFound(LibraryError):
    """The library holds no such folder, photo or album."""


class ModelError(ClipsearchError):
    """Something about the model."""


class UnknownModel(ModelError):
    """No model has that name."""


class ModelUnavailable(ModelError):
    """The model exists but its weights can't be fetched or loaded."""


class ModelFailed(ModelError):
    """The model stopped working while encoding."""


class DeviceUnavailable(ModelError):
    """The device asked for is not on this machine."""


class EngineUnavailable(ModelError):
    """The engine asked for is not installed, or can't run the model."""


class ClusterError(ClipsearchError):
    """Ray, or a machine that it was to use, can't be used for indexing."""


class PhotoError(ClipsearchError):
    """One file can't be used. ``state`` is what the ledger records, the message its reason."""

    def __init__(self, state: State, reason: str) -> None:
        super().__init__(reason)
        self.state = state


class QueryError(ClipsearchError):
    """The query can't be understood."""


class ConfigError(ClipsearchError):
    """A setting, of a flag, the environment or the settings file, can't be used."""


class DataError(ClipsearchError):
    """A file of captions, a folder of classes, or what measures with them can't be used."""


class Vanished(Exception):
    """A file that is not there any more: nothing to record."""


class Stopped(Exception):
    """The run was ended while a file was read: nothing to record."""
