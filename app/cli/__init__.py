"""The command line: arguments, output and exit codes; the work is done elsewhere.

Exit codes: 0 done (also when some files failed), 1 a real failure, 2 wrong use, 3 nothing found,
130 stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.cli.commands import cli

__all__ = ["cli"]


def __getattr__(name: str) -> Any:
    """Import ``cli`` when it is first used: ``app.start`` has a few things to do before."""
    if name == "cli":
        from app.cli.commands import cli

        return cli
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
