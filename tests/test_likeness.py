from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from indexer.pictures.likeness import difference_hash


def test_the_hash_by_hand() -> None:
    assert difference_hash(Image.new("RGB", (50, 40), "teal")).sum() == 0
    rising = Image.fromarray(np.tile(np.arange(0, 250, 5, dtype=np.uint8), (40, 1)))
    assert difference_hash(rising).sum() == 64


def test_copies_of_a_photo_differ_in_few_bits(real_photos: Path) -> None:
    with Image.open(real_photos / "coffee.png") as image:
        photo, small = (difference_hash(one) for one in (image, image.resize((300, 200))))
    with Image.open(real_photos / "chelsea.png") as image:
        other = difference_hash(image)
    assert (photo != small).sum() <= 4
    assert (photo != other).sum() > 15
