"""What people call a kind of file, in ``type:`` and beside it, and the formats that it stands for.

Formats are called as Pillow calls them, and camera raws as ``store.stacks`` does;
videos as ``indexer.videos`` does.
"""

from __future__ import annotations

from indexer.videos.video_files import VIDEO_FORMATS
from store.stacks import RAW_FORMATS

_FORMATS = {
    "jpg": ("JPEG", "MPO"),
    "heic": ("HEIF",),
    "jp2": ("JPEG2000",),
    "tiff": ("TIFF",),
    "raw": RAW_FORMATS,
}
VIDEO, PHOTO = "video", "photo"
"""What ``type:`` calls all videos, and all that are none."""
_ALSO = {"jpeg": "jpg", "tif": "tiff"}
_TYPES = {name: file_type for file_type, names in _FORMATS.items() for name in names}


def formats_of(file_type: str) -> tuple[str, ...]:
    """The names of the formats that ``type:`` asks for, whatever the case.

    "jpg" is JPEG and MPO, "raw" any camera raw; "cr2" is those of Canon alone.
    """
    name = file_type.lower()
    if name == VIDEO:
        return VIDEO_FORMATS
    return _FORMATS.get(_ALSO.get(name, name), (name.upper(),))


def type_of(name: str) -> str:
    """The value of ``type:`` for the name of a format; it asks for at least that one."""
    return _TYPES.get(name, name.lower())
