"""Are labels right, and is their confidence honest? Against the captions of photos.

    python -m benchmarks.labels captions.tsv --photos PHOTOS --split dev [--half first]

Labels by the words of concepts alone, as any model gives them, beside those that were learnt for
the model too. ``benchmarks.said`` says what captions confirm; they leave out much that is to be
seen, so that the truth is better than that. The first half of the photos, by file name, is what was
chosen on; figures are of the other half.
"""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.labels.labeller import SURE
from app.labels.vocabulary import Vocabulary, everyday
from benchmarks import captioned, report
from benchmarks.negatives import THINGS
from benchmarks.said import confirmed
from store import filters
from store.vectors import Vectors

BINS = (0.1, 0.2, 0.3, 0.4, 0.5, SURE, 0.7, 0.8, 0.9, 1.0)
BROAD = (
    *("animal", "pet", "food", "person", "plant", "vehicle", "sport", "athlete", "nature"),
    *("landscape", "group of people"),
)
"""Labels that say little; any other is more specific."""


def described(
    vocabulary: Vocabulary, title: str, sure: Vectors, truth: NDArray[np.bool_]
) -> dict[str, Any]:
    """How many labels are given, how often they are right, and how much they say.

    Args:
        sure: confidences of all concepts, (photos, concepts).
        truth: what captions confirm, likewise.
    """
    given = (sure >= SURE) & vocabulary.are_labels
    broad = np.isin(vocabulary.names, BROAD)
    right, often = (given & truth).sum(axis=0), given.sum(axis=0)
    some = often >= 3
    return {
        "labels by": title,
        "labels a photo": float(given.sum() / len(given)),
        "confirmed %": 100 * float(right.sum() / max(1, often.sum())),
        "each label given 3 times or more, mean %": 100
        * float((right[some] / often[some]).mean() if some.any() else 0),
        "with any %": 100 * float(given.any(axis=1).mean()),
        "with a specific one %": 100 * float(given[:, ~broad].any(axis=1).mean()),
        "with a specific one that is confirmed %": 100
        * float((given & truth)[:, ~broad].any(axis=1).mean()),
        "different labels": int((often > 0).sum()),
    }


def main() -> None:
    parser = captioned.parser(__doc__)
    parser.add_argument("--half", choices=("first", "second"), default="second")
    options = parser.parse_args()
    rows = captioned.half_of(
        captioned.read_captions(options.captions, options.split), first=options.half == "first"
    )
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
        vectors = searcher.library.vectors(model, ids)
        sure = searcher.labeller.confidences(vectors)
        meant = np.zeros_like(sure, np.bool_)
        named = ("person", *THINGS)
        things = [n for name in named if (n := vocabulary.number_meant(name)) is not None]
        for number in things:
            of_filter = searcher.matching(filters.Labelled(vocabulary.names[number]))
            meant[:, number] = np.isin(ids, of_filter)
    truth = confirmed(vocabulary, [by_photo[name] for name in names])
    report.show(
        f"labels: {options.model}, {options.half} half",
        [described(vocabulary, "words alone", sure, truth)],
        options,
    )
    sure[:, ~vocabulary.are_labels] = 0
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
    report.show("confidence", bins, options)
    ways = {"words alone": sure >= SURE, "label:": meant}
    single = []
    for number in things:
        row: dict[str, Any] = {
            "label": vocabulary.names[number],
            "photos that captions say show it": int(truth[:, number].sum()),
        }
        for way, given in ways.items():
            right, often = (given & truth)[:, number].sum(), given[:, number].sum()
            row[f"{way}, photos"] = int(often)
            row[f"{way}, confirmed %"] = 100 * float(right / often) if often else ""
        single.append(row)
    report.show("label by label", single, options)


if __name__ == "__main__":
    main()
