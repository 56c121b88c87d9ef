"""Files made with ExifTool, and what it reads of them by the guideline of the working group."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

needs_exiftool = pytest.mark.skipif(not shutil.which("exiftool"), reason="ExifTool isn't here")


def picture(path: Path, *tags: str, size: tuple[int, int] = (32, 24)) -> Path:
    """A picture at ``path`` with ``tags`` ("-XMP-dc:Title=Sea"), by its ending a JPEG or other."""
    Image.new("RGB", size, "teal").save(path)
    return write(path, *tags)


def write(path: Path, *tags: str) -> Path:
    """Write ``tags`` into a file, or a new sidecar."""
    command = ["exiftool", "-q", "-q", "-m", "-overwrite_original", "-charset", "iptc=UTF8"]
    done = subprocess.run(
        [*command, *tags, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return path


def read(path: Path) -> dict[str, Any]:
    """What ExifTool says of a file by the guideline: its tags of the group MWG, and some more."""
    command = ["exiftool", "-json", "-use", "MWG", "-MWG:all", "-n", "-charset", "iptc=UTF8"]
    command += ["-Composite:GPSLatitude", "-Composite:GPSLongitude", "-XMP-dc:Title"]
    done = subprocess.run(
        [*command, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    said: dict[str, Any] = json.loads(done.stdout)[0]
    return said
