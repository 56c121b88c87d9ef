"""Captions in several languages: do they find their photos, and is their language told?

Compares the model's own text tower, which reads English, with what a search does: the head for
other languages, a blend of both for English. ``captions.de.tsv`` and the like lie beside
``captions.tsv``; ``--half`` takes the first or second half of the photos by name, since what was
chosen on one is to be reported on the other.

    python -m benchmarks.languages captions.tsv --photos PHOTOS --split dev --half second

Without ``--photos`` only the language is told, of captions and of one to three words of them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from app.labels.vocabulary import everyday, translations
from app.languages.asked import Asked
from app.languages.detection import language_of
from app.search.searcher import Searcher
from benchmarks import report
from benchmarks.captioned import read_captions, searcher_over
from store.vectors import Vectors

LANGUAGES = ("en", "de", "fr", "cs", "zh")
RANKS = (1, 5, 10)


def captions_of(
    path: Path, language: str, split: str | None, half: str, most: int
) -> list[tuple[str, str]]:
    """(file name, caption) of a language: at most ``most`` of a photo, of a half of the photos."""
    named = path if language == "en" else path.with_name(f"{path.stem}.{language}.tsv")
    photos = sorted({name for name, _ in read_captions(path, split)})
    middle = len(photos) // 2
    chosen = {"first": photos[:middle], "second": photos[middle:], "all": photos}[half]
    left = dict.fromkeys(chosen, most)
    rows = []
    for name, caption in read_captions(named, split):
        if left.get(name, 0) > 0:
            left[name] -= 1
            rows.append((name, caption))
    return rows


def short(captions: Iterable[str], words: int) -> list[str]:
    """``words`` words from the beginning of each caption, without its first one."""
    parts = (caption.strip(" .").split()[1 : 1 + words] for caption in captions)
    return [" ".join(part) for part in parts if len(part) == words]


def detection(name: str, texts: list[str], language: str) -> dict[str, Any]:
    begun = time.perf_counter()
    told = [language_of(text) for text in texts]
    took = time.perf_counter() - begun
    return {
        "texts": name,
        "language": language,
        "count": len(texts),
        "right %": round(100 * told.count(language) / len(told), 1),
        "taken for English %": round(100 * told.count("en") / len(told), 1),
        "ms": round(1000 * took / len(told), 3),
    }


def recalls(searcher: Searcher, rows: list[tuple[str, str]], vectors: Vectors) -> dict[str, float]:
    """Text-to-image recall in % of the vectors of ``rows``."""
    index = searcher.index()
    ids = index.ids()
    photos = index.vectors(ids)
    where = {
        p.path.name: c for c, ps in searcher.library.photos_of(ids.tolist()).items() for p in ps
    }
    place = {content: number for number, content in enumerate(ids.tolist())}
    own = np.array([place[where[name]] for name, _ in rows])
    cosines = vectors @ photos.T
    better = (cosines > cosines[np.arange(len(own)), own][:, None]).sum(axis=1)
    return {f"recall@{k}": round(100 * float((better < k).mean()), 1) for k in RANKS}


def spread(searcher: Searcher, vectors: Vectors) -> float:
    """The standard deviation of the cosines of texts over the photos: the strengths' unit."""
    index = searcher.index()
    return round(float((vectors @ index.vectors(index.ids()).T).std(axis=1).mean()), 4)


def retrieval(
    searcher: Searcher, rows: list[tuple[str, str]], language: str
) -> list[dict[str, Any]]:
    texts = [caption for _, caption in rows]
    own = searcher.encode_texts(texts)
    begun = time.perf_counter()
    said = searcher.texts.vectors(texts, Asked(language))
    took = round(1000 * (time.perf_counter() - begun) / len(texts), 1)
    told = said.copy()
    mistaken = [n for n, text in enumerate(texts) if searcher.texts.language(text) != language]
    if mistaken:
        told[mistaken] = searcher.texts.vectors([texts[n] for n in mistaken])
    kinds = {"own tower": own, "language named": said, "language told": told}
    return [
        {"language": language, "read by": kind, "captions": len(rows)}
        | recalls(searcher, rows, vectors)
        | {"spread of cosines": spread(searcher, vectors)}
        | {"ms": took if kind == "language named" else ""}
        for kind, vectors in kinds.items()
    ]


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("captions", type=Path)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--split", help="only rows of this split")
    parser.add_argument("--half", choices=("first", "second", "all"), default="all")
    parser.add_argument("--most", type=int, default=1, help="captions of a photo and language")
    parser.add_argument("--model", default="starter")
    options = parser.parse_args()
    asked = options.captions, options.split, options.half, options.most
    rows = {
        language: captions_of(asked[0], language, *asked[1:])
        for language in LANGUAGES
        if language == "en" or asked[0].with_name(f"{asked[0].stem}.{language}.tsv").exists()
    }
    if not options.photos:
        report.show("languages: told from the text", list(told(rows)), options)
        return
    names = {name for those in rows.values() for name, _ in those}
    with (
        tempfile.TemporaryDirectory() as place,
        searcher_over(names, options.photos, options.model, Path(place)) as searcher,
    ):
        results = [one for code, those in rows.items() for one in retrieval(searcher, those, code)]
    report.show("languages: text to image", results, options)


def told(rows: dict[str, list[tuple[str, str]]]) -> Iterable[dict[str, Any]]:
    for language, those in rows.items():
        captions = [caption for _, caption in those]
        yield detection("captions", captions, language)
        if language != "zh":  # not written in words
            for words in (3, 2, 1):
                yield detection(f"{words} words of them", short(captions, words), language)
    yield detection("labels", list(everyday().names), "en")
    for language in translations.LANGUAGES:
        yield detection("labels", list(translations.names(language).values()), language)


if __name__ == "__main__":
    main()
