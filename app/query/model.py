"""What a person asks for, as plain values; ``app.query.parser`` reads it from text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.languages.asked import ANY, Asked
from store.filters import PhotoFilter

Kind = Literal["text", "image", "like", "concept"]


@dataclass(frozen=True)
class Term:
    """One thing to look for, or (``negative``) to do without.

    Attributes:
        kind: what ``value`` is: words, the path of any picture, an indexed photo by path or id,
            or the name of a concept.
        weight: how much the term counts against other terms; for a negative one, how strictly it
            is meant.
    """

    kind: Kind
    value: str
    weight: float = 1.0
    negative: bool = False

    def __str__(self) -> str:
        shown = self.value if self.kind == "text" else f"{self.kind}:{self.value}"
        return shown if self.weight == 1 else f"{self.weight:g}*{shown}"


@dataclass(frozen=True)
class Query:
    """A search: terms, negatives last; ``filter`` restricts it, and ``reading`` says each part of
    the filter in plain words; ``asked`` which language its texts are in, if somebody said so."""

    terms: tuple[Term, ...] = ()
    filter: PhotoFilter | None = None
    reading: tuple[str, ...] = ()
    asked: Asked = ANY

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts among the terms."""
        return tuple(term.value for term in self.terms if term.kind == "text")

    @property
    def positives(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.negative)

    @property
    def negatives(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.negative)

    def __str__(self) -> str:
        """How the query was understood: "dogs, without people, 2019, in Trips"."""
        parts = [" + ".join(map(str, self.positives))] if self.positives else []
        parts += [f"without {term}" for term in self.negatives]
        return ", ".join([*parts, *self.reading])
