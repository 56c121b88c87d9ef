"""The real ``clipsearch`` command with the checkable encoder, slowed down a little.

Run by ``test_crash.py`` in a process of its own, to be killed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent)]

import indexer.recorder
from app import services
from app.cli import cli
from fakes import ColourEncoder
from indexer.encoders.encoder import Pixels
from store.vectors import Vectors


class SlowEncoder(ColourEncoder):
    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        time.sleep(0.03)
        return super().encode_images(images)


def load(*_: object, **__: object) -> services.LoadedModel:
    return services.LoadedModel(SlowEncoder(batch_size=8), None)


services.encoder_for_indexing = load
indexer.recorder.COMMIT_FILES = 16  # more moments at which a kill could hurt
cli(sys.argv[1:])
