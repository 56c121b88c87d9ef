"""Turns pictures into sRGB, by the colour profile (ICC) that is in their file.

Models, thumbnails and the page take each picture for sRGB; the numbers of a wider gamut (Display P3
of phones, Adobe RGB) would look dull there. It is done once a picture is small.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from PIL import Image

_LARGEST = 4_000_000  # bytes of a profile; those of printers have up to two million
_MODES = {
    # By the colours of the profile: the modes of pictures that it may be of, and what they become.
    "RGB": {"RGB": "RGB", "RGBA": "RGBA"},
    "CMYK": {"CMYK": "RGB"},
    "GRAY": {"L": "RGB"},
}


def to_srgb(image: Image.Image) -> Image.Image:
    """A picture of any mode in sRGB, if its profile says that it is not.

    A profile that can't be used is ignored. Never raises.
    """
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or not 0 < len(profile) <= _LARGEST:
        return image
    try:
        transform = _transform(profile, image.mode)
        converted: Image.Image = image if transform is None else transform.apply(image)
    except Exception:  # anybody's bytes, given to a C library
        return image
    if converted is not image:
        kept = {name: value for name, value in image.info.items() if name != "icc_profile"}
        converted.info = kept
    return converted


@lru_cache(16)
def _transform(profile: bytes, mode: str) -> Any:
    """What turns a picture of ``mode`` into sRGB; None where nothing is to be done, or can be."""
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return None
        becomes = _MODES.get(source.profile.xcolor_space.strip(), {}).get(mode)
        if becomes is None:
            return None
        # Many threads share it, which lcms allows without its cache of the last pixel.
        flags = ImageCms.Flags.NOCACHE | ImageCms.Flags.BLACKPOINTCOMPENSATION
        srgb = ImageCms.createProfile("sRGB")
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        return ImageCms.buildTransform(source, srgb, mode, becomes, intent, flags)
    except Exception:  # of a damaged profile
        return None
