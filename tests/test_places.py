from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PIL import Image

from conftest import Index
from indexer.events import PlacesNamed
from indexer.place_names import name_anew
from indexer.places import EDITION, places_of
from store.library import Library
from store.states import State


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ((48.8566, 2.3522), ["Paris", "Île-de-France", "France"]),
        ((-33.92, 18.42), ["Cape Town", "Western Cape", "South Africa"]),
        ((40.71, -74.0), ["New York", "United States"]),
        ((1.29, 103.85), ["Singapore"]),
    ],
)
def test_towns_of_the_world(place: tuple[float, float], names: list[str]) -> None:
    (text,) = places_of([place])
    assert all(name in text for name in names)
    assert len(set(text.split(", "))) == len(text.split(", "))


@pytest.mark.parametrize(
    ("latitude", "longitude", "begins", "ends"),
    [
        (41.8897, 12.4694, "Rome", "Italy"),  # Trastevere: the Vatican is nearer, and abroad
        (41.8760, 12.4756, "Rome", "Italy"),  # Testaccio
        (41.8330, 12.4710, "Rome", "Italy"),  # EUR
        (48.8867, 2.3431, "Paris, Saint-Vincent de Paul", "France"),  # Montmartre
        (40.6782, -73.9442, "New York City, Brooklyn, Bushwick", "United States"),
        (40.8116, -73.9465, "New York City, Manhattan, Harlem", "United States"),
        (52.4990, 13.4030, "Berlin, Kreuzberg", "Germany"),
        (52.5361, 13.1994, "Berlin, Wilhelmstadt", "Germany"),  # Spandau, 14 km from the middle
        (35.6938, 139.7034, "Tokyo, Kabukicho, Shinjuku-ku", "Japan"),
        (51.4214, -0.2064, "London, Wimbledon", "United Kingdom"),
        (41.4036, 2.1744, "Barcelona, Sagrada Família", "Spain"),
        (-33.8915, 151.2767, "Sydney, Bondi Beach", "Australia"),
        (22.2819, 114.1589, "Hong Kong, Central", "Hong Kong"),
        (40.7200, -73.8000, "New York City, Queens, Fresh Meadows", "United States"),
        (14.5831, 120.9794, "Manila, Port Area", "Philippines"),  # Rizal Park
        (14.5715, 120.9920, "Manila, Paco", "Philippines"),  # two larger cities reach it
        (14.5547, 121.0244, "Manila, Bel Air", "Philippines"),  # Makati, of Metro Manila
        (23.0000, 113.0770, "Foshan, Shiwan", "China"),  # larger Guangzhou reaches it
        (19.0330, 73.0297, "Navi Mumbai, Artist Village", "India"),
        (59.9139, 30.3000, "Saint Petersburg, Admiralteisky", "Russian Federation"),
        (53.5500, 10.0900, "Hamburg, Horn, Hamburg", "Germany"),
        (1.4360, 103.7860, "Singapore, Woodlands", "Singapore"),
    ],
)
def test_a_quarter_is_in_its_city(
    latitude: float, longitude: float, begins: str, ends: str
) -> None:
    (text,) = places_of([(latitude, longitude)])
    assert f"{text}, ".startswith(f"{begins}, ")
    assert text.endswith(f", {ends}")


@pytest.mark.parametrize(
    ("latitude", "longitude", "begins"),
    [
        (41.9022, 12.4539, "Vatican City"),
        (48.8919, 2.2384, "La Defense"),  # beside Paris, which is a county of its own
        (48.8049, 2.1204, "Versailles"),
        (40.7440, -74.0324, "Hoboken"),  # in another state than New York
        (52.3906, 13.0645, "Potsdam"),
        (41.9634, 12.7984, "Tivoli"),  # in a county with Rome's name, and 25 km away
        (34.0195, -118.4912, "Santa Monica"),
        (35.53, 139.70, "Kawasaki"),  # as large as a third of Yokohama
        (44.9537, -93.0900, "Saint Paul"),
        (40.6281, 14.4850, "Positano"),
        (46.0207, 7.7491, "Zermatt"),
        (47.5622, 13.6493, "Gosau"),  # Hallstatt, of fewer than 1,000 people, is not known
        (-4.1900, 15.2500, "Brazzaville"),  # Kinshasa, in another country, is as near
        (26.1164, -98.2697, "Hidalgo"),  # Texas; Reynosa in Mexico is near
        (31.8230, 35.2017, "Bayt Iksā"),  # West Bank; Jerusalem is near
        (19.2183, 72.9781, "Thāne"),  # a city of another county than Mumbai and Navi Mumbai
        (42.3736, -71.1097, "Cambridge"),  # of another county than Boston
        (53.4875, -2.2901, "Salford"),
    ],
)
def test_a_town_stays_a_town(latitude: float, longitude: float, begins: str) -> None:
    (text,) = places_of([(latitude, longitude)])
    assert text.split(", ")[0] == begins


def test_nowhere() -> None:
    assert places_of([(0, -30), (91, 0), (0, 200), (-75, 40)]) == ["", "", "", ""]
    assert places_of([]) == []


