"""What "without" does: photos of X that are not of Y, by captions, for pairs of everyday things.

    python -m benchmarks.negatives captions.tsv --photos PHOTOS --split dev [--half first]

For every pair (X, Y) where Y is in at least three in ten of the first 20 photos for ``X``: the
share of those that show X, that show Y, and that show X and not Y, for ``X``, for ``X without Y``,
and for the difference of the two vectors (X - a Y), which is what other tools take. A photo shows
what any of its captions names. The first half of the photos, by file name, is what was chosen on;
figures are of the other half.
"""

from __future__ import annotations

import re
import tempfile
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np

from app import services
from app.config import load_config
from app.query.model import Query, Term
from benchmarks import captioned, report
from store.vectors import Vectors

FIRST = 20
SUBTRACTED = (1.0, 0.8, 0.7, 0.6, 0.5)
PEOPLE = (
    r"people|person|m[ae]n|wom[ae]n|boys?|girls?|child|children|kids?|guys?|lady|crowd|players?"
    r"|toddler|baby|adults?"
)
THINGS = {
    "people": PEOPLE,
    "dog": r"dogs?",
    "man": r"m[ae]n|guys?",
    "woman": r"wom[ae]n|lady",
    "child": r"child|children|kids?|toddler|boys?|girls?|baby",
    "water": r"water|ocean|sea|lake|river|pool|waves?",
    "snow": r"snow\w*",
    "grass": r"grass\w*|field|lawn",
    "beach": r"beach|sand|shore",
    "ball": r"ball|football|soccer|tennis|basketball",
    "bicycle": r"bikes?|bicycles?|biker|cyclist",
    "street": r"street|road|sidewalk|city",
    "car": r"cars?|vehicle|truck",
    "building": r"buildings?|house",
    "tree": r"trees?|woods|forest",
    "hat": r"hat|cap|helmet",
    "mountain": r"mountains?|hill|cliff",
    "swimming pool": r"pool",
    "toy": r"toys?",
    "fence": r"fence",
    "horse": r"horses?",
    "leash": r"leash|collar",
}
SAME = {"people", "man", "woman", "child"}  # each within the first: nothing to tell apart


def main() -> None:
    parser = captioned.parser(__doc__)
    parser.add_argument("--half", choices=("first", "second"), default="second")
    options = parser.parse_args()
    captions = captioned.read_captions(options.captions, options.split)
    texts = captioned.texts(captioned.half_of(captions, first=options.half == "first"))
    shows = {
        thing: {name for name, text in texts.items() if re.search(rf"\b({words})\b", text)}
        for thing, words in THINGS.items()
    }
    with (
        tempfile.TemporaryDirectory() as place,
        captioned.searcher_over(texts, options.photos, options.model, Path(place)) as searcher,
    ):

        def first(query: Query) -> list[str]:
            return [hit.path.name for hit in searcher.search(query, FIRST).hits]

        def share(names: list[str], thing: str, without: str | None = None) -> float:
            right = shows[thing] - (shows[without] if without else set())
            return sum(name in right for name in names) / FIRST

        alone = {thing: first(Query((Term("text", thing),))) for thing in THINGS}
        pairs = [
            (one, other)
            for one, other in permutations(THINGS, 2)
            if not (one in SAME and other in SAME)
            and share(alone[one], one) >= 0.5
            and share(alone[one], other) >= 0.3
            and len(shows[one] - shows[other]) >= FIRST
        ]
        lists_of: dict[str, list[list[str]]] = {"X alone": [alone[one] for one, _ in pairs]}
        lists_of["X without Y"] = [
            first(Query((Term("text", one), Term("text", other, negative=True))))
            for one, other in pairs
        ]
        encoder = services.load_encoder(options.model, load_config(), for_queries=True)
        vectors = dict(zip(THINGS, encoder.encode_texts(list(THINGS)), strict=True))
        index = searcher.library.index(searcher.model).index
        ids = index.ids()
        everything = index.vectors(ids)
        names = {
            id: files[0].path.name for id, files in searcher.library.photos_of(ids.tolist()).items()
        }

        def nearest(vector: Vectors) -> list[str]:
            return [names[id] for id in ids[np.argsort(-(everything @ vector))[:FIRST]].tolist()]

        for share_of_y in SUBTRACTED:
            lists_of[f"X - {share_of_y:g} Y"] = [
                nearest(vectors[one] - share_of_y * vectors[other]) for one, other in pairs
            ]
    rows: list[dict[str, Any]] = []
    for name, lists in lists_of.items():
        of_x = np.mean([share(got, x) for got, (x, _) in zip(lists, pairs, strict=True)])
        of_y = np.mean([share(got, y) for got, (_, y) in zip(lists, pairs, strict=True)])
        right = np.mean([share(got, x, y) for got, (x, y) in zip(lists, pairs, strict=True)])
        first_row = rows[0] if rows else {"X in 20": of_x, "Y in 20": of_y}
        rows.append(
            {
                "query": name,
                "pairs": len(pairs),
                "X in 20": float(of_x),
                "kept": float(of_x / first_row["X in 20"]),
                "Y in 20": float(of_y),
                "left": float(of_y / first_row["Y in 20"]),
                "X and not Y in 20": float(right),
            }
        )
    report.show(f"negatives: {options.model}, {options.half} half", rows, options)


if __name__ == "__main__":
    main()
