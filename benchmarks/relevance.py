"""Does "strong" mean something? Hits of queries with and without an answer, judged by captions.

    python -m benchmarks.relevance captions.tsv --photos PHOTOS --split dev
    python -m benchmarks.relevance captions.tsv --photos PHOTOS --split dev --fit

Searches the second half of the photos, by file name, or the first with ``--fit``, which prints the
constants ``SCALES`` of ``app.search.relevance`` for the model. ``benchmarks.judged`` says which
hits are right, among the first 20; "absent" are class names of ImageNet of which no caption of the
photos has even the last word. Captions leave out much that is to be seen.

Strong is, for each kind of query, what is right for nine in ten hits and for at most one in ten
absent things of any template; fair is what is right for six in ten of the others, and never the
best hit of more than half of the absent things that are searched for by their bare names.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search.relevance import FAIR, SCALES, STRONG, Kind
from app.search.searcher import Searcher
from benchmarks import captioned, judged, report
from benchmarks.judged import Judged

FIRST = 20
PRECISE = 0.91  # on the half that is fitted, a little more than is asked for
FAIRLY, MARGIN = 0.6, 0.4
"""Of each group of queries: more than is asked for by about what chance does to a share of so many
queries, ``MARGIN`` divided by the root of their number."""
ABSENT_STRONG, ABSENT_FAIR = 0.09, 0.5
FEWEST = 30  # queries that a share is taken of
LEAST_FAIR = 1.5
"""Standard deviations: what is no further from the usual photo is not even fair."""


@dataclass(frozen=True)
class Answer:
    """The first hits of a query, in standard deviations, and whether each is right."""

    kind: Kind
    measured: NDArray[np.float64]
    right: NDArray[np.bool_]


def main() -> None:
    parser = captioned.parser(__doc__)
    parser.add_argument("--fit", action="store_true", help="print the constants for the model")
    parser.add_argument("--count", type=int, help="only so many photos: a small library")
    options = parser.parse_args()
    every = captioned.read_captions(options.captions, options.split)
    rows = captioned.half_of(every, first=options.fit)
    if options.count:
        kept = set(sorted({name for name, _ in rows})[: options.count])
        rows = [row for row in rows if row[0] in kept]
    texts = captioned.texts(rows)
    with (
        tempfile.TemporaryDirectory() as place,
        captioned.searcher_over(texts, options.photos, options.model, Path(place)) as searcher,
    ):
        queries = {
            **judged.things(texts),
            "captions": judged.captions(rows, texts),
            **judged.translated(options.captions, rows, texts, options.split),
            "pictures": judged.pictures(rows, texts, _ids(searcher)),
            **judged.absent_things(texts),
        }
        answers = {name: [_answer(searcher, one) for one in of] for name, of in queries.items()}
    if options.fit:
        _fit(answers)
    else:
        shown = [_row(name, of) for name, of in answers.items() if of]
        report.show(f"relevance: {options.model}, {len(texts)} photos", shown, options)


def _ids(searcher: Searcher) -> dict[str, int]:
    ids = searcher.index().ids().tolist()
    return {of[0].path.name: id for id, of in searcher.library.photos_of(ids).items()}


def _answer(searcher: Searcher, one: Judged) -> Answer:
    kind = searcher.kind(one.query)
    hits = searcher.search(one.query, FIRST, bursts=False).hits
    factor, offset = SCALES[kind]
    strengths = np.array([FAIR if hit.strength is None else hit.strength for hit in hits])
    right = [one.right is not None and one.right(hit.path.name) for hit in hits]
    return Answer(kind, (strengths - offset) / factor, np.array(right, np.bool_))


def _row(name: str, answers: list[Answer]) -> dict[str, Any]:
    row: dict[str, Any] = {"queries": name, "count": len(answers)}
    levels = [_levels(one) for one in answers]
    best = [of[0] if len(of) else 0 for of in levels]
    row["best strong %"] = 100 * best.count(2) / len(best)
    row["best fair %"] = 100 * best.count(1) / len(best)
    every, right = np.concatenate(levels), np.concatenate([one.right for one in answers])
    judged_at_all = not name.startswith("absent")
    for level, word in ((2, "strong"), (1, "fair"), (0, "weak")):
        chosen = every == level
        known = judged_at_all and chosen.any()
        row[f"{word}: right %"] = 100 * float(right[chosen].mean()) if known else ""
    for level, word in ((2, "strong"), (1, "fair")):
        known = judged_at_all and right.any()
        row[f"right: {word} %"] = 100 * float((every[right] == level).mean()) if known else ""
    return row


def _levels(one: Answer) -> NDArray[np.int64]:
    factor, offset = SCALES[one.kind]
    strengths = factor * one.measured + offset
    return (strengths >= FAIR - 1e-6).astype(np.int64) + (strengths >= STRONG - 1e-6)


def _fit(answers: dict[str, list[Answer]]) -> None:
    lines, fairs = [], dict[str, float]()
    for kind in SCALES:
        present: list[Answer] = []
        groups: list[list[Answer]] = []
        best: dict[str, list[float]] = defaultdict(list)
        for name, of in answers.items():
            mine = [one for one in of if one.kind == kind]
            if name.startswith("absent"):
                best[name] = [float(one.measured[0]) for one in mine]
            else:
                present += mine
                groups.append(mine)
        if len(present) < FEWEST:
            lines.append(f'    "{kind}": {SCALES[kind]},  # too few queries')
            continue
        measured = np.concatenate([one.measured for one in present])
        right = np.concatenate([one.right for one in present])
        absent = [values for values in best.values() if len(values) >= FEWEST]
        strong = max([_lowest(measured, right, PRECISE), *_top(absent, ABSENT_STRONG)])
        enough = min(FEWEST, max(map(len, groups)))
        fair = max(_fairest(of, strong) for of in groups if len(of) >= enough)
        bare = [best[name] for name in best if _is_bare(name) and len(best[name]) >= FEWEST]
        if kind == "negated":  # what is absent is no more there without something else
            fair = max(fair, fairs["word"])
        fairs[kind] = fair = min(max([fair, LEAST_FAIR, *_top(bare, ABSENT_FAIR)]), strong - 0.2)
        factor = (STRONG - FAIR) / (strong - fair)
        lines.append(f'    "{kind}": ({factor:.3f}, {FAIR - factor * fair:.3f}),')
        print(f"# {kind}: fair from {fair:.2f}, strong from {strong:.2f} standard deviations")
    print("\n".join(["SCALES: dict[Kind, tuple[float, float]] = {", *lines, "}"]))


def _is_bare(name: str) -> bool:
    """Whether absent things are searched for by their bare names, in whatever language."""
    return name == "absent: X" or name.startswith("absent: X, ")


def _fairest(answers: list[Answer], strong: float) -> float:
    """From where on so many hits of a group of queries are right that are not strong."""
    measured = np.concatenate([one.measured for one in answers])
    right = np.concatenate([one.right for one in answers])
    rest = measured < strong
    return _lowest(measured[rest], right[rest], FAIRLY + MARGIN / len(answers) ** 0.5)


def _top(absent: list[list[float]], share: float) -> list[float]:
    """For each template, what so large a part of its best hits reach."""
    return [float(np.quantile(values, 1 - share)) for values in absent]


def _lowest(measured: NDArray[np.float64], right: NDArray[np.bool_], precise: float) -> float:
    """The least value from which on so large a part of the hits is right."""
    order = np.argsort(-measured)
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= precise)
    return float(measured[order[enough[-1]]]) if len(enough) else float(measured.max(initial=0))


if __name__ == "__main__":
    main()
