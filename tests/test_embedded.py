from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import exiftool
import pytest
from exiftool import needs_exiftool, picture
from PIL import Image

from indexer.pictures import formats
from indexer.pictures.embedded import read_embedded
from indexer.pictures.moments import moment
from store.metadata import Metadata

pytestmark = needs_exiftool

CASES: dict[str, list[str]] = {
    "exif.jpg": [
        "-EXIF:DateTimeOriginal=2019:07:14 18:30:05",
        "-EXIF:SubSecTimeOriginal=123",
        "-EXIF:OffsetTimeOriginal=-03:30",
        "-EXIF:ImageDescription=Größe 海",
        "-EXIF:Artist=Ana Müller",
        "-EXIF:Copyright=© 2019 Ana",
        "-EXIF:GPSLatitude=33.5",
        "-EXIF:GPSLatitudeRef=S",
        "-EXIF:GPSLongitude=70.25",
        "-EXIF:GPSLongitudeRef=W",
    ],
    "iptc.jpg": [
        "-IPTC:Keywords=海",
        "-IPTC:Keywords=Straße",
        "-IPTC:Caption-Abstract=Caption Ü",
        "-IPTC:By-line=One",
        "-IPTC:By-line=Two",
        "-IPTC:DateCreated=2001:02:03",
        "-IPTC:TimeCreated=04:05:06+01:00",
        "-IPTC:City=Roma",
        "-IPTC:Province-State=Lazio",
        "-IPTC:Country-PrimaryLocationName=Italia",
        "-IPTC:CopyrightNotice=c",
    ],
    "xmp.jpg": [
        "-XMP-dc:Subject=a",
        "-XMP-dc:Subject=海",
        "-XMP-dc:Title=T",
        "-XMP-dc:Description=D",
        "-XMP-dc:Creator=X",
        "-XMP-dc:Creator=Y",
        "-XMP-xmp:Rating=3",
        "-XMP-xmp:CreateDate=2019:07:14 18:30:05.5+02:00",
        "-XMP-photoshop:City=Paris",
        "-XMP-photoshop:Country=France",
        "-XMP-exif:GPSLatitude=48.856",
        "-XMP-exif:GPSLongitude=-2.35",
        "-XMP-dc:Rights=R",
    ],
    "contradicting.jpg": [
        "-EXIF:DateTimeOriginal=2001:01:01 01:01:01",
        "-IPTC:DateCreated=2002:02:02",
        "-XMP-photoshop:DateCreated=2003:03:03",
        "-IPTC:Keywords=iptc",
        "-XMP-dc:Subject=xmp",
        "-EXIF:ImageDescription=exif",
        "-IPTC:Caption-Abstract=iptc",
        "-XMP-dc:Description=xmp",
        "-IPTC:By-line=iptc",
        "-XMP-dc:Creator=xmp",
        "-IPTC:City=iptc",
        "-XMP-photoshop:City=xmp",
    ],
    "newer-iptc.jpg": [
        "-IPTC:Keywords=iptc",
        "-XMP-dc:Subject=xmp",
        "-IPTC:Caption-Abstract=iptc",
        "-XMP-dc:Description=xmp",
        "-IPTC:DateCreated=2002:02:02",
        "-XMP-photoshop:DateCreated=2003:03:03",
        "-IPTCDigest=00112233445566778899aabbccddeeff",
    ],
    "digest.jpg": [
        "-IPTC:Keywords=iptc",
        "-XMP-dc:Subject=xmp",
        "-IPTCDigest=new",
    ],
    "day.jpg": ["-IPTC:DateCreated=1945:05:08"],
    "picture.png": [
        "-XMP-dc:Subject=png",
        "-EXIF:DateTimeOriginal=2019:07:14 18:30:05",
        "-XMP-xmp:Rating=-1",
    ],
    "picture.tif": [
        "-XMP-dc:Subject=tif",
        "-IPTC:Keywords=iptc",
        "-EXIF:ImageDescription=text",
        "-EXIF:DateTimeOriginal=2019:07:14 18:30:05",
    ],
    "picture.webp": ["-XMP-dc:Subject=webp", "-EXIF:DateTimeOriginal=2019:07:14 18:30:05"],
    "nothing.jpg": ["-XMP-xmp:CreatorTool=x"],
}


def said(path: Path) -> Metadata:
    with Image.open(path, formats=formats.readable_formats()) as image:
        image.load()
        return read_embedded(image).metadata


def joined(value: Any) -> str | None:
    return "; ".join(value) if isinstance(value, list) else value


