"""Do names help, and never harm? Searches of photos under several kinds of file names.

    python -m benchmarks.names captions.tsv --photos PHOTOS --split dev

The same photos, under names that a camera gives (whose figures are those of vectors alone), under
names that say what they show, and under names that say something else. Queries are captions, the
names themselves, and single words. Names are made of a photo's first caption; its second and fourth
are queries. The first half of the photos, by their file names, is what was chosen on; figures are
of the other half (``--half first`` for the other way round).
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from app import services
from app.config import load_config
from app.query.model import Query, Term
from app.search.lexical import stop_words
from app.search.searcher import Searcher
from benchmarks import captioned, report
from benchmarks.samples import index_photos
from store.words import singular, words_of

WORDS = 5  # in a name, at most
FIRST = 10
_STYLES: Sequence[Callable[[Sequence[str]], str]] = (
    "-".join,
    "_".join,
    " ".join,
    lambda words: "".join(word.capitalize() for word in words),
)
Names = Mapping[str, str]
"""The path, relative to the library's folder, under which each photo is."""


def telling(caption: str) -> list[str]:
    """The words of a caption that a person would put in a name."""
    return [word for word in words_of(caption) if word not in stop_words() and len(word) > 2]


def kinds_of_names(captions: Mapping[str, Sequence[str]]) -> dict[str, Names]:
    """The names of each kind, of the photos that have ``captions``."""
    chance = random.Random(5)
    photos = sorted(captions)
    others = dict(zip(photos, chance.sample(photos, len(photos)), strict=True))
    camera = {name: f"DCIM/IMG_{1000 + number}.jpg" for number, name in enumerate(photos)}
    said: dict[str, str] = {}
    taken: set[str] = set()
    for number, name in enumerate(photos):
        words = telling(captions[name][0])[:WORDS]
        style = _STYLES[number % len(_STYLES)]
        while "".join(words) in taken:  # of two such photos, a person numbers one
            words = [*words, str(len(taken))]
        taken.add("".join(words))
        said[name] = f"Trips/{2015 + number % 5}/{style(words)}.jpg"
    few = set(chance.sample(photos, max(1, len(photos) // 20)))
    return {
        "camera": camera,
        "descriptive": said,
        "of other photos": {name: said[others[name]] for name in photos},
        "folders that tell a part": {
            name: f"Trips/{_a_word(captions[name], chance)} 2019/IMG_{number}.jpg"
            for number, name in enumerate(photos)
        },
        "folders that tell something else": {
            name: f"Trips/{_a_word(captions[others[name]], chance)} 2019/IMG_{number}.jpg"
            for number, name in enumerate(photos)
        },
        "a few, of one wrong word": {
            name: f"DCIM/{_a_word(captions[others[name]], chance)} {number}.jpg"
            if name in few
            else camera[name]
            for number, name in enumerate(photos)
        },
    }


def _a_word(captions: Sequence[str], chance: random.Random) -> str:
    return chance.choice([word for caption in captions for word in telling(caption)] or ["photo"])


@contextmanager
def named(names: Names, photos: Path, place: Path, model: str) -> Iterator[Searcher]:
    """A searcher over photos under ``names``; those embedded before are only renamed."""
    folder = place / "photos"
    if folder.exists():
        folder.rename(place / f"before {random.random()}")
    for name, path in names.items():
        link = folder / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(photos.resolve() / name)
    index_photos(place / "library", [folder], model)
    with services.open_searcher(load_config(library=place / "library")) as searcher:
        yield searcher


class Asked:
    """What searches for texts return, by the photos' own names."""

    def __init__(self, searcher: Searcher, names: Names, photos: Path) -> None:
        self._searcher = searcher
        back = {str((photos / name).resolve()): name for name in names}
        ids = searcher.index().ids()
        self._name_of = {
            id: back[str(paths[0].path.resolve())]
            for id, paths in searcher.library.photos_of(ids.tolist()).items()
        }

    def first(self, text: str) -> list[str]:
        """The names of the first photos for ``text``, best first."""
        ranked = self._searcher.ranked(Query((Term("text", text),)), FIRST, bursts=False)
        return [self._name_of[id] for id in ranked.ids.tolist()]


def recall(asked: Asked, queries: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Recall of the photo that each query is of, in %."""
    places = []
    for name, text in queries:
        first = asked.first(text)
        places.append(first.index(name) if name in first else FIRST)
    at = np.array(places)
    return {f"recall@{k} %": round(100 * float((at < k).mean()), 1) for k in (1, 5, 10)}


def precision(asked: Asked, words: Sequence[str], texts: Mapping[str, str]) -> dict[str, float]:
    """The part of the first photos of which a caption has the word, in %."""
    right = [
        re.search(rf"\b{word}(s|es)?\b", texts[name]) is not None
        for word in words
        for name in asked.first(word)
    ]
    return {"precision@10 %": round(100 * float(np.mean(right)), 1)}


def main() -> None:
    parser = captioned.parser(__doc__)
    parser.add_argument("--half", choices=("first", "second"), default="second")
    options = parser.parse_args()
    rows = captioned.read_captions(options.captions, options.split)
    every = sorted({name for name, _ in rows})
    half = every[: len(every) // 2] if options.half == "first" else every[len(every) // 2 :]
    captions = {name: [caption for other, caption in rows if other == name] for name in half}
    report.show(
        f"names: {options.model}, {options.half} half", measured(captions, options), options
    )


def measured(
    captions: Mapping[str, Sequence[str]], options: argparse.Namespace
) -> list[dict[str, Any]]:
    """A row for each kind of names and queries."""
    texts = captioned.texts([(n, caption) for n, said in captions.items() for caption in said])
    all_names = kinds_of_names(captions)
    of_names = [
        (name, " ".join(words_of(Path(path).stem)))
        for name, path in all_names["descriptive"].items()
    ]
    of_captions = [(name, c) for name, said in captions.items() for c in said[1:4:2]]
    wrong = {
        singular(words_of(Path(path).stem)[0])
        for path in all_names["a few, of one wrong word"].values()
        if not path.startswith("DCIM/IMG")
    }
    shown: list[dict[str, Any]] = []

    def show(kind: str, queries: str, count: int, figures: Mapping[str, float]) -> None:
        columns = ("recall@1 %", "recall@5 %", "recall@10 %", "precision@10 %")
        line: dict[str, Any] = {"names": kind, "queries": queries, "count": count}
        shown.append(line | {column: figures.get(column, "") for column in columns})

    with tempfile.TemporaryDirectory() as place:
        for kind, names in all_names.items():
            with named(names, options.photos, Path(place), options.model) as searcher:
                asked = Asked(searcher, names, options.photos)
                if kind in ("camera", "descriptive"):
                    show(kind, "the descriptive names", len(of_names), recall(asked, of_names))
                show(kind, "captions", len(of_captions), recall(asked, of_captions))
                if kind in ("camera", "a few, of one wrong word"):
                    figures = precision(asked, sorted(wrong), texts)
                    show(kind, "the few words", len(wrong), figures)
    return shown


if __name__ == "__main__":
    main()
