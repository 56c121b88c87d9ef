from __future__ import annotations

import time
from datetime import datetime

import pytest

from indexer.pictures.xmp import read_xmp
from indexer.pictures.xmp_properties import LIMIT

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
    'xmlns:exif="http://ns.adobe.com/exif/1.0/" '
    'xmlns:darktable="http://darktable.sf.net/"'
)


def packet(inside: str, attributes: str = "", head: str = "") -> bytes:
    described = f"<rdf:Description {SPACES} {attributes}>{inside}</rdf:Description>"
    described = f"<rdf:RDF {RDF}>{described}</rdf:RDF>"
    return f'{head}<x:xmpmeta xmlns:x="adobe:ns:meta/">{described}</x:xmpmeta>'.encode()


def test_both_forms_of_simple_properties() -> None:
    assert read_xmp(packet("", 'xmp:Rating="5" xmp:Label="Rot"')).rating == 5
    said = read_xmp(packet("<xmp:Rating>5</xmp:Rating><xmp:Label>Rot</xmp:Label>"))
    assert (said.rating, said.colour_label) == (5, "Rot")


def test_prefixes_are_anybodys() -> None:
    data = packet(
        '<a:subject xmlns:a="http://purl.org/dc/elements/1.1/"><rdf:Bag><rdf:li>x</rdf:li></rdf:Bag></a:subject>'
    )
    assert read_xmp(data).keywords == ("x",)
    other = packet('<dc:Rating xmlns:dc="http://example.org/">5</dc:Rating>')
    assert read_xmp(other).rating is None


def test_an_empty_list_of_keywords_says_that_there_are_none() -> None:
    assert read_xmp(packet("<dc:subject><rdf:Bag/></dc:subject>")).keywords == ()
    assert read_xmp(packet("")).keywords is None


@pytest.mark.parametrize(
    ("text", "expected", "only_day", "offset"),
    [
        ("2019-07-14T18:30:05.123+02:00", datetime(2019, 7, 14, 18, 30, 5, 123000), False, 120),
        ("2019-07-14T18:30:05Z", datetime(2019, 7, 14, 18, 30, 5), False, 0),
        ("2019-07-14T18:30-03:30", datetime(2019, 7, 14, 18, 30), False, -210),
        ("2019-07-14", datetime(2019, 7, 14), True, None),
        ("2019-07", None, False, None),
        ("2019-02-30T01:02:03", None, False, None),
        ("1700-01-01", None, False, None),
        ("2019-07-14T18:30:05+99:00", datetime(2019, 7, 14, 18, 30, 5), False, None),
    ],
)
def test_dates(text: str, expected: datetime | None, only_day: bool, offset: int | None) -> None:
    said = read_xmp(packet("", f'exif:DateTimeOriginal="{text}"'))
    assert (said.taken_at, said.only_day, said.offset) == (expected, only_day, offset)


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        ("48,51.396N", "2,21,7.92E", (48.8566, 2.3522)),
        ("33,30.0S", "70,15.0W", (-33.5, -70.25)),
        ("0,0.0N", "0,0.0E", None),
        ("99,0.0N", "1,0.0E", None),
        ("48,51.396E", "2,21.0N", None),
        ("x", "y", None),
    ],
)
def test_places(latitude: str, longitude: str, expected: tuple[float, float] | None) -> None:
    said = read_xmp(packet("", f'exif:GPSLatitude="{latitude}" exif:GPSLongitude="{longitude}"'))
    if expected is None:
        assert (said.latitude, said.longitude) == (None, None)
    else:
        assert (said.latitude, said.longitude) == pytest.approx(expected, abs=1e-4)


def test_darktables_colours() -> None:
    inside = "<darktable:colorlabels><rdf:Seq><rdf:li>2</rdf:li></rdf:Seq></darktable:colorlabels>"
    assert read_xmp(packet(inside)).colour_label == "Green"


def test_a_bomb_is_harmless() -> None:
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    start = time.monotonic()
    with pytest.raises(ValueError, match="document type"):
        read_xmp(packet("<xmp:Label>&j;</xmp:Label>", head=f"<!DOCTYPE x [{entities}]>"))
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(ValueError, match="document type"):
        read_xmp(packet("<xmp:Label>&a;</xmp:Label>", head=outside))
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 100,
        b"<a>",
        b"<a/>",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        packet("<xmp:Rating>5</xmp:Rating>")[:-20],
        b"x" * (LIMIT + 1),
    ],
)
def test_what_is_no_xmp_is_said(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it "):
        read_xmp(data)


def test_wrong_values_say_nothing() -> None:
    said = read_xmp(packet("", 'xmp:Rating="many" xmp:Label="" exif:DateTimeOriginal="then"'))
    assert said.plain() == {}
    assert read_xmp(packet("", 'xmp:Rating="1e300"')).rating is None
    assert read_xmp(packet("", 'xmp:Rating="nan"')).rating is None
    assert read_xmp(packet("", 'xmp:Rating="99"')).rating == 5
    label = read_xmp(packet("", 'xmp:Label="a&#x9;b&#x200b;c"')).colour_label
    assert label == "a bc"


def test_deep_xml_is_no_danger() -> None:
    deep = "<dc:a>" * 100_000 + "</dc:a>" * 100_000
    assert read_xmp(packet(f"{deep}<xmp:Rating>1</xmp:Rating>")).rating == 1
