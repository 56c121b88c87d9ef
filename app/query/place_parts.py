"""The parts of a place, and what people say for a town: "Frankfurt" is Frankfurt am Main."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.labels.vocabulary import translations
from app.query import countries
from app.query.cities import PEOPLE
from app.query.lexicon import english
from store.folding import fold

_WHERE = re.compile(
    r" (?:am|an der|ob der|in der|im|bei|unter|vor der|upon|under|aan den) | \("
    r"|-(?:en|sur|sous|les|on|upon|under)-"
)
"""What leads to where a town is, in its folded name: people leave that out."""
_SHORTEST = 3  # letters of what they say then


def parted(place: str) -> tuple[list[str], list[str], list[str]]:
    """A place's town with its quarters, its region and its country, folded.

    A country is known by each of its names: "Iran, Islamic Republic of" is Iran as well.
    """
    *smaller, last = countries.parts_of(place)
    long = fold(last) if smaller and "," in last else ""
    parts = smaller if long else [*smaller, last]
    town, *others = (name.strip() for name in fold(",".join(parts)).split(","))
    country = [long, long.split(", ")[0]] if long else others[-1:]
    others = others if long else others[:-1]
    regions = [] if town in country else others[-1:]
    return [town, *others[: len(others) - len(regions)]], regions, country


def ways_to_say(town: str) -> Iterator[str]:
    """A town, folded, as it is written and as people say it: "saint malo", "frankfurt"."""
    yield town
    yield town.replace("-", " ")
    short = _WHERE.split(town, maxsplit=1)[0]
    if short != town and len(short) >= _SHORTEST and _is_only_town(short):
        yield short
        yield short.replace("-", " ")


def _is_only_town(short: str) -> bool:
    """Whether a short name is no word and no person: "Bar-sur-Aube" does not make "bar" a town.

    Nor does "Pont-sur-Yonne" make one of "pont", which is a bridge: labels in other languages have
    their everyday words.
    """
    if short in PEOPLE or english().is_word(short):
        return False
    return not any(short in translations.words(one) for one in translations.LANGUAGES)
