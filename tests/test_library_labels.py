"""Labels: the softmax and its sums by plain loops, their file, and what is kept up to date."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import app.services
from app.cli import cli
from app.labels.labeller import SURE, Labeller, confidence
from app.labels.vocabulary import read
from app.query.parser import parse_query
from app.search.searcher import Searcher
from conftest import Index, draw
from fakes import ColourEncoder
from store.errors import ModelUnavailable
from store.files.label_files import load, save
from store.labels import Labels
from store.library import Library
from store.vectors import Vectors

SMALL = read("[colours]\nred, green, blue, yellow, white, colour\n", "colour = red, green, blue\n")
VERSION = "1"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.labels.vocabulary.everyday", lambda: SMALL)


class Sharp(ColourEncoder):
    """Sure of its colours; "colour" itself is grey."""

    logit_scale = 60.0

    def encode_texts(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        self.asked = getattr(self, "asked", 0) + len(texts)
        grey = [text for text in texts if text.endswith("colour")]
        known = np.empty((0, 3), np.float32)
        if len(grey) < len(texts):
            known = super().encode_texts([text for text in texts if text not in grey])
        return np.concatenate([known, np.full((len(grey), 3), 3**-0.5, np.float32)])


def unit(rows: list[list[float]]) -> Vectors:
    vectors = np.array(rows, np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def test_confidences_by_plain_loops() -> None:
    chance = np.random.default_rng(0)
    concepts = unit(chance.normal(size=(6, 4)).tolist())
    images = unit(chance.normal(size=(9, 4)).tolist())
    confidences = Labeller(SMALL, concepts, 8.0).confidences(images)
    for image, row in zip(images, confidences, strict=True):
        powers = [math.exp(0.6 * 8.0 * float(image @ concept)) for concept in concepts]
        shares = [power / sum(powers) for power in powers]
        shares[5] += shares[0] + shares[1] + shares[2]
        chances = np.array([0, 0, 0, 0, 0, 4 / 6], np.float32)
        expected = confidence(np.array(shares, np.float32), chances)
        expected[5] = expected[[0, 1, 2, 5]].max()  # what shows a kind shows the thing
        assert row.tolist() == pytest.approx(expected.tolist(), rel=1e-4)


def test_confidence_grows_with_the_share() -> None:
    shares = np.array([0, 0.01, 0.2, 0.5, 0.9, 1], np.float32)
    confidences = confidence(shares, np.zeros(6, np.float32))
    assert (np.diff(confidences) > 0).all()
    assert confidences[0] < 0.01 and confidences[-1] > 0.99
    # A kind that is a fifth of all concepts: what any photo gives it says nothing.
    of_kind = confidence(shares, np.full(6, 0.2, np.float32))
    assert (
        (of_kind[:3] < 0.01).all()
        and (of_kind[3:5] < confidences[3:5]).all()
        and of_kind[-1] > 0.99
    )


def test_only_what_is_sure_is_given_the_surest_first() -> None:
    concepts = np.eye(6, dtype=np.float32)
    images = unit([[1, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0], [1, 1, 1, 1, 1, 1]])
    labeller = Labeller(SMALL, concepts, 20.0)
    ids = np.array([7, 8, 9], np.int64)
    labels = labeller.label(ids, images, VERSION)
    assert [SMALL.names[n] for n, _ in labels.of(7)] == ["colour", "red"]
    assert [SMALL.names[n] for n, _ in labels.of(8)] == ["yellow"]
    # All alike: that four of the six are colours says nothing, but what shows red shows a colour.
    number, colour = labels.of(9)[0]
    assert number == 5 and colour == pytest.approx(dict(labels.of(9))[0])
    everything = labeller.confidences(images)
    for id, row in zip(ids.tolist(), everything, strict=True):
        given = dict(labels.of(id))
        assert all((sure >= SURE) == (n in given) for n, sure in enumerate(row.tolist()))
        assert [given[n] for n in given] == pytest.approx([row[n] for n in given])
    assert labels.showing(5).tolist() == [7, 9]
    assert labels.of(1) == labels.of(100) == []


def table(*rows: tuple[int, dict[int, float]]) -> Labels:
    starts = np.cumsum([0, *(len(given) for _, given in rows)])
    return Labels(
        VERSION,
        np.array([id for id, _ in rows], np.int64),
        starts.astype(np.int64),
        np.array([n for _, given in rows for n in given], np.int32),
        np.array([sure for _, given in rows for sure in given.values()], np.float32),
    )


def test_merging_keeps_order_and_drops_what_is_gone() -> None:
    old = table((1, {3: 0.75, 0: 0.5}), (4, {}), (6, {2: 0.875}))
    merged = old.merged(table((2, {5: 1.0}), (5, {1: 0.75, 4: 0.625})), np.array([1, 2, 4, 5]))
    assert merged.ids.tolist() == [1, 2, 4, 5]
    assert [merged.of(id) for id in (1, 2, 4, 5, 6)] == [
        [(3, 0.75), (0, 0.5)],
        [(5, 1.0)],
        [],
        [(1, 0.75), (4, 0.625)],
        [],
    ]


def test_the_file(tmp_path: Path) -> None:
    path = tmp_path / "labels-1.npz"
    saved = table((1, {3: 0.75}), (4, {}), (6, {2: 0.875, 1: 0.5}))
    save(saved, path)
    loaded = load(path, VERSION)
    assert loaded is not None
    assert [loaded.of(id) for id in (1, 4, 6)] == [saved.of(id) for id in (1, 4, 6)]
    assert [p.name for p in tmp_path.glob("labels*")] == ["labels-1.npz"]
    assert load(path, "2") is None
    assert load(tmp_path / "none.npz", VERSION) is None
    whole = path.read_bytes()
    for damaged in (b"", b"nothing", whole[: len(whole) // 2], whole[:-30]):
        path.write_bytes(damaged)
        assert load(path, VERSION) is None


# -- a library ---------------------------------------------------------------------------------


def searcher_of(library: Library, encoder: ColourEncoder) -> Searcher:
    model = library.model()
    assert model is not None
    return Searcher(library, model, encoder)


def shown(searcher: Searcher) -> dict[str, list[str]]:
    given = searcher.labels()
    assert isinstance(given, Labels)
    photos = searcher.library.photos_of(given.ids.tolist())
    return {
        files[0].path.stem: [name for name, _ in searcher.labels_of(id)]
        for id, files in photos.items()
    }


@pytest.fixture
def encoder() -> ColourEncoder:
    return Sharp()


def test_labels_follow_the_library(
    index: Index, library: Library, encoder: Sharp, photos: Path
) -> None:
    index(photos)
    searcher = searcher_of(library, encoder)
    assert shown(searcher) == {
        "red": ["colour", "red"],
        "green": ["colour", "green"],
        "blue": ["colour", "blue"],
        "yellow": ["yellow"],
        "white": ["white"],
    }
    asked = encoder.asked
    draw(photos / "more.png", "green", (9, 9))
    (photos / "red.png").unlink()
    index(photos)
    given = shown(searcher)
    assert given["more"] == ["colour", "green"] and "red" not in given
    # Another process, another day: from the file, and the words from the cache.
    again = searcher_of(library, encoder)
    assert shown(again) == given
    library.labels_file(searcher.model).write_bytes(b"damaged")
    assert shown(searcher_of(library, encoder)) == given
    assert encoder.asked == asked


def test_other_words_or_another_model_label_anew(
    index: Index, library: Library, encoder: Sharp, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(photos)
    assert "colour" in shown(searcher_of(library, encoder))["red"]
    monkeypatch.setattr("app.labels.vocabulary.everyday", lambda: read("[c]\nred, blue\n", ""))
    assert shown(searcher_of(library, encoder))["red"] == ["red"]


Run = Callable[..., list[str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setattr(app.services, "load_encoder", lambda name, *_, **__: Sharp(name))
    monkeypatch.setenv("CLIPSEARCH_CACHE", str(tmp_path / "cache"))

    def call(*arguments: object, code: int = 0) -> list[str]:
        done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
        assert done.exit_code == code, done.output
        return (done.stdout if not code else done.output).splitlines()

    return call


def names(lines: list[str]) -> list[str]:
    return sorted(Path(line).stem for line in lines)


def test_the_filter(run: Run, photos: Path) -> None:
    run("index", photos)
    assert names(run("search", "label:red", "--paths")) == ["red"]
    assert names(run("search", "label:RED,blue", "--paths")) == ["blue", "red"]
    assert names(run("search", "type:png -label:colour", "--paths")) == ["white", "yellow"]
    assert names(run("search", "red label:colour -label:white", "--paths")) == [
        *("blue", "green", "red"),
    ]
    assert "meets: labelled red" in " ".join(run("explain", photos / "red.png", "label:red"))


def test_labels_that_no_photo_has_mean_what_clearly_matches(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_yellow = read("[colours]\nred, blue\n", "")
    monkeypatch.setattr("app.labels.vocabulary.everyday", lambda: without_yellow)
    run("index", photos)
    clear = [
        json.loads(line)["path"]
        for line in run("search", "yellow", "--json")
        if json.loads(line)["relevance"] != "weak"
    ]
    assert "yellow" in names(clear)
    assert names(run("search", "label:yellow", "--paths")) == names(clear)
    why = " ".join(run("explain", photos / "red.png", "label:yellow"))
    assert "that clearly show yellow" in why


def test_a_label_means_what_strongly_matches_too(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pink is labelled white; among blue ones it has clearly some red, as yellow and white have."""
    for number in range(30):
        draw(photos / f"blue{number}.png", "blue", (10, 11 + number))
    Image.new("RGB", (10, 10), (255, 60, 190)).save(photos / "pink.png")
    run("index", photos)
    why = " ".join(run("explain", photos / "pink.png", "red"))
    assert "strong" in why and "its labels: white" in why
    some_red = ["pink", "red", "white", "yellow"]
    assert names(run("search", "label:red", "--paths")) == some_red
    without = names(run("search", "type:png -label:red", "--paths", "-n", "50"))
    assert len(without) == 32 and not set(without) & set(some_red)
    assert names(run("search", "label:red -label:white", "--paths")) == ["red", "yellow"]
    assert names(run("search", "yellow label:red -label:blue", "--paths")) == some_red
    why = " ".join(run("explain", photos / "pink.png", "label:red"))
    assert "meets: labelled red (by its look: it has no label red)" in why
    why = " ".join(run("explain", "--", photos / "pink.png", "-label:red"))
    assert "does not meet: not labelled red (by its look" in why
    assert "by its look" not in " ".join(run("explain", photos / "red.png", "label:red"))
    # Without the model, what is labelled is still there.
    broken = ModelUnavailable("The model is gone.")

    def gone(*_: object, **__: object) -> None:
        raise broken

    monkeypatch.setattr(app.services, "load_encoder", gone)
    assert names(run("search", "label:red", "--paths")) == ["red"]


