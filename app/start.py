"""The start of ``clipsearch``: what has to be done before the first slow import."""

from __future__ import annotations

import gc
import sys

from app.processes import is_trusted

_OBJECTS_BETWEEN_COLLECTIONS = 10_000
"""By Python's own number, a start looks for garbage some 200 times, among what modules have made
and what stays until the end: a tenth of the time of a search."""


def main() -> None:
    """Run the command line that ``sys.argv`` holds, and end the process with its exit code."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    # ``python -m`` and an empty entry in PYTHONPATH put the current folder there, which may be
    # somebody else's folder of photos with a numpy.py in it.
    sys.path[:] = [entry for entry in sys.path if is_trusted(entry)]
    import signal

    from app.interrupts import stop, stopped_at_once

    with stopped_at_once() as watched:
        from app.cli.commands import cli
    try:
        cli()
    except KeyboardInterrupt:
        stop()
    finally:
        if watched:  # all work is done: a last Ctrl-C ends the process silently
            signal.signal(signal.SIGINT, signal.SIG_DFL)
