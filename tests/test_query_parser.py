from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.query.model import Term
from app.query.parser import parse_query
from app.query.values import FILTERS
from indexer.videos.video_files import VIDEO_FORMATS
from store import filters
from store.errors import QueryError


def words(*texts: str, without: tuple[str, ...] = ()) -> tuple[Term, ...]:
    return (
        *(Term("text", text) for text in texts),
        *(Term("text", text, negative=True) for text in without),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a dog \n on a\tbeach ", words("a dog on a beach")),
        ("beach + sunset", words("beach", "sunset")),
        ('2*beach + 0.5*"red kite"', (Term("text", "beach", 2), Term("text", "red kite", 0.5))),
        ("dogs 2*snow falling", (Term("text", "dogs"), Term("text", "snow falling", 2))),
        ("beach -people", words("beach", without=("people",))),
        ('-"street sign" road', words("road", without=("street sign",))),
        ("road -2*cars", (Term("text", "road"), Term("text", "cars", 2, negative=True))),
        ("a beach without people", words("a beach", without=("people",))),
        ("a street with no cars", words("a street", without=("cars",))),
        ("cars but not people", words("cars", without=("people",))),
        ("dogs without any people and a ball", words("dogs", without=("people", "ball"))),
        ("a field without people but with cows", words("a field with cows", without=("people",))),
        ("dogs, no cats, snow", words("dogs, snow", without=("cats",))),
        ("there are no people", words(without=("people",))),
        ('"no parking"', words("no parking")),
        ("image:sofa.jpg + in blue", (Term("image", "sofa.jpg"), Term("text", "in blue"))),
        ('image:"my sofa.jpg" blue', (Term("image", "my sofa.jpg"), Term("text", "blue"))),
        ("image:/a/b.jpg -like:7", (Term("image", "/a/b.jpg"), Term("like", "7", negative=True))),
        ("a dog: the movie", words("a dog: the movie")),
        ("at 9:30", words("at 9:30")),
        ("http://example.org/x", words("http://example.org/x")),
        ("c++ code", words("c++ code")),
        ("well-known place", words("well-known place")),
        ("\u201cred kite\u201d", words("red kite")),
        ("without", words("without")),
        ("2*dogs year:2019 running", (Term("text", "dogs running", 2),)),
    ],
)
def test_terms(text: str, expected: tuple[Term, ...]) -> None:
    assert parse_query(text).terms == expected


