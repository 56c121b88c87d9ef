"""What tests have done on the nodes of a Ray cluster, which import it by name."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from fakes import ColourEncoder
from indexer.encoders.encoder import Pixels
from store.vectors import Vectors

DEADLY = 77
"""Pixels: a picture of this width ends the process that prepares it."""


class SlowEncoder(ColourEncoder):
    """Takes its time, and leaves a file with the name of its process in ``folder``."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        (folder / str(os.getpid())).touch()

    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        time.sleep(0.2)
        return super().encode_images(images)


class MortalEncoder(ColourEncoder):
    """Dies of some pictures, as a decoder written in C may, or of every one."""

    def __init__(self, *, of_all: bool = False) -> None:
        super().__init__()
        self._of_all = of_all

    def prepare(self, image: Image.Image) -> Pixels:
        if self._of_all or image.width == DEADLY:
            os._exit(9)
        return super().prepare(image)


def other_weights() -> ColourEncoder:
    return ColourEncoder(fingerprint="2")


def version() -> str:
    return "1.0"


def version_by_process() -> str:
    return str(os.getpid())


def version_hiding(folder: Path, seen_by: int) -> str:
    """Nobody but the process ``seen_by`` sees ``folder`` after it was called."""
    if os.getpid() != seen_by:
        folder.rename(folder.with_name("hidden"))
    return "1.0"