@pytest.mark.parametrize("name", CASES)
def test_it_says_what_exiftool_says_by_the_guideline(tmp_path: Path, name: str) -> None:
    path = picture(tmp_path / name, *CASES[name])
    ours, theirs = said(path), exiftool.read(path)
    keywords = theirs.get("Keywords")
    assert list(ours.keywords or ()) == (
        keywords if isinstance(keywords, list) else [keywords] if keywords else []
    )
    date = moment(theirs.get("DateTimeOriginal") or theirs.get("CreateDate"))
    assert (ours.taken_at, ours.only_day) == ((date.at, date.only_day) if date else (None, False))
    assert ours.offset == (date and date.offset)
    assert ours.description == theirs.get("Description")
    assert ours.creator == joined(theirs.get("Creator"))
    assert ours.copyright == theirs.get("Copyright")
    assert ours.rating == theirs.get("Rating")
    place = [theirs.get(part) for part in ("City", "State", "Country")]
    assert (ours.place or "") == ", ".join(filter(None, place))
    if name == "xmp.jpg":  # what is in XMP only, this ExifTool calls no composite
        assert (ours.latitude, ours.longitude) == pytest.approx((48.856, -2.35))
    elif "GPSLatitude" in theirs:
        assert (ours.latitude, ours.longitude) == pytest.approx(
            (theirs["GPSLatitude"], theirs["GPSLongitude"])
        )
    else:
        assert ours.latitude is None and ours.longitude is None


@pytest.mark.parametrize("north", ["N", "S"])
@pytest.mark.parametrize("east", ["E", "W"])
def test_every_quarter_of_the_globe(tmp_path: Path, north: str, east: str) -> None:
    tags = ["-EXIF:GPSLatitude=12.5", f"-EXIF:GPSLatitudeRef={north}"]
    tags += ["-EXIF:GPSLongitude=99.25", f"-EXIF:GPSLongitudeRef={east}"]
    path = picture(tmp_path / "a.jpg", *tags)
    ours, theirs = said(path), exiftool.read(path)
    assert (ours.latitude, ours.longitude) == pytest.approx(
        (theirs["GPSLatitude"], theirs["GPSLongitude"])
    )


def test_what_windows_writes(tmp_path: Path) -> None:
    path = picture(
        tmp_path / "a.jpg",
        "-EXIF:XPKeywords=один;two words",
        "-EXIF:XPTitle=Título",
        "-EXIF:XPComment=Comment",
        "-EXIF:XPAuthor=Ana",
        "-EXIF:Rating=4",
    )
    ours = said(path)
    assert (ours.title, ours.description, ours.creator) == ("Título", "Comment", "Ana")
    assert (ours.keywords, ours.rating) == (("один", "two words"), 4)
    picture(tmp_path / "b.jpg", "-EXIF:ImageDescription=OLYMPUS DIGITAL CAMERA")
    assert said(tmp_path / "b.jpg").description is None


def test_hierarchical_keywords(tmp_path: Path) -> None:
    path = picture(
        tmp_path / "lightroom.jpg",
        "-XMP-lr:HierarchicalSubject=Places|Europe|Paris",
        "-XMP-dc:Subject=Paris",
        "-XMP-dc:Subject=sea",
    )
    assert said(path).keywords == ("Places|Europe|Paris", "sea")
    path = picture(tmp_path / "digikam.jpg", "-XMP-digiKam:TagsList=Places/Europe/Paris")
    assert said(path).keywords == ("Places|Europe|Paris",)
    dog = "{Keyword=Dog,Children=[{Keyword=Beagle}]}"
    hierarchy = f"[{{Keyword=Animal,Children=[{dog},{{Keyword=Cat}}]}}]"
    path = picture(tmp_path / "mwg.jpg", f"-XMP-mwg-kw:HierarchicalKeywords={hierarchy}")
    assert said(path).keywords == ("Animal|Dog|Beagle", "Animal|Cat")


def test_labels_titles_and_places_of_xmp(tmp_path: Path) -> None:
    path = picture(
        tmp_path / "a.jpg",
        "-XMP-xmp:Label=Red",
        "-XMP-dc:Title=Sea",
        "-XMP-dc:Title-de=Meer",
        "-XMP-iptcExt:LocationCreatedCity=Wien",
        "-XMP-iptcExt:LocationCreatedCountryName=Österreich",
    )
    ours = said(path)
    assert (ours.colour_label, ours.title) == ("Red", "Sea")
    assert ours.place == "Wien, Österreich"
    path = picture(
        tmp_path / "b.jpg", "-XMP-digiKam:ColorLabel=4", "-XMP-microsoft:RatingPercent=75"
    )
    assert (said(path).colour_label, said(path).rating) == ("Green", 4)


def test_a_time_of_exif_gets_no_made_up_zone_of_iptc(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.jpg", "-MWG:DateTimeOriginal=2010:01:02 03:04:05")
    assert said(path) == Metadata(taken_at=datetime(2010, 1, 2, 3, 4, 5))
