"""Texts and keywords out of files, cleaned: what is kept of what anybody may have written."""

from __future__ import annotations

from collections.abc import Iterable

from store.metadata import BETWEEN

LONGEST = 2_000
"""Characters that are kept of a text; IPTC's captions end there too."""

_LONGEST_KEYWORD = 200  # PostgreSQL's indexes take no very long ones
_MOST = 1_000  # keywords of one photo


def kept_text(value: object, longest: int = LONGEST) -> str | None:
    """A text without control characters, on one line; None if nothing is left."""
    if not isinstance(value, str):
        return None
    words = value.partition("\0")[0].split()
    clean = " ".join("".join(c for c in word if c.isprintable()) for word in words)
    clean = clean.encode("utf-8", "replace").decode().strip()
    return clean[:longest].rstrip() or None


def joined_keywords(flat: Iterable[str], hierarchical: Iterable[str] = ()) -> tuple[str, ...]:
    """Keywords, each once; a flat one only if no hierarchical one has it on its way.

    Case makes no difference, and the first one's is kept.
    """
    kept: dict[str, str] = {}
    on_the_way: set[str] = set()
    for one in hierarchical:
        names = [name for part in one.split(BETWEEN) if (name := kept_text(part))]
        whole = BETWEEN.join(names)[:_LONGEST_KEYWORD]
        if whole:
            kept.setdefault(whole.casefold(), whole)
            on_the_way.update(name.casefold() for name in names)
    for one in flat:
        name = kept_text(one, _LONGEST_KEYWORD)
        if name and name.casefold() not in on_the_way:
            kept.setdefault(name.casefold(), name)
    return tuple(kept.values())[:_MOST]
