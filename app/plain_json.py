"""Values as JSON can hold them. It has neither NaN nor infinity, though Python writes both.

A program that reads a line with one of them would refuse the whole line.
"""

from __future__ import annotations

import math
from typing import Any


def without_nan(value: Any) -> Any:
    """``value`` (plain values, lists, dictionaries) with None in place of each float not finite."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(inner) for inner in value]
    return value
