"""Values that typer need not convert, and that it is asked about all others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from app.cli.plain_arguments import PlainCommand

app = typer.Typer(add_completion=False)


@app.command(cls=PlainCommand)
def show(
    words: Annotated[list[str], typer.Argument()],
    name: Annotated[str | None, typer.Option("--name")] = None,
    kept: Annotated[list[str] | None, typer.Option("--kept")] = None,
    folder: Annotated[Path | None, typer.Option("--folder")] = None,
    count: Annotated[int, typer.Option("--count", min=1)] = 7,
    share: Annotated[float | None, typer.Option("--share")] = None,
) -> None:
    typer.echo(repr((words, name, kept, folder, count, share)))


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("a b", (["a", "b"], None, None, None, 7, None)),
        ("a --name 5 --kept x --kept y", (["a"], "5", ["x", "y"], None, 7, None)),
        ("a --folder up/down", (["a"], None, None, Path("up/down"), 7, None)),
        ("a --count 5 --share 0.25", (["a"], None, None, None, 5, 0.25)),
    ],
)
def test_a_command_gets_values_of_the_types_that_it_names(
    typed: str, values: tuple[object, ...]
) -> None:
    done = CliRunner().invoke(app, typed.split())
    assert done.output.strip() == repr(values)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "words"), ("a --count 0", "--count"), ("a --count x", "--count"), ("a --no", "--no")],
)
def test_wrong_values_are_still_refused(typed: str, said: str) -> None:
    done = CliRunner().invoke(app, typed.split())
    assert done.exit_code == 2
    assert said in done.output
