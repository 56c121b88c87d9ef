"""Reads IPTC-IIM, the oldest place of captions and keywords, in JPEG and TIFF files."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from PIL import Image, IptcImagePlugin

from indexer.pictures.keywords import joined_keywords, kept_text
from indexer.pictures.moments import Moment, moment

_CHARSET = (1, 90)
_UTF_8 = b"\x1b%G"
_BLOCK, _DIGEST = 0x0404, 0x0425  # Photoshop's image resources

_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")
_TIME = re.compile(r"(\d\d)(\d\d)(\d\d)([+-]\d{4})?")


@dataclass(frozen=True)
class IptcFacts:
    """The facts in IPTC-IIM, each None where it says nothing.

    Attributes:
        outdates_xmp: whether a program that knows no XMP has changed it since both were written:
            beside it, the digest of an earlier state is kept.
    """

    original: Moment | None = None
    digital: Moment | None = None
    place_parts: tuple[str | None, str | None, str | None] = (None, None, None)
    title: str | None = None
    description: str | None = None
    creator: str | None = None
    copyright: str | None = None
    keywords: tuple[str, ...] | None = None
    outdates_xmp: bool = False


def read_iptc(image: Image.Image) -> IptcFacts:
    """The facts in a picture's IPTC. Never raises: a broken block has no facts."""
    try:
        sets: dict[tuple[int, int], Any] | None = IptcImagePlugin.getiptcinfo(image)  # type: ignore[arg-type]
        return _read(sets, _is_newer(image)) if sets else IptcFacts()
    except Exception:  # parsers of hostile bytes raise anything
        return IptcFacts()


def _read(sets: dict[tuple[int, int], Any], outdates_xmp: bool) -> IptcFacts:
    charset = sets.get(_CHARSET)
    is_utf_8 = isinstance(charset, bytes) and charset.startswith(_UTF_8)

    def texts(number: int) -> list[str]:
        values = sets.get((2, number))
        listed = values if isinstance(values, list) else [values]
        return [_decoded(one, is_utf_8) for one in listed if isinstance(one, bytes)]

    def text(number: int) -> str | None:
        return next(filter(None, map(kept_text, texts(number))), None)

    return IptcFacts(
        original=_moment(text(55), text(60)),
        digital=_moment(text(62), text(63)),
        place_parts=(text(90), text(95), text(101)),
        title=text(5),
        description=text(120),
        creator="; ".join(filter(None, map(kept_text, texts(80)))) or None,
        copyright=text(116),
        keywords=joined_keywords(texts(25)) or None,
        outdates_xmp=outdates_xmp,
    )


def _decoded(value: bytes, is_utf_8: bool) -> str:
    if is_utf_8:
        return value.decode("utf-8", "replace")
    try:
        return value.decode("utf-8")  # written without saying so, by many programs
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")


def _is_newer(image: Image.Image) -> bool:
    resources = image.info.get("photoshop")
    if not isinstance(resources, dict):
        return False
    block, digest = resources.get(_BLOCK), resources.get(_DIGEST)
    if not isinstance(block, bytes) or not isinstance(digest, bytes) or not any(digest):
        return False
    return hashlib.md5(block, usedforsecurity=False).digest() != digest[:16]


def _moment(day: str | None, time: str | None) -> Moment | None:
    date = _DAY.fullmatch(day or "")
    if not date:
        return None
    clock = _TIME.fullmatch(time or "")
    said = "-".join(date.groups())
    if clock:
        said += f"T{clock[1]}:{clock[2]}:{clock[3]}{clock[4] or ''}"
    return moment(said)
