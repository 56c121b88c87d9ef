"""Values to filter by (months, folders, labels, cameras, ...), each with its count of photos."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from app.labels.vocabulary import Vocabulary
from app.query.countries import parts_of, shown_country
from app.query.file_types import VIDEO, formats_of, type_of
from store.catalogue import InFolders
from store.folding import fold

MOST = 12  # values shown of a facet


class Count(NamedTuple):
    """A value to filter by, and how many photos meet that filter."""

    value: str
    photos: int


@dataclass(frozen=True)
class Folder:
    """A folder, how many photos are in and below it, and the folders in it.

    ``path`` is as the filter ``in:`` takes it, in which ``[`` and the like have a meaning.
    """

    path: str
    name: str
    count: int
    inner: tuple[Folder, ...]


def months(counts: Mapping[str, int]) -> list[Count]:
    """Photos a month ("2019-07"), in order; months without any are left out."""
    return [Count(*one) for one in sorted(counts.items())]


def cameras(counts: Mapping[str, int]) -> list[Count]:
    """The most frequent cameras."""
    return _containing(counts, [name for name, _ in _most_common(counts)])


def keywords(counts: Mapping[str, int]) -> list[Count]:
    """The most frequent keywords."""
    return [Count(*one) for one in _most_common(counts)]


def places(counts: Mapping[str, int]) -> list[Count]:
    """The most frequent towns; a place is "Town, region, country"."""
    towns: Counter[str] = Counter()
    for place, count in sorted(counts.items()):
        towns[place.split(", ")[0]] += count
    return _containing(counts, [name for name, _ in towns.most_common(MOST)])


def names_of_city_states(places: Iterable[str], language: str) -> dict[str, str]:
    """What towns are called that are countries, where that is something else: "Singapur"."""
    parted = map(parts_of, places)
    names = {town: shown_country(town, language) for town, *rest in parted if town in rest[-1:]}
    return {town: name for town, name in names.items() if name != town}


def kinds(counts: Mapping[str, int]) -> list[Count]:
    """Kinds of files by the names that people know, the most frequent first; before them, videos
    of any kind, if there are some.
    """
    total: Counter[str] = Counter()
    for name, count in sorted(counts.items()):
        total[type_of(name)] += count
    videos = sum(counts.get(name, 0) for name in formats_of(VIDEO))
    listed = [Count(*one) for one in total.most_common(MOST)]
    return [Count(VIDEO, videos), *listed] if videos else listed


def labels(counts: Mapping[int, int], vocabulary: Vocabulary, most: int = MOST) -> list[Count]:
    """The concepts, by their numbers, that most of the photos show."""
    best = sorted(counts, key=lambda number: (-counts[number], number))[:most]
    return [Count(vocabulary.names[number], counts[number]) for number in best]


def folders(counted: InFolders) -> list[Folder]:
    """The folders as a tree, from where they part; counts include the folders below.

    A photo in several folders counts once in each of them, and once in each folder above them.
    """
    counts: Counter[tuple[str, ...]] = Counter()
    inner: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    parts_of = {folder: Path(folder).parts for folder in sorted(counted.direct)}
    for folder, parts in parts_of.items():
        for outer in _with_outer(parts):
            counts[outer] += counted.direct[folder]
            inner.setdefault(outer[:-1], {})[outer] = None
    for holding, number in counted.shared:
        times = Counter(outer for folder in holding for outer in _with_outer(parts_of[folder]))
        counts.subtract({outer: (seen - 1) * number for outer, seen in times.items()})
    holding_some = set(parts_of.values())

    def tree(parts: tuple[str, ...]) -> Folder:
        below = tuple(tree(one) for one in inner.get(parts, {}))
        return Folder(glob.escape(str(Path(*parts))), parts[-1], counts[parts], below)

    tops = list(inner.get((), {}))
    while len(tops) == 1 and tops[0] in inner and tops[0] not in holding_some:
        tops = list(inner[tops[0]])
    return [tree(parts) for parts in tops]


def without_counts(tree: Iterable[Folder]) -> list[Folder]:
    """The same folders, with a count of 0 each."""
    return [replace(one, count=0, inner=tuple(without_counts(one.inner))) for one in tree]


def _with_outer(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A folder and all folders that it is in, the outermost first."""
    return [parts[:depth] for depth in range(1, len(parts) + 1)]


def _most_common(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return Counter(dict(sorted(counts.items()))).most_common(MOST)


def _containing(counts: Mapping[str, int], names: Iterable[str]) -> list[Count]:
    """For each of ``names``, how many photos have a value that contains it, as filters do."""
    folded = [(fold(value), count) for value, count in counts.items()]
    total = Counter({name: sum(c for value, c in folded if fold(name) in value) for name in names})
    return [Count(*one) for one in total.most_common()]
