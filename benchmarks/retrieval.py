"""Recall@1/5/10 of the product's own search: does a caption find its photo?

Indexes the captioned photos into a library of their own (or uses ``--library``), then searches
each caption exactly as ``clipsearch search`` does.

    python -m benchmarks.retrieval captions.tsv --photos PHOTOS --split dev [--model starter]

The captions file: tab-separated, with a header naming the columns ``file``, ``caption`` and, if
``--split`` is given, ``split``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

from app import services
from app.config import load_config
from app.query.parser import parse_query
from benchmarks.captioned import read_captions, searcher_over

RANKS = (1, 5, 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("captions", type=Path)
    parser.add_argument("--photos", type=Path, help="the folder that the captions' files are in")
    parser.add_argument("--library", type=Path, help="search this library as it is")
    parser.add_argument("--split", help="only rows of this split")
    parser.add_argument("--model", default="starter")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    captions = read_captions(options.captions, options.split)
    with tempfile.TemporaryDirectory() as place, ExitStack() as opened:
        if options.library:
            searcher = services.open_searcher(load_config(library=options.library))
        elif options.photos:
            names = {name for name, _ in captions}
            searcher = searcher_over(names, options.photos, options.model, Path(place))
        else:
            parser.error("give --photos, or --library")
        opened.enter_context(searcher)
        within = dict.fromkeys(RANKS, 0)
        for name, caption in captions:
            hits = searcher.search(parse_query(caption), max(RANKS), bursts=False).hits
            ranked = [{hit.path.name, *(copy.name for copy in hit.copies)} for hit in hits]
            for k in RANKS:
                within[k] += any(name in names for names in ranked[:k])
        result = {
            "model": searcher.model.name,
            "photos": searcher.count(),
            "captions": len(captions),
            **{f"recall@{k}": round(100 * within[k] / len(captions), 2) for k in RANKS},
        }
    if options.json:
        print(json.dumps(result))
    else:
        print(", ".join(f"{key} {value}" for key, value in result.items()))


if __name__ == "__main__":
    main()
