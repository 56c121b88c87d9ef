"""Zero-shot labels: by hand on colours, and the real model on real photos."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import app.services
from app.cli import cli
from app.config import load_config
from app.labels.templates import EIGHTY, ONE, SEVEN, templates
from app.labels.zero_shot import ZeroShotClassifier, class_weights
from app.search.relevance import PROMPTS
from benchmarks.samples import index_photos
from conftest import Index
from fakes import COLOURS, ColourEncoder
from store.errors import QueryError
from store.library import Library

PLAIN = ("{}", "a photo of a {}")


def test_other_braces_are_text() -> None:
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> np.ndarray:
        asked.extend(texts)
        return np.ones((len(texts), 2), np.float32)

    class_weights(encode, ["a {0} b"], ["{x} {}"])
    assert asked == ["{x} a {0} b"]


def test_probabilities_by_hand(encoder: ColourEncoder) -> None:
    made = ZeroShotClassifier(encoder.encode_texts, 20, ["red", "blue"], PLAIN)
    images = encoder.encode_texts(["red", "white"])
    logits = np.array(
        [
            [20 * float(image @ encoder.encode_texts([name])[0]) for name in ("red", "blue")]
            + [20 * float(image @ other) for other in made.others]
            for image in images
        ]
    )
    powers = np.exp(logits)
    expected = powers / powers.sum(axis=1, keepdims=True)
    probabilities = made.probabilities(images)
    np.testing.assert_allclose(probabilities[:, :2], expected[:, :2], rtol=1e-4)
    np.testing.assert_allclose(probabilities[:, 2], expected[:, 2:].sum(axis=1), rtol=1e-4)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def test_templates_are_averaged_as_embeddings(encoder: ColourEncoder) -> None:
    def encode(texts: list[str]) -> np.ndarray:
        first = {"a x": [1, 0, 0], "b x": [0, 1, 0], "a y": [0, 0, 1], "b y": [0, 0, 1]}
        return np.array([first.get(text, [0, 0, -1]) for text in texts], np.float32)

    made = ZeroShotClassifier(encode, 1, ["x", "y"], ["a {}", "b {}"])  # type: ignore[arg-type]
    np.testing.assert_allclose(made.weights, [[0.5**0.5, 0.5**0.5, 0], [0, 0, 1]], atol=1e-6)
    assert len(made.others) == len(PROMPTS)


def test_what_is_like_a_label_is_no_rival_of_it(encoder: ColourEncoder) -> None:
    made = ZeroShotClassifier(encoder.encode_texts, 20, ["white"], PLAIN)
    assert len(made.others) == 0  # all everyday words are greys here, and white is one too
    assert made.predict(encoder.encode_texts(["red"]))[0].label == "white"


def test_labels_are_taken_once_and_there_must_be_one(encoder: ColourEncoder) -> None:
    made = ZeroShotClassifier(encoder.encode_texts, 20, ["red", "blue", "red"], PLAIN)
    assert made.labels == ("red", "blue")
    with pytest.raises(QueryError, match="Which labels"):
        ZeroShotClassifier(encoder.encode_texts, 20, [], PLAIN)


def test_no_photos(encoder: ColourEncoder) -> None:
    made = ZeroShotClassifier(encoder.encode_texts, 20, ["red"], PLAIN)
    assert made.predict(np.empty((0, 3), np.float32)) == []


def test_template_sets(tmp_path: Path) -> None:
    assert (len(ONE), len(SEVEN), len(EIGHTY), len(set(EIGHTY))) == (1, 7, 80, 80)
    assert all(one.count("{}") == 1 for one in EIGHTY)
    mine = tmp_path / "mine.txt"
    mine.write_text("a {} at {dusk\n\n my {} \n")
    assert templates(str(mine)) == ("a {} at {dusk", "my {}")
    for wrong in ("no place for it", "{} {}", ""):
        mine.write_text(wrong)
        with pytest.raises(QueryError, match="needs one"):
            templates(str(mine))
    with pytest.raises(QueryError, match="one, seven, eighty"):
        templates("six")


# -- the command -------------------------------------------------------------------------------


@pytest.fixture
def colours(index: Index, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(app.services, "load_encoder", lambda name, *_, **__: ColourEncoder(name))
    # Greys, which everyday words are here, have a cosine of 0.58 with each full colour.
    monkeypatch.setattr("app.labels.zero_shot._ANOTHER", 0.7)
    index(photos)
    plain = tmp_path / "templates.txt"
    plain.write_text("{}\n")
    return plain


def label(plain: Path, *arguments: str, code: int = 0) -> tuple[list[dict[str, object]], str]:
    done = CliRunner().invoke(cli, ["label", "--templates", str(plain), "--json", *arguments])
    assert done.exit_code == code, done.output
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_each_photo_of_the_library(colours: Path, photos: Path) -> None:
    labelled, said = label(colours, "--labels", " red ,green,red")
    by_name = {Path(str(one["path"])).stem: one["label"] for one in labelled}
    assert len(labelled) == len(COLOURS)
    assert by_name["red"] == "red" and by_name["green"] == "green"
    assert by_name["white"] is None
    assert "none of these" in said
    ranked = labelled[0]["labels"]
    assert isinstance(ranked, dict) and isinstance(labelled[0]["none"], float)
    assert sum(ranked.values()) + labelled[0]["none"] == pytest.approx(1, abs=1e-4)


def test_some_photos(colours: Path, photos: Path, tmp_path: Path) -> None:
    labelled, _ = label(colours, "--labels", "red,green", str(photos / "sub"))
    assert {Path(str(one["path"])).stem for one in labelled} == {"green", "yellow"}
    labelled, _ = label(colours, "--labels", "red,green", "--query", "in:sub name:green*")
    assert [one["label"] for one in labelled] == ["green"]
    labelled, _ = label(colours, "--labels", "red,green", "--query", "red")
    assert [Path(str(one["path"])).stem for one in labelled] == ["red"]
    (tmp_path / "elsewhere.png").write_bytes((photos / "red.png").read_bytes())
    labelled, _ = label(colours, "--labels", "red,green", str(tmp_path / "elsewhere.png"))
    assert [one["label"] for one in labelled] == ["red"]
    label(colours, "--labels", "red", "--query", "in:nowhere", code=3)
    label(colours, "--labels", " , ", code=2)
    label(colours, "--labels", "red", str(tmp_path / "nothing.png"), code=2)


def test_labels_from_a_file_are_kept_as_tags(
    colours: Path, library: Library, photos: Path, tmp_path: Path
) -> None:
    (tmp_path / "labels.txt").write_text("red\n\n  green \n")
    (photos.parent / "x.png").write_bytes((photos / "red.png").read_bytes())
    asked = ["--labels-file", str(tmp_path / "labels.txt"), "--save"]
    with library.writing():  # nor does it wait for an index run
        _, said = label(colours, *asked)
    assert "kept" in said
    (red,) = library.contents_at(photos / "red.png")
    assert library.user_data.tags([red]) == {red: ["red"]}
    assert not any("white" in str(name) for name in library.user_data.tagged())
    _, said = label(colours, *asked)
    assert "0 tags kept" in said
    library.user_data.remove_tag([red], "red")
    label(colours, *asked, "--min", "0.9999")
    assert library.user_data.tags([red]) == {}


def test_the_starter_model_on_real_photos(real_photos: Path) -> None:
    """Its own temperature, default templates."""
    index_photos(load_config().library, [real_photos], "starter")
    arguments = ["label", "--labels", "cat,coffee,motorcycle,flower", "--json"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    by_name = {Path(one["path"]).stem: one for one in map(json.loads, done.stdout.splitlines())}
    right = {"chelsea": "cat", "coffee": "coffee", "motorcycle_left": "motorcycle"}
    right["flower"] = "flower"
    assert {name: by_name[name]["label"] for name in right} == right
    none = [name for name in ("page", "brick", "moon", "grass") if by_name[name]["label"] is None]
    assert len(none) >= 3
