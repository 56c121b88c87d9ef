"""Takes XMP (ISO 16684-1) apart: which properties a packet gives a photo, by their namespaces.

It is XML from anywhere: no document type is accepted, so that no entity can grow, and no more of it
than ``LIMIT`` is looked at. Prefixes are anybody's, and say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

LIMIT = 8_000_000
"""Bytes of XMP that are read; the largest known ones have a picture's edits in them."""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
XMP = "http://ns.adobe.com/xap/1.0/"
LIGHTROOM = "http://ns.adobe.com/lightroom/1.0/"
DIGIKAM = "http://www.digikam.org/ns/1.0/"
MICROSOFT = "http://ns.microsoft.com/photo/1.0"
_SLASHED = f"{{{MICROSOFT}/}}"  # as Windows writes it
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Properties = dict[str, Element]
"""By their qualified names, "{namespace}name"."""


BLANK = b"\0 \t\r\n"
"""What may stand before and behind XMP."""


def properties_of(data: bytes) -> Properties:
    """The properties of the photo.

    Raises:
        ValueError: it is no XMP that can be read; the message says why.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    if len(data) > LIMIT:
        raise ValueError(f"it has more than {LIMIT // 1_000_000} MB")
    try:
        coding = coding_of(data)
        parser = DefusedXMLParser(encoding="utf-8" if coding else None, forbid_dtd=True)
        packet = data.decode(coding).encode() if coding else data
        parser.feed(packet.strip(BLANK))
        root: Element = parser.close()
    except DefusedXmlException:
        raise ValueError("it has a document type, which XMP never has") from None
    except (ParseError, ValueError, LookupError) as error:
        raise ValueError(f"it is no XML: {error}") from None
    described = root if root.tag == f"{{{RDF}}}RDF" else root.find(f"{{{RDF}}}RDF")
    if described is None:
        raise ValueError("it is no XMP: there is no description in it")
    properties: Properties = {}
    for description in described.findall(f"{{{RDF}}}Description"):
        for name, text in description.attrib.items():
            simple = Element(name.replace(_SLASHED, f"{{{MICROSOFT}}}"))
            simple.text = text
            properties.setdefault(simple.tag, simple)
        for child in description:
            properties.setdefault(child.tag.replace(_SLASHED, f"{{{MICROSOFT}}}"), child)
    return properties


def coding_of(data: bytes) -> str | None:
    """The encoding of XMP that is not UTF-8, by the mark that it begins with."""
    marks = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
    return marks.get(data[:2])


def values_of(element: Element | None) -> Iterator[str]:
    """The values of a property, that of the default language first; none without the property."""
    if element is None:
        return
    items = element.findall(f"./*/{{{RDF}}}li")
    if not items:
        yield element.text or inner_of(element, f"{{{RDF}}}value") or ""
        return
    items.sort(key=lambda item: item.get(_LANG, "x-default") != "x-default")
    for item in items:
        yield item.text or inner_of(item, f"{{{RDF}}}value") or ""


def inner_of(element: Element, name: str) -> str | None:
    """The text of the first property ``name`` anywhere in ``element``."""
    for inner in element.iter():
        if name in inner.attrib:
            return inner.attrib[name]
        if inner.tag == name:
            return next(values_of(inner), None)
    return None
