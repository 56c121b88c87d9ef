from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from conftest import Index
from indexer.places import places_of
from store.library import Library
from store.states import State


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ((48.8566, 2.3522), ["Paris", "Île-de-France", "France"]),
        ((-33.92, 18.42), ["Cape Town", "Western Cape", "South Africa"]),
        ((40.71, -74.0), ["New York", "United States"]),
    ],
)
def test_towns_of_the_world(place: tuple[float, float], names: list[str]) -> None:
    (text,) = places_of([place])
    assert all(name in text for name in names)
    assert len(set(text.split(", "))) == len(text.split(", "))


def test_nowhere() -> None:
    assert places_of([(0, -30), (91, 0), (0, 200), (-75, 40)]) == ["", "", "", ""]
    assert places_of([]) == []


def photo(path: Path, north: float, east: float) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (north, 0, 0), 3: "E", 4: (east, 0, 0)})
    Image.new("RGB", (20, 20), (int(north), int(east), 0)).save(path, exif=exif)


def test_places_are_named_at_index_time_and_older_ones_too(
    library: Library, index: Index, photos: Path
) -> None:
    photo(photos / "paris.jpg", 48.8566, 2.3522)
    photo(photos / "sea.jpg", 0.1, 0.1)
    index(photos)

    def places() -> dict[str, str | None]:
        return {p.path.name: p.facts.place for p in library.files([State.INDEXED]) if p.facts}

    assert (places()["paris.jpg"] or "").startswith("Paris")
    assert places()["sea.jpg"] == ""
    assert places()["red.png"] is None
    assert library.unplaced(10) == []
    ids = library.contents_at(photos / "paris.jpg")
    with library.writing() as writer:  # as a library from before has it
        writer.set_places({ids[0]: None})  # type: ignore[dict-item]
    assert len(library.unplaced(10)) == 1
    index()
    assert (places()["paris.jpg"] or "").startswith("Paris")
