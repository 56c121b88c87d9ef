"""The cached embeddings of the vocabulary: no damage is taken for right, nor what came of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.labels.concept_vectors import ConceptVectors, checksum_of
from app.labels.library_labels import LibraryLabels
from app.labels.vocabulary import read
from fakes import ColourEncoder
from store.files.label_files import load
from store.labels import Labels
from store.library import Library
from store.values import ModelInfo
from store.vectors import Vectors

WORDS = read("[colours]\nred, green, blue, yellow, white\n", "")


class Sharp(ColourEncoder):
    logit_scale = 60.0


def labels_of(library: Library, model: ModelInfo, cache: Path) -> Labels:
    """As another process has them."""
    kept = LibraryLabels(library, model, Sharp(), lambda: WORDS, cache)
    given = kept.labels(library.index(model).index)
    assert isinstance(given, Labels)
    return given


def same(one: Labels, other: Labels) -> bool:
    """But for the rounding of confidences in the file."""
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("ids", "starts", "concepts")
    ) and np.allclose(one.confidences, other.confidences, atol=1e-3)


def test_what_is_kept_comes_back(model: ModelInfo, tmp_path: Path) -> None:
    kept = ConceptVectors(tmp_path, model, WORDS)
    assert kept.load() is None
    assert kept.checksum() is None
    vectors = Sharp().encode_texts(["red", "green", "blue", "yellow", "white"])
    kept.save(vectors)
    np.testing.assert_array_equal(kept.load(), vectors)
    assert kept.checksum() == checksum_of(vectors)
    assert len(list(tmp_path.glob("vocabulary/*"))) == 1
    assert ConceptVectors(tmp_path, replace(model, dim=4), WORDS).load() is None  # another shape


@pytest.mark.one_python
@pytest.mark.parametrize("seed", range(20))
def test_flipped_bits_change_no_label(
    library: Library, model: ModelInfo, tmp_path: Path, seed: int
) -> None:
    cache = tmp_path / "cache"
    expected = labels_of(library, model, cache)
    (path,) = cache.glob("vocabulary/*.npz")
    content = bytearray(path.read_bytes())
    chance = random.Random(seed)
    for _ in range(20):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    library.labels_file(model).unlink()
    assert same(labels_of(library, model, cache), expected)


def test_labels_that_were_made_of_damage_are_made_anew(
    library: Library, model: ModelInfo, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    expected = labels_of(library, model, cache)
    kept = ConceptVectors(cache, model, WORDS)
    right = kept.load()
    assert right is not None
    wrong: Vectors = right[::-1].copy()
    kept.save(wrong)  # as a cache that was damaged before it had checksums
    library.labels_file(model).unlink()
    assert not same(labels_of(library, model, cache), expected)
    kept.save(right)
    assert same(labels_of(library, model, cache), expected)
    saved = load(library.labels_file(model), "")
    assert saved is not None and same(saved, labels_of(library, model, cache))


def test_labels_without_the_cache_still_answer(
    library: Library, model: ModelInfo, tmp_path: Path
) -> None:
    expected = labels_of(library, model, tmp_path / "cache")

    class Gone(Sharp):
        def encode_texts(self, texts: Sequence[str]) -> Vectors:
            raise AssertionError("the model is not needed")

    kept = LibraryLabels(library, model, Gone(), lambda: WORDS, tmp_path / "empty")
    given = kept.labels(library.index(model).index)
    assert isinstance(given, Labels) and same(given, expected)