def test_near_the_date_line() -> None:
    (here,) = places_of([(-16.79, -179.99)])
    assert here.endswith("Fiji")


def photo(path: Path, north: float, east: float) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (north, 0, 0), 3: "E", 4: (east, 0, 0)})
    Image.new("RGB", (20, 20), (int(north), int(east), 0)).save(path, exif=exif)


def place_names(library: Library) -> dict[str, str | None]:
    return {p.path.name: p.facts.place for p in library.files([State.INDEXED]) if p.facts}


def test_places_are_named_at_index_time_and_older_ones_too(
    library: Library, index: Index, photos: Path
) -> None:
    photo(photos / "paris.jpg", 48.8566, 2.3522)
    photo(photos / "sea.jpg", 0.1, 0.1)
    index(photos)
    assert (place_names(library)["paris.jpg"] or "").startswith("Paris")
    assert place_names(library)["sea.jpg"] == ""
    assert place_names(library)["red.png"] is None
    assert library.unplaced(10) == []
    ids = library.contents_at(photos / "paris.jpg")
    with library.writing() as writer:  # as a library from before has it
        writer.set_places({ids[0]: None})  # type: ignore[dict-item]
    assert len(library.unplaced(10)) == 1
    index()
    assert (place_names(library)["paris.jpg"] or "").startswith("Paris")


def test_a_run_names_the_places_anew_that_an_earlier_version_named(
    library: Library, index: Index, photos: Path
) -> None:
    """What a file or sidecar says of the place is not ours to change."""
    photo(photos / "berlin.jpg", 52.4990, 13.4030)
    photo(photos / "said.jpg", 52.4990, 13.4031)
    (photos / "said.jpg.xmp").write_text(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Home"/>'
        "</rdf:RDF></x:xmpmeta>",
        encoding="utf-8",
    )
    Image.new("RGB", (20, 20), "teal").save(photos / "plain.png")  # which says nothing itself
    (photos / "plain.png.xmp").write_text(
        (photos / "said.jpg.xmp")
        .read_text(encoding="utf-8")
        .replace(
            "photoshop:City",
            'exif:GPSLatitude="52,30N" exif:GPSLongitude="13,24E" '
            'xmlns:exif="http://ns.adobe.com/exif/1.0/" photoshop:City',
        ),
        encoding="utf-8",
    )
    index(photos)
    new = place_names(library)
    assert (new["berlin.jpg"] or "").startswith("Berlin, Kreuzberg")
    assert new["said.jpg"] == "Home"
    assert library.renaming(EDITION) is None
    (berlin,) = library.contents_at(photos / "berlin.jpg")
    (said,) = library.contents_at(photos / "said.jpg")
    (plain,) = library.contents_at(photos / "plain.png")
    as_earlier(library, {berlin: "Kreuzberg, State of Berlin, Germany"})
    index()
    assert place_names(library) == new
    assert library.renaming(EDITION) is None
    with library.writing() as writer:  # nothing is looked up again that is named in our way
        writer.set_places({berlin: "Elsewhere"})
    index()
    assert place_names(library)["berlin.jpg"] == "Elsewhere"
    with library.writing() as writer:  # as of a sidecar that came while names were looked up
        names = {berlin: ("Old", "New"), said: ("Home", "New"), plain: ("Home", "New")}
        writer.rename_places(names, EDITION, said)
    assert place_names(library)["berlin.jpg"] == "Elsewhere"
    assert place_names(library)["said.jpg"] == "Home"
    assert place_names(library)["plain.png"] == "Home"


def test_naming_anew_says_how_far_it_is_stops_and_goes_on(
    library: Library, index: Index, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minute in range(5):
        photo(photos / f"{minute}.jpg", 48.0, 2.0 + minute)
    index(photos)
    new = place_names(library)
    ids = {n: library.contents_at(photos / f"{n}.jpg")[0] for n in range(5)}
    as_earlier(library, dict.fromkeys(ids.values(), "Old"))
    monkeypatch.setattr("indexer.place_names._AT_ONCE", 2)
    stop = threading.Event()
    with library.writing() as writer:
        run = name_anew(library, writer, stop)
        assert next(run) == PlacesNamed(2, 5)
        stop.set()
        assert list(run) == []
    names = [name for name in place_names(library).values() if name is not None]
    assert names.count("Old") == 3
    assert library.unplaced(10) == []  # each has its old name until it has the new one
    with library.writing() as writer:
        assert list(name_anew(library, writer, threading.Event())) == [
            PlacesNamed(2, 3),
            PlacesNamed(3, 3),
        ]
    assert place_names(library) == new
    as_earlier(library, dict.fromkeys(ids.values(), "Old"))
    assert not index().stopped
    assert place_names(library) == new


def as_earlier(library: Library, places: dict[int, str]) -> None:
    """Let a library be as one whose places an earlier version has named."""
    with library.writing() as writer:
        writer.set_places(places)
        writer.rename_places({}, 1, 0)
        writer.set_place_edition(1)
