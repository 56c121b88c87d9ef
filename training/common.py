"""Pieces that every training step shares: paths, seeds, heads and losses."""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

SEED = 20261124
EMBED_DIM = 256
IMAGE_DIM = 1280  # tf_efficientnet_lite0 after pooling
SENTENCE_DIM = 384  # MiniLM
SIZE = 208  # pixels, from the second version on
DROPOUT = 0.4  # see training/README.md for what less of it gave
MEAN, STD = 127 / 255, 128 / 255  # what the EfficientNet-Lite weights were trained with

TEMPLATES = ("{}", "a photo of a {}", "a picture of the {}")
"""The first is the bare name: it is what people type."""


def parser(description: str | None) -> argparse.ArgumentParser:
    """For a step that leaves its result in a folder."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--work", type=Path, required=True)
    return options


def starting_parser(description: str | None) -> argparse.ArgumentParser:
    """For a step that starts from a model, too."""
    options = parser(description)
    options.add_argument("--start", type=Path, required=True, help="a model's folder")
    return options


def seed_everything(seed: int = SEED) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


class Order:
    """Rows given out in an order that is drawn anew when too few are left.

    Args:
        rows: (n,).
    """

    def __init__(self, rows: Tensor) -> None:
        self._rows, self._left = rows, rows[:0]

    def draw(self, count: int) -> Tensor:
        """The next ``count`` rows, (count,); there must be as many in all."""
        if count > len(self._left):
            self._left = self._rows[torch.randperm(len(self._rows))]
        drawn, self._left = self._left[:count], self._left[count:]
        return drawn


class TextHead(nn.Module):
    """MiniLM sentence embedding (n, 384) -> joint space (n, 256); training time only."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(SENTENCE_DIM, EMBED_DIM)
        self.mlp = nn.Sequential(
            nn.Linear(SENTENCE_DIM, 1024),
            nn.GELU(),
            nn.Dropout(DROPOUT),
            nn.Linear(1024, EMBED_DIM),
        )

    def forward(self, sentences: Tensor) -> Tensor:
        sentences = F.dropout(sentences, DROPOUT / 3, self.training)
        return F.normalize(self.linear(sentences) + self.mlp(sentences), dim=-1)


def contrastive(images: Tensor, texts: Tensor, scale: Tensor) -> Tensor:
    """Symmetric InfoNCE over a batch of pairs, (n, d) each, unit length (CLIP, figure 3)."""
    logits = scale * images @ texts.T
    target = torch.arange(len(images))
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def class_distillation(
    images: Tensor, names: Tensor, teacher: Tensor, members: Tensor, scale: Tensor
) -> Tensor:
    """Teach the joint space what the ImageNet classifier knows, in words.

    ``images`` (n, d) and ``names`` (c, d) are unit length, the first 1,000 names being the
    classes themselves; ``teacher`` (n, 1000) holds the classifier's probabilities; ``members``
    (c, 1000) is 1 where a class belongs to a concept. Two directions: each image over the 1,000
    class names, and each broader concept over the images of the batch.
    """
    logits = scale * images @ names.T
    classes = teacher.shape[1]
    image_to_class = F.kl_div(F.log_softmax(logits[:, :classes], 1), teacher, reduction="batchmean")
    mass = teacher @ members[classes:].T  # (n, broader concepts)
    seen = mass.sum(0) > 0.5  # a concept with no image here has nothing to teach
    target = mass[:, seen] / mass[:, seen].sum(0)
    concept_to_image = F.kl_div(
        F.log_softmax(logits[:, classes:][:, seen], 0).T, target.T, reduction="batchmean"
    )
    return image_to_class + 0.5 * concept_to_image


def recall(similarity: Tensor, owner: Tensor, ks: tuple[int, ...] = (1, 5, 10)) -> list[float]:
    """Text-to-image recall@k in %: ``similarity`` (texts, images), ``owner`` (texts,) indices."""
    right = similarity.gather(1, owner[:, None])
    rank = (similarity > right).sum(1)
    return [100 * (rank < k).float().mean().item() for k in ks]


def recall_of_photos(
    similarity: Tensor, owner: Tensor, ks: tuple[int, ...] = (1, 5, 10)
) -> list[float]:
    """Image-to-text recall@k in % of the same: by the best placed of each image's texts."""
    mine = owner[None] == torch.arange(similarity.shape[1])[:, None]
    best = similarity.T.masked_fill(~mine, -2).max(1, keepdim=True).values
    rank = ((best < similarity.T) & ~mine).sum(1)
    return [100 * (rank < k).float().mean().item() for k in ks]


def agreement(similarity: Tensor, known: Tensor, least: float) -> tuple[float, float, float]:
    """How well names agree with classifiers on the photos of which these are fairly sure, in %.

    Args:
        similarity: of photos and the classes' names, (n, 1000).
        known: the classifiers' probabilities, (n, 1000).
        least: that one class has at least, for them to be sure.

    Returns:
        How often the first name is of one of their five likeliest classes, is that of the
        likeliest, and how often the likeliest is among the first five names.
    """
    sure = known.max(1).values > least
    names, likely = similarity[sure].topk(5).indices, known[sure].topk(5).indices
    among, first = likely == names[:, :1], names[:, 0] == likely[:, 0]
    five = names == likely[:, :1]
    return _percent(among.any(1)), _percent(first), _percent(five.any(1))


def _percent(right: Tensor) -> float:
    return 100 * right.float().mean().item()


def load(path: Path) -> dict[str, Any]:
    """What ``torch.save`` wrote: tensors, and dictionaries of them."""
    tensors: dict[str, Any] = torch.load(path, weights_only=True)
    return tensors
