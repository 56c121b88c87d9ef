"""What steps 6 and 7, and some later ones, share: both towers, what they learn from, losses."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from open_clip.tokenizer import SimpleTokenizer
from open_clip.transformer import TextTransformer
from timm.layers import Mlp
from torch import Tensor, nn
from torchvision.transforms import v2

from training.common import (
    EMBED_DIM,
    IMAGE_DIM,
    SIZE,
    class_distillation,
    load,
    recall,
    recall_of_photos,
)
from training.data import class_names, imagenet_concepts, read_nouns, visible_phrases
from training.features import channels_last, image_classifier
from training.finetune import FROZEN_BLOCKS, trunk_features
from training.teacher import pseudo_features
from training.text_tower import TEXT_CONFIG, say, text_tower

CROP = 176
CAPTIONS = 2  # of each photo in a batch
NAMES, PHRASES = 256, 128  # texts a step
TEMPLATES = (
    *("{}", "{}", "a {}", "the {}", "a photo of a {}", "a photo of a {}.", "a photo of the {}."),
    *("itap of a {}.", "a bad photo of the {}.", "a photo of the large {}.", "a picture of {}"),
    *("a photo of the small {}.", "a close-up photo of a {}.", "art of the {}.", "a photo of {}"),
)


class Towers(nn.Module):
    """All that is trained, and averaged."""

    def __init__(self) -> None:
        super().__init__()
        # in eval mode: batch norm keeps its statistics
        self.trunk = channels_last(image_classifier(2))
        self.head = Mlp(IMAGE_DIM, 2 * EMBED_DIM, EMBED_DIM, drop=(0.5, 0), bias=(True, False))
        self.text = text_tower()
        self.log_scale = nn.Parameter(torch.tensor(2.8))
        first = (self.trunk.conv_stem, self.trunk.bn1, *list(self.trunk.blocks)[:FROZEN_BLOCKS])
        for frozen in (*first, self.trunk.classifier):
            frozen.requires_grad_(False)

    def images(self, features: Tensor) -> Tensor:
        return F.normalize(self.head(features), dim=1)

    @property
    def scale(self) -> Tensor:
        return self.log_scale.exp().clamp(max=100)


def hurried(text: str) -> str:
    """A caption, sometimes as a hurried person would type it."""
    if random.random() < 0.5:
        text = text.lower().rstrip(" .")
    if random.random() < 0.3:
        words = text.split()
        text = " ".join(word for word in words if random.random() > 0.15) or text
    return text


class Texts:
    """What is said in each step, as tokens."""

    def __init__(self, work: Path) -> None:
        self.tokenizer = SimpleTokenizer(context_length=TEXT_CONFIG["context_length"])
        self.captions = (work / "caption.txt").read_text(encoding="utf-8").split("\n")
        nouns = read_nouns()
        concepts = imagenet_concepts(nouns)
        self.members = torch.zeros(len(concepts), 1000)
        for place, concept in enumerate(concepts):
            self.members[place, concept.classes] = 1
        more = class_names(concepts)
        self.names = [[*c.names[:3], *more.get(i, [])] for i, c in enumerate(concepts)]
        self.phrases = visible_phrases(nouns)

    def tokens(self, texts: list[str]) -> Tensor:
        tokens: Tensor = self.tokenizer(texts).int()
        return tokens

    def caption(self, row: int) -> str:
        return hurried(self.captions[row])

    def name(self, concept: int) -> str:
        return random.choice(TEMPLATES).format(random.choice(self.names[concept]))

    def step(
        self, rows: Tensor, names: int = NAMES, phrases: int = PHRASES
    ) -> tuple[Tensor, Tensor]:
        """Tokens of CAPTIONS captions of each photo, of names and of phrases; and which concepts
        the names are of. ``rows`` (n, 5) are the captions of n photos."""
        picked = torch.stack([torch.randperm(5)[:CAPTIONS] for _ in rows])
        spoken = [self.caption(row) for row in rows.gather(1, picked).flatten().tolist()]
        concepts = torch.randperm(len(self.names))[:names]
        spoken += [self.name(concept) for concept in concepts.tolist()]
        spoken += [random.choice(TEMPLATES).format(p) for p in random.sample(self.phrases, phrases)]
        return self.tokens(spoken), concepts

    def bank(self, tower: TextTransformer) -> Tensor:
        """What a text tower says of all concepts, (c, d)."""
        parts = (self.names[i : i + 500] for i in range(0, len(self.names), 500))
        said = [say(tower, self.tokens([f"a photo of a {n[0]}" for n in part])) for part in parts]
        return torch.cat(said).detach().clone()


def changed(photos: Tensor, size: int = CROP) -> Iterator[Tensor]:
    """Augmented crops, one by one: also grey, coarse, and of other proportions."""
    crop = v2.RandomResizedCrop(size, scale=(0.4, 1), ratio=(0.65, 1.54), antialias=True)
    colour = v2.ColorJitter(0.3, 0.3, 0.2, 0.02)
    for photo in photos:
        seen = crop(photo)
        if random.random() < 0.5:
            seen = seen.flip(-1)
        seen = colour(seen)
        if random.random() < 0.1:
            seen = v2.functional.rgb_to_grayscale(seen, 3)
        if random.random() < 0.1:
            small = v2.functional.resize(seen, [random.randint(56, 120)] * 2, antialias=True)
            seen = v2.functional.resize(small, [size, size])
        yield seen


def pairs_loss(images: Tensor, texts: Tensor, scale: Tensor) -> Tensor:
    """Symmetric InfoNCE of (n, d) images and the (n, CAPTIONS, d) texts of each."""
    flat = texts.flatten(0, 1)
    owner = torch.arange(len(images)).repeat_interleave(CAPTIONS)
    logits = scale * images @ flat.T
    mine = owner[None] == torch.arange(len(images))[:, None]
    to_text = -F.log_softmax(logits, 1)[mine].mean() - math.log(CAPTIONS)
    return (to_text + F.cross_entropy(logits.T, owner)) / 2


class Data:
    """What steps 1 to 5 left in a folder.

    Attributes:
        captions_of: rows of ``texts.captions``, (photos, 5).
        train: the photos to learn from, the others being ``dev``.
    """

    def __init__(self, work: Path) -> None:
        self.photos = load(work / "pixels.pt")["pixels"]
        self.images = load(work / "images2.pt")
        self.texts = Texts(work)
        owner = load(work / "texts.pt")["caption_photo"]
        self.captions_of = owner.argsort(stable=True).view(-1, 5)
        self._dev = self.images["is_dev"]
        self.train = (~self._dev).nonzero().squeeze(1)
        rows = self.captions_of[self._dev].flatten().tolist()
        self._said = self.texts.tokens([self.texts.captions[row] for row in rows])

    @torch.inference_mode()
    def measure(self, towers: Towers) -> str:
        """Recall@1/5/10 in %, text to image and image to text, of whole ``dev`` photos."""
        was = towers.training
        towers.eval()
        photos = self.photos[self._dev]
        seen = torch.cat([towers.images(seen_whole(towers, part)) for part in photos.split(100)])
        similarity = torch.cat([say(towers.text, part) for part in self._said.split(500)]) @ seen.T
        owner = torch.arange(len(photos)).repeat_interleave(5)
        recalls = recall(similarity, owner) + recall_of_photos(similarity, owner)
        towers.head.train(was), towers.text.train(was)
        return " ".join(f"{value:.1f}" for value in recalls)


def seen_whole(towers: Towers, photos: Tensor) -> Tensor:
    """Features (n, 1280) of whole photos at SIZE."""
    sized = F.interpolate(photos.float(), SIZE, mode="bicubic", antialias=True)
    return trunk_features(towers.trunk, sized.clamp(0, 255))


class Lesson:
    """The losses of a batch that both steps have.

    Args:
        towers: that learn.
        before: the text tower whose words are to be kept.
    """

    def __init__(self, data: Data, towers: Towers, before: TextTransformer) -> None:
        self._data, self._towers, self._before = data, towers, before
        self._bank = data.texts.bank(towers.text)

    def losses(self, features: Tensor, rows: Tensor, pseudo: int) -> tuple[Tensor, Tensor, Tensor]:
        """InfoNCE, class distillation, and how far phrases moved.

        Args:
            features: (n, 1280) of the photos that are ``rows`` (n,) of the data.
            pseudo: how many features of things that no photo shows are added.
        """
        towers, texts = self._towers, self._data.texts
        made, labels = pseudo_features(features.detach(), towers.trunk.classifier, pseudo)
        shown = towers.images(torch.cat([features, made]))
        tokens, concepts = texts.step(self._data.captions_of[rows])
        said = say(towers.text, tokens)
        captions, named, phrases = said.split([len(rows) * CAPTIONS, NAMES, PHRASES])
        with torch.no_grad():
            aim = say(self._before, tokens[-PHRASES:])

        scale = towers.scale
        pairs = pairs_loss(shown[: len(rows)], captions.view(len(rows), CAPTIONS, -1), scale)
        names = self._bank.index_put((concepts,), named)
        self._bank = names.detach()
        taught = torch.cat([self._data.images["probabilities"][rows], labels])
        classes = class_distillation(shown, names, taught, texts.members, scale)
        return pairs, classes, (1 - (phrases * aim).sum(1)).mean()


def optimiser_of(
    towers: Towers, rates: dict[str, float], steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """For the parts that have a rate, and the temperature, which has the head's."""
    groups: list[dict[str, Any]] = [
        {"params": [p for p in getattr(towers, name).parameters() if p.requires_grad], "lr": rate}
        for name, rate in rates.items()
    ]
    groups.append({"params": [towers.log_scale], "lr": rates["head"], "weight_decay": 0.0})
    optimiser = torch.optim.AdamW(groups, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [group["lr"] for group in groups], steps, pct_start=0.1
    )
    return optimiser, schedule


@torch.no_grad()
def follow(average: nn.Module, module: nn.Module, decay: float, step: int | None = None) -> None:
    """One step of a running average of the weights.

    Args:
        step: from 0 on. The first ones have less decay, so that the start soon counts for little.
    """
    if step is not None:
        decay = min(decay, (step + 1) / (step + 10))
    for mean, now in zip(average.parameters(), module.parameters(), strict=True):
        mean.lerp_(now, 1 - decay)
