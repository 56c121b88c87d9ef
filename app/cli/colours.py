"""Colours for output to a terminal, unless the user wants none.

``NO_COLOR`` (https://no-color.org) switches them off, ``FORCE_COLOR`` or ``CLICOLOR_FORCE`` on, in
pipes too. JSON and bare paths never have any.
"""

from __future__ import annotations

import os
from typing import IO, Any, Literal

import typer

Meaning = Literal["strong", "fair", "weak", "error"]
_FORCING = ("FORCE_COLOR", "CLICOLOR_FORCE")
_STYLES: dict[Meaning, dict[str, Any]] = {
    "strong": {"fg": "green", "bold": True},
    "fair": {"fg": "yellow"},
    "weak": {"dim": True},
    "error": {"fg": "red", "bold": True},
}


def paint(text: str, meaning: Meaning, stream: IO[str] | None) -> str:
    """``text``, in colour if ``stream`` has colours; echo it with ``color=True``."""
    return typer.style(text, **_STYLES[meaning]) if has_colours(stream) else text


def has_colours(stream: IO[str] | None) -> bool:
    """Whether output to ``stream`` has colours (None: there is no such stream)."""
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in ("", "0") for name in _FORCING):
        return True
    if os.environ.get("TERM") == "dumb" or os.environ.get("CLICOLOR") == "0":
        return False
    return stream is not None and not stream.closed and stream.isatty()
