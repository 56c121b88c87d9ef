from __future__ import annotations

import pytest
from test_xmp import RDF, SPACES, packet

from indexer.pictures.xmp import read_xmp
from indexer.pictures.xmp_edit import EMPTY, edited

DARKTABLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF {RDF}><!-- a note > of mine -->
  <rdf:Description rdf:about="" {SPACES}
    exif:DateTimeOriginal="2019:07:14 18:30:05" darktable:history="a&#xA;b>c">
   <darktable:masks><rdf:Seq><rdf:li darktable:mask='"x>'/></rdf:Seq></darktable:masks>
   <dc:subject>
    <rdf:Bag>
     <rdf:li>Größe</rdf:li>
     <rdf:li>sea &amp; sun</rdf:li>
    </rdf:Bag>
   </dc:subject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
""".encode()


def test_one_keyword_comes_and_every_other_byte_stays() -> None:
    new = edited(DARKTABLE, (), add=["a <b> & c"])
    assert read_xmp(new).keywords == ("Größe", "sea & sun", "a <b> & c")
    item = f'<rdf:li xmlns:rdf="{RDF[11:-1]}">a &lt;b&gt; &amp; c</rdf:li>'.encode()
    assert new.replace(item, b"") == DARKTABLE
    assert edited(new, (), remove=["A <B> & C"]) == DARKTABLE


def test_one_keyword_goes() -> None:
    new = edited(DARKTABLE, (), remove=["SEA & sun"])
    assert read_xmp(new).keywords == ("Größe",)
    assert new == DARKTABLE.replace(b"<rdf:li>sea &amp; sun</rdf:li>", b"")


def test_nothing_to_do_changes_no_byte() -> None:
    assert edited(DARKTABLE, (), add=["GRÖSSE"]) is DARKTABLE
    assert edited(DARKTABLE, (), remove=["family"]) is DARKTABLE


def test_where_there_are_none_yet_those_of_the_photo_are_kept() -> None:
    for data in (EMPTY, packet(""), packet("", 'xmp:Rating="3"')):
        new = edited(data, ("own", "Places|Europe|Rome"), add=["family"])
        assert {*(read_xmp(new).keywords or ())} == {"own", "Places|Europe|Rome", "family"}
        assert read_xmp(new).rating == read_xmp(data).rating
        gone = edited(data, ("own", "other"), remove=["own"])
        assert read_xmp(gone).keywords == ("other",)


def test_lists_of_other_programs_lose_what_is_removed() -> None:
    inside = (
        '<a:TagsList xmlns:a="http://www.digikam.org/ns/1.0/"><rdf:Seq><rdf:li>sea</rdf:li>'
        "<rdf:li>Places/Rome</rdf:li></rdf:Seq></a:TagsList>"
        "<dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>Rome</rdf:li></rdf:Bag></dc:subject>"
    )
    assert read_xmp(edited(packet(inside), (), remove=["sea"])).keywords == ("Places|Rome",)


def test_an_empty_list_is_filled() -> None:
    for empty in (
        "<dc:subject/>",
        "<dc:subject></dc:subject>",
        "<dc:subject><rdf:Bag/></dc:subject>",
    ):
        new = edited(packet(empty), ("own",), add=["family"])
        assert read_xmp(new).keywords == ("family",)
        assert new.count(b"<dc:subject") == 1


def test_utf_16_stays_utf_16() -> None:
    data = b"\xff\xfe" + packet("<dc:subject><rdf:Bag/></dc:subject>").decode().encode("utf-16-le")
    new = edited(data, (), add=["海"])
    assert new.startswith(b"\xff\xfe")
    assert read_xmp(new).keywords == ("海",)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>",
        b"<a/>",
        DARKTABLE[:-30],
        packet("<dc:subject>one</dc:subject>"),
        packet("", head='<!DOCTYPE x [<!ENTITY a "b">]>'),
        f"<rdf:RDF {RDF}/>".encode(),
    ],
)
def test_what_can_not_be_changed_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^(it|its) "):
        edited(data, (), add=["family"])
