"""What people may search for: texts that the effort of a large index is measured with."""

from __future__ import annotations

from itertools import product

from indexer.encoders.encoder import Encoder
from store.errors import ModelError
from store.vectors import Vectors

_WHO = (
    *("a dog", "two children", "a woman in a red dress", "an old man", "friends", "a black cat"),
    *("my grandmother", "a baby", "some tourists", "a bride", "a brown horse", "three cyclists"),
)
_WHAT = (
    *("", " playing", " in the snow", " at the beach", " in front of a building", " at night"),
    *(" by a river", " with a hat", " eating", " seen from behind", " in a park", " on a boat"),
)
_THINGS = (
    *("sunset", "mountains", "a birthday cake", "flowers", "a bicycle", "a receipt", "our car"),
    *("a boat on a lake", "a plate of food", "a church", "fireworks", "a waterfall", "books"),
    *("a crowded street", "a train", "an empty room", "birds in the sky", "a bridge", "a forest"),
    *("a football match", "horses on a field", "a screenshot", "a wedding", "concert", "a map"),
    *("people around a table", "coffee", "a christmas tree", "a skateboarder in the air", "toys"),
    *("a swimming pool", "an aeroplane", "graffiti on a wall", "a garden in spring", "a statue"),
    *("a child on a swing", "a laptop on a desk", "rain", "black and white portrait", "a tent"),
)
_HOW = ("", " in the evening", ", close up")
PROBE_TEXTS = (
    *(who + what for who, what in product(_WHO, _WHAT)),
    *(thing + how for thing, how in product(_THINGS, _HOW)),
)


def probe_vectors(encoder: Encoder) -> Vectors | None:
    """The embeddings (t, dim) of ``PROBE_TEXTS``; None without the model."""
    try:
        return encoder.encode_texts(PROBE_TEXTS)
    except ModelError:
        return None
