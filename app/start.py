"""Where ``clipsearch`` begins: what has to be seen to before the first import that takes time."""

from __future__ import annotations

import os
import sys

from app.processes import is_trusted

STOPPED = 130


def main() -> None:
    """Run the command line that ``sys.argv`` holds, and end the process with its exit code."""
    # ``python -m`` and an empty entry in PYTHONPATH put the current folder there: of somebody
    # else's photos, perhaps, with a numpy.py among them.
    sys.path[:] = [entry for entry in sys.path if is_trusted(entry)]
    import signal

    # An import that Ctrl-C interrupts ends in whatever the package makes of that.
    watched = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if watched:
        signal.signal(signal.SIGINT, lambda _number, _frame: _stop())
    from app.cli.commands import cli

    if watched:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        cli()
    except KeyboardInterrupt:
        _stop()
    finally:
        if watched:  # all is done: let a last Ctrl-C end the process without a word
            signal.signal(signal.SIGINT, signal.SIG_DFL)


def _stop() -> None:
    os.write(2, b"clipsearch: Stopped.\n")
    os._exit(STOPPED)
