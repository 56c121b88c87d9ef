"""What changes to a library did, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from store.values import ContentFacts, ModelInfo
from store.vectors import Ids, Vectors


@dataclass(frozen=True)
class Marks:
    """How many tags and places in albums there are, on how many different pictures.

    Being a favourite is a tag.
    """

    tags: int
    pictures: int


@dataclass(frozen=True)
class Removed:
    """What was removed: paths, marks, and the digests of pictures that no path leads to now."""

    paths: int
    marks: Marks
    digests: Sequence[bytes]


@dataclass(frozen=True)
class Moves:
    """How many files moved: from paths that were called gone, and from those that were away.

    The new paths of ``met_before`` of them are not of this run: one that did not come to its end
    met them.
    """

    from_gone: int
    from_away: int
    met_before: int = 0

    @property
    def total(self) -> int:
        return self.from_gone + self.from_away


@dataclass(frozen=True)
class Seen:
    """A picture as far as the library knows it; ``vectors`` (dim,) by the models that saw it."""

    digest: bytes
    facts: ContentFacts
    vectors: dict[ModelInfo, Vectors]


SamePicture = Callable[[Seen, Seen], bool]
"""Whether the second is an edit of the first."""


@dataclass(frozen=True)
class Edit:
    """A path whose picture changed; ``before`` and ``after`` are contents."""

    path: Path
    before: int
    after: int


@dataclass
class Edits:
    """What was decided about changed paths.

    Attributes:
        followed: edits whose marks follow to the new picture.
        replaced: paths that show a different picture now.
        left: contents that are at no path any more, and whose marks have followed an edit.
    """

    followed: list[Edit] = field(default_factory=list)
    replaced: list[Path] = field(default_factory=list)
    left: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class MendedVectors:
    """What became of the damaged vectors of one model; ids of contents.

    Attributes:
        copied: taken from the index file.
        doubtful: the index file has the same vector, so that the checksum was taken to be damaged
            and computed anew; it may be the picture's digest, which only the photo can tell.
        to_read: no good copy is left, but the photo can be read again.
        away: no good copy is left, and the photo is away; the row stays, outside the index. (On a
            server it goes.)
        compared_again: how many are good, but were not what searches on a server compare, which
            was made of them again.
    """

    copied: Ids
    doubtful: Ids
    to_read: Ids
    away: Ids
    compared_again: int = 0


@dataclass
class Imported:
    """What an import of marks did.

    Attributes:
        tags: that were new.
        hidden: pictures that were not hidden before.
        albums: places in albums that were new.
        examples: of concepts, that were new.
        searches: that were new.
        known: pictures with tags, or in an album, that the library knows by their digest.
        by_path: pictures whose digest it does not know, but whose path it does.
        waiting: pictures that it knows neither way; their marks are kept until they come.
        kept: saved searches of the library that differ from those of the same name in the file.
        counted: the digests in the file that are among the three above.
    """

    tags: int = 0
    hidden: int = 0
    albums: int = 0
    examples: int = 0
    searches: int = 0
    known: int = 0
    by_path: int = 0
    waiting: int = 0
    kept: int = 0
    counted: set[bytes] = field(default_factory=set, compare=False, repr=False)
