"""What it does to take from each photo's score what it is nearer to any text than the usual photo.

    python -m benchmarks.hubs captions.tsv --photos PHOTOS --split dev

On the second half of the photos, by file name: choices were made on the first (``--first``). Recall
of captions, and of the names of everyday things that captions mention (recall@1 is of any photo
that shows it; "precision" is the mean average precision), with nothing taken off and with a share
of 0.3, 0.5 and 0.7. Then how many candidates by cosine have the best ten by score among them, in
many vectors mixed from these photos.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from app.search.hubs import WEIGHT
from app.search.searcher import Searcher
from benchmarks import captioned, report
from store.vectors import Vectors

SHARES = (0.0, 0.3, 0.5, 0.7)
COMMON = 100  # photos that show a thing, from which on its name tells nothing
CANDIDATES = (10, 20, 50, 100, 200, 400)
QUERIES, BEST = 100, 10


def main() -> None:
    parser = captioned.parser(__doc__)
    parser.add_argument("--first", action="store_true", help="the half that choices are made on")
    parser.add_argument("--count", type=int, default=100_000, help="of mixed vectors")
    options = parser.parse_args()
    every = captioned.read_captions(options.captions, options.split)
    rows = captioned.half_of(every, first=options.first)
    texts = captioned.texts(rows)
    with (
        tempfile.TemporaryDirectory() as place,
        captioned.searcher_over(texts, options.photos, options.model, Path(place)) as searcher,
    ):
        index = searcher.index()
        ids = np.sort(index.ids())
        photos = index.vectors(ids)
        names = {i: of[0].path.name for i, of in searcher.library.photos_of(ids.tolist()).items()}
        place_of = {names[id]: place for place, id in enumerate(ids.tolist())}
        captions = searcher.encode_texts([caption for _, caption in rows])
        owners = np.array([place_of[name] for name, _ in rows])
        things, shows = _things(searcher, [texts[names[id]] for id in ids.tolist()])
        meter = searcher.hub_meter
    hubs = meter(photos) / WEIGHT
    shown: list[dict[str, Any]] = []
    for share in SHARES:
        scores = captions @ photos.T - share * hubs
        ranks = (scores > scores[np.arange(len(scores)), owners][:, None]).sum(axis=1)
        row: dict[str, Any] = {"share": share}
        row |= {f"captions recall@{k}": 100 * float((ranks < k).mean()) for k in (1, 5, 10)}
        order = np.argsort(-(things @ photos.T - share * hubs), axis=1)
        right = np.take_along_axis(shows, order, axis=1)
        row["names recall@1"] = 100 * float(right[:, 0].mean())
        precision = np.cumsum(right, axis=1) / np.arange(1, right.shape[1] + 1)
        row["names precision"] = 100 * float(np.mean((precision * right).sum(1) / right.sum(1)))
        shown.append(row)
    report.show(f"hubs: {options.model}, {len(ids)} photos, {len(things)} names", shown, options)

    mixed = _mixed(photos, options.count)
    taken = np.concatenate([meter(mixed[at : at + 5_000]) for at in range(0, len(mixed), 5_000)])
    chance = np.random.default_rng(0)
    within: dict[int, list[float]] = {count: [] for count in CANDIDATES}
    for query in captions[chance.choice(len(captions), min(QUERIES, len(captions)), False)]:
        cosines = mixed @ query
        best = np.argpartition(taken - cosines, BEST - 1)[:BEST]
        places = (cosines[None] > cosines[best][:, None]).sum(axis=1)
        for count in CANDIDATES:
            within[count].append(float((places < count).mean()))
    title = f"the best {BEST} of {len(mixed):,} among candidates"
    report.show(title, [{str(n): float(np.mean(of)) for n, of in within.items()}], options)


def _things(searcher: Searcher, texts: list[str]) -> tuple[Vectors, Any]:
    """The embeddings of the things that captions name, (n, dim), and which photos show them."""
    shown = {}
    for name in searcher.vocabulary.names:
        pattern = re.compile(rf"\b{re.escape(name)}(s|es)?\b")
        shows = np.array([pattern.search(text) is not None for text in texts])
        if 0 < shows.sum() <= COMMON:
            shown[name] = shows
    return searcher.encode_texts(list(shown)), np.stack(list(shown.values()))


def _mixed(photos: Vectors, count: int) -> Vectors:
    """(count, dim): each between two photos, and a little beside."""
    chance = np.random.default_rng(0)
    one, other = chance.integers(0, len(photos), (2, count))
    share = chance.random((count, 1), np.float32) / 2
    mixed: Vectors = (1 - share) * photos[one] + share * photos[other]
    mixed += 0.02 * chance.standard_normal(mixed.shape, np.float32)
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    return mixed


if __name__ == "__main__":
    main()
