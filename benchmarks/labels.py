"""Are labels right, and is their confidence honest? Against the captions of photos.

    python -m benchmarks.labels captions.tsv --photos PHOTOS --split dev

A label counts as confirmed if a caption of the photo has all of its words, or all of those of a
kind of it ("puppy" confirms dog), whatever their endings. Captions leave out much that is to be
seen, so that the truth is better than that.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np

from app.labels.library_labels import SURE
from app.labels.vocabulary import Vocabulary, everyday
from benchmarks import captioned, report
from benchmarks.negatives import THINGS

BINS = (0.1, 0.2, 0.3, 0.4, 0.5, SURE, 0.7, 0.8, 0.9, 1.0)
_TIES = {"a", "an", "the", "of", "in", "on", "with", "at", "by", "to", "from", "and", "for", "down"}
_ODD = {"men": "man", "women": "woman", "children": "child", "people": "person"}


def stems(text: str) -> frozenset[str]:
    """The words of a text without their endings."""
    return frozenset(_stem(w) for w in re.findall("[a-z]+", text.lower()) if w not in _TIES)


def _stem(word: str) -> str:
    word = _ODD.get(word, word)
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
                word = word[:-1]
            break
    return word


def confirmed(vocabulary: Vocabulary, captions: Iterable[list[str]]) -> np.ndarray:
    """(photos, concepts) bool: whether a caption confirms each."""
    words = [stems(name) for name in vocabulary.names]
    said = [[stems(text) for text in texts] for texts in captions]
    mentioned = np.array(
        [[any(word <= text for text in texts) for word in words] for texts in said], np.bool_
    )
    whole = mentioned.copy()
    for number, shown in vocabulary.narrower.items():
        whole[:, number] = mentioned[:, shown].any(axis=1)
    return whole


def main() -> None:
    options = captioned.parser(__doc__).parse_args()
    rows = captioned.read_captions(options.captions, options.split)
    by_photo: dict[str, list[str]] = {}
    for name, text in rows:
        by_photo.setdefault(name, []).append(text)
    vocabulary = everyday()
    with (
        tempfile.TemporaryDirectory() as place,
        captioned.searcher_over(by_photo, options.photos, options.model, Path(place)) as searcher,
    ):
        model = searcher.model
        ids = searcher.library.matching(model, None)
        photos = searcher.library.photos_of(ids.tolist())
        names = [photos[id][0].path.name for id in ids.tolist()]
        sure = searcher.labeller.confidences(searcher.library.vectors(model, ids))
    truth = confirmed(vocabulary, [by_photo[name] for name in names])

    bins = [
        {
            "confidence": f"{low:g} to {high:g}",
            "labels": int(inside.sum()),
            "mean confidence %": 100 * float(sure[inside].mean()) if inside.any() else "",
            "confirmed %": 100 * float(truth[inside].mean()) if inside.any() else "",
        }
        for low, high in pairwise(BINS)
        for inside in [(sure >= low) & (sure < high)]
    ]
    report.show(f"labels: {options.model}", bins, options)
    given = sure >= SURE
    single = []
    for thing in ("all labels", *(name for name in THINGS if vocabulary.meant(name) is not None)):
        number = vocabulary.meant(thing)
        mine = slice(None) if number is None else slice(number, number + 1)
        right = (given & truth)[:, mine].sum()
        single.append(
            {
                "label": thing,
                "given": int(given[:, mine].sum()),
                "confirmed %": 100 * float(right / max(1, given[:, mine].sum())),
                "of those that captions name, given %": 100
                * float(right / max(1, truth[:, mine].sum())),
            }
        )
    report.show("label by label", single, options)
    every = given.sum() / len(given)
    print(f"{every:.2f} labels a photo; {100 * given.any(axis=1).mean():.0f} % have any")


if __name__ == "__main__":
    main()
