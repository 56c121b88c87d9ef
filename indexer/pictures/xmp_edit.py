"""Adds keywords to XMP and takes them away, and leaves every other byte of it as it is.

The text is not written anew from what was understood of it: other programs keep a photo's whole
history there. What is to change is found by its place in the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from indexer.pictures.keywords import joined_keywords
from indexer.pictures.xmp_keywords import keywords_in
from indexer.pictures.xmp_properties import (
    BLANK,
    DC,
    DIGIKAM,
    LIGHTROOM,
    MICROSOFT,
    RDF,
    coding_of,
    properties_of,
)
from store.metadata import BETWEEN

EMPTY = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
    f' <rdf:RDF xmlns:rdf="{RDF}">\n'
    '  <rdf:Description rdf:about=""/>\n'
    " </rdf:RDF>\n"
    "</x:xmpmeta>\n"
    '<?xpacket end="w"?>\n'
).encode()
"""XMP that says nothing."""

_LISTS = (
    f"{DC}}}subject",
    f"{LIGHTROOM}}}hierarchicalSubject",
    f"{DIGIKAM}}}TagsList",
    f"{MICROSOFT}}}LastKeywordXMP",
    f"{MICROSOFT}/}}LastKeywordXMP",
)


@dataclass
class _Element:
    """One element: its qualified name, and where it is: ``opened`` is behind its start tag."""

    name: str
    start: int
    opened: int
    closing: int = 0  # where its end tag begins; ``opened`` if it has none
    end: int = 0
    text: str = ""
    inner: list[_Element] = field(default_factory=list)

    def all(self, name: str) -> list[_Element]:
        return [one for one in self.inner if one.name == name]


def edited(
    data: bytes, keywords: Sequence[str], *, add: Sequence[str] = (), remove: Sequence[str] = ()
) -> bytes:
    """XMP with keywords added and removed; ``data`` itself where that changes nothing.

    Args:
        keywords: those that the photo has now; XMP without any gets these too, since a list in it
            counts instead of that in the photo's file.
        add, remove: flat keywords; case makes no difference.

    Raises:
        ValueError: it can't be read, or its keywords are written in a way that can't be changed.
    """
    coding = coding_of(data)
    text = data if coding is None else data.decode(coding).encode()
    had = keywords_in(properties_of(data))
    wanted = _changed(keywords if had is None else had, add, remove)
    if list(wanted) == list(keywords if had is None else had):
        return data
    lead = text[: len(text) - len(text.lstrip(BLANK))]
    text = text[len(lead) :]
    described = _description(text)
    if had is None:
        changes = [_inserted(text, described, _block(wanted))]
    else:
        changes = _changes(text, described, add, remove)
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    text = lead + text
    done = text if coding is None else text.decode().encode(coding)
    if {*(keywords_in(properties_of(done)) or ())} != {*wanted}:
        raise ValueError("its keywords are written in a way that can't be changed here")
    return done


def _changed(keywords: Iterable[str], add: Sequence[str], remove: Sequence[str]) -> tuple[str, ...]:
    gone = {name.casefold() for name in remove}
    kept = [name for name in keywords if name.casefold() not in gone]
    hierarchical = [name for name in kept if BETWEEN in name]
    if gone & {one.casefold() for name in hierarchical for one in name.split(BETWEEN)}:
        raise ValueError("it is part of a hierarchical keyword")
    flat = [name for name in kept if BETWEEN not in name]
    joined = joined_keywords([*flat, *add], hierarchical)
    return tuple(sorted(joined, key=[*kept, *joined].index))  # in the order that they had


def _changes(
    text: bytes, described: Sequence[_Element], add: Sequence[str], remove: Sequence[str]
) -> list[tuple[int, int, bytes]]:
    """What to put in place of which bytes, where there are keywords already."""
    gone = {name.casefold() for name in remove}
    changes: list[tuple[int, int, bytes]] = []
    subject: _Element | None = None
    for empty in (each for one in described for each in one.all(_LISTS[0]) if not each.inner):
        if not empty.text.strip() and subject is None:
            subject = empty
            changes.append((empty.start, empty.end, _block(add)))
    for name in _LISTS:
        for bag in (bag for one in described for each in one.all(name) for bag in each.inner):
            items = bag.all(f"{RDF}}}li")
            changes += [(i.start, i.end, b"") for i in items if i.text.strip().casefold() in gone]
            if subject is None and name.startswith(DC):
                subject = bag
                had = {item.text.strip().casefold() for item in items}
                new = [one for one in add if one.casefold() not in had]
                changes.append(_inserted(text, [bag], _items(new), at_end=True))
    if subject is None:  # hierarchical ones only
        changes.append(_inserted(text, described, _block(add)))
    return changes


def _inserted(
    text: bytes, elements: Sequence[_Element], new: bytes, *, at_end: bool = False
) -> tuple[int, int, bytes]:
    """The change that puts ``new`` into the first of ``elements``."""
    if not elements:
        raise ValueError("it describes nothing")
    first = elements[0]
    if first.closing == first.opened == first.end:  # <rdf:Description/>
        tag = text[first.start : first.opened]
        name = tag[1:].split(None, 1)[0].rstrip(b"/>")
        return first.start, first.end, tag[:-2].rstrip() + b">" + new + b"</" + name + b">"
    place = first.closing if at_end else first.opened
    return place, place, new


def _block(keywords: Sequence[str]) -> bytes:
    """Keywords as new properties, with their own names for the namespaces."""
    names = {name: None for one in keywords for name in one.split(BETWEEN)[-1:]}
    hierarchical = [one for one in keywords if BETWEEN in one]
    block = _property("dc:subject", DC, list(names))
    if hierarchical:
        block += _property("lr:hierarchicalSubject", LIGHTROOM, hierarchical)
    return block


def _property(name: str, namespace: str, values: Sequence[str]) -> bytes:
    prefix = name.partition(":")[0]
    spaces = f'xmlns:{prefix}="{namespace}" xmlns:rdf="{RDF}"'
    return f"<{name} {spaces}><rdf:Bag>".encode() + _items(values) + f"</rdf:Bag></{name}>".encode()


def _items(values: Sequence[str]) -> bytes:
    return "".join(f'<rdf:li xmlns:rdf="{RDF}">{escape(one)}</rdf:li>' for one in values).encode()


def _description(text: bytes) -> list[_Element]:
    """The elements that describe the photo, with all that is in them."""
    root = _Element("", 0, 0)
    way = [root]
    parser = expat.ParserCreate("utf-8", "}")
    parser.buffer_text = True

    def start(name: str, _attributes: object) -> None:
        at = parser.CurrentByteIndex
        element = _Element(name, at, _end_of_tag(text, at))
        way[-1].inner.append(element)
        way.append(element)

    def end(_name: str) -> None:
        element, at = way.pop(), parser.CurrentByteIndex
        is_empty = at in (element.start, element.opened) and text[element.opened - 2] == ord("/")
        element.closing = element.opened if is_empty else at
        element.end = element.opened if is_empty else _end_of_tag(text, at)

    def characters(said: str) -> None:
        way[-1].text += said

    def refuse(*_: object) -> None:
        raise ValueError("it has a document type, which XMP never has")

    handlers: tuple[Callable[..., None], ...] = (start, end, characters, refuse)
    parser.StartElementHandler, parser.EndElementHandler = handlers[:2]
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = handlers[2:]
    try:
        parser.Parse(text.rstrip(BLANK), True)
    except expat.ExpatError as error:
        raise ValueError(f"it is no XML: {error}") from None
    (top,) = root.inner
    rdf = [top] if top.name == f"{RDF}}}RDF" else top.all(f"{RDF}}}RDF")
    return [one for each in rdf[:1] for one in each.all(f"{RDF}}}Description")]


def _end_of_tag(text: bytes, start: int) -> int:
    """The place behind the tag that begins at ``start``; its values may have any character."""
    quote = 0
    for place in range(start, len(text)):
        character = text[place]
        if quote:
            quote = 0 if character == quote else quote
        elif character in b"\"'":
            quote = character
        elif character == ord(">"):
            return place + 1
    return len(text)
