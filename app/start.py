"""The start of ``clipsearch``: what has to be done before the first slow import."""

from __future__ import annotations

import gc
import io
import sys

from app.processes import is_trusted

_SEARCHES = (["search"], ["similar"])
# They import much and throw hardly anything away before they end: to look for cyclic garbage again
# and again took a tenth of their time.
_BRIEF = (*_SEARCHES, ["status"])


def main() -> None:
    """Run the command line that ``sys.argv`` holds, and end the process with its exit code."""
    # ``python -m`` and an empty entry in PYTHONPATH put the current folder there, which may be
    # somebody else's folder of photos with a numpy.py in it.
    sys.path[:] = [entry for entry in sys.path if is_trusted(entry)]
    if sys.argv[1:2] in _BRIEF:
        gc.disable()
    _print_any_name()
    import signal

    from app.interrupts import stop, stopped_at_once
    from app.one_thread import import_numpy

    with stopped_at_once() as watched:
        if sys.argv[1:2] in _SEARCHES:
            import_numpy()
        from app.cli.commands import cli
    try:
        cli()
    except KeyboardInterrupt:
        stop()
    finally:
        if watched:  # all work is done: a last Ctrl-C ends the process silently
            signal.signal(signal.SIGINT, signal.SIG_DFL)


def _print_any_name() -> None:
    """Let standard output take every name: a pipe on Windows has no Chinese, and it would raise
    UnicodeEncodeError in the middle of an answer."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")
