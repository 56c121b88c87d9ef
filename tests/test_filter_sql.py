"""Filters in SQL against the same filters read off each photo, one by one."""

from __future__ import annotations

import fnmatch
import math
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from store import filters
from store.distances import distance_km
from store.filters import PhotoFilter
from store.library import DATABASE, Library
from store.sql.database import immediate, open_database
from store.sql.schema import Tag
from store.states import State
from store.values import ContentFacts, FileRecord, ModelInfo, PhotoInfo, Picture

ROOTS = ("/photos/Ünder Way", "/media/disk")
FOLDERS = ("", "Trips", "trips/2019", "Trips/2019/Paris", "a_b", "Été", "axb")
NAMES = ("IMG_1.JPG", "img_2.jpg", "ÉTÉ.png", "été [1].heic", "x%y.jpg", "caf\udce9.jpg", "a'b.jpg")
CAMERAS = (None, "FUJIFILM X-T3", "fujifilm X100", "Canon EOS", "Ö-Cam 100%")
LENSES = (None, "XF35mm", "50_mm")
FORMATS = ("JPEG", "PNG", "HEIF")
TAGS = ("favourite", "family", "été")
DAYS = st.sampled_from([datetime(2019, 1, 1), datetime(2019, 12, 31), datetime(2020, 1, 1)])
TIMES = st.builds(
    lambda day, seconds: day + timedelta(seconds=seconds), DAYS, st.sampled_from([-1, 0, 1, 40_000])
)
SIDES = st.sampled_from([1, 95, 100, 105, 106, 2000])
LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)

facts = st.builds(
    ContentFacts,
    width=SIDES,
    height=SIDES,
    format=st.sampled_from(FORMATS),
    taken_at=st.none() | TIMES,
    camera=st.sampled_from(CAMERAS),
    lens=st.sampled_from(LENSES),
    latitude=st.none() | LATITUDES,
    longitude=st.none() | LONGITUDES,
    duration_ms=st.none() | SIDES,
    place=st.sampled_from([None, "", "Paris, Île-de-France, France", "Rhône, France"]),
)
photo = st.tuples(
    st.integers(0, 1),  # root
    st.sampled_from(FOLDERS),
    st.sampled_from(NAMES),
    SIDES,  # bytes
    TIMES,  # of the file
    st.integers(0, 7),  # content
    st.sampled_from([State.INDEXED] * 4 + [State.GONE]),
)
library = st.fixed_dictionaries(
    {
        "contents": st.lists(facts, min_size=8, max_size=8),
        "photos": st.lists(photo, min_size=6, max_size=25, unique_by=lambda p: p[:3]),
        "tags": st.sets(st.tuples(st.integers(0, 7), st.sampled_from(TAGS))),
        "unembedded": st.sets(st.integers(0, 7), max_size=2),
        "offline": st.integers(-1, 1),
    }
)

