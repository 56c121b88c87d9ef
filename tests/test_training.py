"""Pieces of how the bundled model was trained that can be right or wrong without its data."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
import torch
from open_clip.tokenizer import SimpleTokenizer
from torch import nn

from training.data import read_more_captions
from training.lesson import pairs_loss
from training.packed import say_packed
from training.teacher import class_directions
from training.text_tower import TEXT_CONFIG, say, text_tower
from training.wrong_captions import COLOURS, wrong

pytestmark = pytest.mark.one_python

TEXTS = ["dog", "a dog runs over the grass", "two children in red shirts play with a ball", ""]


def test_packed_texts_say_what_padded_ones_say() -> None:
    torch.manual_seed(0)
    tower = text_tower().eval()
    tokens = SimpleTokenizer(context_length=TEXT_CONFIG["context_length"])(TEXTS * 3).int()
    with torch.no_grad():
        packed, padded = say_packed(tower, tokens), say(tower, tokens)
    assert (packed * padded).sum(1).min() > 0.999
    assert (packed[0] * packed[1]).sum() < 0.99  # or all would be alike


@pytest.mark.parametrize(
    "caption", ["A man in a red shirt.", "Black dog and white dog", "a boy up"]
)
def test_a_wrong_caption_has_the_same_number_of_words(caption: str) -> None:
    random.seed(0)
    words = caption.lower().rstrip(".").split()
    for _ in range(50):
        said = wrong(caption)
        assert said is not None
        assert said != " ".join(words)
        assert len(said.split()) == len(words)


def test_no_wrong_caption_without_a_word_to_change() -> None:
    assert "mauve" not in COLOURS
    assert wrong("a mauve tree") is None


def test_class_directions_lead_to_where_classes_are() -> None:
    torch.manual_seed(0)
    spread = torch.linspace(0.2, 3, 20)
    centres = torch.randn(5, 20)
    classes = torch.arange(5).repeat_interleave(400)
    features = centres[classes] + torch.randn(2000, 20) * spread
    classifier = nn.Linear(20, 5)
    with torch.no_grad():
        classifier.weight.copy_((centres - centres.mean(0)) / spread**2)
    away = nn.functional.normalize(centres - centres.mean(0), dim=1)
    directions = class_directions(features, classifier)
    weights = nn.functional.normalize(classifier.weight.detach(), dim=1)
    assert (directions * away).sum(1).mean() > (weights * away).sum(1).mean() + 0.1


def test_wrong_answers_make_the_loss_of_pairs_larger() -> None:
    torch.manual_seed(0)
    images = nn.functional.normalize(torch.randn(4, 8), dim=1)
    texts = nn.functional.normalize(images[:, None] + 0.5 * torch.randn(4, 2, 8), dim=2)
    scale = torch.tensor(10.0)
    least = pairs_loss(images, texts, scale)
    with_texts = pairs_loss(images, texts, scale, images @ images.roll(1, 0).T)
    with_images = pairs_loss(images, texts, scale, None, images.roll(1, 1))
    assert with_texts > least
    assert with_images > least


def test_more_captions_are_read_by_photo(tmp_path: Path) -> None:
    path = tmp_path / "text.tsv.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write('photo\tcaption\n1\tA "dog".\n2\ttwo cats\n1\tan animal\n')
    assert read_more_captions(path) == [['A "dog".', "an animal"], ["two cats"]]
