"""Recall of what people type: plurals, typing errors, "show me photos of", plain sentences.

    python -m benchmarks.typed_queries captions.tsv --photos PHOTOS --split dev --half second

Each query is searched for twice: with its words taken as they are, and as it is read. Names are
those of ImageNet's classes, of one or two words, that a caption of a photo mentions; a photo is
right if a caption of it does. Captions have one right photo. ``--half``: of the photos by name;
only these are searched, so that what is chosen on one half is measured on the other. Captions in
German and French are asked for too, where files with them lie beside the others
(``captions.de.tsv``).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from app.query.model import Query
from app.query.parser import parse_query
from app.search.query_reader import QueryReader
from benchmarks import captioned, report
from benchmarks.judged import class_names

RANKS = (1, 10)
CAPTIONS = 1000
Chance = np.random.Generator
Change = Callable[[str, Chance], str | None]
Asked = tuple[str, set[str]]
"""A query, and the names of the photos that are right."""


def plural(text: str, _chance: Chance) -> str:
    if re.search(r"(s|x|z|ch|sh)$", text):
        return f"{text}es"
    if re.search(r"[^aeiou]y$", text):
        return f"{text[:-1]}ies"
    return f"{text}s"


def _at_longest(text: str, chance: Chance, change: Callable[[str, int], str]) -> str | None:
    """``text`` with a change inside its longest word, whose first letter stays; None if short."""
    word = max(re.findall(r"[A-Za-z]+", text), key=len)
    if len(word) < 4:
        return None
    changed = change(word, int(chance.integers(1, len(word) - 1)))
    return text.replace(word, changed, 1) if changed != word else None


def swapped(text: str, chance: Chance) -> str | None:
    def change(word: str, place: int) -> str:
        return f"{word[:place]}{word[place + 1]}{word[place]}{word[place + 2 :]}"

    return _at_longest(text, chance, change)


def missing(text: str, chance: Chance) -> str | None:
    return _at_longest(text, chance, lambda word, place: word[:place] + word[place + 1 :])


def doubled(text: str, chance: Chance) -> str | None:
    return _at_longest(text, chance, lambda word, place: word[:place] + word[place] + word[place:])


def asked_for(text: str, _chance: Chance) -> str:
    return f"show me photos of {text}"


CHANGES: dict[str, Change] = {
    "as they are": lambda text, _: text,
    "plural": plural,
    "two letters swapped": swapped,
    "a letter missing": missing,
    "a letter doubled": doubled,
    "show me photos of": asked_for,
}


IN_OTHER_LANGUAGES = {
    "de": ("zeig mir Fotos von", "ein Foto von"),
    "fr": ("montre-moi des photos de", "une photo de"),
}
"""What is put before captions in a language."""


def in_another_language(
    captions: Path, names: set[str], chance: Chance
) -> Iterator[tuple[str, list[Asked]]]:
    """Captions of the photos in other languages as they are, and with words before them."""
    for code, leads in IN_OTHER_LANGUAGES.items():
        path = captions.with_name(f"{captions.stem}.{code}{captions.suffix}")
        if not path.exists():
            continue
        rows = [
            (text, {name}) for name, text in captioned.read_captions(path, None) if name in names
        ]
        chosen = chance.choice(len(rows), min(CAPTIONS, len(rows)), replace=False)
        asked = [rows[number] for number in sorted(chosen.tolist())]
        yield f"captions in {code}, as they are", asked
        for lead in leads:
            yield (
                f"captions in {code}, {lead}",
                [(f"{lead} {text[:1].lower()}{text[1:]}", right) for text, right in asked],
            )


def main() -> None:
    parser = captioned.parser(__doc__)
    parser.add_argument("--half", choices=("first", "second", "both"), default="both")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rows = captioned.read_captions(options.captions, options.split)
    texts = captioned.texts(rows)
    photos = sorted(texts)
    middle = len(photos) // 2
    half = {"first": photos[:middle], "second": photos[middle:], "both": photos}[options.half]
    texts = {name: texts[name] for name in half}
    chance = np.random.default_rng(options.seed)
    named = list(named_things(texts))
    captions = [(caption, {name}) for name, caption in rows if name in texts]
    chosen = chance.choice(len(captions), min(CAPTIONS, len(captions)), replace=False)
    captions = [captions[number] for number in sorted(chosen.tolist())]
    shown: list[dict[str, Any]] = []
    with (
        tempfile.TemporaryDirectory() as place,
        captioned.searcher_over(texts, options.photos, options.model, Path(place)) as searcher,
    ):
        reader = QueryReader(searcher.library, lambda: searcher.texts)

        def recall(read: Callable[[str], Query], asked: list[Asked]) -> dict[int, float]:
            within = dict.fromkeys(RANKS, 0)
            for text, right in asked:
                hits = searcher.search(read(text), max(RANKS), bursts=False).hits
                names = [hit.path.name for hit in hits]
                for k in RANKS:
                    within[k] += not right.isdisjoint(names[:k])
            return {k: 100 * within[k] / max(1, len(asked)) for k in RANKS}

        def both(name: str, asked: list[Asked]) -> dict[str, Any]:
            before, after = recall(parse_query, asked), recall(reader.query, asked)
            row: dict[str, Any] = {"queries": name, "count": len(asked)}
            for k in RANKS:
                row |= {f"recall@{k} before": before[k], f"recall@{k} after": after[k]}
            return row

        for of, everything, changes in (
            ("names", named, CHANGES),
            ("captions", captions, {k: v for k, v in CHANGES.items() if k != "plural"}),
        ):
            for name, change in changes.items():
                changed = [(change(text, chance), right) for text, right in everything]
                asked = [(text, right) for text, right in changed if text is not None]
                shown.append(both(f"{of}, {name}", asked))
        for name, asked in in_another_language(options.captions, set(texts), chance):
            shown.append(both(name, asked))
    report.show(f"typed_queries: {options.model}, {options.half} half", shown, options)


def named_things(texts: dict[str, str]) -> Iterator[Asked]:
    """The names of classes that captions mention, each with the photos whose captions do."""
    for name in class_names():
        if len(name.split()) > 2 or not re.fullmatch(r"[a-z ]+", name):
            continue
        pattern = re.compile(rf"\b{re.escape(name)}(s|es)?\b")
        if right := {photo for photo, text in texts.items() if pattern.search(text)}:
            yield name, right


if __name__ == "__main__":
    main()
