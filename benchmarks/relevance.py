"""Does "strong" mean something? Best matches of queries with and without an answer.

    python -m benchmarks.relevance captions.tsv --photos PHOTOS --split dev

Queries with an answer: captions, everyday things, and class names of ImageNet that a caption
mentions. Without one: class names that none mentions, not even their last word. ROC-AUC is of the
strength of the best hit. Precision is of the first 20 hits: whether a caption of the photo names
what was searched for. Captions leave out much that is to be seen.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score
from timm.data import ImageNetInfo

from app.query.model import Query, Term
from app.search.results import Hit
from benchmarks import captioned, report
from benchmarks.negatives import THINGS

FIRST = 20
CAPTIONS = 500


def class_names() -> list[str]:
    info = ImageNetInfo()
    named = (info.index_to_description(i).split(",")[0].lower() for i in range(1000))
    return sorted(set(named))


def main() -> None:
    options = captioned.parser(__doc__).parse_args()
    rows = captioned.read_captions(options.captions, options.split)
    texts = captioned.texts(rows)
    everything = " ".join(texts.values())
    known = set(re.findall(r"[a-z]+", everything))

    named = {name: rf"\b{re.escape(name)}(s|es)?\b" for name in class_names()}
    present = [name for name, pattern in named.items() if re.search(pattern, everything)]
    absent = [
        name
        for name in named
        if name not in present and not {name.split()[-1], f"{name.split()[-1]}s"} & known
    ]
    chosen = np.random.default_rng(0).choice(len(rows), CAPTIONS, replace=False)
    with (
        tempfile.TemporaryDirectory() as place,
        captioned.searcher_over(texts, options.photos, options.model, Path(place)) as searcher,
    ):

        def hits(text: str) -> list[Hit]:
            return list(searcher.search(Query((Term("text", text),)), FIRST).hits)

        hits_of = {
            "captions": [hits(rows[number][1]) for number in chosen.tolist()],
            "everyday things": [hits(name) for name in THINGS],
            "class names mentioned": [hits(name) for name in present],
            "class names not mentioned": [hits(name) for name in absent],
        }
    none = [line[0].strength for line in hits_of["class names not mentioned"]]
    patterns = {
        "everyday things": [rf"\b({words})\b" for words in THINGS.values()],
        "class names mentioned": [named[name] for name in present],
    }
    judged = {
        kind: [
            (hit.relevance, re.search(pattern, texts[hit.path.name]) is not None)
            for pattern, line in zip(of_kind, hits_of[kind], strict=True)
            for hit in line
        ]
        for kind, of_kind in patterns.items()
    }
    shown: list[dict[str, Any]] = []
    for kind, lines in hits_of.items():
        best = [line[0].strength for line in lines]
        share = {word: np.mean([line[0].relevance == word for line in lines]) for word in WORDS}
        labels = [1] * len(best) + [0] * len(none)
        shown.append(
            {
                "queries": kind,
                "count": len(lines),
                "AUC": "" if best == none else round(float(roc_auc_score(labels, best + none)), 3),
                **{f"best is {word} %": 100 * float(share[word]) for word in WORDS},
            }
        )
    report.show(f"relevance: {options.model}", shown, options)
    if not options.json:
        for kind, hits_of_kind in judged.items():
            for word in WORDS:
                right = [is_right for found_word, is_right in hits_of_kind if found_word == word]
                share_right = 100 * np.mean(right) if right else 0
                print(f"{kind}, {word}: a caption names it for {share_right:.0f} % of {len(right)}")


WORDS = ("strong", "fair", "weak")

if __name__ == "__main__":
    main()
