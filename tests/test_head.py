"""The head's arithmetic, by hand, and the file that is bundled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.encoders import models
from indexer.languages.head import Head, bundled, gelu, read


def small_head(share: float = 0.3, fingerprint: str = "1") -> Head:
    """Two numbers in, two out; the hidden layer adds nothing."""
    eye, zeros = np.eye(2, dtype=np.float32), np.zeros((2, 2), np.float32)
    none = np.zeros(2, np.float32)
    return Head(fingerprint, share, none, none + 1, eye, zeros, none, zeros, none)


def test_vectors_have_unit_length() -> None:
    said = small_head().vectors(np.array([[3, 4], [0, 2]], np.float32))
    np.testing.assert_allclose(said, np.array([[0.6, 0.8], [0, 1]]), atol=1e-6)
    assert said.dtype == np.float32


def test_a_blend_is_what_its_share_says() -> None:
    own = np.array([[1, 0]], np.float32)
    said = np.array([[0, 1]], np.float32)
    blended = small_head(0.3).blended(own, said)
    np.testing.assert_allclose(blended, np.array([[0.7, 0.3]]) / np.hypot(0.7, 0.3), atol=1e-6)


def test_gelu_is_torchs() -> None:
    import torch

    x = np.linspace(-4, 4, 41, dtype=np.float32)
    theirs = torch.nn.functional.gelu(torch.from_numpy(x), approximate="tanh").numpy()
    np.testing.assert_allclose(gelu(x), theirs, atol=1e-6)


def test_the_bundled_head_belongs_to_the_bundled_model() -> None:
    fingerprint = models.folder_fingerprint(models.parse("starter"))
    assert fingerprint is not None
    head = bundled(fingerprint)
    assert head is not None, "run: python -m training.languages"
    assert head.shortcut.shape == (384, 256)
    assert bundled("another") is None


def test_what_is_no_head_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "head.safetensors"
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match="is no head"):
        read(file)
