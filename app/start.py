"""The start of ``clipsearch``: what has to be done before the first slow import."""

from __future__ import annotations

import os
import sys

from app.processes import is_trusted

STOPPED = 130


def main() -> None:
    """Run the command line that ``sys.argv`` holds, and end the process with its exit code."""
    # ``python -m`` and an empty entry in PYTHONPATH put the current folder there, which may be
    # somebody else's folder of photos with a numpy.py in it.
    sys.path[:] = [entry for entry in sys.path if is_trusted(entry)]
    import signal

    # An import that Ctrl-C interrupts raises whatever the package makes of that.
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
        if watched:  # all work is done: a last Ctrl-C ends the process silently
            signal.signal(signal.SIGINT, signal.SIG_DFL)


def _stop() -> None:
    os.write(2, b"clipsearch: Stopped.\n")
    os._exit(STOPPED)
