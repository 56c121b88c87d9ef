"""What a person asks for, as plain values; ``app.query.parser`` reads it from text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from app.languages.asked import ANY, Asked
from store.filters import PhotoFilter

Kind = Literal["text", "image", "like", "concept"]
ChangeKind = Literal[
    "phrase", "spelling", "plural", "date", "place", "camera", "folder", "name", "screenshot"
]


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
class TypedChange:
    """Words of a query that were taken as something else than they are.

    Attributes:
        kind: "phrase" for words like "show me" that say nothing of the photo, "spelling", "plural",
            or the kind of filter that the words became.
        became: the words in their place, or the filter in plain words; empty for a "phrase".
        start, end: the place of ``typed`` in the query's text.
    """

    kind: ChangeKind
    typed: str
    became: str
    start: int
    end: int

    @property
    def of_words(self) -> bool:
        """Whether words became other words, and no filter."""
        return self.kind in ("phrase", "spelling", "plural")


@dataclass(frozen=True)
class Query:
    """A search: terms, negatives last.

    Attributes:
        filter: restricts it; ``reading`` says each part of that in plain words.
        changes: the words that were taken as something else, in order.
        unread: what to say where the words can't be read, so that no match means anything.
        asked: which language its texts are in, if somebody said so.
    """

    terms: tuple[Term, ...] = ()
    filter: PhotoFilter | None = None
    reading: tuple[str, ...] = ()
    changes: tuple[TypedChange, ...] = ()
    unread: str | None = None
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

    def plain(self) -> dict[str, Any]:
        """How it was understood, as plain values for JSON."""
        return {
            "searched": str(self),
            "changes": [
                {"kind": one.kind, "typed": one.typed, "became": one.became} for one in self.changes
            ],
            "note": self.unread,
        }

    def __str__(self) -> str:
        """How the query was understood: "dogs, without people, 2019, in Trips"."""
        return described(self, str)


def described(query: Query, name: Callable[[Term], str]) -> str:
    """How a query was understood, each term by its ``name``."""
    positives = [name(term) for term in query.positives]
    negatives = [f"without {name(term)}" for term in query.negatives]
    if negatives and not positives:
        negatives[0] = f"all photos {negatives[0]}"
    return ", ".join([*([" + ".join(positives)] if positives else []), *negatives, *query.reading])
