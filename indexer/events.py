"""The events of an index run, which the command line and the page put into words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from store.states import State


@dataclass(frozen=True)
class RootOffline:
    """A root that can't be seen now: its photos stay, untouched and searchable."""

    root: Path


@dataclass(frozen=True)
class PhotosMissing:
    """Photos at or below ``folder`` that are missing and may come back; comes at the end."""

    folder: Path
    photos: int


@dataclass(frozen=True)
class Counted:
    """How many files there are in all, for the progress bar; comes once, during the run."""

    total: int


@dataclass(frozen=True)
class Progress:
    """``seen`` files are dealt with so far, ``embedded`` of them by running the model."""

    seen: int
    embedded: int


@dataclass(frozen=True)
class PlacesNamed:
    """``done`` of ``total`` photos have their place's name as this version looks it up."""

    done: int
    total: int


@dataclass(frozen=True)
class FileFailed:
    """A file that can't be used, with its state and reason in the ledger."""

    path: Path
    state: State
    reason: str


@dataclass(frozen=True)
class FileAltered:
    """A file whose content changed though size and time did not; only ``verify`` notices."""

    path: Path


@dataclass(frozen=True)
class NodeLost:
    """A machine that was sharing the work, and does so no more; others do its part."""

    node: str
    reason: str


@dataclass
class Summary:
    """What a run did. Every file that it saw counts in one of the kinds."""

    seen: int = 0
    new: int = 0  # paths; ``moved`` and ``copies`` are counted apart
    copies: int = 0  # new paths of a picture that the library has elsewhere too
    moved: int = 0
    changed: int = 0
    again: int = 0  # unchanged, but read again: for a different model, or after a failure
    altered: list[Path] = field(default_factory=list)  # size and time are the same; counted above
    thumbnails: int = 0  # that were lost, and made again
    returned: int = 0  # gone before, back now
    unchanged: int = 0
    other: int = 0  # files that are not pictures
    videos: int = 0  # of them, met in this run and passed over for want of PyAV
    gone: int = 0
    away: int = 0  # missing now or since an earlier run, and kept because they may come back
    embedded: int = 0  # pictures that the model ran on
    opened: int = 0  # files that were read
    failed: Counter[State] = field(default_factory=Counter)
    offline: list[Path] = field(default_factory=list)
    missing: list[PhotosMissing] = field(default_factory=list)  # since this run
    marks_followed: int = 0  # edited photos that kept their marks
    replaced: list[Path] = field(default_factory=list)  # marked; different pictures now
    seconds: float = 0.0
    stopped: bool = False  # before its end, on request
    waiting_for: int = 0  # pictures that a model switch still waits for


@dataclass(frozen=True)
class Finished:
    """The last event of every run, stopped ones included."""

    summary: Summary


Event = (
    RootOffline
    | PhotosMissing
    | Counted
    | Progress
    | PlacesNamed
    | FileFailed
    | FileAltered
    | NodeLost
    | Finished
)
