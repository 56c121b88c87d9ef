"""Filters on what is said of photos, by people, other programs and models.

``store.filters`` has them among all others.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HasKeyword:
    """The photo's file or sidecar gives it this keyword; see ``store.folding.keyword_matcher``."""

    keyword: str


@dataclass(frozen=True)
class Rated:
    """From ``low`` to ``high`` stars, both included; no stars are 0, rejected is -1."""

    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class ColourLabel:
    """The photo has the colour label of this name; case makes no difference."""

    name: str


@dataclass(frozen=True)
class HasText:
    """The text in the picture has ``text``, one word or several in a row, or what a reader may take
    it for; see ``store.misreadings``. It may begin and end anywhere in a word."""

    text: str


@dataclass(frozen=True)
class Tagged:
    """The photo has this tag; case makes no difference."""

    tag: str


@dataclass(frozen=True)
class InAlbum:
    """The photo is in this album; case makes no difference."""

    album: str


@dataclass(frozen=True)
class Labelled:
    """The photo shows one of the built-in concepts; a ``Searcher`` makes ``OneOf`` of it."""

    label: str


@dataclass(frozen=True)
class Shows:
    """The photo was given a label, by the numbers of the labels' version and of the concept.

    Of libraries on a server, where labels are rows; a ``Searcher`` makes it of ``Labelled``.
    """

    version: int
    concept: int
