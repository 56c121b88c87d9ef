"""The linear probe: its parts, by hand and as scikit-learn has it, and the command."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import app.services
from app.cli import cli
from app.evaluation.probe import SHOTS, probes, split
from fakes import ColourEncoder
from store.errors import DataError


def classes(each: Sequence[int], noise: float, seed: int = 1) -> tuple[np.ndarray, list[int]]:
    """Unit vectors (n, 8) around one direction a class, and their classes."""
    chance = np.random.default_rng(seed)
    of = np.repeat(np.arange(len(each)), each)
    vectors = np.eye(8)[of] + noise * chance.normal(size=(len(of), 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), of.tolist()


def test_every_class_is_in_every_part_and_no_photo_in_two() -> None:
    of = [0] * 40 + [1] * 10 + [2] * 3
    parts = split(of, ["a", "b", "c"])
    everything = np.concatenate([parts.train, parts.validation, parts.test])
    assert sorted(everything.tolist()) == list(range(53))
    for part, expected in (
        (parts.train, [24, 6, 1]),
        (parts.validation, [8, 2, 1]),
        (parts.test, [8, 2, 1]),
    ):
        assert np.bincount(np.array(of)[part]).tolist() == expected
    again, other = split(of, ["a", "b", "c"]), split(of, ["a", "b", "c"], seed=1)
    assert (again.test == parts.test).all()
    assert other.test.tolist() != parts.test.tolist()
    with pytest.raises(DataError, match="c has not"):
        split([0, 0, 0, 1, 1, 1, 2, 2], ["a", "b", "c"])


@pytest.mark.one_python
def test_what_can_be_told_apart_is() -> None:
    images, of = classes([30, 30, 30], noise=0.05)
    measured = list(probes(images, of, split(of, ["a", "b", "c"])))
    # 18 of each class to learn from: few enough for every number of shots there is.
    assert [one.shots for one in measured] == [*SHOTS, None]
    assert all(one.accuracy == 100 and one.interval == (100, 100) for one in measured)


@pytest.mark.one_python
def test_what_says_nothing_is_guessed() -> None:
    chance = np.random.default_rng(0)
    images = chance.normal(size=(900, 8)).astype(np.float32)
    of = (np.arange(900) % 3).tolist()
    *few, whole = probes(images, of, split(of, ["a", "b", "c"]))
    assert 20 < whole.accuracy < 47 and all(20 < one.accuracy < 47 for one in few)
    assert whole.interval[0] < whole.accuracy < whole.interval[1]


@pytest.mark.one_python
def test_more_examples_help_and_few_classes_end_the_curve() -> None:
    images, of = classes([100, 100, 12], noise=0.6)
    measured = list(probes(images, of, split(of, ["a", "b", "c"])))
    assert [one.shots for one in measured] == [1, 2, 4, 8, None]  # the third has 8 to learn from
    assert measured[-1].accuracy > measured[0].accuracy + 5


@pytest.mark.one_python
def test_as_scikit_learn_has_it() -> None:
    """The strength found is the best one of the paper's own 96, or as good as that."""
    from sklearn.linear_model import LogisticRegression

    images, of = classes([60, 60, 60, 60], noise=0.7)
    parts, truth = split(of, ["a", "b", "c", "d"]), np.array(of)
    whole = list(probes(images, of, parts))[-1]

    def right(c: float, rows: np.ndarray, asked: np.ndarray) -> float:
        model = LogisticRegression(C=c, max_iter=1000).fit(images[rows], truth[rows])
        return float(model.score(images[asked], truth[asked]))

    swept = [right(c, parts.train, parts.validation) for c in np.logspace(-6, 6, 96)]
    assert right(whole.c, parts.train, parts.validation) == pytest.approx(max(swept), abs=0.03)
    known = np.concatenate([parts.train, parts.validation])
    assert whole.accuracy == pytest.approx(100 * right(whole.c, known, parts.test))


# -- the command -------------------------------------------------------------------------------


@pytest.fixture
def coloured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six photos of each of two colours, in folders by their names."""
    monkeypatch.setattr(
        app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name, fingerprint="1")
    )
    for name, shade in (("red", (200, 10, 10)), ("blue", (10, 10, 200))):
        (tmp_path / "set" / name).mkdir(parents=True)
        for number in range(6):
            colour = tuple(channel + 5 * number for channel in shade)
            Image.new("RGB", (40, 40), colour).save(tmp_path / "set" / name / f"{number}.png")
    return tmp_path / "set"


def test_the_command(coloured: Path, tmp_path: Path) -> None:
    command = ["eval", "probe", str(coloured), "--model", "one", "--against", "two"]
    figure = tmp_path / "probe.png"
    done = CliRunner().invoke(cli, [*command, "--json", "--plot", str(figure)])
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["model"], row["shots"]) for row in rows] == [
        (model, shots) for model in ("one", "two") for shots in (0, 1, 2, 4, None)
    ]
    assert all(row["top-1"] == 100 for row in rows)
    with Image.open(figure) as drawn:
        assert drawn.format == "PNG" and drawn.width > 800
        assert len(drawn.convert("RGB").getcolors(1 << 20) or []) > 20
    done = CliRunner().invoke(cli, [*command, "--markdown"])
    assert done.stdout.splitlines()[1].startswith("| ---")
    assert "none (zero-shot)" in done.stdout
    assert "12 photos of 2 classes: 8 to learn from, 2 to choose by, 2 to measure" in done.stderr


def test_wrong_use_is_one_line(coloured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["eval", "probe", str(coloured), "--model", "one"]
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 2 and "pip install 'clipsearch[probe]'" in done.output
    for number in range(2, 6):
        (coloured / "red" / f"{number}.png").unlink()
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 2 and "red has not" in done.output
    shutil.rmtree(coloured / "blue")
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 2 and "two classes" in done.output


def test_a_missing_matplotlib_is_said(coloured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    command = ["eval", "probe", str(coloured), "--model", "one", "--plot", "x.png"]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 2 and "matplotlib" in done.output
