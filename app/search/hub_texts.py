"""A bank of texts: what people may search for, against which every photo is measured.

The names of the everyday concepts, and sentences made of the parts below. Chosen on the first half
of Flickr8k's ``dev`` photos (``benchmarks/hubs.py``): these 400 sentences beside the names do as
well as thousands, for single words and for captions, and one bank does as well as one for each.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterator, Sequence

from app.labels import vocabulary
from app.labels.vocabulary import Vocabulary

_EACH = 4  # sentences for everything that is done

_PEOPLE = (
    *("a man", "a woman", "a boy", "a girl", "a child", "a little girl", "a young boy"),
    *("two men", "two women", "two children", "two people", "three people"),
    *("a group of people", "a crowd of people", "a couple", "a family", "a baby", "a toddler"),
    *("an old man", "an elderly woman", "a young man", "a young woman", "several people"),
    *("a group of children", "a teenager", "a man and a woman", "a mother and her child"),
    *("a boy in a red shirt", "a man in a blue shirt", "a woman in a black dress"),
    *("a girl in a pink dress", "a man in a white shirt", "a person in a yellow jacket"),
    *("a man wearing a hat", "a woman wearing sunglasses", "a man with a beard"),
    *("a girl with long hair", "a man in a helmet", "a person in a black coat"),
    *("a boy in a green shirt", "a woman in a red jacket", "two boys", "two girls"),
    *("a group of men", "a group of young people", "someone", "a blond woman"),
    *("a man in a suit", "a worker in an orange vest", "a player in a white uniform"),
    *("a team in red",),
)
_DO = (
    *("walks down the street", "stands on a sidewalk", "sits on a bench"),
    *("rides a bicycle on a road", "runs through the grass", "jumps into a swimming pool"),
    *("plays in the water", "plays with a ball in a field", "climbs a rock wall"),
    *("stands on top of a mountain", "looks out over the ocean", "walks along the beach"),
    *("holds a camera and takes a picture", "plays guitar on a stage"),
    *("sings into a microphone", "eats at a table in a restaurant", "cooks food in a kitchen"),
    *("smiles at the camera", "rides a horse", "kicks a soccer ball", "throws a baseball"),
    *("swings a bat during a game", "shoots a basketball in a gym"),
    *("hits a tennis ball on a court", "skis down a snowy hill", "jumps on a snowboard"),
    *("slides down a slide at a playground", "swings on a swing"),
    *("does a trick on a skateboard", "rides a wave on a surfboard"),
    *("paddles a kayak on a river", "sits in a boat on a lake", "fishes from a pier"),
    *("rides a motorcycle on a dirt track", "drives a car", "waits for a bus"),
    *("crosses a busy street", "shops at a market", "reads a book on a sofa"),
    *("works on a laptop at a desk", "talks on a cell phone", "drinks from a cup"),
    *("dances at a party", "stands in front of a building", "poses for a picture"),
    *("walks a dog on a leash", "plays with a dog in the yard", "sleeps on a bed"),
    *("sits around a campfire at night", "hikes on a trail in the woods"),
    *("stands under a tree", "sits on the stairs", "carries a bag", "holds a baby"),
    *("paints a wall", "plays drums", "wrestles with another man", "jumps in the air"),
    *("does a flip", "lies in the grass", "splashes in a fountain", "plays in the snow"),
    *("builds a castle of sand", "holds a sign at a protest", "watches a parade"),
    *("stands in line", "rides a train", "repairs a bike", "cuts a birthday cake"),
    *("holds a flag", "looks through a window", "blows bubbles", "hangs from a rope"),
    *("runs a race with a number on the shirt", "crosses a finish line", "practices karate"),
    *("rides a scooter", "swims under water", "sits by a river", "laughs with friends"),
)
_DOGS = (
    *("a dog", "a brown dog", "a black dog", "a white dog", "two dogs"),
    *("a black and white dog", "a small dog", "a large brown dog", "a puppy"),
    *("a dog with a red collar", "three dogs", "a greyhound with a muzzle", "a tan dog"),
)
_DOGS_DO = (
    *("runs through the grass", "jumps over a hurdle", "catches a frisbee in the air"),
    *("plays in the snow", "swims in the water with a stick", "carries a ball in its mouth"),
    *("runs along the beach", "shakes off water", "chases another dog", "lies on a couch"),
    *("stands on a rock", "jumps into a pool", "digs in the sand", "looks at the camera"),
    *("runs on a dirt path", "races on a track", "fights with another dog"),
    *("walks through the leaves", "fetches a toy", "jumps up to catch a ball"),
)


def sentences() -> tuple[str, ...]:
    """Sentences as people caption photos, each part as often as any other."""
    made = [
        *_joined(_PEOPLE, _DO, lambda doing, turn: 4 * doing + 13 * turn + doing // 7),
        *_joined(_DOGS, _DOGS_DO, lambda doing, turn: 4 * doing + 5 * turn),
    ]
    return tuple(dict.fromkeys(made))


@functools.cache
def bank() -> Vocabulary:
    """All texts of the bank, in the shape in which ``ConceptVectors`` keeps their embeddings."""
    texts = (*vocabulary.everyday().names, *sentences())
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
    return Vocabulary(texts, ("",) * len(texts), {}, digest)


def _joined(
    who: Sequence[str], doing: Sequence[str], place: Callable[[int, int], int]
) -> Iterator[str]:
    for number, does in enumerate(doing):
        for turn in range(_EACH):
            yield f"{who[place(number, turn) % len(who)]} {does}"
