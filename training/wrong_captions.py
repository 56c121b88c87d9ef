"""Captions with one thing wrong: another colour, colours the other way round, a woman for a man."""

from __future__ import annotations

import random

COLOURS = (
    *("red", "blue", "green", "yellow", "black", "white"),
    *("brown", "orange", "pink", "purple", "gray", "tan"),
)
"""As captions name them."""

_PAIRS = (
    *(("man", "woman"), ("boy", "girl"), ("men", "women"), ("child", "adult"), ("young", "old")),
    *(("dog", "cat"), ("one", "two"), ("two", "three"), ("large", "small"), ("bike", "skateboard")),
    *(("water", "snow"), ("grass", "sand"), ("beach", "street"), ("indoors", "outdoors")),
    *(("running", "sitting"), ("jumping", "standing"), ("front", "back"), ("up", "down")),
    *(("left", "right"), ("ball", "stick")),
)
INSTEAD = dict(_PAIRS) | {b: a for a, b in _PAIRS}


def wrong(caption: str) -> str | None:
    """The caption with a word changed, or two colours swapped; None if it has none of the words."""
    words = caption.lower().rstrip(" .").split()
    colours = [place for place, word in enumerate(words) if word in COLOURS]
    chance = random.random()
    if len(colours) > 1 and chance < 0.5 and words[colours[0]] != words[colours[-1]]:
        first, last = colours[0], colours[-1]
        words[first], words[last] = words[last], words[first]
        return " ".join(words)
    if colours and chance < 0.7:
        place = random.choice(colours)
        words[place] = random.choice([c for c in COLOURS if c != words[place]])
        return " ".join(words)
    others = [place for place, word in enumerate(words) if word in INSTEAD]
    if not others:
        return None
    place = random.choice(others)
    words[place] = INSTEAD[words[place]]
    return " ".join(words)
