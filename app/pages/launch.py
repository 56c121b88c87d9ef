"""``python -m app.pages.launch --server.port=8501``: the page's server, with our settings alone.

Streamlit would also read the settings and secrets in the current folder, which may be somebody
else's folder of photos, and in the home folder, where they are meant for other pages.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent.absolute()


def main() -> None:
    from app.one_thread import import_numpy

    import_numpy()  # before Streamlit does
    from streamlit import config
    from streamlit.web import cli

    def ours(file_name: str) -> list[str]:
        return [str(_HERE / ".streamlit" / file_name)]

    config.get_config_files = ours
    sys.argv[1:] = ["run", str(_HERE / "server.py"), *sys.argv[1:]]
    cli.main(prog_name="streamlit")


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
