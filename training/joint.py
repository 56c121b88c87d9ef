"""Step 6: both towers, end to end, together: the second version of the model.

The image tower is EfficientNet-Lite2 at 208 pixels, the text tower the one that step 4 made.
Symmetric InfoNCE over two captions a photo; class distillation as before; a term that keeps the
trunk readable by its classifier, and one that keeps what the text tower said of words that no
caption has. What goes on is a running average of the weights.

``python -m training.joint --work WORK --start MODEL`` where MODEL is what step 5 exported. A run
that was cut goes on from its last epoch.
"""

from __future__ import annotations

import argparse
import copy
import math
import random
import time
from collections.abc import Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from open_clip.tokenizer import SimpleTokenizer
from open_clip.transformer import TextTransformer
from safetensors.torch import load_file
from timm.layers import Mlp
from torch import Tensor, nn
from torchvision.transforms import v2

from training.common import (
    EMBED_DIM,
    IMAGE_DIM,
    SEED,
    class_distillation,
    load,
    recall,
    seed_everything,
)
from training.data import class_names, imagenet_concepts, read_nouns, visible_phrases
from training.features import image_classifier
from training.finetune import FROZEN_BLOCKS, trunk_features
from training.teacher import pseudo_features
from training.text_tower import TEXT_CONFIG, say, text_tower

