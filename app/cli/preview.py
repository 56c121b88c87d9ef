"""Pictures in the terminal, in the best way it has: Kitty or Sixel graphics, or half blocks."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from store.errors import PhotoError

_SIDE = 320  # pixels to decode; a terminal shows no more
_ROWS = 12


def can_preview() -> bool:
    """Whether pictures can be seen: not in a pipe or file, nor in a terminal without a size."""
    return sys.stdout.isatty() and os.get_terminal_size(sys.stdout.fileno()).columns > 0


def preview(path: Path) -> bool:
    """Show a photo in the terminal. Returns whether it could be read."""
    from indexer.pictures.decode import decode

    try:
        with path.open("rb") as file:
            image, _ = decode(file, _SIDE, name=path.name)
    except (OSError, PhotoError):
        return False
    # The package asks the terminal what it can do when it is imported.
    from rich.console import Console
    from textual_image.renderable import Image

    Console().print(Image(image, height=_ROWS, width="auto"))
    return True
