from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_searcher import names, searcher

from app.query.parser import parse_query
from app.search.scoring import prototype
from app.search.searcher import Searcher
from conftest import Index, Run, draw, index_into
from fakes import ColourEncoder
from store.errors import QueryError
from store.library import Library
from store.values import Example

__all__ = ["searcher"]  # a fixture


def teach(searcher: Searcher, name: str, *paths: Path, negative: bool = False) -> None:
    library = searcher.library
    examples = []
    for path in paths:
        vector = searcher.encode_file(path, str(path))
        known = library.contents_at(path)
        content = known[0] if known else None
        examples.append(Example(str(path), negative, content, searcher.model.id, vector))
    library.user_data.add_examples(name, examples)


def test_a_concept_is_what_its_examples_have_in_common(
    searcher: Searcher, photos: Path, tmp_path: Path
) -> None:
    teach(searcher, "Sun", photos / "sub" / "yellow.png", draw(tmp_path / "s.png", "yellow"))
    assert names(searcher, "concept:sun", 1) == ["yellow"]
    assert names(searcher, "concept:SUN + 3*blue", 1) == ["blue"]
    assert names(searcher, "-concept:sun")[-1] == "yellow"
    assert searcher.library.user_data.concepts() == ["sun"]


def test_counterexamples(searcher: Searcher, photos: Path) -> None:
    teach(searcher, "warm", photos / "red.png", photos / "sub" / "yellow.png")
    before = names(searcher, "concept:warm")
    teach(searcher, "warm", photos / "sub" / "green.png", negative=True)
    after = names(searcher, "concept:warm")
    assert after.index("green") >= before.index("green")
    assert after[0] == "red"


def test_an_unknown_concept_lists_the_known_ones(searcher: Searcher, photos: Path) -> None:
    with pytest.raises(QueryError, match=r"no concept avi\. Known: none yet"):
        searcher.search(parse_query("concept:avi"))
    teach(searcher, "red", photos / "red.png")
    with pytest.raises(QueryError, match="Known: red"):
        searcher.search(parse_query("concept:avi"))


def test_after_a_change_of_model_examples_are_seen_anew(
    searcher: Searcher, library: Library, photos: Path, tmp_path: Path
) -> None:
    """Indexed ones by their new vectors, any other from its file."""
    outside = draw(tmp_path / "outside.png", "red", (9, 9))
    teach(searcher, "both", photos / "red.png", outside)
    encoder = ColourEncoder("other", fingerprint="2")
    index_into(library, encoder)
    model = library.model()
    assert model and model.name == "other"
    other = Searcher(library, model, encoder)
    encoded = encoder.encoded
    assert names(other, "concept:both", 1) == ["red"]
    assert encoder.encoded == encoded + 1
    outside.unlink()
    with pytest.raises(QueryError, match=r"outside\.png of concept:both can't be read"):
        other.search(parse_query("concept:both"))


def test_an_example_that_left_the_library_still_counts(
    searcher: Searcher, library: Library, photos: Path, index: Index
) -> None:
    teach(searcher, "mine", photos / "red.png")
    with library.writing() as writer:
        writer.forget(photos / "red.png")
    assert names(searcher, "concept:mine", 1) == ["yellow"]


def test_the_prototype_by_hand() -> None:
    examples = np.array([[1, 0], [0, 1]], np.float32)
    nothing = np.empty((0, 2), np.float32)
    np.testing.assert_allclose(prototype(examples, nothing, nothing), [0.7071, 0.7071], atol=1e-3)
    sample = np.array([[0.5, 0]], np.float32)
    np.testing.assert_allclose(prototype(examples, nothing, sample), [0, 1], atol=1e-3)
    against = np.array([[0, 1]], np.float32)  # 0.5 - 0.35, 0.5 - 0.3
    np.testing.assert_allclose(prototype(examples, against, sample), [0.6, 0.8], atol=1e-3)
    np.testing.assert_allclose(prototype(sample, nothing, sample), [1, 0], atol=1e-3)


def test_the_command(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    other = draw(tmp_path / "other.png", "blue", (9, 9))
    assert run("concept", "add", "Sun", photos / "sub" / "yellow.png", "--not", other).lines == [
        "The concept sun has 2 examples now: concept:sun"
    ]
    assert run("concept", "list").lines == ["sun"]
    assert run("concept", "show", "sun").lines == [
        *(str(photos / "sub" / "yellow.png"), f"not {other}"),
    ]
    assert run("search", "concept:sun", "--paths").lines[0].endswith("yellow.png")
    for more in ([photos / "red.png"], ["--not", other]):  # would forget all of them
        assert run("concept", "remove", "sun", *more).code == 2
    assert run("concept", "list", "sun").code == 2
    assert run("concept", "list").lines == ["sun"]
    assert "is forgotten" in run("concept", "remove", "sun").out
    assert run("concept", "list").lines == []
    for wrong in (
        ("add", "sun"),
        ("add", "sun", tmp_path / "none.png"),
        ("add", "sun", "--not", other),
        ("add", "two words", other),
        ("show", "sun"),
        ("show",),
    ):
        assert run("concept", *wrong).code == 2, wrong