SIZE, CROP = 208, 176
CAPTIONS = 2  # of each photo in a batch
NAMES, PHRASES = 256, 128  # texts a step
AVERAGE = 0.99
RATES = {"trunk": 1.5e-4, "head": 3e-4, "text": 1e-4}
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
        self.trunk = image_classifier(2).to(memory_format=torch.channels_last)
        self.head = Mlp(IMAGE_DIM, 2 * EMBED_DIM, EMBED_DIM, drop=(0.5, 0), bias=(True, False))
        self.text = text_tower()
        self.log_scale = nn.Parameter(torch.tensor(2.8))
        for frozen in (self.trunk.conv_stem, self.trunk.bn1, *self.trunk.blocks[:FROZEN_BLOCKS]):
            frozen.requires_grad_(False)

    def images(self, features: Tensor) -> Tensor:
        return F.normalize(self.head(features), dim=1)

    @property
    def scale(self) -> Tensor:
        return self.log_scale.exp().clamp(max=100)


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
        found: Tensor = self.tokenizer(texts).int()
        return found

    def caption(self, row: int) -> str:
        """A caption, sometimes as a hurried person would type it."""
        text = self.captions[row]
        if random.random() < 0.5:
            text = text.lower().rstrip(" .")
        if random.random() < 0.3:
            words = text.split()
            text = " ".join(word for word in words if random.random() > 0.15) or text
        return text

    def name(self, concept: int) -> str:
        return random.choice(TEMPLATES).format(random.choice(self.names[concept]))

    def step(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Tokens of CAPTIONS captions of each photo, of NAMES names and of PHRASES phrases; and
        which concepts the names are of. ``rows`` (n, 5) are the captions of n photos."""
        picked = torch.stack([torch.randperm(5)[:CAPTIONS] for _ in rows])
        spoken = [self.caption(row) for row in rows.gather(1, picked).flatten().tolist()]
        concepts = torch.randperm(len(self.names))[:NAMES]
        spoken += [self.name(concept) for concept in concepts.tolist()]
        spoken += [random.choice(TEMPLATES).format(p) for p in random.sample(self.phrases, PHRASES)]
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
    """What steps 0 to 5 left in a folder.

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
        mine = owner[None] == torch.arange(len(photos))[:, None]
        best = similarity.T.masked_fill(~mine, -2).max(1, keepdim=True).values
        rank = ((best < similarity.T) & ~mine).sum(1)
        found = recall(similarity, owner)
        found += [100 * (rank < k).float().mean().item() for k in (1, 5, 10)]
        towers.head.train(was), towers.text.train(was)
        return " ".join(f"{value:.1f}" for value in found)


def seen_whole(towers: Towers, photos: Tensor) -> Tensor:
    """Features (n, 1280) of whole photos at SIZE."""
    sized = F.interpolate(photos.float(), SIZE, mode="bicubic", antialias=True)
    return trunk_features(towers.trunk, sized.clamp(0, 255))


def align(towers: Towers, images: dict[str, Tensor], texts: Texts, said: Tensor) -> None:
    """Teach the image head, on features that do not change, the text tower's language."""
    train = (~images["is_dev"]).nonzero().squeeze(1)
    names = texts.bank(towers.text)
    classifier = towers.trunk.classifier.requires_grad_(False)
    optimiser = torch.optim.AdamW(towers.head.parameters(), lr=1.5e-3, weight_decay=0.2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.5e-3, 300, pct_start=0.1)
    features = images["features"].float()
    for _ in range(300):
        rows = train[torch.randperm(len(train))[:512]]
        view = torch.randint(features.shape[1], (len(rows),))
        pseudo, labels = pseudo_features(features[train, 0], classifier, 512)
        seen = F.dropout(features[rows, view], 0.3)
        shown = towers.images(torch.cat([seen, pseudo]))
        scale = towers.scale.detach()
        caption = said[rows, torch.randint(5, (len(rows),))]
        logits, target = scale * shown[: len(rows)] @ caption.T, torch.arange(len(rows))
        loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
        taught = torch.cat([images["probabilities"][rows], labels])
        loss = loss + 0.5 * class_distillation(shown, names, taught, texts.members, scale)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()


def start_text(tower: nn.Module, model: Path) -> Tensor:
    """Load an exported text tower; returns the model's logit scale's logarithm."""
    weights = load_file(model / "open_clip_model.safetensors")
    state = {
        name.removeprefix("text."): value.float()
        for name, value in weights.items()
        if name.startswith("text.")
    }
    tower.load_state_dict(state)
    return weights["logit_scale"].float()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--concept-weight", type=float, default=0.5)
    parser.add_argument("--keep-weight", type=float, default=0.3)
    options = parser.parse_args()
    seed_everything(SEED)
    work: Path = options.work

    data = Data(work)
    photos, images, texts, train = data.photos, data.images, data.texts, data.train
    captions_of = data.captions_of

    towers = Towers()
    towers.log_scale.data = start_text(towers.text, options.start)
    classifier = towers.trunk.classifier.requires_grad_(False)
    before = copy.deepcopy(towers.text).requires_grad_(False).eval()
    steps = options.epochs * (len(train) // options.batch)
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in part.parameters() if p.requires_grad], "lr": RATES[name]}
            for name, part in towers.named_children()
        ]
        + [{"params": [towers.log_scale], "lr": RATES["head"], "weight_decay": 0.0}],
        weight_decay=0.05,
    )
    rates = [*(RATES[name] for name, _ in towers.named_children()), RATES["head"]]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, steps, pct_start=0.1)
    saved = work / "joint.pt"
    first_epoch = 0
    if saved.exists():
        state = torch.load(saved, weights_only=False)
        towers.load_state_dict(state["towers"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first_epoch = state["epoch"]
        average = copy.deepcopy(towers).requires_grad_(False)
        average.load_state_dict(state["average"])
        seed_everything(SEED + first_epoch)
    else:
        said = torch.cat(
            [
                say(before, texts.tokens(texts.captions[start : start + 500])).detach()
                for start in range(0, len(texts.captions), 500)
            ]
        )
        align(towers, images, texts, said[captions_of])
        average = copy.deepcopy(towers).requires_grad_(False)
        print("aligned", data.measure(towers), flush=True)

    towers.head.train(), towers.text.train()
    bank = texts.bank(towers.text)
    started = time.monotonic()
    for epoch in range(first_epoch, options.epochs):
        order = train[torch.randperm(len(train))]
        sums = torch.zeros(4)
        for first in range(0, len(order) - options.batch + 1, options.batch):
            rows = order[first : first + options.batch]
            features = trunk_features(towers.trunk, torch.stack(list(changed(photos[rows]))))
            pseudo, labels = pseudo_features(features.detach(), classifier, options.batch)
            shown = towers.images(torch.cat([features, pseudo]))
            seen = shown[: len(rows)]

            tokens, concepts = texts.step(captions_of[rows])
            said = say(towers.text, tokens)
            captions = said[: len(rows) * CAPTIONS].view(len(rows), CAPTIONS, -1)
            named = said[len(rows) * CAPTIONS : -PHRASES]
            with torch.no_grad():
                aim = say(before, tokens[-PHRASES:])

            scale = towers.scale
            pairs = pairs_loss(seen, captions, scale)
            names = bank.index_put((concepts,), named)
            bank = names.detach()
            known = images["probabilities"][rows]
            classes = class_distillation(
                shown, names, torch.cat([known, labels]), texts.members, scale
            )
            kept = F.kl_div(classifier(features).log_softmax(1), known, reduction="batchmean")
            words = (1 - (said[-PHRASES:] * aim).sum(1)).mean()
            loss = pairs + options.concept_weight * classes + options.keep_weight * kept + 2 * words
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(towers.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            with torch.no_grad():
                for mean, now in zip(average.parameters(), towers.parameters(), strict=True):
                    mean.lerp_(now, 1 - AVERAGE)
            sums += torch.stack([pairs, classes, kept, words]).detach()
        losses = " ".join(f"{value:.3f}" for value in sums / (len(train) // options.batch))
        print(
            f"epoch {epoch + 1} {time.monotonic() - started:.0f} s losses {losses} scale "
            f"{towers.scale.item():.1f} average " + data.measure(average),
            flush=True,
        )
        state = {
            "towers": towers.state_dict(),
            "average": average.state_dict(),
            "optimiser": optimiser.state_dict(),
            "schedule": schedule.state_dict(),
            "epoch": epoch + 1,
        }
        torch.save(state, saved.with_suffix(".part"))
        saved.with_suffix(".part").replace(saved)


if __name__ == "__main__":
    main()
