"""``python -m app.pages.launch --server.port=8501``: the page's server, with our settings alone.

Streamlit would also read the settings and secrets in the current folder, which may be somebody
else's folder of photos, and in the home folder, where they are meant for other pages.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent.absolute()
_BLAS_THREADS = "OPENBLAS_NUM_THREADS"


def main() -> None:
    from streamlit import config
    from streamlit.web import cli

    def ours(file_name: str) -> list[str]:
        return [str(_HERE / ".streamlit" / file_name)]

    config.get_config_files = ours
    calculate_alone()
    sys.argv[1:] = ["run", str(_HERE / "server.py"), *sys.argv[1:]]
    cli.main(prog_name="streamlit")


def calculate_alone() -> None:
    """Let NumPy multiply on one thread, unless the environment says otherwise.

    What a search multiplies is small. OpenBLAS would spread it over all cores, on which its threads
    then go on turning for a while, in the way of the pictures that the page asks for next.
    """
    if _BLAS_THREADS not in os.environ:
        os.environ[_BLAS_THREADS] = "1"
        import numpy  # noqa: F401  # which reads it once

        del os.environ[_BLAS_THREADS]  # a run that reads photos is another process


def middleware() -> list[Any]:
    """The page's middleware; ends this process, with one line, if its settings are not valid."""
    from app.web.routes import guard
    from store.errors import ConfigError

    try:
        return guard()
    except ConfigError as error:
        sys.exit(f"clipsearch: {error}")


if __name__ == "__main__":
    main()
