"""The text that was read in a picture: lines, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store.misreadings import folded

Box = tuple[float, float, float, float, float, float, float, float]
"""Corners x, y, x, y, ... clockwise, from where a line begins: parts of width and height, 0 to 1,
of the upright picture."""


@dataclass(frozen=True)
class TextLine:
    """A line of text.

    Attributes:
        confidence: how sure the reader is of its letters, 0 to 1.
        box: where it stands.
    """

    text: str
    confidence: float
    box: Box


@dataclass(frozen=True)
class ReadText:
    """All that was read in a picture; without lines, there is no text in it.

    Attributes:
        lines: as people read them, from the top.
        reader: what read it, and by which models.
        problem: why it could not be read; None if it was.
    """

    lines: Sequence[TextLine]
    reader: str
    problem: str | None = None

    def plain(self) -> dict[str, Any]:
        """As its row has it; ``of`` undoes it."""
        lines = [
            [line.text, round(line.confidence, 3), [round(value, 4) for value in line.box]]
            for line in self.lines
        ]
        return {
            "lines": lines,
            "folded": folded(" ".join(line.text for line in self.lines)),
            "reader": self.reader,
            "problem": self.problem,
        }

    @staticmethod
    def of(lines: Sequence[Any], reader: str, problem: str | None) -> ReadText:
        """What a row says."""
        return ReadText(
            [TextLine(text, confidence, tuple(box)) for text, confidence, box in lines],
            reader,
            problem,
        )


@dataclass(frozen=True)
class TextCounts:
    """How far the reading of text is, in pictures that can be searched.

    Attributes:
        pictures: all of them.
        read: those that were read, with text or without.
        with_text: those of them that have any.
        problems: those of them that could not be read.
    """

    pictures: int
    read: int
    with_text: int
    problems: int
