"""What every command shares: options, errors as one line, and output that survives any name."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from app.cli import run_log
from app.cli.colours import paint
from app.config import Config, load_config
from app.plain_json import without_nan
from app.text import one_line
from store.errors import (
    ClipsearchError,
    ConfigError,
    DataError,
    DeviceUnavailable,
    EngineUnavailable,
    QueryError,
    RootNotFound,
    UnknownModel,
)

if TYPE_CHECKING:
    from app.query.model import Query
    from app.search.searcher import Searcher
    from store.library import Library

WRONG_USE, FAILED, NOTHING_FOUND, STOPPED = 2, 1, 3, 130
_WRONG_USE = (
    QueryError,
    RootNotFound,
    UnknownModel,
    DeviceUnavailable,
    EngineUnavailable,
    ConfigError,
    DataError,
)

LibraryOption = Annotated[
    str | None,  # not a Path, which would take one slash out of "scheme://"
    typer.Option(
        "--library",
        metavar="<path>",
        help="The library's folder, or postgresql://USER@HOST/DATABASE (also: CLIPSEARCH_LIBRARY). "
        "Default: your user data folder.",
        show_default=False,
    ),
]
DeviceOption = Annotated[
    str | None,
    typer.Option(
        "--device", help="auto, cpu, cuda or mps (also: CLIPSEARCH_DEVICE).", show_default="auto"
    ),
]
EngineOption = Annotated[
    str | None,
    typer.Option(
        "--engine",
        help="auto, torch or openvino (also: CLIPSEARCH_ENGINE).",
        show_default="auto",
    ),
]
LanguageOption = Annotated[
    str | None,
    typer.Option(
        "--language",
        help="Of the query: auto, or a code like en, de, fr, zh (also: CLIPSEARCH_LANGUAGE).",
        show_default="auto",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]


_opened: ContextVar[ExitStack] = ContextVar("opened")


class CommandGroup(TyperGroup):
    """Turns the errors that clipsearch raises on purpose into one line and an exit code.

    What a command opens by ``open_library`` or ``open_searcher`` is closed when the command ends.
    """

    def invoke(self, ctx: Any) -> Any:
        with run_log.keep_log():
            return self._invoke(ctx)

    def _invoke(self, ctx: Any) -> Any:
        try:
            with ExitStack() as opened:
                _opened.set(opened)
                return super().invoke(ctx)
        except ClipsearchError as error:
            complain(str(error))
            raise typer.Exit(WRONG_USE if isinstance(error, _WRONG_USE) else FAILED) from error
        except BrokenPipeError:  # the other end has seen enough: ``clipsearch ... | head``
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  # silences the last flush
            raise typer.Exit(0) from None
        except KeyboardInterrupt:
            complain("Stopped.")
            raise typer.Exit(STOPPED) from None
        except MemoryError as error:
            complain("There is not enough memory.")
            raise typer.Exit(FAILED) from error
        except OSError as error:  # a full disk, a folder that may not be written
            complain(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "))
            raise typer.Exit(FAILED) from error
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except Exception as error:
            if os.environ.get("CLIPSEARCH_DEBUG"):
                raise
            complain(
                f"Something went wrong that should not: {type(error).__name__}: {error}. "
                "Please report it, with what clipsearch --version and the same command with "
                "--verbose show."
            )
            raise typer.Exit(FAILED) from error


def configure(
    library: str | None,
    device: str | None = None,
    engine: str | None = None,
    language: str | None = None,
) -> Config:
    config = load_config(library=library, device=device, engine=engine, language=language)
    run_log.LOG.debug("settings: %s", config)
    return config


def at_the_end(work: Callable[[], object]) -> None:
    """Do ``work`` when the command ends, once what it opens from now on is closed."""
    _opened.get().callback(work)


def open_library(config: Config, *, create: bool = False) -> Library:
    """The configured library; the command's end closes it. See ``services.open_library_of``."""
    from app import services

    opened = services.open_library_of(config, create=create, tell=note)
    return _opened.get().enter_context(opened)


def open_or_make(config: Config, folders: Sequence[Path]) -> Library:
    """As ``open_library``, made if there is none, for ``folders`` (absolute) to be added to it.

    Raises:
        RootNotFound: it would be made for a folder that is not there.
    """
    from app import services
    from app.folders import require_folder

    if not services.library_exists(config):
        for folder in folders:
            require_folder(folder)
    return open_library(config, create=True)


def note_if_read_only(library: Library) -> Library:
    """``library``; tells the user if it can't be written to, and what else is to be said of it."""
    if library.warning:
        note(library.warning)
    if not library.writable:
        note(
            f"The library {library.where} can't be written to: it is searched as it is, and "
            "what is worked out is not kept."
        )
    return library


def open_searcher(config: Config, likely: Sequence[str] = ()) -> Searcher:
    """The searcher over the configured library, with notes to the user about its state.

    The command's end closes it. The texts that are ``likely`` to be asked for are encoded while
    the library opens.
    """
    from app import services

    opening = services.open_searcher(config, note, once=True, likely=likely)
    searcher = _opened.get().enter_context(opening)
    note_if_read_only(searcher.library)
    run_log.LOG.debug("model: %s, run by %s", searcher.model.name, searcher.engine)
    note_cache(searcher.engine, searcher.model.fingerprint, config)
    return searcher


def note_languages(searcher: Searcher, query: Query) -> None:
    """Tell the user which languages a query is read in, where not in English."""
    for said in searcher.texts.notes(query.texts, query.asked):
        note(said if said.endswith(".") else f"{said}.")


def note_cache(engine: str, fingerprint: str, config: Config) -> None:
    """Tell the user if the model was converted and the cache could not keep it."""
    from app import services

    if said := services.cache_note(engine, fingerprint, config):
        note(said)


def confirm_or_end(question: str) -> None:
    """Ask before something is removed; a no ends the command.

    Without a terminal to ask on, that is wrong use: such a command has ``--yes``.
    """
    if sys.stdin is None or sys.stdin.closed:
        raise typer.BadParameter(
            "there is nobody to ask; add it if you are sure", param_hint="--yes"
        )
    typer.confirm(question, abort=True)


def complain(text: str) -> None:
    name = paint("clipsearch:", "error", sys.stderr)
    typer.echo(f"{name} {show(text)}", err=True, color=True)


def note(text: str) -> None:
    """Tell the user something that is not the output itself."""
    typer.echo(show(text), err=True)


def show(text: object) -> str:
    """Text for a person, on one line, whatever is in it: no terminal codes, no half characters."""
    return one_line(text)


def print_paths(paths: Iterable[Path | str], end: bytes = b"\n") -> None:
    """Print bare paths, byte for byte as the system has them, with ``end`` after each."""
    typer.echo(b"".join(os.fsencode(path) + end for path in paths), nl=False)


def print_json(value: dict[str, Any]) -> None:
    # ASCII: a name that is not valid text comes out as its escapes, and back in by json.loads.
    typer.echo(json.dumps(without_nan(value), allow_nan=False))
    sys.stdout.flush()  # for a program that waits at the other end of a pipe


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
