"""One view of a picture or two: decided by picture and model, and the same for whoever reads it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from conftest import Index, Run
from fakes import ColourEncoder
from indexer.encoders import views
from store.library import Library
from store.values import ContentFacts, Views


def framed(size: tuple[int, int] = (100, 100)) -> Image.Image:
    """A red middle, 80 % of width and height, in a blue frame."""
    image = Image.new("RGB", size, "blue")
    width, height = (round(0.8 * side) for side in size)
    image.paste("red", ((size[0] - width) // 2, (size[1] - height) // 2, width + 10, height + 10))
    return image


def facts(width: int, height: int, kind: str = "JPEG") -> ContentFacts:
    return ContentFacts(width, height, kind, None, None, None, None, None)


@pytest.mark.parametrize(
    ("setting", "model", "width", "height", "kind", "two"),
    [
        ("auto", "starter", 4000, 3000, "JPEG", True),
        ("auto", "starter", 3000, 4000, "MPO", True),
        ("auto", "starter", 3000, 2000, "JPEG", False),
        ("auto", "starter", 3000, 2000, "PNG", True),
        ("auto", "starter", 500, 400, "PNG", False),
        ("auto", "ViT-B-32-256/datacomp_s34b_b86k", 4000, 3000, "JPEG", False),
        ("1", "starter", 4000, 3000, "JPEG", False),
        ("2", "ViT-B-32-256/datacomp_s34b_b86k", 20, 20, "JPEG", True),
    ],
)
def test_when_there_are_two(
    setting: Views, model: str, width: int, height: int, kind: str, two: bool
) -> None:
    assert views.are_two(setting, model, facts(width, height, kind)) is two


@pytest.mark.parametrize(
    ("size", "expected"), [((100, 50), (80, 40)), ((1, 1), (1, 1)), ((1000, 2), (800, 2))]
)
def test_the_middle(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert views.inner(Image.new("RGB", size)).size == expected


def test_the_mean_of_both_has_unit_length_and_single_views_stay_as_they_are() -> None:
    encoder = ColourEncoder()
    one = views.prepare(encoder, framed(), two=False)
    both = views.prepare(encoder, framed(), two=True)
    assert one.shape == (8, 8, 3) and both.shape == (2, 8, 8, 3)
    alone = encoder.encode_images([one, both[1]])
    vectors = views.encode(encoder, [one, both, one])
    mean = alone.sum(axis=0)
    np.testing.assert_array_equal(vectors[[0, 2]], alone[[0, 0]])
    np.testing.assert_allclose(vectors[1], mean / np.linalg.norm(mean), atol=1e-6)
    assert vectors.dtype == np.float32
    assert views.encode(encoder, []).shape == (0, 3)


def vector_of(library: Library, path: Path) -> list[float]:
    model = library.model()
    assert model
    (content,) = library.contents_at(path)
    vector: list[float] = library.vectors(model, np.array([content]))[0].tolist()
    return vector


def test_the_setting_is_kept_for_later_runs(
    library: Library, photos: Path, index: Index, encoder: ColourEncoder
) -> None:
    before = photos / "before.png"
    framed().save(before)
    index(photos)
    assert library.views() == "auto"
    first = vector_of(library, before)
    with library.writing() as writer:
        writer.set_views("2")
    assert library.views() == "2"
    later = photos / "later.png"
    framed((100, 101)).save(later)
    index()
    assert vector_of(library, before) == first
    pixels = views.prepare(encoder, framed((100, 101)), two=True)
    np.testing.assert_allclose(
        vector_of(library, later), views.encode(encoder, [pixels])[0], atol=0.01
    )
    assert np.linalg.norm(np.subtract(vector_of(library, later), first)) > 0.05


def test_the_option(run: Run, photos: Path, tmp_path: Path) -> None:
    assert run("index", photos, "--views", "2").code == 0
    with Library.open(tmp_path / "library") as opened:
        assert opened.views() == "2"
    assert run("index", photos).code == 0
    with Library.open(tmp_path / "library") as opened:
        assert opened.views() == "2"
    wrong = run("index", photos, "--views", "3")
    assert wrong.code == 2 and "auto, 1, 2" in wrong.err
