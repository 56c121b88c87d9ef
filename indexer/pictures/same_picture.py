"""Whether one picture is a copy of another: turned, mirrored, cut, framed, or merely saved again.

``indexer.pictures.placing`` guesses how one would lie on the other. Here the pixels are compared
there, field by field: different photos of one scene agree in most fields, copies in nearly all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from PIL import Image

from indexer.pictures.pixels import Agreement, adjusted, agreement
from indexer.pictures.placing import Guess, Look, guesses

Change = Literal["saved", "cropped", "mirrored", "turned"]
"""How two copies differ the most: ``saved`` again or edited without moving a pixel; a part or in a
frame; mirrored, and perhaps turned; turned by right angles."""
CHANGES: tuple[Change, ...] = get_args(Change)

Grey = Image.Image
"""A picture in mode L."""

_WHOLE = 0.96
"""Of both pictures: then neither is a part."""

_ONE_COLOUR = 2.0  # grey levels by which equal colours differ
_GROUND = 0.4
"""A picture with so much of one grey is like a page: different pages with the same lines, columns
and head agree at the usual size."""
PAGE_SIDE, _PAGE_GRID = 448, 300
_PAGE_AGREES = 0.88
_STEPS = ((128, 2), (300, 3))  # grids and steps to lay pages on each other more exactly


def copy_of(
    one: Look, other: Look, larger: Callable[[], tuple[Grey, Grey] | None]
) -> Change | None:
    """How two pictures that are copies differ; None if they are no copies.

    Args:
        larger: gives both in mode L with a longer side of ``PAGE_SIDE``, where they have so many
            pixels; it is called for what looks like pages.
    """
    if one.is_plain or other.is_plain:
        are_one = one.is_plain and other.is_plain
        return (
            "saved" if are_one and np.abs(one.colour - other.colour).max() <= _ONE_COLOUR else None
        )
    pages = None
    for guess in guesses(one, other):
        first = agreement(one.grey, other.grey, guess)
        is_page = first.ground >= _GROUND
        if is_page and first.share >= 0.5 and first.is_inside:
            pages = pages or larger()
            if pages is None:
                return None
            for grid, steps in _STEPS:
                for _ in range(steps):
                    guess = adjusted(*pages, guess, grid)
            if agreement(*pages, guess, _PAGE_GRID).share < _PAGE_AGREES:
                continue
        elif is_page or not first.is_copy:
            continue
        return _change(guess, first)
    return None


def _change(guess: Guess, agreed: Agreement) -> Change:
    if min(agreed.of_one, agreed.of_other) < _WHOLE or abs(guess.factor.imag) > 0.02 * abs(
        guess.factor
    ):
        return "cropped"
    if guess.way >= 4:
        return "mirrored"
    return "turned" if guess.way else "saved"
