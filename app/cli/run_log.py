"""The log of each run of a command: enough to report a bug, nothing about photos.

A run has two lines: the command that began, with the names of its options, and how and when it
ended. An error is its kind and the places in the code that it came through. Queries, paths and
messages are in the log of a run with ``--verbose`` only, which shows the same on the screen.
"""

from __future__ import annotations

import functools
import inspect
import logging
import os
import platform
import shlex
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Annotated, Any

import typer

from app import __version__
from app.config import load_config
from app.text import one_line
from indexer.encoders import slow_work
from store.address import without_passwords
from store.errors import ConfigError

LOG = logging.getLogger("clipsearch")
FILE = "clipsearch.log"
_BYTES = 200_000  # of one file; there is one older file beside it
_PLACES = 8  # in the code that an error came through, at most

VerboseOption = Annotated[
    bool,
    typer.Option("-v", "--verbose", help="Say what is done meanwhile; errors with all details."),
]


class _OneLine(logging.Formatter):
    """Formats a record as one line, whatever a name or message holds; a traceback follows below."""

    def __init__(self, text: str, *, details: bool) -> None:
        super().__init__(text)
        self._details = details

    def formatMessage(self, record: logging.LogRecord) -> str:
        return one_line(super().formatMessage(record))

    def formatException(self, raised: Any) -> str:
        if self._details:
            lines = super().formatException(raised).splitlines()
            return "\n".join(f"  {one_line(line)}" for line in lines)
        return f"  {_places(raised[1])}"

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # else one handler would reuse the other's
        return super().format(record)


class _File(RotatingFileHandler):
    """A log file that only the user can read. If it can't be written, the command goes on."""

    def _open(self) -> Any:
        def private(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        return open(  # RotatingFileHandler closes it
            self.baseFilename, "a", encoding="utf-8", errors="backslashreplace", opener=private
        )

    def handleError(self, record: logging.LogRecord) -> None:
        pass


class _Waiting(logging.Handler):
    """Tells whoever waits what takes so long; the log is not told: a model's name may be a path."""

    def emit(self, record: logging.LogRecord) -> None:
        typer.echo(one_line(record.getMessage()), err=True)


class _LoggedRun:
    """The run that is going on in this process."""

    def __init__(self) -> None:
        self.file: _File | None = None
        self.screen: logging.Handler | None = None

    @property
    def verbose(self) -> bool:
        return self.screen is not None


_run = _LoggedRun()


@contextmanager
def keep_log() -> Iterator[None]:
    """Log the run of a block; the last line says how the block ended."""
    began = time.monotonic()
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
    slow_work.LOG.setLevel(logging.INFO)
    slow_work.LOG.propagate = False
    slow_work.LOG.addHandler(waiting := _Waiting())
    with suppress(OSError, ConfigError):  # the command itself will say what is wrong
        folder = load_config().log
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _run.file = _File(folder / FILE, maxBytes=_BYTES, backupCount=1, delay=True)
        _run.file.setFormatter(_OneLine(f"%(asctime)s [{os.getpid()}] %(message)s", details=False))
        LOG.addHandler(_run.file)
    try:
        yield
    except BaseException as error:
        _ended(error, time.monotonic() - began)
        raise
    else:
        _ended(None, time.monotonic() - began)
    finally:
        slow_work.LOG.removeHandler(waiting)
        for handler in filter(None, (_run.file, _run.screen)):
            LOG.removeHandler(handler)
            handler.close()
        _run.file = _run.screen = None


def be_verbose() -> None:
    """From now on, write all details to the log and to the screen."""
    if _run.verbose:
        return
    LOG.setLevel(logging.DEBUG)
    if _run.file:
        _run.file.setFormatter(_OneLine(f"%(asctime)s [{os.getpid()}] %(message)s", details=True))
    _run.screen = logging.StreamHandler(sys.stderr)
    _run.screen.setFormatter(_OneLine("clipsearch: %(message)s", details=True))
    LOG.addHandler(_run.screen)
    LOG.debug("clipsearch %s, Python %s", __version__, platform.python_version())
    LOG.debug("typed: %s", without_passwords(shlex.join(sys.argv[1:])))


def logged(command: Callable[..., None]) -> Callable[..., None]:
    """``command`` with ``--verbose`` as its last option, and a log line when it begins."""
    signature = inspect.signature(command, eval_str=True)  # as typer reads it

    @functools.wraps(command)
    def run(*, verbose: bool = False, **given: Any) -> None:
        if verbose:
            be_verbose()
        defaults = {name: parameter.default for name, parameter in signature.parameters.items()}
        named = [name for name, value in given.items() if value != defaults[name]]
        LOG.info("%s began: %s", command.__name__, ", ".join(named) or "no arguments")
        command(**given)

    option = inspect.Parameter(
        "verbose", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=VerboseOption
    )
    run.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*signature.parameters.values(), option]
    )
    return run


def _ended(error: BaseException | None, seconds: float) -> None:
    code = 0 if error is None else getattr(error, "exit_code", 1)
    why = (error.__cause__ or error) if error and code else None
    kind = f", {type(why).__name__}" if why and not isinstance(why, typer.Exit) else ""
    raised = why if kind and not isinstance(why, typer.TyperException) else None
    LOG.info("ended with %s after %.1f s%s", code, seconds, kind, exc_info=raised)


def _places(error: BaseException) -> str:
    """The places in the code, without messages; of each file, only its name and folder."""
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    return " > ".join(
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno}" for frame in frames
    )
