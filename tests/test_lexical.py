"""What names say, in a search: scores, order, levels and what is said of them agree."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.query.parser import parse_query
from app.search.explain import explain
from app.search.lexical import NameMatches, name_matches
from app.search.ranking import Ranking
from app.search.relevance import PROMPTS
from app.search.searcher import Searcher
from conftest import Run, draw, index_into
from fakes import ColourEncoder
from store.library import Library
from store.picture_text import ReadText, TextLine
from store.vectors import Vectors

pytestmark = pytest.mark.one_python


class AnyWords(ColourEncoder):
    """Words that name no colour say "blue"."""

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return super().encode_texts([t if set(t.split()) & _KNOWN else "blue" for t in texts])


_KNOWN = {"red", "green", "blue", *" ".join(PROMPTS).split()}


@pytest.fixture
def searcher(library: Library, tmp_path: Path) -> Iterator[Searcher]:
    """Photos of five colours whose names say something else."""
    folder = tmp_path / "album"
    names = ("IMG_0001", "two-dogs-on-beach", "BeachSunset", "red", "Rome/DSC0007", "dogs/IMG_0002")
    colours = ("red", "green", "blue", "yellow", "white", "brown")
    for number, (name, colour) in enumerate(zip(names, colours, strict=True)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40 + number, 30), colour).save(folder / f"{name}.png")
    index_into(library, AnyWords(), folder)
    model = library.model()
    assert model
    with Searcher(library, model, AnyWords()) as made:
        yield made


def names(searcher: Searcher, query: str, limit: int = 10) -> list[str]:
    return [hit.path.stem for hit in searcher.search(parse_query(query), limit).hits]


def matches(searcher: Searcher, query: str) -> NameMatches:
    found_by_name = name_matches(searcher.library, parse_query(query), searcher.count())
    assert found_by_name is not None
    return found_by_name


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("two dogs on beach", "two-dogs-on-beach"),
        ("two-dogs-on-beach.png", "two-dogs-on-beach"),
        ("beach sunset", "BeachSunset"),
        ("beaches at sunset", "BeachSunset"),
        ("IMG_0001", "IMG_0001"),
        ("dsc0007", "DSC0007"),
    ],
)
def test_a_photo_is_known_by_its_name(searcher: Searcher, query: str, best: str) -> None:
    (hit, *_) = searcher.search(parse_query(query)).hits
    assert hit.path.stem == best
    assert hit.relevance == "strong"
    assert "name" in hit.names


def test_what_has_which_word_is_said(searcher: Searcher) -> None:
    (rome,) = searcher.library.contents_at(Path(searcher.library.roots()[0].path) / "Rome")
    searcher.library.user_data.add_tag([rome], "holiday")
    (hit, *_) = searcher.search(parse_query("holidays in rome")).hits
    assert hit.id == rome
    assert hit.names == {"folder": ("rome",), "tag": ("holidays",)}
    explanation = explain(searcher, hit.path, parse_query("holidays in rome"))
    assert explanation.names == hit.names
    assert explanation.name_share > 0
    assert explanation.plain()["names"] == {"folder": ["rome"], "tag": ["holidays"]}
    assert explanation.rank == 1


def test_scores_order_and_levels_agree(searcher: Searcher) -> None:
    for query in ("beach", "red", "beach -blue", "dogs + beach", "two dogs, type:png", "0001"):
        parsed = parse_query(query)
        every = searcher.ranked(parsed, bursts=False)
        assert sorted(every.scores.tolist(), reverse=True) == every.scores.tolist(), query
        for limit in range(1, 7):
            first = searcher.ranked(parsed, limit, bursts=False)
            assert first.ids.tolist() == every.ids[:limit].tolist(), query
            assert first.scores == pytest.approx(every.scores[:limit])
        for place, id in enumerate(every.ids.tolist(), 1):
            path = searcher.library.photos_of([id])[id][0].path
            explanation = explain(searcher, path, parsed)
            assert (explanation.rank, explanation.of) == (place, 6)
        ranking = searcher.ranking(parsed)
        assert isinstance(ranking, Ranking)
        if not parsed.negatives:
            above = [int((every.scores > score).sum()) for score in every.scores]
            assert [ranking.count_before(id) for id in every.ids.tolist()] == above, query


def test_a_filter_counts_for_names_too(searcher: Searcher) -> None:
    assert names(searcher, "beach in:Rome") == ["DSC0007"]
    assert set(names(searcher, "dogs width:..42")) == {
        "IMG_0001",
        "two-dogs-on-beach",
        "BeachSunset",
    }


def test_only_words_that_are_looked_for_count(searcher: Searcher) -> None:
    library = searcher.library
    for query in ("-beach", "the", "of a", "in:Rome", "zebra"):
        assert name_matches(library, parse_query(query), 6) is None, query
    picture = searcher.library.roots()[0].path / "IMG_0001.png"
    assert name_matches(library, parse_query(f"image:{picture}"), 6) is None
    both = matches(searcher, f"image:{picture} + beach")
    assert list(both.words) == ["beach"]


def test_rare_words_and_exact_names_count_more(searcher: Searcher) -> None:
    both = matches(searcher, "sunset beach")
    at = [_at(searcher, name) for name in ("BeachSunset.png", "two-dogs-on-beach.png")]
    sunset, other = both.bonus_of(np.array([*map(searcher.library.contents_at, at)])[:, 0])
    assert 0 < other < sunset
    exact = matches(searcher, "beach sunset")
    assert exact.bonus.max() > both.bonus.max()  # in the order of the name
    assert both.full.sum() == 1


def test_a_number_alone_is_no_match_for_words(searcher: Searcher) -> None:
    assert name_matches(searcher.library, parse_query('"zebra 0001"'), 6) is None
    assert len(matches(searcher, '"0001"').ids) == 1


def test_no_bonus_for_others(searcher: Searcher) -> None:
    beach = matches(searcher, "beach")
    every = np.sort(searcher.index().ids())
    assert (beach.bonus_of(every) > 0).sum() == len(beach.ids) == 2
    assert beach.said(int(every[-1]) + 1) == {}


def test_the_example_of_the_readme(run: Run, photos: Path) -> None:
    """A photo is first by its name, whatever it shows, and ``explain`` says which words."""
    draw(photos / "Red_1234.PNG", "yellow", (60, 50))
    assert run("index", photos).code == 0
    (best, *_) = map(json.loads, run("search", "--json", "red", "1234").lines)
    assert (Path(best["path"]).name, best["relevance"]) == ("Red_1234.PNG", "strong")
    assert best["names"] == {"name": ["red", "1234"]}
    assert "  name: red, 1234" in run("explain", photos / "Red_1234.PNG", "red", "1234").lines
    run("tag", "add", "red letter day", photos / "sub" / "green.png")
    (best, *_) = map(json.loads, run("search", "--json", "red letter day").lines)
    assert (Path(best["path"]).name, best["relevance"]) == ("green.png", "strong")
    assert best["names"] == {"tag": ["red", "letter", "day"]}


def _at(searcher: Searcher, name: str) -> Path:
    return searcher.library.roots()[0].path / name


def test_what_can_be_read_in_a_picture_counts(searcher: Searcher) -> None:
    library = searcher.library
    root = Path(library.roots()[0].path)
    (sign,), (shop,) = (library.contents_at(root / name) for name in ("red.png", "IMG_0001.png"))
    assert name_matches(library, parse_query("miami"), 6) is None
    box = (0.0, 0.0, 1.0, 0.0, 1.0, 0.1, 0.0, 0.1)
    with library.writing() as writer:
        texts = {sign: ["WELCOME", "to M1AMI"], shop: ["Open late", "shops"]}
        writer.set_texts(
            {
                id: ReadText([TextLine(line, 0.9, box) for line in lines], "drawn")
                for id, lines in texts.items()
            }
        )
    (hit, *_) = searcher.search(parse_query("Miami")).hits
    assert hit.id == sign
    assert hit.names == {"text": ("miami",)}
    assert hit.relevance == "strong"
    assert explain(searcher, hit.path, parse_query("miami")).names == hit.names
    for query in ("to", "ami", "-miami"):  # too short, a part of a word, to be left out
        assert name_matches(library, parse_query(query), 6) is None, query
    assert matches(searcher, "shop open").fields["text"].sum() == 2  # in the plural as well