limit = st.sampled_from([None, 94, 95, 100, 106, 2000])
leaf = st.one_of(
    st.builds(
        filters.InFolder,
        st.sampled_from(
            [
                ("trips",),
                ("TRIPS", "2019"),
                ("2019",),
                ("t*",),
                ("été",),
                ("a_b",),
                ("disk", "trips"),
            ]
        ),
    ),
    st.builds(
        filters.InFolder,
        st.sampled_from([("/", "media", "disk"), ("/", "media", "disk", "Trips"), ("/", "trips")]),
        st.just(True),
    ),
    st.builds(
        filters.Name,
        st.sampled_from(["*.jpg", "img_?.*", "été*", "x%y*", "*\udce9*", "*[[]1]*"]),
    ),
    st.builds(filters.Taken, st.none() | DAYS, st.none() | DAYS),
    st.builds(filters.InMonth, st.sampled_from([1, 2, 12])),
    st.builds(filters.InMonth, st.sampled_from([1, 2, 12]), st.sampled_from([1, 14, 29, 31])),
    st.builds(filters.InHours, st.sampled_from([0, 11, 23]), st.sampled_from([12, 24])),
    st.builds(
        filters.Contains,
        st.sampled_from(["camera", "lens", "place"]),
        st.sampled_from(["fuji", "EOS", "ö-cam", "o-Cam", "%", "_", "mm", "ile-de", "FRANCE", ""]),
        st.booleans(),
    ),
    st.builds(filters.Format, st.sampled_from(FORMATS)),
    st.builds(
        filters.Measure, st.sampled_from(["width", "height", "size", "duration"]), limit, limit
    ),
    st.builds(filters.Orientation, st.sampled_from(["portrait", "landscape", "square"])),
    st.builds(filters.Near, LATITUDES, LONGITUDES, st.floats(0, 20_000)),
    st.just(filters.HasPlace()),
    st.just(filters.IsOffline()),
    st.builds(filters.Tagged, st.sampled_from([*TAGS, "ÉTÉ", "none"])),
)
tree = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds(filters.Not, inner),
        st.builds(filters.All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(filters.Any, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


def meets(photo: PhotoInfo, filter: PhotoFilter, tags: set[str], offline: Path | None) -> bool:
    """The same question, asked of one photo in plain Python."""
    assert photo.facts is not None
    about = photo.facts

    def again(inner: PhotoFilter) -> bool:
        return meets(photo, inner, tags, offline)

    match filter:
        case filters.Not(inner):
            return not again(inner)
        case filters.All(many):
            return all(map(again, many))
        case filters.Any(many):
            return any(map(again, many))
        case filters.InFolder(parts, anchored):
            folders = photo.path.parent.parts
            starts = [0] if anchored else range(1, len(folders))
            return any(
                len(folders[start:]) >= len(parts)
                and all(
                    fnmatch.fnmatchcase(folder.casefold(), part.casefold())
                    for folder, part in zip(folders[start:], parts, strict=False)
                )
                for start in starts
            )
        case filters.Name(glob):
            return fnmatch.fnmatchcase(photo.path.name.casefold(), glob.casefold())
        case filters.Taken(start, end):
            return (not start or photo.taken_at >= start) and (not end or photo.taken_at < end)
        case filters.InMonth(month, day):
            return photo.taken_at.month == month and day in (None, photo.taken_at.day)
        case filters.InHours(first, last):
            return about.taken_at is not None and first <= about.taken_at.hour < last
        case filters.Contains(what, text, last):
            value: str | None = getattr(about, what)
            if last and value:
                return plain(value) == plain(text) or plain(value).endswith(f", {plain(text)}")
            return bool(value) and plain(text) in plain(value)
        case filters.Format(name):
            return about.format == name
        case filters.Measure(what, low, high):
            named = {"size": photo.size, "duration": about.duration_ms}
            size = named[what] if what in named else getattr(about, what)
            if size is None:
                return False
            return (low is None or size >= low) and (high is None or size <= high)
        case filters.Orientation(shape):
            wide = about.width / about.height
            is_square = 1 / 1.05 <= wide <= 1.05
            actual = "square" if is_square else "landscape" if wide > 1 else "portrait"
            return shape == actual
        case filters.HasPlace():
            return about.latitude is not None and about.longitude is not None
        case filters.Near(latitude, longitude, km):
            if about.latitude is None or about.longitude is None:
                return False
            return arc_km(latitude, longitude, about.latitude, about.longitude) <= km
        case filters.IsOffline():
            return photo.root == offline
        case filters.Tagged(tag):
            return tag.lower() in tags
    raise AssertionError(filter)


def plain(text: str | None) -> str:
    """In ASCII, as far as these examples go."""
    assert text is not None
    return text.casefold().translate(str.maketrans("éöôî", "eooi"))


def arc_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """By the angle between the two directions from the middle of the earth."""

    def direction(latitude: float, longitude: float) -> np.ndarray:
        up, round_ = math.radians(latitude), math.radians(longitude)
        return np.array(
            [math.cos(up) * math.cos(round_), math.cos(up) * math.sin(round_), math.sin(up)]
        )

    one, other = direction(lat1, lon1), direction(lat2, lon2)
    return 6371.0088 * math.atan2(float(np.linalg.norm(np.cross(one, other))), float(one @ other))


def vector_of(content: float) -> np.ndarray:
    """A direction of its own for each content."""
    return np.array([math.cos(content), math.sin(content)], np.float32)


def fill(folder: Path, made: dict[str, Any]) -> tuple[Library, ModelInfo, dict[int, set[str]]]:
    opened = Library.open(folder, create=True)
    with opened.writing() as writer:
        model = writer.add_model("m", "1", 2)
        roots = [writer.add_root(Path(path), (), replace=False).id for path in ROOTS]
        records = [
            FileRecord(
                roots[root],
                inside,
                name,
                size,
                int(time.timestamp()) * 10**9 + 5,
                state,
                picture=Picture(
                    bytes([content]) * 32,
                    made["contents"][content],
                    None if content in made["unembedded"] else vector_of(content),
                ),
            )
            for root, inside, name, size, time, content, state in made["photos"]
        ]
        writer.record(records, model, 1)
    ids = {p.content_id for p in opened.files(State) if p.content_id is not None}
    tags: dict[int, set[str]] = {id: set() for id in ids}
    engine = open_database(folder / DATABASE)
    with immediate(engine) as connection:
        for number, tag in made["tags"]:
            if number + 1 in ids:
                row = {"digest": opened.digest(number + 1), "name": tag}
                connection.execute(insert(Tag).values(row))
                tags[number + 1].add(tag)
    engine.dispose()
    return opened, model, tags


@pytest.mark.one_python
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    made=library,
    single=st.lists(st.one_of(leaf, st.builds(filters.Not, leaf)), min_size=15, max_size=15),
    nested=st.lists(tree, min_size=5, max_size=5),
)
def test_filters_equal_brute_force(
    made: dict[str, Any],
    single: list[PhotoFilter],
    nested: list[PhotoFilter],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened, model, tags = fill(tmp_path_factory.mktemp("library"), made)
    query = vector_of(2.3)
    offline = Path(ROOTS[made["offline"]]) if made["offline"] >= 0 else None
    monkeypatch.setattr("store.vector_reader.is_online", lambda root: root != offline)
    index = opened.index(model).index
    visible = index.ids().tolist()
    cosines = dict(zip(visible, (opened.vectors(model, index.ids()) @ query).tolist(), strict=True))
    photos = [photo for photo in opened.files([State.INDEXED]) if photo.content_id in cosines]
    for filter in single + nested:
        expected = {
            photo.content_id
            for photo in photos
            if photo.content_id is not None
            and meets(photo, filter, tags[photo.content_id], offline)
        }
        allowed = opened.matching(model, filter)
        assert allowed.tolist() == sorted(expected)
        # And the nearest of these are the nearest of the rows that meet the filter.
        nearest = sorted(expected, key=lambda id: -cosines[id])[:3]
        assert index.search(query, 3, allowed)[0].tolist() == nearest
    opened.close()


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((48.8566, 2.3522), (51.5074, -0.1278), 343.6),  # Paris to London
        ((0, 179.5), (0, -179.5), 111.2),  # over the date line
        ((90, 0), (90, 123), 0),
        ((0, 0), (0, 180), 20015.1),
    ],
)
def test_distances(one: tuple[float, float], other: tuple[float, float], km: float) -> None:
    distances = distance_km(*one, np.array([other[0]]), np.array([other[1]]))
    assert distances[0] == pytest.approx(km, abs=0.1)


@pytest.mark.one_python
def test_many_folders_and_ids(tmp_path: Path) -> None:
    """More than SQLite takes as parameters of one statement: 32,766."""
    opened = Library.open(tmp_path / "library", create=True)
    vector = np.array([1, 0], np.float32)
    with opened.writing() as writer:
        model = writer.add_model("m", "1", 2)
        root = writer.add_root(Path("/photos"), (), replace=False).id
        writer.record(
            [
                FileRecord(
                    root,
                    f"trip{number}",
                    "a.jpg",
                    1,
                    1,
                    State.INDEXED,
                    picture=Picture(
                        number.to_bytes(32, "big"),
                        ContentFacts(1, 1, "JPEG", latitude=1, longitude=1),
                        vector,
                    ),
                )
                for number in range(33_000)
            ],
            model,
            1,
        )
    for filter in (filters.InFolder(("trip*",)), filters.Near(1, 1, 1)):
        assert len(opened.matching(model, filter)) == 33_000
    opened.close()
