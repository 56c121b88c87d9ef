"""Make the lists in ``app/query/lexicon``: the English words that a query may have, and expressions
with names of places.

    apt-get install wordnet-base && python -m tools.word_list

WordNet 3.0 says what is a word, the exceptions and rules of its morphology what is a form of one.
The merges of CLIP's tokenizer (MIT licence, in open_clip), in order of frequency in captions of
pictures, say which words are common. Names (of brands, towns, people) are known too, and never a
correction. With them are the tokens that WordNet has not. Regular forms of rare words are left
out: ``Lexicon`` knows them by their word.
"""

from __future__ import annotations

import gzip
import re
from importlib.resources import files
from pathlib import Path

import open_clip

from app.labels import vocabulary
from app.query.cities import PLACES_FIRST
from indexer.towns import read_towns
from store.folding import fold

WORDNET = Path("/usr/share/wordnet")
TARGET = Path(__file__).parent.parent / "app" / "query" / "lexicon"
PARTS = ("noun", "verb", "adj", "adv")
_MERGES = 49152 - 256 - 2
_TOWN = 15_000  # people
_IN_PLACES = frozenset(
    """
    of the river rivers sea mountains mountain mount lake island islands canal harbor bay peninsula
    university college bridge airport city county desert gulf ocean strait hills hill park street
    avenue tower museum opera house republic principality kingdom state province department canyon
    falls glacier volcano coast channel range valley plateau basin cathedral palace castle square
    """.split()  # noqa: SIM905
)
_SHORTEST_NAME = 4  # of the tokens that WordNet has not; shorter ones are pieces of words

LITTLE_WORDS = frozenset(
    """
    a about above across after against all along although am among an and another any anybody
    anyone anything are around as at be because been before behind being below beneath beside
    besides between beyond but by can cannot could did do does doing down during each either else
    every everybody everyone everything few for from had has have having he her here hers herself
    him himself his how if in inside into is it its itself just less like many may me might mine
    more most much must my myself near neither next no nobody none nor not nothing of off on once
    one only onto opposite or other others our ours ourselves out outside over past per same shall
    she should since so some somebody someone something such than that the their theirs them
    themselves then there these they this those through throughout till to together too toward
    towards under underneath unless until unto up upon us very via was we were what whatever when
    where which while who whom whose why will with within without would yes yet you your yours
    yourself
    """.split()  # noqa: SIM905
)


def ordinary() -> set[str]:
    """The words that WordNet writes without a capital: no names."""
    words = set()
    for part in PARTS:
        for line in (WORDNET / f"data.{part}").read_text(encoding="ascii").splitlines():
            if not line.startswith(" "):
                fields = line.split()
                words |= set(fields[4 : 4 + 2 * int(fields[3], 16) : 2])
    return {word for word in words if word.islower()}


def lemmas() -> dict[str, tuple[bool, set[str]]]:
    """Each single word of WordNet: whether its examples have it, and its parts of speech."""
    words: dict[str, tuple[bool, set[str]]] = {}
    for part in PARTS:
        for line in (WORDNET / f"index.{part}").read_text(encoding="ascii").splitlines():
            fields = line.split()
            if not re.fullmatch(r"[a-z]{2,}", fields[0]) or line.startswith(" "):
                continue
            tagged = int(fields[5 + int(fields[3])]) > 0
            seen, parts = words.get(fields[0], (False, set()))
            words[fields[0]] = (seen or tagged, parts | {part})
    return words