@pytest.mark.parametrize("phrase", ["jumping on a bed", "red and blue", "running", "in the house"])
def test_what_happens_is_no_label(run: Run, photos: Path, phrase: str) -> None:
    run("index", photos)
    (said,) = run("search", f'label:"{phrase}"', code=2)
    assert "the name of one thing" in said


def test_the_query_that_chooses_photos_may_be_in_another_language(run: Run, photos: Path) -> None:
    run("index", photos)
    assert names(
        [line.split("  ")[0] for line in run("label", "--query", "red", "--min", "1")]
    ) == ["red"]
    said = run("label", "--query", "red", "--language", "klingon", code=2)
    assert "klingon is no language that can be chosen" in " ".join(said)
    assert run("label", "--query", "red", "--language", "en", "--min", "1")


def test_plurals_mean_the_label(run: Run, photos: Path) -> None:
    run("index", photos)
    assert names(run("search", "label:reds", "--paths")) == ["red"]


def test_index_labels_what_it_reads(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    assert (tmp_path / "library" / "labels-1.npz").exists()
    shutil.rmtree(tmp_path / "cache")
    assert "red" in " ".join(run("explain", photos / "red.png", "blue"))
    kept = [path.stem for path in (tmp_path / "cache").glob("vocabulary/*")]
    assert not any(SMALL.digest in name for name in kept)  # nothing was left to do


def test_label_without_labels(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos / "sub")
    new = draw(tmp_path / "new.png", "red")
    lines = run("label", photos / "sub", new)
    assert len(lines) == 3
    assert any(line.startswith(str(new)) and ", red " in line for line in lines)
    run("label", "--save", photos / "sub")
    assert names(run("search", "tag:green", "--paths")) == ["green"]
    assert run("label", "--min", "1", photos / "sub")[0].endswith("(nothing for sure)")


def test_what_is_labelled_is_called_a_strong_match(
    index: Index, library: Library, encoder: Sharp, photos: Path
) -> None:
    """Also where most of the library shows it, so that nothing stands out."""
    for number in range(40):
        draw(photos / f"{number}.png", "green", (10, 11 + number))
    index(photos)
    searcher = searcher_of(library, encoder)

    def relevances(text: str) -> set[str | None]:
        hits = searcher.search(parse_query(text), 41).hits
        return {hit.relevance for hit in hits if hit.path.stem != "yellow"}

    assert relevances("green") == relevances("a green") == {"strong"}
    assert relevances("green without red") != {"strong"}  # says more than a label
