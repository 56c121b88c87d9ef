"""Recall@k by hand, against plain loops, and through the command; files of captions."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import app.services
from app.cli import cli
from app.evaluation.captions import Captioned, read_captions
from app.evaluation.retrieval import RANKS, retrieval
from app.evaluation.zero_shot import accuracy, read_classes
from conftest import Index
from fakes import ColourEncoder
from store.errors import DataError
from store.vectors import Vectors

EXPECTED = Captioned(("a.jpg", "b.jpg"), ("a dog", "a brown dog", "a cat"), (0, 0, 1))
FILES: dict[str, str] = {
    "tsv": "split\tfile\tcaption\ndev\ta.jpg\ta dog\ndev\ta.jpg\ta brown dog\ndev\tb.jpg\ta cat\n"
    'train\tc.jpg\t"quoted\n',
    "token": "a.jpg#0\ta dog\na.jpg#1\ta brown dog \nb.jpg#0\ta cat\n",
    "coco": json.dumps(
        {
            "images": [{"id": 7, "file_name": "a.jpg"}, {"id": 9, "file_name": "b.jpg"}],
            "annotations": [
                {"image_id": 7, "caption": "a dog"},
                {"image_id": 7, "caption": " a brown\ndog"},
                {"image_id": 9, "caption": "a cat"},
            ],
        }
    ),
    "karpathy": json.dumps(
        {
            "images": [
                {
                    "filename": "a.jpg",
                    "split": "dev",
                    "sentences": [{"raw": "a dog"}, {"raw": "a brown dog"}],
                },
                {"filename": "b.jpg", "split": "dev", "sentences": [{"raw": "a cat"}]},
                {"filename": "c.jpg", "split": "test", "sentences": [{"raw": "x"}]},
            ]
        }
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_formats(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "captions"
    path.write_text(FILES[kind])
    split = "dev" if kind in ("tsv", "karpathy") else None
    assert read_captions(path, split) == EXPECTED
    if split:
        assert len(read_captions(path).photos) == 3
        with pytest.raises(DataError, match="of the split val; it has dev, t"):
            read_captions(path, "val")


@pytest.mark.parametrize("text", ["", "a dog\n", "{", "[1]", '{"images": 3}', "a.jpg#0\tx\nbroken"])
def test_what_is_no_file_of_captions(text: str, tmp_path: Path) -> None:
    path = tmp_path / "captions"
    path.write_text(text)
    with pytest.raises(DataError, match="captions"):
        read_captions(path)
    with pytest.raises(DataError, match="can't be read"):
        read_captions(tmp_path / "nothing")


def unit(rows: list[list[float]]) -> Vectors:
    vectors = np.array(rows, np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def test_recall_by_hand() -> None:
    images = unit([[1, 0], [0, 1], [-1, 0]])
    # The first caption is nearest to its photo, the second is to another one, the third ties.
    texts = unit([[1, 0.1], [1, 0.2], [-1, 0.5], [0, -1]])
    by_text, by_image = retrieval(images, texts, [0, 1, 2, 0])
    # Ranks of the texts: 1; 2; 1; photos 0 and 2 are both at a right angle to the last one: 2.
    assert by_text.recall == {1: 50, 5: 100, 10: 100}
    assert by_text.median_rank == 1.5
    assert by_text.queries == 4
    # Photo 1 has one caption, [1, 0.2]; [-1, 0.5] is nearer to it.
    assert by_image.recall[1] == pytest.approx(200 / 3)
    assert by_image.queries == 3


def test_the_same_for_everything_finds_nothing() -> None:
    images = unit([[1, 1]] * 20)
    by_text, by_image = retrieval(images, images, range(20))
    assert by_text.recall == by_image.recall == {1: 0, 5: 0, 10: 0}


def test_recall_as_loops_have_it() -> None:
    chance = np.random.default_rng(1)
    images = unit(chance.normal(size=(40, 8)).tolist())
    of = chance.integers(0, 40, 150)
    of[:40] = range(40)
    texts = unit((images[of] + chance.normal(size=(150, 8)) * 0.5).tolist())
    by_text, by_image = retrieval(images, texts, of.tolist())
    for k in RANKS:
        hits = 0
        for text, owner in zip(texts, of, strict=True):
            order = sorted(range(40), key=(-(images @ text)).tolist().__getitem__)
            hits += owner in order[:k]
        assert by_text.recall[k] == pytest.approx(100 * hits / 150)
        hits = 0
        for number, image in enumerate(images):
            order = sorted(range(150), key=(-(texts @ image)).tolist().__getitem__)
            best = min(place for place, n in enumerate(order) if of[n] == number)
            hits += best < k
        assert by_image.recall[k] == pytest.approx(100 * hits / 40)
        low, high = by_text.interval[k]
        assert low <= by_text.recall[k] <= high


def test_intervals_narrow_with_photos() -> None:
    chance = np.random.default_rng(2)

    def width(count: int) -> float:
        images = unit(chance.normal(size=(count, 4)).tolist())
        texts = unit((images + chance.normal(size=(count, 4))).tolist())
        low, high = retrieval(images, texts, range(count))[0].interval[10]
        return high - low

    assert width(50) > width(800) > 0


# -- classes -----------------------------------------------------------------------------------


@pytest.mark.one_python
def test_accuracy_as_scikit_learn_has_it() -> None:
    from sklearn.metrics import balanced_accuracy_score, top_k_accuracy_score

    chance = np.random.default_rng(3)
    names = [f"class {number}" for number in range(8)]
    said = unit(chance.normal(size=(8, 6)).tolist())
    of = chance.integers(0, 7, 200)  # none of the last class
    images = unit((said[of] + chance.normal(size=(200, 6)) * 0.6).tolist())

    def encode(texts: Sequence[str]) -> Vectors:
        vectors: Vectors = said[[int(text.split()[-1]) for text in texts]]
        return vectors

    result = accuracy(images, of.tolist(), names, encode, ["{}", "a {}"])
    scores = images @ said.T
    best = scores.argmax(axis=1)
    labels = list(range(8))
    assert result.top1 == pytest.approx(100 * (best == of).mean())
    assert result.top5 == pytest.approx(100 * top_k_accuracy_score(of, scores, k=5, labels=labels))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a class that is predicted and never true
        assert result.per_class == pytest.approx(100 * balanced_accuracy_score(of, best))
    assert result.interval[0] <= result.top1 <= result.interval[1]
    pairs = Counter((names[t], names[b]) for t, b in zip(of, best, strict=True) if t != b)
    assert sum(n for *_, n in result.confused) == sum(pairs.values())
    assert {(one, other): n for one, other, n in result.confused} == pairs


def test_classes_are_folders(tmp_path: Path) -> None:
    for name in ("n01/deep/a.jpg", "n01/b.PNG", "n02/c.jpg", "n02/notes.txt", "old_car/d.jpg"):
        (tmp_path / "set" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "set" / name).touch()
    (tmp_path / "set" / "empty").mkdir()
    classes = read_classes(tmp_path / "set")
    assert classes.names == ("n01", "n02", "old car")
    assert [path.name for path in classes.paths] == ["b.PNG", "a.jpg", "c.jpg", "d.jpg"]
    assert classes.of == (0, 0, 1, 2)
    (tmp_path / "names.tsv").write_text("n01\ta dog\n\nn02\ta dog\n")
    assert read_classes(tmp_path / "set", tmp_path / "names.tsv").names == ("a dog", "old car")
    (tmp_path / "names.json").write_text('{"n01": "a cat"}')
    assert read_classes(tmp_path / "set", tmp_path / "names.json").names[0] == "a cat"
    (tmp_path / "names.json").write_text("n01 a cat")
    with pytest.raises(DataError, match="gives no names"):
        read_classes(tmp_path / "set", tmp_path / "names.json")
    with pytest.raises(DataError, match="two classes"):
        read_classes(tmp_path / "set" / "n01")
    with pytest.raises(DataError, match="can't be read"):
        read_classes(tmp_path / "nothing")


@pytest.mark.one_python
def test_zeroshot_of_real_photos(real_photos: Path, tmp_path: Path) -> None:
    """The starter model by its command, in which the templates of the paper are."""
    for name, photo in (
        ("cat", "chelsea.png"),
        ("cup of coffee", "coffee.png"),
        ("motorcycle", "motorcycle_left.png"),
        ("flower", "flower.jpg"),
    ):
        (tmp_path / "set" / name).mkdir(parents=True)
        (tmp_path / "set" / name / photo).write_bytes((real_photos / photo).read_bytes())
    command = ["eval", "zeroshot", str(tmp_path / "set"), "--model", "starter"]
    done = CliRunner().invoke(cli, [*command, "--json"])
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["templates"] for row in rows] == ["one", "seven", "eighty"]
    assert all(row["top-1"] == row["mean per class"] == 100 for row in rows)
    done = CliRunner().invoke(cli, [*command, "--markdown"])
    assert done.stdout.splitlines()[1].startswith("| ---")
    assert "4 photos of 4 classes" in done.stderr


# -- the command -------------------------------------------------------------------------------

Run = Callable[..., str]


@pytest.fixture
def run(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    encoders: list[ColourEncoder] = []

    def load(name: str, *_: object, **__: object) -> ColourEncoder:
        encoders.append(ColourEncoder(name, fingerprint="1"))
        return encoders[-1]

    monkeypatch.setattr(app.services, "load_encoder", load)
    captions = tmp_path / "captions.txt"
    captions.write_text(
        "red.png#0\tred\nsub/green.png#0\tgreen\nsub/green.png#1\tred\nblue.png#0\tblue\n"
    )

    def invoke(*arguments: str, code: int = 0) -> str:
        command = ["eval", "retrieval", str(captions), "--photos", str(photos), *arguments]
        done = CliRunner().invoke(cli, command)
        assert done.exit_code == code, done.output
        invoke.encoded = sum(one.encoded for one in encoders)  # type: ignore[attr-defined]
        return done.output if code else done.stdout

    return invoke


def test_the_command(run: Run) -> None:
    rows = [json.loads(line) for line in run("--model", "colours", "--json").splitlines()]
    by_text, by_image = rows
    assert (by_text["queries"], by_text["recall@1"]) == (4, 75)
    assert (by_image["queries"], by_image["recall@1"]) == (3, 66.67)
    assert by_text["recall@5"] == 100 and by_text["median rank"] == 1
    assert by_text["interval@1"][0] <= 75 <= by_text["interval@1"][1]
    assert run.encoded == 3  # type: ignore[attr-defined]


def test_photos_of_the_library_are_not_read_again(run: Run, index: Index, photos: Path) -> None:
    index(photos)
    plain = run("--json")
    assert run.encoded == 0  # type: ignore[attr-defined]
    assert json.loads(plain.splitlines()[0])["recall@1"] == 75


def test_two_models_and_a_markdown_table(run: Run) -> None:
    lines = run("--model", "one", "--against", "two", "--markdown").splitlines()
    assert [line.split(" | ")[0].strip("| ") for line in lines] == [
        *("model", "-----"),
        *("one", "one", "two", "two"),
    ]
    assert lines[1].startswith("| ---") and "75.0 [" in lines[2]


def test_wrong_use_is_one_line(run: Run, photos: Path) -> None:
    assert "no captions of the split dev" in run("--split", "dev", code=2)
    (photos / "red.png").unlink()
    assert "red.png is not there" in run("--model", "x", code=2)
    (photos / "red.png").write_text("no picture")
    assert "red.png can't be read" in run("--model", "x", code=2)