YEAR = filters.Taken(datetime(2019, 1, 1), datetime(2020, 1, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in:Trips", filters.InFolder(("Trips",))),
        ('in:"My Trips/2019"', filters.InFolder(("My Trips", "2019"))),
        ("in:/media/disk", filters.InFolder(("/", "media", "disk"), anchored=True)),
        ("in:~", filters.InFolder(Path.home().parts, anchored=True)),
        ("name:IMG_2*", filters.Name("IMG_2*")),
        ("name:sofa", filters.Name("*sofa*")),
        ("after:2019", filters.Taken(start=datetime(2019, 1, 1))),
        ("before:2021-06", filters.Taken(end=datetime(2021, 6, 1))),
        ("on:2020-07-14", filters.Taken(datetime(2020, 7, 14), datetime(2020, 7, 15))),
        ("on:2020-12", filters.Taken(datetime(2020, 12, 1), datetime(2021, 1, 1))),
        ("on:2020-02..2020-03", filters.Taken(datetime(2020, 2, 1), datetime(2020, 4, 1))),
        ("on:>2019", filters.Taken(start=datetime(2020, 1, 1))),
        ("year:2018..2020", filters.Taken(datetime(2018, 1, 1), datetime(2021, 1, 1))),
        ("year:2018..", filters.Taken(start=datetime(2018, 1, 1))),
        ("year:..2018", filters.Taken(end=datetime(2019, 1, 1))),
        ("year:2019", YEAR),
        ("2019", YEAR),
        ("sunset at the beach, 2019, not people", YEAR),
        (
            "year:2019,2017",
            filters.Any((YEAR, filters.Taken(datetime(2017, 1, 1), datetime(2018, 1, 1)))),
        ),
        ("camera:fuji", filters.Contains("camera", "fuji")),
        ('lens:"35 mm"', filters.Contains("lens", "35 mm")),
        ("type:png", filters.Format("PNG")),
        (
            "type:jpg,heic",
            filters.Any(
                (
                    filters.Any((filters.Format("JPEG"), filters.Format("MPO"))),
                    filters.Format("HEIF"),
                )
            ),
        ),
        ("type:Video", filters.Any(tuple(map(filters.Format, VIDEO_FORMATS)))),
        ("type:photo", filters.Not(filters.Any(tuple(map(filters.Format, VIDEO_FORMATS))))),
        ("duration:>60", filters.Measure("duration", low=61_000)),
        ("duration:<2m", filters.Measure("duration", high=119_999)),
        ("duration:42", filters.Measure("duration", 42_000, 42_999)),
        ("duration:1:30..1h", filters.Measure("duration", 90_000, 3_600_999)),
        ("duration:>=1:02:03", filters.Measure("duration", low=3_723_000)),
        ("width:>2000", filters.Measure("width", low=2001)),
        ("height:<=800", filters.Measure("height", high=800)),
        ("width:800..1200", filters.Measure("width", 800, 1200)),
        ("size:>5mb", filters.Measure("size", low=5_000_001)),
        ("size:100kb..1.5MB", filters.Measure("size", 100_000, 1_500_000)),
        ("orientation:Portrait", filters.Orientation("portrait")),
        ("near:48.85,2.35~10km", filters.Near(48.85, 2.35, 10)),
        ("near:-33.9,18.4", filters.Near(-33.9, 18.4, 10)),
        ("near:1,2;3,4~5", filters.Any((filters.Near(1, 2, 10), filters.Near(3, 4, 5)))),
        ("has:gps", filters.HasPlace()),
        ("is:favourite", filters.Tagged("favourite")),
        ("is:favorite", filters.Tagged("favourite")),
        ("is:offline", filters.IsOffline()),
        ("tag:family", filters.Tagged("family")),
        ('album:"Summer 2019"', filters.InAlbum("Summer 2019")),
        ("IN:Trips", filters.InFolder(("Trips",))),
        ("-in:Trips", filters.Not(filters.InFolder(("Trips",)))),
        ("tag:a tag:b", filters.All((filters.Tagged("a"), filters.Tagged("b")))),
        (
            "-tag:a,b",
            filters.Not(filters.Any((filters.Tagged("a"), filters.Tagged("b")))),
        ),
    ],
)
def test_filters(text: str, expected: filters.PhotoFilter) -> None:
    assert parse_query(text).filter == expected


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ('dogs "and', 6, "a closing quote"),
        ("+ dogs", 1, 'a term before "+"'),
        ("dogs +", 6, 'a term after "+"'),
        ("dogs + + cats", 8, 'a term before "+"'),
        ("0*dogs", 1, "a weight above 0"),
        ("dogs yaer:2019", 6, "Did you mean year:?"),
        ("zoom:red", 1, "There are in, name, after"),
        ("2*year:2019", 1, "a filter is met or not"),
        ("in:", 4, "as in in:Trips"),
        ("type:jpg,,png", 6, "as in type:jpg,heic"),
        ("year:20x8", 6, "a year like 2019"),
        ("year:2020..2018", 6, "not before its beginning"),
        ("after:2019-13", 7, "a date that exists"),
        ("on:2019-02-30", 4, "a date that exists"),
        ("on:yesterday", 4, "2019-07-14"),
        ("width:big", 7, ">2000"),
        ("duration:long", 10, "1:30..5:00"),
        ("width:>5mb", 7, ">2000"),
        ("size:5tb", 6, ">5mb"),
        ("size:..", 6, "at least one end"),
        ("orientation:round", 13, "portrait, landscape or square"),
        ("near:Paris", 6, "latitude,longitude"),
        ("near:95,0", 6, "latitudes end at 90"),
        ("has:sound", 5, "gps"),
        ("is:good", 4, "favourite, hidden or offline"),
        ("image:", 7, "as in image:sofa.jpg"),
    ],
)
def test_errors_say_where_and_what(text: str, column: int, expected: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    message = str(caught.value)
    assert f"column {column}:" in message
    assert expected in message
    assert "\n" not in message


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "\u3000", "-", ",", '""'])
def test_nothing_to_search_for(text: str) -> None:
    with pytest.raises(QueryError, match="empty"):
        parse_query(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dogs without people, 2019, in:Trips", "dogs, without people, in Trips, 2019"),
        ("2*beach + image:a.jpg", "2*beach + image:a.jpg"),
        ("-camera:fuji,canon", "not camera fuji or camera canon"),
        ("size:>5mb year:..2020", "size > 5mb, until 2020"),
    ],
)
def test_the_reading(text: str, expected: str) -> None:
    assert str(parse_query(text)) == expected


@given(st.text(alphabet='ab "+-*:,.~<>25 \u201cinyearsize;/', max_size=40))
def test_any_text_is_read_or_refused_with_a_message(text: str) -> None:
    try:
        query = parse_query(text)
    except QueryError:
        return
    assert query.terms or query.filter
    assert all(term.value and term.weight > 0 for term in query.terms)


def test_the_example_of_every_filter_is_one() -> None:
    for key, kind in FILTERS.items():
        assert kind.example.startswith(f"{key}:")
        assert parse_query(kind.example).filter is not None
