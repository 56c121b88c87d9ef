from __future__ import annotations

import os
import random
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from app.search.bursts import WITHIN
from app.search.ranked import LibraryMoments
from conftest import Index
from store.column_moments import ColumnMoments
from store.library import Library

NOON = datetime(2020, 1, 1, 12)


def test_the_columns_say_what_the_rows_say(library: Library, photos: Path, index: Index) -> None:
    """Of the library's five photos without a camera's time, and 60 with one, many close by."""
    chance = random.Random(5)
    seconds = [chance.randrange(600) for _ in range(60)]
    for number, second in enumerate(seconds):
        exif = Image.Exif()
        taken = NOON + timedelta(seconds=second)
        exif.get_ifd(0x8769)[0x9003] = f"{taken:%Y:%m:%d %H:%M:%S}"
        Image.new("RGB", (20, 20), (number, 0, 9)).save(photos / f"{number}.jpg", exif=exif)
        os.utime(photos / f"{number}.jpg", (NOON.timestamp(),) * 2)  # which does not count
    index(photos)
    model = library.model()
    assert model is not None
    columns = library.columns(model)
    by_columns, by_rows = ColumnMoments(columns, WITHIN), LibraryMoments(library)
    every = by_columns.of(columns.ids)
    assert every == by_rows.of(columns.ids)
    assert sorted(every.values()) == [NOON + timedelta(seconds=s) for s in sorted(seconds)]
    assert by_columns.of(np.array([999])) == by_rows.of(np.array([999])) == {}
    for count in (0, 1, 3, 60):
        asked = chance.sample(sorted(every.values()), count)
        near = {id for id, t in every.items() if any(abs(t - one) <= WITHIN for one in asked)}
        assert by_columns.around(asked).keys() == near
        assert by_rows.around(asked).keys() >= near
