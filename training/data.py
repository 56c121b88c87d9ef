"""What the starter model learns from: captions, WordNet nouns and ImageNet's class tree.

WordNet 3.0 is read from its own database files (Debian: ``wordnet-base``). ImageNet class
ids (``n02124075``) are WordNet 3.0 noun offsets, so the class tree needs no other source.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

WORDNET = Path("/usr/share/wordnet")

# Lexicographer files (lexnames(5WN)) whose nouns can be seen in a photo.
VISIBLE_LEXFILES = frozenset({4, 5, 6, 8, 11, 13, 14, 15, 17, 18, 19, 20, 27})
_PERSON = 18
_HYPERNYM_POINTERS = ("@", "@i")


@dataclass(frozen=True)
class Caption:
    split: str
    file: str
    text: str


@dataclass(frozen=True)
class Synset:
    """One WordNet noun: its names (most common first), gloss and more general nouns."""

    offset: str
    lexfile: int
    names: tuple[str, ...]
    gloss: str
    hypernyms: tuple[str, ...]


@dataclass
class Concept:
    """A name for a set of ImageNet classes: a class itself, or a noun above several."""

    names: tuple[str, ...]
    classes: list[int] = field(default_factory=list)


def read_captions(path: Path) -> list[Caption]:
    """Read a ``split, file, caption`` TSV with a header line."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Caption(row["split"], row["file"], row["caption"].strip()) for row in rows]


def read_nouns(wordnet: Path = WORDNET) -> dict[str, Synset]:
    """All WordNet noun synsets by offset (format: wndb(5WN))."""
    nouns: dict[str, Synset] = {}
    with (wordnet / "data.noun").open(encoding="utf-8") as file:
        for line in file:
            if line.startswith(" "):  # the licence, at the top of the file
                continue
            head, _, gloss = line.partition("|")
            fields = head.split()
            word_count = int(fields[3], 16)
            words = fields[4 : 4 + 2 * word_count : 2]
            pointers = fields[5 + 2 * word_count :]
            hypernyms = tuple(
                pointers[i + 1]
                for i in range(0, len(pointers) - 3, 4)
                if pointers[i] in _HYPERNYM_POINTERS
            )
            nouns[fields[0]] = Synset(
                fields[0],
                int(fields[1]),
                tuple(word.replace("_", " ") for word in words),
                gloss.split(";")[0].strip(),
                hypernyms,
            )
    return nouns


def imagenet_concepts(nouns: dict[str, Synset], largest: int = 250) -> list[Concept]:
    """The 1,000 ImageNet classes in index order, then every noun above 2 to ``largest`` of them.

    The nouns above are what people type ("dog", "bird", "fruit"): ImageNet itself only has
    their kinds. Nouns above exactly the same classes count once.
    """
    from timm.data import ImageNetInfo

    info = ImageNetInfo()
    wnids: list[str] = [info.index_to_label_name(i) for i in range(1000)]
    leaves = [Concept(nouns[wnid[1:]].names, [i]) for i, wnid in enumerate(wnids)]
    below: dict[str, set[int]] = defaultdict(set)
    for index, wnid in enumerate(wnids):
        todo, seen = [wnid[1:]], set()
        while todo:
            offset = todo.pop()
            if offset in seen:
                continue
            seen.add(offset)
            below[offset].add(index)
            todo.extend(nouns[offset].hypernyms)
    above: dict[frozenset[int], Concept] = {}
    for offset, classes in sorted(below.items(), key=lambda item: len(item[1])):
        # ImageNet's three kinds of people say nothing about "person": captions teach that.
        if 2 <= len(classes) <= largest and nouns[offset].lexfile != _PERSON:
            key = frozenset(classes)
            names = nouns[offset].names
            if key not in above:
                above[key] = Concept(names, sorted(classes))
    return leaves + list(above.values())


def class_names(concepts: list[Concept]) -> dict[int, list[str]]:
    """What people call some of the 1,000 classes, by class; none that means another one too."""
    lines = (Path(__file__).parent / "class_names.txt").read_text(encoding="utf-8").splitlines()
    text = " ".join(line for line in lines if not line.startswith("#"))
    known: dict[str, int] = {}
    for place, concept in enumerate(concepts):
        for name in concept.names:
            known.setdefault(name.lower(), place)
    more: dict[int, list[str]] = {}
    for number, name in re.findall(r"(\d+)=(.*?)(?=\s+\d+=|\s*$)", text):
        if known.get(name.lower(), int(number)) == int(number):
            more.setdefault(int(number), []).append(name)
    return more


def visible_phrases(nouns: dict[str, Synset]) -> list[str]:
    """Names of nouns that can be photographed (for distilling the text tower)."""
    names: dict[str, None] = {}
    for synset in nouns.values():
        if synset.lexfile in VISIBLE_LEXFILES:
            for name in synset.names[:2]:
                names[name] = None
    return list(names)


def glosses(nouns: dict[str, Synset]) -> list[str]:
    """Short definitions of nouns that can be photographed: free, varied English."""
    texts: dict[str, None] = {}
    for synset in nouns.values():
        if synset.lexfile in VISIBLE_LEXFILES and 12 <= len(synset.gloss) <= 120:
            texts[synset.gloss] = None
    return list(texts)
