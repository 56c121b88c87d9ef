"""Step 9, for texts: what earlier versions' text towers and multilingual-e5-small say.

Captions, ways to say ImageNet's concepts, captions of photos that are not here, and WordNet's
nouns. ``python -m training.ensemble_texts --data FLICKR8K --work WORK --second SECOND
[--third THIRD]`` writes ``WORK/said.pt``, and the texts themselves to ``WORK/said.json``.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import torch
from torch import Tensor

from training.common import SEED, load, seed_everything
from training.ensemble_features import members_parser, versions_of
from training.export import towers_of
from training.lesson import Texts
from training.packed import say_all
from training.sentences import SentenceVectors, english_texts

PHRASES = 40_000
TEMPLATES = (
    *("{}", "a photo of a {}", "a photo of a {}.", "a photo of the {}.", "a picture of {}"),
    "a bad photo of the {}.",
)
KINDS = ("caption", "name", "more", "phrase")


def all_lines(data: Path, texts: Texts) -> tuple[dict[str, list[str]], Tensor]:
    """The texts of each kind; and which concept each name is of."""
    owner = torch.tensor(
        [n for n, names in enumerate(texts.names) for _ in names for _ in TEMPLATES]
    )
    phrases = random.sample(texts.phrases, PHRASES)
    lines = {
        "caption": texts.captions,
        "name": [t.format(name) for names in texts.names for name in names for t in TEMPLATES],
        "more": english_texts(data, 5),
        "phrase": [random.choice(("{}", "{}", TEMPLATES[1])).format(name) for name in phrases],
    }
    return lines, owner


def read_lines(work: Path) -> dict[str, list[str]]:
    """The texts of each kind, as this step left them."""
    lines: dict[str, list[str]] = json.loads((work / "said.json").read_text(encoding="utf-8"))
    return lines


def main() -> None:
    arguments = members_parser(__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    options = arguments.parse_args()
    work: Path = options.work
    seed_everything(SEED)
    texts = Texts(work)
    lines, owner = all_lines(options.data, texts)
    towers = {name: towers_of(folder).text for name, folder in versions_of(options).items()}
    vectors = SentenceVectors(work)
    saved = {
        "caption_photo": load(work / "texts.pt")["caption_photo"],
        "name_owner": owner,
        "members": texts.members,
    }
    for kind in KINDS:
        saved[kind] = vectors.of(lines[kind])
        for name, tower in towers.items():
            saved[f"{name} {kind}"] = say_all(tower, texts.tokens(lines[kind]))
        print(kind, len(lines[kind]), flush=True)
    middle, spread = saved["caption"].mean(0), saved["caption"].std(0).mean()
    for kind in KINDS:  # about as large as MiniLM's, which the text head was made for
        saved[kind] = (saved[kind] - middle) / (10 * spread)
    torch.save(saved, work / "said.pt")
    (work / "said.json").write_text(json.dumps(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
