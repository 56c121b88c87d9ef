"""What the properties of XMP say of a photo: in a picture's file, or in a file beside it."""

from __future__ import annotations

import re

from indexer.pictures.keywords import kept_text
from indexer.pictures.moments import Moment, first_of, moment
from indexer.pictures.xmp_keywords import keywords_in
from indexer.pictures.xmp_properties import (
    DC,
    DIGIKAM,
    MICROSOFT,
    XMP,
    Properties,
    inner_of,
    properties_of,
    values_of,
)
from store.metadata import Metadata, is_place

_EXIF = "http://ns.adobe.com/exif/1.0/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_DARKTABLE = "http://darktable.sf.net/"
_PLACES = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"

_DEGREES = re.compile(r"(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?(?:,(\d+(?:\.\d+)?))?\s*([NSEW])")
_COLOURS = (
    # By the number that a program writes; digiKam's 0 is none.
    (DIGIKAM, "ColorLabel", "- Red Orange Yellow Green Blue Magenta Gray Black White"),
    (_DARKTABLE, "colorlabels", "Red Yellow Green Blue Purple"),
)
_STARS = {1: 1, 25: 2, 50: 3, 75: 4, 99: 5}  # of Microsoft's per cent


def read_xmp(data: bytes) -> Metadata:
    """What XMP says of its photo.

    Raises:
        ValueError: it is no XMP that can be read; the message says why.
    """
    said = XmpFacts(properties_of(data))
    time = first_of(said.dates)
    latitude, longitude = said.coordinates
    return Metadata(
        taken_at=time.at if time else None,
        only_day=bool(time and time.only_day),
        offset=time.offset if time else None,
        latitude=latitude,
        longitude=longitude,
        place=said.place,
        title=said.title,
        description=said.description,
        creator=said.creator,
        copyright=said.copyright,
        rating=said.rating,
        colour_label=said.colour_label,
        keywords=said.keywords,
    )


class XmpFacts:
    """The facts in the properties of XMP, each None where it says nothing."""

    def __init__(self, properties: Properties) -> None:
        self._properties = properties

    def _values(self, namespace: str, name: str) -> list[str]:
        """The values of a property, the default language's first."""
        return list(values_of(self._properties.get(f"{{{namespace}}}{name}")))

    def _text(self, namespace: str, name: str) -> str | None:
        return next(filter(None, map(kept_text, self._values(namespace, name))), None)

    @property
    def original_dates(self) -> list[Moment | None]:
        """When the photo was taken."""
        names = ((_EXIF, "DateTimeOriginal"), (_PHOTOSHOP, "DateCreated"))
        return [moment(self._text(*name)) for name in names]

    @property
    def digital_dates(self) -> list[Moment | None]:
        """When the picture was made, which may be a scan of a photo."""
        names = ((_EXIF, "DateTimeDigitized"), (XMP, "CreateDate"))
        return [moment(self._text(*name)) for name in names]

    @property
    def dates(self) -> list[Moment | None]:
        return [*self.original_dates, *self.digital_dates]

    @property
    def coordinates(self) -> tuple[float, float] | tuple[None, None]:
        latitude = _degrees(self._text(_EXIF, "GPSLatitude"), "NS")
        longitude = _degrees(self._text(_EXIF, "GPSLongitude"), "EW")
        if latitude is None or longitude is None or not is_place(latitude, longitude):
            return None, None
        return latitude, longitude

    @property
    def place_parts(self) -> list[str | None]:
        """The town, region and country; those of IPTC's extension where Photoshop says none."""
        parts = [
            self._text(_PHOTOSHOP, "City"),
            self._text(_PHOTOSHOP, "State"),
            self._text(_PHOTOSHOP, "Country"),
        ]
        for kind in ("LocationCreated", "LocationShown"):
            if any(parts):
                break
            element = self._properties.get(f"{{{_PLACES}}}{kind}")
            if element is not None:
                names = ("City", "ProvinceState", "CountryName")
                parts = [kept_text(inner_of(element, f"{{{_PLACES}}}{name}")) for name in names]
        return parts

    @property
    def place(self) -> str | None:
        return ", ".join(filter(None, self.place_parts)) or None

    @property
    def title(self) -> str | None:
        return self._text(DC, "title")

    @property
    def description(self) -> str | None:
        return self._text(DC, "description")

    @property
    def creator(self) -> str | None:
        return "; ".join(filter(None, map(kept_text, self._values(DC, "creator")))) or None

    @property
    def copyright(self) -> str | None:
        return self._text(DC, "rights")

    @property
    def rating(self) -> int | None:
        stars = _number(self._text(XMP, "Rating"))
        if stars is not None:
            return min(5, max(-1, round(stars)))
        per_cent = _number(self._text(MICROSOFT, "Rating"))
        return None if per_cent is None else stars_of(per_cent)

    @property
    def colour_label(self) -> str | None:
        if label := self._text(XMP, "Label"):
            return label
        for namespace, name, colours in _COLOURS:
            number = _number(self._text(namespace, name))
            listed = dict(enumerate(colours.split()))
            if number is not None and listed.get(int(number), "-") != "-":
                return listed[int(number)]
        return None

    @property
    def keywords(self) -> tuple[str, ...] | None:
        return keywords_in(self._properties)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if abs(number) <= 1_000 else None


def stars_of(per_cent: float) -> int:
    """The stars of a rating as Windows writes it, 0 to 99."""
    return _STARS.get(round(per_cent), min(5, max(0, round(per_cent / 25 + 1) if per_cent else 0)))


def _degrees(text: str | None, sides: str) -> float | None:
    """Degrees of "48,51.396N" or "48,51,23.7N"."""
    match = _DEGREES.fullmatch((text or "").strip())
    if not match or match[4] not in sides:
        return None
    degrees = sum((float(match[part + 1] or 0) / 60.0**part for part in range(3)), 0.0)
    return -degrees if match[4] in "SW" else degrees
