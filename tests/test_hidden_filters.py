"""An alternative that does not ask for hidden photos shows none, whatever stands beside it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PIL import Image
from test_searcher import searcher

from app.query.parser import parse_query
from app.search.explain import explain
from app.search.searcher import Searcher
from conftest import Index
from fakes import COLOURS
from store.filters import HIDDEN, NOT_HIDDEN, All, Any, HasPlace, InFolder, Not, PhotoFilter, fold
from store.filters import IsOffline as Away
from store.filters import Tagged as Tag
from store.hidden_filters import speaks_of_hidden, without_hidden

pytestmark = pytest.mark.one_python

__all__ = ["searcher"]  # the fixture

ASKED, SUB, PLACE, AWAY = Tag(HIDDEN), InFolder(("sub",)), HasPlace(), Away()
LEAVES: list[PhotoFilter] = [ASKED, SUB, PLACE, AWAY]


def meets(filter: PhotoFilter, photo: dict[PhotoFilter, bool]) -> bool:
    return fold(filter, lambda one: photo[one], all, any, lambda one: not one)


def choices(filter: PhotoFilter) -> list[list[PhotoFilter]]:
    """Every alternative as the conditions that it consists of."""
    match filter:
        case Any(inner):
            return [choice for one in inner for choice in choices(one)]
        case All(inner):
            each = itertools.product(*map(choices, inner))
            return [[one for part in parts for one in part] for parts in each]
        case Not(All(inner)):
            return choices(Any(tuple(map(Not, inner))))
        case Not(Any(inner)):
            return choices(All(tuple(map(Not, inner))))
        case Not(Not(inner)):
            return choices(inner)
    return [[filter]]


@pytest.mark.parametrize(
    "filter",
    [
        ASKED,
        NOT_HIDDEN,
        SUB,
        All(()),
        Any(()),
        All((ASKED, SUB)),
        Any((All((ASKED, SUB)), PLACE)),
        Any((NOT_HIDDEN, PLACE)),
        Any((ASKED, NOT_HIDDEN)),
        All((Any((ASKED, PLACE)), SUB)),
        All((Any((ASKED, PLACE)), Any((All((NOT_HIDDEN, AWAY)), SUB)))),
        Not(All((ASKED, SUB))),
        Not(Any((ASKED, SUB))),
        Not(Not(Any((SUB, All((PLACE, Any((AWAY, ASKED)))))))),
        Not(All((Not(ASKED), Any((PLACE, SUB))))),
    ],
)
def test_each_alternative_speaks_for_itself(filter: PhotoFilter) -> None:
    made = without_hidden(filter)
    for values in itertools.product((False, True), repeat=len(LEAVES)):
        photo = dict(zip(LEAVES, values, strict=True))
        expected = any(
            all(meets(one, photo) for one in choice)
            and (any(map(speaks_of_hidden, choice)) or not photo[ASKED])
            for choice in choices(filter)
        )
        assert meets(made, photo) == expected, (filter, photo)
    assert (made is filter) == all(any(map(speaks_of_hidden, one)) for one in choices(filter))


def test_no_filter_is_of_those_that_are_shown() -> None:
    assert without_hidden(None) == NOT_HIDDEN
    assert without_hidden(SUB) == All((SUB, NOT_HIDDEN))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("year:2020", "02"),
        ("(is:hidden in:sub) OR year:2020", "02s"),
        ("-is:hidden OR year:2020", "02"),
        ("is:hidden OR year:2020", "012s"),
        ("year:2020 (is:hidden OR in:nowhere)", "1"),
        ("(is:hidden in:sub) OR blue", "02s"),
        ("(is:hidden in:sub blue) OR (year:2020 blue)", "02s"),
        ("is:hidden OR blue", "012s"),
    ],
)
def test_or_with_hidden_photos(
    searcher: Searcher, photos: Path, index: Index, text: str, shown: str
) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2020:01:01 10:00:00"
    paths = [photos / f"{name}.jpg" for name in ("0", "1", "2", "sub/s")]
    for number, path in enumerate(paths):
        own = exif if path.parent == photos else Image.Exif()
        picture = Image.new("RGB", (40, 30 + number), COLOURS["blue"])
        picture.save(path, exif=own, quality=100)
    index()
    library = searcher.library
    library.user_data.hide([*library.contents_at(paths[1]), *library.contents_at(paths[3])])
    query = parse_query(text)
    for bursts in (False, True):
        hits = searcher.search(query, 50, bursts=bursts)
        seen = {path.stem for hit in hits for path in (hit.path, *hit.burst)}
        assert {one for one in seen if len(one) == 1} == set(shown), (text, bursts)
    if query.filter is not None:
        resolved = searcher.resolved(query.filter)
        chosen = library.catalogue(searcher.model).choose(resolved)
        assert len(chosen) == len(searcher.matching(query.filter))
        said = explain(searcher, paths[1], query)
        left_out = any(one.reading == "not hidden" for one in said.filters)
        assert left_out == ("1" not in shown), said.filters
