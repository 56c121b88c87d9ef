"""What clipsearch answers, before and after a change: one table, on the same photos and queries.

    python -m benchmarks.answers captions.tsv --photos PHOTOS --split dev --queries queries.json

The queries (``benchmarks.asked``) are read from ``--queries`` if it is there, and written to it
otherwise. So an earlier version of the code can be asked the same, from its own folder:

    PYTHONPATH=EARLIER python benchmarks/answers.py captions.tsv --photos PHOTOS \\
        --queries queries.json --save before.json
    python -m benchmarks.answers captions.tsv --photos PHOTOS \\
        --queries queries.json --before before.json

Only what both have may be imported above. Queries are read as they are typed. Processor time is of
this process, with all of its threads: that of others makes little difference to it.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app import services
from app.config import load_config
from app.query.model import Query
from app.search.searcher import Searcher
from benchmarks import captioned, report
from benchmarks.samples import index_photos

FIRST = 20
RANKS = (1, 5, 10)
Figures = dict[str, float]


def main() -> None:
    parser = captioned.parser(__doc__)
    parser.add_argument("--queries", type=Path, help="read from this file, or written to it")
    parser.add_argument("--before", type=Path, help="what --save wrote of an earlier version")
    parser.add_argument("--save", type=Path, help="a file for the figures")
    options = parser.parse_args()
    asked = _queries(options.captions, options.split, options.queries)
    figures = measured(asked, options.photos, options.model)
    if options.save:
        options.save.write_text(json.dumps(figures))
    before = json.loads(options.before.read_text()) if options.before else {}
    names = list(dict.fromkeys([*before, *figures]))
    rows = [
        {"measure": name, "before": before.get(name, ""), "after": figures.get(name, "")}
        for name in names
    ]
    if not before:
        rows = [{"measure": row["measure"], "now": row["after"]} for row in rows]
    report.show(f"answers: {options.model}, {len(asked['captions'])} photos", rows, options)


def _queries(captions: Path, split: str | None, kept: Path | None) -> dict[str, Any]:
    if kept and kept.exists():
        read: dict[str, Any] = json.loads(kept.read_text())
        return read
    from benchmarks.asked import asked_of

    made = asked_of(captions, split)
    if kept:
        kept.write_text(json.dumps(made))
    return made


def measured(asked: Mapping[str, Any], photos: Path, model: str) -> Figures:
    """Every figure, by what it is of."""
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as place:
        paths = {name: name for name in asked["captions"]}
        searcher, taken = _indexed(paths, photos, model, Path(place))
        with searcher:
            figures["indexing a photo, ms"] = 1000 * taken / len(paths)
            _ask(searcher, asked["queries"], figures)
            _image_to_text(searcher, asked["captions"], figures)
    with tempfile.TemporaryDirectory() as place:
        searcher, _ = _indexed(asked["names"], photos, model, Path(place))
        with searcher:
            own = {os.path.realpath(photos / name): name for name in asked["captions"]}
            _ask(searcher, asked["of names"], figures, own)
    return figures


def _indexed(
    paths: Mapping[str, str], photos: Path, model: str, place: Path
) -> tuple[Searcher, float]:
    """A searcher over photos under the names ``paths``, and the processor time of indexing."""
    for name, path in paths.items():
        link = place / "photos" / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(photos.resolve() / name)
    begun = time.process_time()
    index_photos(place / "library", [place / "photos"], model)
    return services.open_searcher(load_config(library=place / "library")), (
        time.process_time() - begun
    )


def _ask(
    searcher: Searcher,
    queries: Sequence[Mapping[str, Any]],
    figures: Figures,
    own: Mapping[str, str] | None = None,
) -> None:
    """Search for all queries, and say of each group what came of it."""
    read = _reader(searcher)
    groups: dict[str, list[tuple[Mapping[str, Any], list[str], list[str]]]] = defaultdict(list)
    taken: dict[str, list[float]] = defaultdict(list)
    searcher.search(read("a dog"), FIRST)  # what the first one loads is not counted
    answered: dict[str, tuple[list[str], list[str]]] = {}
    for query in queries:
        text = query["text"]
        if text not in answered:
            begun = time.process_time()
            hits = searcher.search(read(text), FIRST, bursts=False).hits
            taken[query["group"]].append(1000 * (time.process_time() - begun))
            names = [own[os.path.realpath(hit.path)] if own else hit.path.name for hit in hits]
            answered[text] = names, [hit.relevance or "fair" for hit in hits]
        groups[query["group"]].append((query, *answered[text]))
    for group, answers in groups.items():
        if group.startswith("absent"):
            best = [levels[0] if levels else "weak" for _, _, levels in answers]
            figures[f"{group}: best is strong %"] = 100 * best.count("strong") / len(best)
            figures[f"{group}: best is fair %"] = 100 * best.count("fair") / len(best)
        elif group.startswith("judged"):
            _levels(group, answers, figures)
        else:
            for k in RANKS:
                within = [not set(q["right"]).isdisjoint(names[:k]) for q, names, _ in answers]
                figures[f"{group}: recall@{k} %"] = 100 * float(np.mean(within))
            if taken[group]:  # none where another group has asked for all of its texts
                figures[f"{group}: a query, ms"] = float(np.median(taken[group]))


def _levels(
    group: str,
    answers: Sequence[tuple[Mapping[str, Any], list[str], list[str]]],
    figures: Figures,
) -> None:
    """How often each level is right, and which part of the right hits it has."""
    every = [
        (level, name in set(query["right"]))
        for query, names, levels in answers
        for name, level in zip(names, levels, strict=True)
    ]
    all_right = sum(right for _, right in every)
    for word in ("strong", "fair"):
        of_level = [right for level, right in every if level == word]
        if of_level:
            figures[f"{group}: {word} is right %"] = 100 * sum(of_level) / len(of_level)
        share = sum(of_level) / max(1, all_right)
        figures[f"{group}: of the right hits, {word} %"] = 100 * share


def _reader(searcher: Searcher) -> Callable[[str], Query]:
    """What reads queries: with the library's names and languages, where there is such a thing."""
    try:
        from app.search.query_reader import QueryReader
    except ImportError:
        from app.query.parser import parse_query

        return parse_query
    return QueryReader(searcher.library, lambda: searcher.texts).query


def _image_to_text(
    searcher: Searcher, captions: Mapping[str, Sequence[str]], figures: Figures
) -> None:
    """Recall of a photo's first caption among those of all photos, by cosine."""
    said = [(name, of[0]) for name, of in captions.items()]
    texts = [caption for _, caption in said]
    encode = searcher.texts.vectors if hasattr(searcher, "texts") else searcher.encode_texts
    vectors = encode(texts)
    index = searcher.index()
    ids = index.ids()
    files = searcher.library.photos_of(ids.tolist())
    ranked = np.argsort(-(index.vectors(ids) @ vectors.T), axis=1)[:, : max(RANKS)]
    right = [
        [said[place][0] == files[id][0].path.name for place in row]
        for id, row in zip(ids.tolist(), ranked.tolist(), strict=True)
    ]
    for k in RANKS:
        share = float(np.mean([any(row[:k]) for row in right]))
        figures[f"image to text: recall@{k} %"] = 100 * share


if __name__ == "__main__":
    main()
