"""The page names countries as its user calls them, and understands what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from asking import client, get, id_of
from store.library import Library

__all__ = ["client"]

PLACES = {
    "busan": (35.159, 129.16, "E"),
    "rome": (41.8902, 12.4922, "E"),
    "singapore": (1.436, 103.786, "E"),
}


@pytest.fixture
def photos(photos: Path) -> Path:
    for name, (north, along, side) in PLACES.items():
        exif = Image.Exif()
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (north, 0.0, 0.0), side, (along, 0.0, 0.0)
        Image.new("RGB", (40, 30 + len(name)), (255, 0, 0)).save(photos / f"{name}.jpg", exif=exif)
    return photos


@pytest.fixture
def german(client: TestClient) -> TestClient:
    client.headers["Accept-Language"] = "de-DE,de;q=0.9,en;q=0.5"
    return client


@pytest.mark.parametrize(
    ("language", "korea", "italy"),
    [
        ("de", "Südkorea", "Italien"),
        ("en", "South Korea", "Italy"),
        ("fr", "Corée du Sud", "Italie"),
    ],
)
def test_of_one_photo_and_on_the_map(
    client: TestClient, library: Library, photos: Path, language: str, korea: str, italy: str
) -> None:
    client.headers["Accept-Language"] = language
    for name, country in (("busan", korea), ("rome", italy)):
        place = get(client, f"photo/{id_of(library, photos / f'{name}.jpg')}")["place"]
        assert place.endswith(f", {country}")
    names = get(client, "places")["names"]
    assert sorted(one.split(", ")[-1] for one in names if "ingap" not in one) == sorted(
        [korea, italy]
    )


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("Südk", "place:Südkorea"),
        ("south k", "place:Südkorea"),
        ("ital", "place:Italien"),
        ("italy", "place:Italien"),
        ("a photo in ital", "a photo in place:Italien"),
    ],
)
def test_suggestions_are_understood(german: TestClient, typed: str, query: str) -> None:
    listed = [one for one in get(german, "suggestions", text=typed) if one["kind"] == "place"]
    assert query in [one["query"] for one in listed]
    assert get(german, "results", q=query.split()[-1])["total"] == 1


def test_a_name_is_not_parted_at_its_comma(german: TestClient) -> None:
    assert "place" not in [one["kind"] for one in get(german, "suggestions", text="Republic")]
    german.headers["Accept-Language"] = "en"
    listed = [one["text"] for one in get(german, "suggestions", text="Korea")]
    assert "South Korea" in listed


def test_a_city_that_is_a_country(german: TestClient) -> None:
    facets = get(german, "facets", q="")
    assert facets["place_names"] == {"Singapore": "Singapur"}
    assert ["Singapore", 1] in facets["place"]
    for name in ("Singapore", "Singapur", "singapur"):
        assert get(german, "facets", q=f"place:{name}")["chosen"]["place"] == ["Singapore"]
    listed = [one["text"] for one in get(german, "suggestions", text="singap")]
    assert listed.count("Singapur") == 1 and "Singapore" not in listed
    assert get(german, "results", q="Singapur")["total"] == 1


def test_queries_in_german(german: TestClient) -> None:
    for query in ("Italien", "in Italien", "place:Italien", "place:Italy", "red, Italien"):
        assert get(german, "results", q=query)["matching"] == 1
