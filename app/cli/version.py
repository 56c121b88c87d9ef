"""clipsearch --version"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from app import __version__
from app.cli.common import show
from app.cli.run_log import FILE
from app.config import Config, load_config, settings_file
from app.services import open_library_of
from store.errors import ClipsearchError, ConfigError

_PACKAGES = (
    *("torch", "open_clip_torch", "timm", "openvino", "faiss-cpu", "sqlalchemy", "pillow"),
    *("pillow-heif", "numpy", "streamlit", "typer"),
)


def print_version(wanted: bool) -> None:
    """Print what a bug report needs, as far as it can be known, however broken things are."""
    if not wanted:
        return
    for name, value in facts():
        typer.echo(f"{name:<10} {show(value)}")
    raise typer.Exit


def facts() -> Iterator[tuple[str, str]]:
    """Names and values of the lines; nothing heavy is imported for them."""
    yield "clipsearch", __version__
    yield "Python", f"{platform.python_version()}, {sys.executable}"
    yield "System", f"{platform.platform()}, {os.cpu_count()} cores"
    yield "Packages", ", ".join([*map(_package, _PACKAGES), f"SQLite {sqlite3.sqlite_version}"])
    try:
        config = load_config()
    except ConfigError as error:
        yield "Settings", str(error)
        return
    yield "Model", _model(config)
    yield "Engine", f"{config.engine}, device {config.device}"
    yield "Library", str(config.server) if config.server else _place(config.library)
    yield "Cache", _place(config.cache)
    yield "Settings", _place(settings_file())
    yield "Log", _place(config.log / FILE)
    variables = sorted(name for name in os.environ if name.startswith("CLIPSEARCH_"))
    yield "Set", ", ".join(variables) or "no variable CLIPSEARCH_..."


def _package(name: str) -> str:
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        return f"no {name}"


def _model(config: Config) -> str:
    try:
        with open_library_of(config) as library:
            model = library.model()
    except (ClipsearchError, OSError) as error:
        return f"not known: {error}"
    return f"{model.name}, {model.dim} dimensions" if model else "none yet"


def _place(path: Path) -> str:
    try:
        there = path.exists()
    except OSError:
        there = False
    return f"{path}{'' if there else ' (not there)'}"
