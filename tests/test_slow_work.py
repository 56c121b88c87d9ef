"""What takes long is said while it is done, and what does not is not."""

from __future__ import annotations

import logging
import threading

import pytest
import typer
from typer.testing import CliRunner

from app.cli.run_log import keep_log
from indexer.encoders.slow_work import LOG, said_if_slow


class Lines(logging.Handler):
    """Keeps the lines, and tells when the first has come."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.came = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        self.came.set()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Lines:
    lines = Lines()
    monkeypatch.setattr(LOG, "handlers", [lines])
    monkeypatch.setattr(LOG, "propagate", False)
    monkeypatch.setattr(LOG, "level", logging.INFO)
    return lines


def test_it_is_said_while_the_work_goes_on(heard: Lines) -> None:
    with said_if_slow("Converting ...", after=0.01):
        assert heard.came.wait(30)
        assert heard.lines == ["Converting ..."]
    assert heard.lines == ["Converting ..."]


def test_nothing_is_said_of_what_is_done_by_then_or_has_failed(heard: Lines) -> None:
    with said_if_slow("quick", after=0.2):
        pass
    with pytest.raises(ValueError, match="broken"), said_if_slow("failed", after=0.2):
        raise ValueError("broken")
    assert not heard.came.wait(0.5)


def test_the_command_line_shows_it_on_one_line_of_standard_error() -> None:
    cli = typer.Typer()

    @cli.command()
    def waits() -> None:
        with keep_log():
            LOG.info("Loading the model local-dir:/a\n\x1b[31mb ...")
            typer.echo("done")

    done = CliRunner().invoke(cli, [])
    assert done.stdout == "done\n"
    assert done.stderr == "Loading the model local-dir:/a\\n\\x1b[31mb ...\n"
