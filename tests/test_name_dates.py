from __future__ import annotations

from datetime import datetime

import pytest

from store.name_dates import named_date


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IMG_20190704_183005.jpg", datetime(2019, 7, 4, 18, 30, 5)),
        ("Screenshot_20190704-183005.png", datetime(2019, 7, 4, 18, 30, 5)),
        ("Screenshot 2019-07-04 at 18.30.05.png", datetime(2019, 7, 4, 18, 30, 5)),
        ("Bildschirmfoto 2019-07-04 um 18.30.05.png", datetime(2019, 7, 4, 18, 30, 5)),
        ("Screenshot_2019-07-04-18-30-05-123_app.png", datetime(2019, 7, 4, 18, 30, 5, 123000)),
        ("PXL_20210102_101112345.jpg", datetime(2021, 1, 2, 10, 11, 12, 345000)),
        ("WhatsApp Image 2019-07-04 at 18.30.05.jpeg", datetime(2019, 7, 4, 18, 30, 5)),
        ("signal-2019-07-04-183005.jpg", datetime(2019, 7, 4, 18, 30, 5)),
        ("20190704183005.jpg", datetime(2019, 7, 4, 18, 30, 5)),
        ("IMG_20190704_183005_BURST001.jpg", datetime(2019, 7, 4, 18, 30, 5)),
        ("Screen Shot 2019-07-04 at 11.30.05 PM.png", datetime(2019, 7, 4, 23, 30, 5)),
        ("Screen Shot 2019-07-04 at 12.30.05\u202fAM.png", datetime(2019, 7, 4, 0, 30, 5)),
        ("Screen Shot 2019-07-04 at 12.30.05 pm.png", datetime(2019, 7, 4, 12, 30, 5)),
    ],
)
def test_times(name: str, expected: datetime) -> None:
    read = named_date(name)
    assert read is not None
    assert (read.taken_at, read.only_day) == (expected, False)


@pytest.mark.parametrize(
    "name",
    [
        "IMG-20190704-WA0001.jpg",
        "VID-20190704-WA2359.jpg",
        "20190704.jpg",
        "2019-07-04 12 friends.jpg",
        "2019_07_04 256000.jpg",
        "2019-07-04 1200x800.jpg",
    ],
)
def test_days(name: str) -> None:
    read = named_date(name)
    assert read is not None
    assert (read.taken_at, read.only_day) == (datetime(2019, 7, 4), True)


@pytest.mark.parametrize(
    "name",
    [
        "IMG_1234.jpg",
        "19990230.jpg",
        "20191301.jpg",
        "18500101.jpg",
        "FB_IMG_1562257805123.jpg",
        "1562257805123.jpg",
        "123456789012.jpg",
        "report 2019.jpg",
        "2019-07.jpg",
        "2019-0704.jpg",
    ],
)
def test_other_numbers_are_no_dates(name: str) -> None:
    assert named_date(name) is None