def forms(word: str, parts: set[str]) -> set[str]:
    """The regular forms of a word; a few that nobody uses are among them."""
    made = set()
    sibilant = re.search(r"(s|x|z|ch|sh)$", word)
    y = word[:-1] if re.search(r"[^aeiou]y$", word) else None
    if parts & {"noun", "verb"}:
        made.add(f"{word}es" if sibilant else f"{y}ies" if y else f"{word}s")
    if "verb" in parts:
        stem = word.removesuffix("e") if not re.search(r"(ee|oe|ye)$", word) else word
        made |= {f"{stem}ing", f"{y}ied" if y else f"{stem}ed"}
        if re.search(r"[^aeiou][aeiou][bdgklmnprt]$", word):
            made |= {f"{word}{word[-1]}ing", f"{word}{word[-1]}ed"}
    if "adj" in parts and len(word) < 8:
        stem = word.removesuffix("e")
        made |= {f"{y}ier", f"{y}iest"} if y else {f"{stem}er", f"{stem}est"}
    return made


def irregular() -> dict[str, str]:
    """Irregular forms, each with its word."""
    exceptions = {}
    for part in PARTS:
        for line in (WORDNET / f"{part}.exc").read_text(encoding="ascii").splitlines():
            form, word, *_ = line.split()
            if re.fullmatch(r"[a-z]{2,}", form):
                exceptions[form] = word
    return exceptions


def tokens() -> list[str]:
    """The tokens of CLIP that end a word, the most frequent first."""
    path = files(open_clip) / "bpe_simple_vocab_16e6.txt.gz"
    merges = gzip.decompress(path.read_bytes()).decode().splitlines()[1 : _MERGES + 1]
    ends = ("".join(merge.split()) for merge in merges)
    return [token.removesuffix("</w>") for token in ends if token.endswith("</w>")]


def expressions(no_names: set[str]) -> list[str]:
    """What WordNet has of two or three words, which begin or end with the name of a place: of a
    plant or dish, of a person. What lies in the place, as its river, is left out."""
    names = set()
    for town in read_towns():
        names |= {fold(name) for name in town.area[:2]}
        names |= {fold(town.name)} if town.people >= _TOWN else set()
    named: set[str] = set()
    for line in (WORDNET / "index.noun").read_text(encoding="ascii").splitlines():
        words = line.split()[0].split("_")
        if line.startswith(" ") or len(words) not in (2, 3) or not _IN_PLACES.isdisjoint(words):
            continue
        parts = (part for at in range(1, len(words)) for part in (words[:at], words[at:]))
        if re.fullmatch("[a-z ]+", " ".join(words)) and any(
            " ".join(part) in names and not no_names.issuperset(part) for part in parts
        ):
            named.add(" ".join(words))
    return sorted(named)


def main() -> None:
    words = lemmas()
    no_names = ordinary()
    sensible = {word for word, (seen, _) in words.items() if seen and word in no_names}
    sensible |= set(LITTLE_WORDS)
    sensible |= {form for word in sensible if word in words for form in forms(word, words[word][1])}
    sensible |= {form for form, word in irregular().items() if word in sensible}
    labels = {word for name in vocabulary.everyday().names for word in re.findall("[a-z]+", name)}
    sensible |= labels
    ranked = [token for token in tokens() if re.fullmatch(r"[a-z]+", token)]
    common = [token for token in ranked if token in sensible and len(token) > 1]
    # Labels that the tokenizer has no token for come last.
    common += sorted(word for word in labels - set(common) if len(word) > 2)
    exceptions = irregular()
    known = {*(word for word in words if len(word) > 2), *exceptions, *LITTLE_WORDS}
    known |= {token for token in ranked if len(token) >= _SHORTEST_NAME}
    others = known - set(common)
    rare = {word for word in others if no_names & {word, exceptions.get(word, word)}}
    rare |= others & LITTLE_WORDS
    written = {"common.txt": common, "rare.txt": sorted(rare), "names.txt": sorted(others - rare)}
    written["expressions.txt"] = expressions(no_names - PLACES_FIRST)
    for name, listed in written.items():
        lines = "".join(f"{word}\n" for word in listed)
        (TARGET / name).write_text(lines, encoding="ascii")
        print(f"{name}: {len(listed):,} lines, {len(lines):,} bytes")


if __name__ == "__main__":
    main()
