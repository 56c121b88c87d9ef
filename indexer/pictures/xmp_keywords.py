"""The keywords in XMP, flat and in hierarchies, as five families of programs write them."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from indexer.pictures.keywords import joined_keywords, kept_text
from indexer.pictures.xmp_properties import (
    DC,
    DIGIKAM,
    LIGHTROOM,
    MICROSOFT,
    RDF,
    Properties,
    values_of,
)
from store.metadata import BETWEEN

_GROUP = "http://www.metadataworkinggroup.com/schemas/keywords/"
_DEEPEST = 20  # keywords within keywords


def keywords_in(properties: Properties) -> tuple[str, ...] | None:
    """All keywords, without those that a hierarchical one has on its way; None if none are named.

    An empty list of keywords says that there are none, which is something else.
    """

    def values(namespace: str, name: str) -> Iterator[str]:
        return values_of(properties.get(f"{{{namespace}}}{name}"))

    hierarchical = [
        *values(LIGHTROOM, "hierarchicalSubject"),
        *(value.replace("/", BETWEEN) for value in values(DIGIKAM, "TagsList")),
        *(value.replace("/", BETWEEN) for value in values(MICROSOFT, "LastKeywordXMP")),
        *_of_working_group(properties),
    ]
    if f"{{{DC}}}subject" not in properties and not hierarchical:
        return None
    return joined_keywords(values(DC, "subject"), hierarchical)


def _of_working_group(properties: Properties) -> Iterator[str]:
    element = properties.get(f"{{{_GROUP}}}Keywords")
    if element is not None:
        for hierarchy in element.iter(f"{{{_GROUP}}}Hierarchy"):
            yield from _ways(hierarchy, (), 0)


def _ways(hierarchy: Element, way: tuple[str, ...], depth: int) -> Iterator[str]:
    """The keywords in the Metadata Working Group's form, where each holds those below it."""
    for item in hierarchy.findall(f"./*/{{{RDF}}}li"):
        described = item.find(f"{{{RDF}}}Description")
        holder = item if described is None else described
        name = f"{{{_GROUP}}}Keyword"
        inner = holder.find(name)
        text = kept_text(holder.get(name) or (inner.text if inner is not None else None))
        if text is None or depth > _DEEPEST:
            continue
        below = holder.find(f"{{{_GROUP}}}Children")
        ways = [] if below is None else list(_ways(below, (*way, text), depth + 1))
        yield from ways or [BETWEEN.join((*way, text))]
