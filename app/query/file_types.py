"""What people call a kind of file, in ``type:`` and beside it, and what Pillow calls it."""

from __future__ import annotations

_FORMATS = {
    "jpg": ("JPEG", "MPO"),
    "heic": ("HEIF",),
    "jp2": ("JPEG2000",),
    "tiff": ("TIFF",),
}
_ALSO = {"jpeg": "jpg", "tif": "tiff"}
_TYPES = {name: file_type for file_type, names in _FORMATS.items() for name in names}


def formats_of(file_type: str) -> tuple[str, ...]:
    """Pillow's names of what ``type:`` asks for, whatever the case: "jpg" is JPEG and MPO."""
    name = file_type.lower()
    return _FORMATS.get(_ALSO.get(name, name), (name.upper(),))


def type_of(name: str) -> str:
    """The value of ``type:`` for one of Pillow's names; it asks for at least that format."""
    return _TYPES.get(name, name.lower())
