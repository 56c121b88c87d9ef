from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from indexer.pictures.likeness import difference_hash, hash_file


def test_the_hash_by_hand() -> None:
    assert difference_hash(Image.new("RGB", (50, 40), "teal")).sum() == 0
    rising = Image.fromarray(np.tile(np.arange(0, 250, 5, dtype=np.uint8), (40, 1)))
    assert difference_hash(rising).sum() == 64


def test_copies_of_a_photo_differ_in_few_bits(real_photos: Path, tmp_path: Path) -> None:
    photo = hash_file(real_photos / "coffee.png")
    with Image.open(real_photos / "coffee.png") as image:
        image.convert("RGB").resize((300, 200)).save(tmp_path / "small.jpg", quality=50)
    small, other = hash_file(tmp_path / "small.jpg"), hash_file(real_photos / "chelsea.png")
    assert photo is not None and small is not None and other is not None
    assert (photo != small).sum() <= 4
    assert (photo != other).sum() > 15


def test_what_is_no_picture_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    assert hash_file(tmp_path / "a.jpg") is None
    assert hash_file(tmp_path / "none.jpg") is None
