"""Python processes of clipsearch: how they are started, and how they make room for others.

They import no code which happens to lie in the current folder.
"""

from __future__ import annotations

import os  # no pathlib: nothing may be imported before ``sys.path`` is what it should be
import sys

TYPE_CHECKING = False  # to import ``typing`` would be too early as well
if TYPE_CHECKING:
    import subprocess

    from app.config import Config

_TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
_PAGES = os.path.join(_TOP, "app", "pages")  # noqa: PTH118  # Streamlit adds its script's folder
_NICE = 15


def command(module: str, *arguments: str) -> list[str]:
    """The command that runs ``module`` with this Python; to be started in ``environment()``."""
    return [sys.executable, "-P", "-m", module, *arguments]


def begun(config: Config, name: str, *options: str, stdin: int) -> subprocess.Popen[str]:
    """The command ``name`` of clipsearch on the configured library, whose lines of JSON are read.

    Args:
        stdin: what ``subprocess.Popen`` takes for it.

    Raises:
        OSError: it can't be started.
    """
    import subprocess

    chosen = ("--json", "--device", config.device, "--engine", config.engine)
    return subprocess.Popen(
        command("app.cli", name, *chosen, *options),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment(**config.library_environment),
    )


def environment(**more: str) -> dict[str, str]:
    """This process's environment and ``more``, with modules imported from where they are here."""
    kept = [entry for entry in sys.path if is_trusted(entry) and entry != _PAGES]
    safe = {"PYTHONPATH": os.pathsep.join(kept), "PYTHONSAFEPATH": "1"}
    return os.environ | safe | more


def give_way() -> None:
    """Let whatever else wants the processor have it first: searches, above all. Alone on a machine,
    this process takes hardly longer.

    To be called before there are threads: on Linux, each has a priority of its own. Many Linux
    systems compare only what was started in one session, as a terminal is, or the page with the
    runs that it starts. Python knows of no such call on Windows.
    """
    if hasattr(os, "nice"):
        os.nice(max(0, _NICE - os.nice(0)))


def is_trusted(entry: str) -> bool:
    """Whether modules may be imported from ``entry`` of ``sys.path``.

    The current folder is trusted only if clipsearch itself is in it: it may be a folder of photos
    that somebody else has filled.
    """
    if not os.path.isabs(entry):  # noqa: PTH117
        return False
    return _same(entry, _TOP) or not _same(entry, os.curdir)


def _same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)  # noqa: PTH121
    except OSError:
        return False
