"""Reads XMP (ISO 16684-1): in a picture's file, or in a file beside it.

It is XML from anywhere: no document type is accepted, so that no entity can grow, and no more of it
than ``LIMIT`` is looked at. Properties are told by their namespaces, since prefixes are anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from indexer.pictures.keywords import joined_keywords, kept_text
from indexer.pictures.moments import Moment, first_of, moment
from store.metadata import BETWEEN, Metadata, is_place

LIMIT = 8_000_000
"""Bytes of XMP that are read; the largest known ones have a picture's edits in them."""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
XMP = "http://ns.adobe.com/xap/1.0/"
LIGHTROOM = "http://ns.adobe.com/lightroom/1.0/"
DIGIKAM = "http://www.digikam.org/ns/1.0/"
_EXIF = "http://ns.adobe.com/exif/1.0/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_MICROSOFT = "http://ns.microsoft.com/photo/1.0"  # as Windows writes it, with a slash behind it
_DARKTABLE = "http://darktable.sf.net/"
_PLACES = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_MWG_KEYWORDS = "http://www.metadataworkinggroup.com/schemas/keywords/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_DEGREES = re.compile(r"(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?(?:,(\d+(?:\.\d+)?))?\s*([NSEW])")
_COLOURS = (
    # By the number that a program writes; digiKam's 0 is none.
    (DIGIKAM, "ColorLabel", "- Red Orange Yellow Green Blue Magenta Gray Black White"),
    (_DARKTABLE, "colorlabels", "Red Yellow Green Blue Purple"),
)
_STARS = {1: 1, 25: 2, 50: 3, 75: 4, 99: 5}  # of Microsoft's per cent
_DEEPEST = 20  # keywords within keywords

Properties = dict[str, Element]


class NoXmp(ValueError):
    """The bytes are no XMP that can be read; the message says why."""


def read_xmp(data: bytes) -> Metadata:
    """What XMP says of its photo.

    Raises:
        NoXmp: it can't be read.
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


def properties_of(data: bytes) -> Properties:
    """The properties of the photo, by their qualified names ("{namespace}name").

    Raises:
        NoXmp: it can't be read.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if len(data) > LIMIT:
        raise NoXmp(f"it has more than {LIMIT // 1_000_000} MB")
    try:
        root: Element = fromstring(data.strip(b"\0 \t\r\n"), forbid_dtd=True)
    except DefusedXmlException:
        raise NoXmp("it has a document type, which XMP never has") from None
    except (ParseError, ValueError, LookupError) as error:
        raise NoXmp(f"it is no XML: {error}") from None
    described = root if root.tag == f"{{{RDF}}}RDF" else root.find(f"{{{RDF}}}RDF")
    if described is None:
        raise NoXmp("it is no XMP: there is no description in it")
    properties: Properties = {}
    slashed = f"{{{_MICROSOFT}/}}"
    for description in described.findall(f"{{{RDF}}}Description"):
        for name, text in description.attrib.items():
            simple = Element(name.replace(slashed, f"{{{_MICROSOFT}}}"))
            simple.text = text
            properties.setdefault(simple.tag, simple)
        for child in description:
            properties.setdefault(child.tag.replace(slashed, f"{{{_MICROSOFT}}}"), child)
    return properties


class XmpFacts:
    """The facts in the properties of XMP, each None where it says nothing."""

    def __init__(self, properties: Properties) -> None:
        self._properties = properties

    def _values(self, namespace: str, name: str) -> list[str]:
        """The values of a property, the default language's first."""
        element = self._properties.get(f"{{{namespace}}}{name}")
        return [] if element is None else list(_values(element))

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
        """The town, region and country; the more exact ones of IPTC's extension first."""
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
                parts = [kept_text(_inner(element, f"{{{_PLACES}}}{name}")) for name in names]
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
        per_cent = _number(self._text(_MICROSOFT, "Rating"))
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
        """All keywords, without those that a hierarchical one has on its way."""
        hierarchical = [
            *self._values(LIGHTROOM, "hierarchicalSubject"),
            *(v.replace("/", BETWEEN) for v in self._values(DIGIKAM, "TagsList")),
            *(v.replace("/", BETWEEN) for v in self._values(_MICROSOFT, "LastKeywordXMP")),
            *self._of_working_group(),
        ]
        flat = self._values(DC, "subject")
        said = f"{{{DC}}}subject" in self._properties or bool(hierarchical)
        return joined_keywords(flat, hierarchical) if said else None

    def _of_working_group(self) -> Iterator[str]:
        element = self._properties.get(f"{{{_MWG_KEYWORDS}}}Keywords")
        if element is not None:
            for hierarchy in element.iter(f"{{{_MWG_KEYWORDS}}}Hierarchy"):
                yield from _ways(hierarchy, (), 0)


def _values(element: Element) -> Iterator[str]:
    items = element.findall(f"./*/{{{RDF}}}li")
    if not items:
        yield element.text or _inner(element, f"{{{RDF}}}value") or ""
        return
    items.sort(key=lambda item: item.get(_LANG, "x-default") != "x-default")
    for item in items:
        yield item.text or _inner(item, f"{{{RDF}}}value") or ""


def _inner(element: Element, name: str) -> str | None:
    """The text of the first property ``name`` anywhere in ``element``."""
    for inner in element.iter():
        if name in inner.attrib:
            return inner.attrib[name]
        if inner.tag == name:
            return next(_values(inner), None)
    return None


def _ways(hierarchy: Element, way: tuple[str, ...], depth: int) -> Iterator[str]:
    """The keywords in the Metadata Working Group's form, where each holds those below it."""
    for item in hierarchy.findall(f"./*/{{{RDF}}}li"):
        described = item.find(f"{{{RDF}}}Description")
        holder = item if described is None else described
        name = f"{{{_MWG_KEYWORDS}}}Keyword"
        inner = holder.find(name)
        text = kept_text(holder.get(name) or (inner.text if inner is not None else None))
        if text is None or depth > _DEEPEST:
            continue
        below = holder.find(f"{{{_MWG_KEYWORDS}}}Children")
        ways = [] if below is None else list(_ways(below, (*way, text), depth + 1))
        yield from ways or [BETWEEN.join((*way, text))]


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
