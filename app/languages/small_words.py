"""Small words of languages other than English: what tells a language, and nothing of a photo."""

from __future__ import annotations

import functools
from importlib.resources import files


def small_words() -> frozenset[str]:
    """Those that are no English words of any meaning, in lower case."""
    return _sections()["small"]


@functools.cache
def other_words() -> frozenset[str]:
    """Those, and others that tell the language: numbers, "pes" and "psi" (dogs, in Czech), words
    that English has as well, and everyday ones that are like other words of it: "factura" is no
    misspelt "factory"."""
    return frozenset().union(*_sections().values())


@functools.cache
def _sections() -> dict[str, frozenset[str]]:
    """The words of ``small_words.txt`` by the headings that they stand under."""
    words: dict[str, set[str]] = {}
    heading = ""
    for line in (files(__package__) / "small_words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif not line.startswith("#"):
            words.setdefault(heading, set()).update(line.split())
    return {heading: frozenset(under) for heading, under in words.items() if heading}
