"""Step 2: a joint space for frozen image features and frozen sentence embeddings.

Only two heads are trained: open_clip's own image projection (an MLP) and a text head over
MiniLM. Captions pair with their photos (symmetric InfoNCE, as in CLIP); the ImageNet
classifier's knowledge is carried over by ``class_distillation``, on the photos and on pseudo
features: a photo's feature pushed along a class's weight vector and labelled by the classifier.

``python -m training.teacher --work WORK``
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F
from timm.layers import Mlp
from torch import Tensor, nn

from training.common import (
    DROPOUT,
    EMBED_DIM,
    IMAGE_DIM,
    SEED,
    TextHead,
    class_distillation,
    contrastive,
    load,
    recall,
    seed_everything,
)
from training.features import image_classifier


class Names:
    """One sentence per concept, drawn anew each step from all the ways to say it."""

    def __init__(self, texts: dict[str, Tensor]) -> None:
        self.members = texts["members"]
        owner = texts["concept_owner"]
        self.vectors = texts["concept"]
        self.first = torch.searchsorted(owner, torch.arange(len(self.members)))
        self.count = torch.bincount(owner)

    def sample(self) -> Tensor:
        return self.first + (torch.rand(len(self.count)) * self.count).long()

    def draw(self) -> Tensor:
        """(concepts, 384)"""
        return self.vectors[self.sample()]


def image_head() -> nn.Module:
    """The projection that open_clip builds for ``timm_proj: mlp``."""
    return Mlp(IMAGE_DIM, 2 * EMBED_DIM, EMBED_DIM, drop=(0.5, 0), bias=(True, False))


def class_directions(features: Tensor, classifier: nn.Linear) -> Tensor:
    """Where features of a class lie from the mean of all, (1000, 1280), of length one.

    In a linear discriminant a class's weights are the inverse covariance times this, so that this
    is the covariance, here of ``features`` (n, 1280), times the weights. For the 27 classes that
    photos here show, its cosine to where they are is 0.68; that of the weights alone, 0.49.
    """
    covariance = features.T.cov(correction=0)
    shrunk = covariance + 0.3 * covariance.diagonal().mean() * torch.eye(len(covariance))
    return F.normalize(classifier.weight.detach() @ shrunk, dim=1)


def pseudo_features(
    features: Tensor, classifier: nn.Linear, count: int, directions: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """``count`` features (count, 1280) of things that no photo here shows, and their labels.

    Args:
        directions: of ``class_directions``; seven in ten are made with them, where given.
    """
    base = features[torch.randint(len(features), (count,))]
    classes = torch.randint(1000, (count,))
    direction = F.normalize(classifier.weight[classes], dim=1)
    if directions is not None:
        likelier = torch.rand(count, 1) < 0.7
        direction = torch.where(likelier, directions[classes], direction)
    strength = torch.empty(count, 1).uniform_(4, 16)
    keep = torch.empty(count, 1).uniform_(0.2, 1)
    pushed = (keep * base + strength * direction).clamp(min=0)
    return pushed, classifier(pushed).softmax(1)


def dev_recall(
    head: nn.Module, text: TextHead, images: dict[str, Tensor], texts: dict[str, Tensor]
) -> list[float]:
    """Text-to-image recall@1/5/10 in % over the photos that are never trained on."""
    dev = images["is_dev"]
    mine = dev[texts["caption_photo"]]
    position = torch.cumsum(dev, 0) - 1
    head.eval()
    text.eval()
    with torch.inference_mode():
        vectors = F.normalize(head(images["features"][dev, 0]), dim=1)
        similarity = text(texts["caption"][mine]) @ vectors.T
    head.train()
    text.train()
    return recall(similarity, position[texts["caption_photo"][mine]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--concept-weight", type=float, default=0.5)
    options = parser.parse_args()
    seed_everything(SEED)

    images, texts = load(options.work / "images.pt"), load(options.work / "texts.pt")
    names = Names(texts)
    classifier = image_classifier().classifier.requires_grad_(False)
    train = (~images["is_dev"]).nonzero().squeeze(1)
    captions_of = texts["caption_photo"].argsort(stable=True).view(-1, 5)

    head, text = image_head(), TextHead()
    log_scale = nn.Parameter(torch.tensor(2.65))
    parameters = [*head.parameters(), *text.parameters(), log_scale]
    optimiser = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.5e-3, options.steps, pct_start=0.1)
    for step in range(options.steps):
        rows = train[torch.randperm(len(train))[: options.batch]]
        view = torch.randint(images["features"].shape[1], (len(rows),))
        features = F.dropout(images["features"][rows, view], DROPOUT)
        caption = captions_of[rows, torch.randint(5, (len(rows),))]
        pseudo, labels = pseudo_features(images["features"][train, 0], classifier, options.batch)
        scale = log_scale.exp().clamp(max=100)
        shown = F.normalize(head(torch.cat([features, pseudo])), dim=1)
        loss = contrastive(shown[: len(rows)], text(texts["caption"][caption]), scale)
        taught = torch.cat([images["probabilities"][rows], labels])
        loss = loss + options.concept_weight * class_distillation(
            shown, text(names.draw()), taught, names.members, scale
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if (step + 1) % 100 == 0:
            recalls = " ".join(f"{r:.1f}" for r in dev_recall(head, text, images, texts))
            print(f"step {step + 1} loss {loss.item():.3f} scale {scale.item():.1f} dev {recalls}")
    torch.save(
        {"head": head.state_dict(), "text": text.state_dict(), "log_scale": log_scale.data},
        options.work / "teacher.pt",
    )


if __name__ == "__main__":
    main()
