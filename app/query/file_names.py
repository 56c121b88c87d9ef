"""Names of files in plain words: "IMG_1234", "my dog.jpg", "holiday*"."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence

from app.query.phrases import Word
from app.query.plain_names import NamePart
from indexer.videos.video_files import VIDEO_ENDINGS
from store.filters import Name
from store.stacks import RAW_FORMATS

_CAMERA_FILE = re.compile(
    r"(?:img|dsc|dscn|dscf|_dsc|pxl|imgp|mvimg|vid|gopr|dji|sam|pict|p\d|wp|signal|whatsapp)"
    r"[-_ ]?\d{3,}[\w-]*|\d{8}[-_]\d{4,6}[\w-]*",
    re.IGNORECASE,
)
_PICTURES = "jpg jpeg jfif png heic heif hif tif tiff webp gif bmp avif jp2 psd nrw rwl sr2 srf"
_ENDINGS = (*_PICTURES.split(), *RAW_FORMATS, *(ending[1:] for ending in VIDEO_ENDINGS))
_FILE = re.compile(rf"[^*?\[\]]*[^*?\[\]\s.]\.(?:{'|'.join(sorted(_ENDINGS))})", re.IGNORECASE)
_GLOB = re.compile(r"(?=.*\w\w)[\w*.-]*\*[\w*.-]*")


def file_name(chunk: Sequence[Word]) -> NamePart | None:
    """The files that a whole chunk names; None if it does not."""
    if any(word.quoted for word in chunk):
        return None
    text = " ".join(word.text for word in chunk)
    if _FILE.fullmatch(text):
        name = re.split(r"[/\\]", text)[-1]  # a whole path is pasted
        return NamePart(0, len(chunk), "name", Name(glob.escape(name)), f"named {name}")
    if len(chunk) == 1 and _GLOB.fullmatch(text):
        return NamePart(0, 1, "name", Name(text), f"named {text}")
    if len(chunk) <= 2 and _CAMERA_FILE.fullmatch(text):
        pattern = "?".join(glob.escape(word.text) for word in chunk)  # "IMG 1234"
        return NamePart(0, len(chunk), "name", Name(f"{pattern}*"), f"named {text}")
    return None
