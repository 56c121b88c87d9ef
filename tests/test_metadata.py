from __future__ import annotations

from datetime import datetime

import pytest

from store.metadata import Metadata, believed, photos_of, sidecars_of

NOON = datetime(2019, 7, 14, 12, 30, 5)


def test_plain_and_back() -> None:
    whole = Metadata(
        NOON, False, 120, 1.5, 2.5, "Rome, Italy", "T", "D", "Ana", "C", -1, "Red", ("a", "b|c")
    )
    assert Metadata.of(whole.plain()) == whole
    assert Metadata.of(Metadata().plain()) == Metadata()
    assert Metadata.of(Metadata(keywords=()).plain()) == Metadata(keywords=())


@pytest.mark.parametrize("damaged", [None, 5, [], {"taken_at": 5}, {"keywords": 3}, {"x": 1}])
def test_what_it_can_not_have_made_says_nothing(damaged: object) -> None:
    assert Metadata.of(damaged) == Metadata()


def test_a_sidecar_corrects_thing_by_thing() -> None:
    own = Metadata(NOON, title="own", rating=4, keywords=("a",), latitude=1.0, longitude=2.0)
    near = Metadata(title="near", keywords=())
    far = Metadata(title="far", latitude=3.0, longitude=4.0, rating=0)
    said = believed(own, [near, far]).said
    assert (said.title, said.keywords, said.rating) == ("near", (), None)
    assert (said.latitude, said.longitude, said.taken_at) == (3.0, 4.0, NOON)


def test_where_the_time_is_from() -> None:
    later = NOON.replace(year=2020)
    named = Metadata(later)
    assert believed(Metadata(NOON), [], named).taken_from == "exif"
    assert believed(Metadata(NOON), [Metadata(later)], named).taken_from == "sidecar"
    assert believed(Metadata(), [], named).said.taken_at == later
    assert believed(Metadata(), [], named).taken_from == "name"
    assert believed(Metadata(), []).taken_from is None


def test_the_same_time_said_less_exactly_is_no_correction() -> None:
    exact = NOON.replace(microsecond=123000)
    for coarse in (NOON, NOON.replace(second=0)):
        one = believed(Metadata(exact, offset=60), [Metadata(coarse)])
        assert (one.said.taken_at, one.said.offset, one.taken_from) == (exact, 60, "exif")
    moved = believed(Metadata(exact, offset=60), [Metadata(NOON, offset=120)])
    assert (moved.said.offset, moved.taken_from) == (120, "sidecar")


def test_which_sidecars_belong_to_a_photo() -> None:
    beside = ["A.XMP", "a.jpg.xmp", "b.xmp", "a.png.xmp", "a.xmp", "aa.xmp", ".xmp"]
    assert sidecars_of("a.jpg", beside) == ["a.jpg.xmp", "a.xmp", "A.XMP"]
    assert photos_of("a.xmp", ["a.jpg", "A.PNG", "b.jpg", "a.b.jpg"]) == ["a.jpg", "A.PNG"]
    assert photos_of("a.jpg.xmp", ["a.jpg", "a.jpg.png"]) == ["a.jpg", "a.jpg.png"]
