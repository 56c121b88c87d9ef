"""Runs ``clipsearch`` commands in children of one warm process, so that hundreds take a minute.

Reads one JSON list of arguments a line. For each it forks, prints the child's number, and lets the
child go on only when another line came: a tracer has attached itself by then. When the child has
ended, prints its exit code, negative for a signal.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent)]

import indexer.recorder
from app import services
from app.cli import cli
from fakes import ColourEncoder


def load(*_: object, **__: object) -> services.LoadedModel:
    return services.LoadedModel(ColourEncoder(fingerprint=os.environ["FINGERPRINT"]), None)


services.encoder_for_indexing = load
indexer.recorder.COMMIT_FILES = 8  # more moments at which a fault could hurt


def child(arguments: list[str], output: str) -> None:
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number in (1, 2):
        os.dup2(file, number)
    try:
        cli(arguments)
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 99
    sys.stdout.flush()
    os._exit(code)


def main() -> None:
    for line in sys.stdin:
        task = json.loads(line)
        os.environ.update(task["environment"])
        readable, writable = os.pipe()
        number = os.fork()
        if number == 0:
            os.close(writable)
            os.read(readable, 1)
            child(task["arguments"], task["output"])
        os.close(readable)
        print(number, flush=True)
        sys.stdin.readline()
        os.write(writable, b"x")
        os.close(writable)
        _, status = os.waitpid(number, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
