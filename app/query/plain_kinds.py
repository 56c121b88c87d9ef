"""Kinds of photos in plain words: screenshots, favourites and videos.

Each is a filter where it is all that a chunk says: "my favourites", "screenshots, 2019".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from app.query.library_names import GetNames
from app.query.phrases import Word
from app.query.plain_names import NamePart
from app.query.values import read_filter
from store.filters import Any, InFolder, Name
from store.folding import fold

_MINE = r"(?:(?:all|my|our|the|alle|meine|unsere|die|mes|les|mis|las|los) )*"
_SCREENSHOTS = (
    rf"{_MINE}(?:(?:screen|bildschirm) ?(?:shot|foto)s?|captures? d'ecran|capturas? de pantalla)"
    r"|(?:我的)?(?:截图|截屏|屏幕截图)"
)
_SCREENSHOT_NAMES = (
    *("*screenshot*", "*screen shot*", "*bildschirmfoto*", "*capture d*cran*"),
    *("*captura de pantalla*", "*截图*", "*截屏*", "*屏幕快照*"),
)
_FAVOURITES = (
    rf"{_MINE}(?:favou?rites?(?: (?:photos?|pictures?))?|favoriten|lieblings(?:fotos|bilder)"
    r"|(?:photos )?(?:favoris|favorites|preferees)|(?:fotos )?(?:favorit[ao]s|preferidas))"
    r"|(?:我的)?收藏(?:的照片)?"
)
_VIDEOS = rf"{_MINE}(?:videos?|clips)|(?:我的)?(?:视频|录像)"
_VIDEOS_OF = rf"{_MINE}(?:videos? (?:of|with|showing|von|mit|de|avec|con))(?= .)"


def kind_in(chunk: Sequence[Word], names: GetNames) -> NamePart | None:
    """The kind of photos that a chunk names; None if it names none.

    Videos are one only where the library has some. "Videos of" may stand before other words.
    """
    if any(word.quoted for word in chunk):
        return None
    text = fold(" ".join(word.text for word in chunk)).replace("\u2019", "'")
    screenshots, favourites, videos, videos_of = _patterns()
    if screenshots.fullmatch(text):
        named = Any((*map(Name, _SCREENSHOT_NAMES), InFolder(("screenshots",))))
        return NamePart(0, len(chunk), "screenshot", named, "screenshots, by name or folder")
    if favourites.fullmatch(text):
        return NamePart(0, len(chunk), "favourite", *read_filter("is", ["favourite"], False))
    match = videos.fullmatch(text) or videos_of.match(text)
    if match and names().has_videos:
        last = match[0].count(" ") + 1
        return NamePart(0, last, "video", *read_filter("type", ["video"], False))
    return None


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, (_SCREENSHOTS, _FAVOURITES, _VIDEOS, _VIDEOS_OF)))
