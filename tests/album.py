"""An album for the page's tests: real photos, with what cameras write and what people do to files.

All pictures are cut from the photos that scikit-image and scikit-learn bring along, so that
screenshots of them may be published.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from PIL import Image

PHOTOGRAPHIC = {
    "astronaut": "Family",
    "chelsea": "Family",
    "coffee": "Trips/Kyoto",
    "rocket": "Trips/Florida",
    "motorcycle_left": "Garage",
    "china": "Trips/Kyoto",
    "flower": "Garden",
    "hubble_deep_field": "Sky",
    "retina": "Work",
    "ihc": "Work",
    "brick": "Walls",
    "grass": "Garden",
    "gravel": "Garden",
    "camera": "Family",
    "page": "Work",
    "moon": "Sky",
}
PLACES = {
    "Trips/Kyoto": (35.01, 135.77),
    "Trips/Florida": (28.57, -80.65),
    "Garden": (52.39, 13.06),
}
CAMERAS = (("Canon", "EOS R6", "RF35mm F1.8"), ("FUJIFILM", "X-T4", "XF23mmF2"))
CROPS = 17
HOSTILE = "<img src=x onerror=alert(1)>![p](http:,,evil.example,p.png).jpg"


def make_album(folder: Path, real_photos: Path) -> None:
    """Fill ``folder`` with some 270 photos: more than the page shows at first."""
    chance = random.Random(7)
    for stem, place in PHOTOGRAPHIC.items():
        (source,) = real_photos.glob(f"{stem}.*")
        with Image.open(source) as opened:
            picture = opened.convert("RGB")
        (folder / place).mkdir(parents=True, exist_ok=True)
        for number in range(CROPS):
            cut = _crop(picture, chance) if number else picture
            cut.thumbnail((560, 560))
            exif = _exif(chance, place, number)
            cut.save(folder / place / f"{stem}_{number}.jpg", exif=exif, quality=88)
    shutil.copy(folder / "Family" / "chelsea_0.jpg", folder / "Work" / "cat again.jpg")
    with Image.open(folder / "Sky" / "moon_0.jpg") as moon:
        moon.save(folder / "Work" / "moon saved again.jpg", quality=60)
    with Image.open(folder / "Family" / "astronaut_1.jpg") as hostile:
        hostile.rotate(3).save(folder / "Work" / HOSTILE)
    (folder / "Work" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")


def _crop(picture: Image.Image, chance: random.Random) -> Image.Image:
    width, height = picture.size
    wide, high = int(width * chance.uniform(0.55, 0.95)), int(height * chance.uniform(0.55, 0.95))
    left, top = chance.randint(0, width - wide), chance.randint(0, height - high)
    return picture.crop((left, top, left + wide, top + high))


def _exif(chance: random.Random, place: str, number: int) -> Image.Exif:
    make, model, lens = CAMERAS[number % 2]
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = make, model
    detail = exif.get_ifd(0x8769)
    year, month, day = chance.choice((2017, 2019, 2019, 2021)), chance.choice((2, 7)), number + 1
    detail[0x9003] = f"{year}:{month:02}:{day:02} {chance.randint(8, 20):02}:30:{number:02}"
    detail[0xA434], detail[0x829D], detail[0x829A], detail[0x8827] = lens, 2.8, 1 / 250, 400
    if place in PLACES:
        north, east = PLACES[place]
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2] = "N", _degrees(north + chance.uniform(-0.05, 0.05))
        gps[3], gps[4] = "E" if east > 0 else "W", _degrees(abs(east))
    return exif


def _degrees(value: float) -> tuple[int, int, float]:
    whole = int(value)
    minutes = int((value - whole) * 60)
    return whole, minutes, round(((value - whole) * 60 - minutes) * 60, 2)
