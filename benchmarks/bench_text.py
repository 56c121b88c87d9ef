"""How many words the reader of text in pictures reads, of words that are drawn; and how fast.

    python -m benchmarks.bench_text --fonts FOLDER

Lines in six scripts, receipts, screenshots, and signs on the photos that scikit-image and
scikit-learn install: seen from the side, upright or turned. "read" are words that are there letter
by letter (but for case and accents), "found" those that ``text:WORD`` finds. The last rows say in
how many photos without any text some was read, and how many signs come first by the cheap test.
Chinese and Japanese need fonts that the system or FOLDER has; what has none is left out.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from app import services
from app.config import load_config
from benchmarks import report
from benchmarks.samples import index_photos, sample_files
from indexer.reading.text_reader import PictureTextReader
from indexer.reading.unread_text import likely_first
from store.folding import fold
from store.misreadings import folded, spellings

SCRIPTS = {
    "Latin": "market garden bridge station museum Straße Käse château forêt señor mañana żółty",
    "Cyrillic": "\u0440\u044b\u043d\u043e\u043a \u0432\u043e\u043a\u0437\u0430\u043b "
    "\u043c\u0443\u0437\u0435\u0439 \u0430\u043f\u0442\u0435\u043a\u0430 "
    "\u0443\u043b\u0438\u0446\u0430 \u0445\u043b\u0435\u0431 \u043c\u043e\u0441\u0442",
    "Greek": "\u03b1\u03b3\u03bf\u03c1\u03ac \u03c3\u03c4\u03b1\u03b8\u03bc\u03cc\u03c2 "
    "\u03bc\u03bf\u03c5\u03c3\u03b5\u03af\u03bf "
    "\u03c6\u03b1\u03c1\u03bc\u03b1\u03ba\u03b5\u03af\u03bf "
    "\u03b4\u03c1\u03cc\u03bc\u03bf\u03c2 \u03c8\u03c9\u03bc\u03af",
    "Chinese": "市场 车站 博物馆 药店 街道 面包 图书馆 学校",
    "Japanese": "市場 えきまえ 博物館 くすり パン屋 図書館 がっこう ラーメン",
    "Arabic": "\u0633\u0648\u0642 \u0645\u062d\u0637\u0629 \u0645\u062a\u062d\u0641 "
    "\u0635\u064a\u062f\u0644\u064a\u0629 \u0634\u0627\u0631\u0639 \u062e\u0628\u0632",
}
FONTS = {
    "Chinese": ("wqy-microhei.ttc", "NotoSansCJK-Regular.ttc", "msyh.ttc", "PingFang.ttc"),
    "Japanese": ("ipag.ttf", "NotoSansCJK-Regular.ttc", "msgothic.ttc", "wqy-microhei.ttc"),
}
_PLAIN = ("DejaVuSans.ttf", "Arial.ttf", "NotoSans-Regular.ttf")
_SIGNS = "HOTEL CENTRAL EXIT PARKING BAKERY MIAMI BEACH OPEN PHARMACY LIBRARY STATION MUSEUM"
_GOODS = "coffee bread butter cheese apple tomato pasta sugar orange water onion honey lemon"

_WRITTEN = ("page", "text")  # samples that are pictures of text

Drawn = tuple[Image.Image, list[str]]
"""A picture, and the words that are in it."""


def _font(script: str, folder: Path | None, size: int) -> ImageFont.FreeTypeFont | None:
    for name in FONTS.get(script, _PLAIN):
        paths = sorted(folder.rglob(name)) if folder else []
        try:
            return ImageFont.truetype(str(paths[0]) if paths else name, size)
        except OSError:
            continue
    return None


def lines(script: str, count: int, folder: Path | None) -> Iterator[Drawn]:
    """Cards with three lines of two words, in letters of 18 to 60 pixels."""
    chance = np.random.default_rng(1)
    for _ in range(count):
        font = _font(script, folder, int(chance.integers(18, 60)))
        if font is None:
            return
        words = [str(word) for word in chance.choice(SCRIPTS[script].split(), 6)]
        card = Image.new("RGB", (1200, 900), (245, 245, 240))
        for place in range(3):
            said = " ".join(words[2 * place : 2 * place + 2])
            ImageDraw.Draw(card).text((80, 100 + 250 * place), said, (30, 30, 40), font)
        yield card, words


def receipts(count: int) -> Iterator[Drawn]:
    """Photos of receipts, 12 megapixels, a little turned and uneven in light."""
    chance = np.random.default_rng(2)
    for _ in range(count):
        goods = [str(word) for word in chance.choice(_GOODS.split(), 20)]
        paper = Image.new("L", (1300, 3000), 250)
        draw, font = ImageDraw.Draw(paper), ImageFont.load_default(48)
        for place, word in enumerate(goods):
            draw.text((80, 150 + 130 * place), word, 40, font)
            draw.text((1000, 150 + 130 * place), f"{chance.uniform(0.5, 30):.2f}", 40, font)
        table = Image.new("L", (3000, 4000), 90)
        table.paste(paper, (850, 500))
        turned = table.rotate(float(chance.uniform(-6, 6)), Image.Resampling.BICUBIC, fillcolor=90)
        light = np.linspace(1, 0.6, 3000, dtype=np.float32)[None, :]
        shaded = Image.fromarray((np.asarray(turned) * light).astype(np.uint8)).convert("RGB")
        yield shaded, goods


def screenshots(count: int) -> Iterator[Drawn]:
    """Screens of a telephone, 1080 x 2340, with messages in letters of 34 pixels."""
    chance = np.random.default_rng(3)
    for _ in range(count):
        words = [str(word) for word in chance.choice(_GOODS.split(), 40)]
        screen = Image.new("RGB", (1080, 2340), (240, 240, 245))
        draw, font = ImageDraw.Draw(screen), ImageFont.load_default(34)
        for place in range(10):
            top = 150 + 210 * place
            left = 60 if chance.random() < 0.5 else 300
            draw.rounded_rectangle((left, top, left + 720, top + 150), 30, fill="white")
            draw.text((left + 30, top + 20), " ".join(words[4 * place : 4 * place + 2]), 30, font)
            said = " ".join(words[4 * place + 2 : 4 * place + 4])
            draw.text((left + 30, top + 80), said, (30, 30, 30), font)
        yield screen, words


def _photos(count: int) -> list[Image.Image]:
    photos = []
    for name in sample_files():
        if name.stem in _WRITTEN:
            continue
        with Image.open(name) as image:
            photo = image.convert("RGB")
        if min(photo.size) >= 200:
            photos.append(ImageOps.fit(photo, (2000, 1500)))
    return [photos[number % len(photos)] for number in range(count)]


def signs(count: int, turn: int = 0) -> Iterator[Drawn]:
    """Photos with a board of two words on it, seen from the side; ``turn``: degrees."""
    chance = np.random.default_rng(4)
    for photo in _photos(count):
        words = [str(word) for word in chance.choice(_SIGNS.split(), 2, replace=False)]
        board = Image.new("RGBA", (900, 300), (*map(int, chance.integers(0, 110, 3)), 255))
        font = ImageFont.load_default(110)
        ImageDraw.Draw(board).text((60, 40), words[0], "white", font)
        ImageDraw.Draw(board).text((60, 170), words[1], "white", font)
        board = board.resize((wide := int(chance.integers(220, 700)), wide // 3))
        slant = float(chance.uniform(-0.3, 0.3))
        room = Image.new("RGBA", (wide + 20, wide), (0, 0, 0, 0))
        room.paste(board, (10, wide // 3))
        near = 0.0006 * slant
        tilted = room.transform(
            room.size,
            Image.Transform.PERSPECTIVE,
            (1, 0, 0, -slant, 1, slant * wide / 2, near, 0),
            Image.Resampling.BICUBIC,
        ).rotate(turn, expand=True)
        whole = photo.copy()
        left = int(chance.integers(0, whole.width - tilted.width))
        whole.paste(tilted, (left, int(chance.integers(0, 700))), tilted)
        yield whole, words


def measured(name: str, drawn: Sequence[Drawn], reader: PictureTextReader) -> dict[str, Any]:
    """A row for one kind of pictures."""
    exact = found_by_text = words = invented = 0
    seconds = []
    for image, there in drawn:
        began = time.perf_counter()
        said = " ".join(line.text for line in reader.read(image))
        seconds.append(time.perf_counter() - began)
        words += len(there)
        exact += sum(fold(word) in fold(said) for word in there)
        found_by_text += sum(_finds(word, said) for word in there)
        invented += not there and bool(said)
    share = {"read %": exact, "found %": found_by_text}
    return {
        "pictures": name,
        "count": len(drawn),
        "words": words,
        **{key: round(100 * value / words, 1) if words else "" for key, value in share.items()},
        "with invented text": "" if words else invented,
        "median s": round(float(np.median(seconds)), 2),
        "pictures/s": round(len(drawn) / sum(seconds), 2),
    }


def _finds(word: str, said: str) -> bool:
    """Whether ``text:word`` finds a picture in which ``said`` was read."""
    text = folded(said)
    patterns = [pattern.strip("%").replace("_", ".") for pattern in spellings(word)]
    return any(re.search(pattern, text) for pattern in patterns)


def cheap_test(count: int) -> dict[str, Any]:
    """How many photos with signs are in the first half of photos with and without, in %."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "photos"
        folder.mkdir()
        for number, (photo, (sign, _)) in enumerate(zip(_photos(count), signs(count), strict=True)):
            photo.resize((640, 480)).save(folder / f"{number:03} plain.jpg")
            sign.resize((640, 480)).save(folder / f"{number:03} sign.jpg")
        index_photos(Path(place) / "library", [folder], "starter")
        config = load_config(library=Path(place) / "library")
        with services.open_library_of(config) as library:
            encoder = services.encoder_for_indexing(library, config).encoder
            every = library.without_text(library.roots())
            began = time.perf_counter()
            first = likely_first(library, encoder, every)[: len(every) // 2]
            seconds = time.perf_counter() - began
            paths = library.photos_of(first.tolist())
            named = [paths[id][0].path.stem for id in first.tolist()]
    return {
        "pictures": "signs among the first half, by the cheap test",
        "count": len(every),
        "words": "",
        "read %": "",
        "found %": round(100 * float(np.mean([name.endswith("sign") for name in named])), 1),
        "with invented text": "",
        "median s": round(seconds / max(1, len(every)), 4),
        "pictures/s": "",
    }


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--count", type=int, default=50, help="photos with signs; fewer of others")
    parser.add_argument("--fonts", type=Path, help="a folder with more fonts")
    options: argparse.Namespace = parser.parse_args()
    reader, count, some = PictureTextReader(), options.count, max(1, options.count // 5)
    for image, _ in signs(1):
        reader.read(image)  # the models are loaded
    kinds: dict[str, Callable[[], Iterator[Drawn]]] = {
        **{
            f"lines, {script}": lambda script=script: lines(script, some, options.fonts)  # type: ignore[misc]
            for script in SCRIPTS
        },
        "receipts": lambda: receipts(some),
        "screenshots": lambda: screenshots(some),
        "photos with signs": lambda: signs(count),
        "signs, a quarter turn": lambda: signs(some, 90),
        "signs, upside down": lambda: signs(some, 180),
        "photos without": lambda: ((photo, []) for photo in _photos(some)),
    }
    rows = []
    for name, draw in kinds.items():
        if drawn := list(draw()):
            rows.append(measured(name, drawn, reader))
    report.show("bench_text", [*rows, cheap_test(some)], options)


if __name__ == "__main__":
    main()
