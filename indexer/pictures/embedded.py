"""What a picture's own file says beside its pixels, from EXIF, IPTC and XMP in it.

Where several say something, it goes by the guideline of the Metadata Working Group (version 2.0):
EXIF first; then XMP, unless a program that knows no XMP has changed IPTC since; then IPTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from PIL import Image

from indexer.pictures.exif import ExifFacts, read_exif
from indexer.pictures.iptc import IptcFacts, read_iptc
from indexer.pictures.moments import Moment, first_of
from indexer.pictures.xmp import XmpFacts
from indexer.pictures.xmp_properties import properties_of
from store.metadata import Metadata

T = TypeVar("T")

_XMP_IN_TIFF = 700
_XMP_IN_PNG = "XML:com.adobe.xmp"


@dataclass(frozen=True)
class Embedded:
    """What is in a picture's file: ``exif``, and what all of it comes to."""

    exif: ExifFacts
    metadata: Metadata


def read_embedded(image: Image.Image) -> Embedded:
    """What a picture's file says. Never raises: what can't be read says nothing."""
    exif, iptc, xmp = read_exif(image), read_iptc(image), _read_xmp(image)
    try:
        return Embedded(exif, _joined(exif, iptc, xmp))
    except Exception:  # XMP is anybody's, and may surprise the one who picks it apart
        return Embedded(exif, _joined(exif, iptc, XmpFacts({})))


def filled_up(one: Embedded, other: Embedded) -> Embedded:
    """What ``one`` says of camera, lens, time, place and all else, and ``other`` where it does not.

    The exposure and which way is up stay those of ``one``.
    """
    exif = replace(
        one.exif,
        camera=one.exif.camera or other.exif.camera,
        lens=one.exif.lens or other.exif.lens,
    )
    mine, theirs = one.metadata, other.metadata
    together = [("taken_at", "only_day", "offset"), ("latitude", "longitude")]
    alone = {field.name for field in fields(Metadata)}.difference(*together)
    missing = [
        name
        for names in [*together, *[(name,) for name in alone]]
        if getattr(mine, names[0]) is None
        for name in names
    ]
    return Embedded(exif, replace(mine, **{name: getattr(theirs, name) for name in missing}))


def _read_xmp(image: Image.Image) -> XmpFacts:
    data: Any = image.info.get("xmp") or image.info.get(_XMP_IN_PNG)
    if data is None:
        data = getattr(image, "tag_v2", {}).get(_XMP_IN_TIFF)
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    try:
        return XmpFacts(properties_of(data)) if isinstance(data, bytes) and data else XmpFacts({})
    except ValueError:
        return XmpFacts({})


def _joined(exif: ExifFacts, iptc: IptcFacts, xmp: XmpFacts) -> Metadata:
    def later(of_xmp: T, of_iptc: T) -> tuple[T, T]:
        """What counts behind EXIF, in order."""
        return (of_iptc, of_xmp) if iptc.outdates_xmp else (of_xmp, of_iptc)

    time = _time(exif, iptc, xmp)
    places = later(xmp.place_parts, list(iptc.place_parts))
    place = next((parts for parts in places if any(parts)), [])
    latitude, longitude = exif.latitude, exif.longitude
    if latitude is None:
        latitude, longitude = xmp.coordinates
    return Metadata(
        taken_at=time.at if time else None,
        only_day=bool(time and time.only_day),
        offset=time.offset if time else None,
        latitude=latitude,
        longitude=longitude,
        place=", ".join(filter(None, place)) or None,
        title=_first(*later(xmp.title, iptc.title), exif.title),
        description=_first(exif.description, *later(xmp.description, iptc.description)),
        creator=_first(exif.creator, *later(xmp.creator, iptc.creator)),
        copyright=_first(exif.copyright, *later(xmp.copyright, iptc.copyright)),
        rating=next((r for r in (xmp.rating, exif.rating) if r is not None), None),
        colour_label=xmp.colour_label,
        keywords=_first(*later(xmp.keywords, iptc.keywords), exif.keywords),
    )


def _first(*values: T | None) -> T | None:
    return next((value for value in values if value), None)


def _time(exif: ExifFacts, iptc: IptcFacts, xmp: XmpFacts) -> Moment | None:
    """When the photo was taken; else when it was digitised, else when EXIF says it was written."""

    def later(of_xmp: Sequence[Moment | None], of_iptc: Moment | None) -> list[Moment | None]:
        if of_iptc is not None and exif.original is not None:
            of_iptc = replace(of_iptc, offset=None)  # IPTC has no time without one: it is made up
        return [of_iptc, *of_xmp] if iptc.outdates_xmp else [*of_xmp, of_iptc]

    return first_of(
        [
            exif.original,
            *later(xmp.original_dates, iptc.original),
            exif.digital,
            *later(xmp.digital_dates, iptc.digital),
            exif.changed,
        ]
    )
