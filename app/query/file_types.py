"""What people call a kind of file, in ``type:`` and beside it, and what the library calls it."""

from __future__ import annotations

from indexer.videos.video_files import VIDEO_FORMATS

_FORMATS = {
    "jpg": ("JPEG", "MPO"),
    "heic": ("HEIF",),
    "jp2": ("JPEG2000",),
    "tiff": ("TIFF",),
}
VIDEO, PHOTO = "video", "photo"
"""What ``type:`` calls all videos, and all that are none."""
_ALSO = {"jpeg": "jpg", "tif": "tiff"}
_TYPES = {name: file_type for file_type, names in _FORMATS.items() for name in names}


def formats_of(file_type: str) -> tuple[str, ...]:
    """Pillow's names of what ``type:`` asks for, whatever the case: "jpg" is JPEG and MPO; of
    videos, our own."""
    name = file_type.lower()
    if name == VIDEO:
        return VIDEO_FORMATS
    return _FORMATS.get(_ALSO.get(name, name), (name.upper(),))


def type_of(name: str) -> str:
    """The value of ``type:`` for one of Pillow's names; it asks for at least that format."""
    return _TYPES.get(name, name.lower())
