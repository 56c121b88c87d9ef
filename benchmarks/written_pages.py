"""Receipts, slides, screenshots and pages of text, drawn: one form each, and different words."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_WORDS = (
    *("coffee", "tea", "milk", "bread", "butter", "cheese", "apple", "banana", "tomato", "rice"),
    *("pasta", "sugar", "salt", "oil", "water", "juice", "soup", "cake", "pie", "ham", "egg"),
    *("fish", "beef", "corn", "bean", "onion", "garlic", "lemon", "honey", "jam", "total", "tax"),
    *("cash", "card", "change", "visit", "again", "receipt", "store", "street", "open", "daily"),
)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _said(chance: np.random.Generator, count: int) -> str:
    return " ".join(chance.choice(_WORDS, max(1, count)))


def receipt(seed: int) -> Image.Image:
    """A receipt of one and the same shop."""
    chance = np.random.default_rng(seed)
    page = Image.new("RGB", (480, 960), "white")
    draw = ImageDraw.Draw(page)
    draw.text((130, 30), "CORNER SHOP", fill="black", font=_font(34))
    draw.text((110, 80), "12 Main Street, Springfield", fill="black", font=_font(20))
    draw.text((110, 110), "Thank you for your visit", fill="black", font=_font(20))
    top = 170
    for _ in range(int(chance.integers(9, 14))):
        draw.text((40, top), _said(chance, 2), fill="black", font=_font(22))
        draw.text((370, top), f"{chance.uniform(0.5, 30):.2f}", fill="black", font=_font(22))
        top += 42
    draw.line((30, top + 5, 450, top + 5), fill="black", width=2)
    draw.text((40, top + 20), "TOTAL", fill="black", font=_font(28))
    draw.text((350, top + 20), f"{chance.uniform(10, 200):.2f}", fill="black", font=_font(28))
    return page


def slide(seed: int) -> Image.Image:
    """A slide of one and the same talk."""
    chance = np.random.default_rng(seed)
    page = Image.new("RGB", (960, 540), "white")
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 960, 90), fill=(20, 60, 120))
    draw.text((40, 25), _said(chance, 3).title(), fill="white", font=_font(36))
    for line in range(int(chance.integers(4, 7))):
        draw.text((80, 140 + line * 60), f"- {_said(chance, 6)}", fill="black", font=_font(26))
    draw.text((40, 505), "Company confidential", fill="grey", font=_font(16))
    draw.text((900, 505), str(seed), fill="grey", font=_font(16))
    return page


def screenshot(seed: int) -> Image.Image:
    """A screenshot of a chat."""
    chance = np.random.default_rng(seed)
    page = Image.new("RGB", (540, 960), (245, 245, 245))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 540, 40), fill="black")
    clock = f"{chance.integers(0, 24):02}:{chance.integers(0, 60):02}"
    draw.text((10, 8), clock, fill="white", font=_font(18))
    draw.rectangle((0, 40, 540, 100), fill=(0, 120, 100))
    draw.text((20, 55), _said(chance, 1).title(), fill="white", font=_font(26))
    for number in range(8):
        width = int(chance.integers(200, 420))
        mine, top = chance.random() < 0.5, 130 + 95 * number
        left = 520 - width if mine else 20
        colour = (210, 245, 200) if mine else (255, 255, 255)
        draw.rounded_rectangle((left, top, left + width, top + 70), 12, fill=colour)
        draw.text((left + 12, top + 10), _said(chance, width // 100), fill="black", font=_font(20))
        draw.text((left + 12, top + 38), _said(chance, width // 110), fill="black", font=_font(20))
    return page


def text_page(seed: int) -> Image.Image:
    """A page of nothing but text."""
    chance = np.random.default_rng(seed)
    page = Image.new("RGB", (700, 990), "white")
    draw = ImageDraw.Draw(page)
    for line in range(32):
        draw.text((70, 60 + line * 28), _said(chance, 9), fill="black", font=_font(17))
    return page


PAGES: dict[str, Callable[[int], Image.Image]] = {
    "receipts": receipt,
    "slides": slide,
    "screenshots": screenshot,
    "pages of text": text_page,
}
