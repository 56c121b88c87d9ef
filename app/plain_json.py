"""Values as JSON has them: it knows neither "not a number" nor infinity, though Python writes both.

A program that reads such a line would refuse all of it.
"""

from __future__ import annotations

import math
from typing import Any


def without_nan(value: Any) -> Any:
    """Plain values, lists and dictionaries, with None for each float that is not finite."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(inner) for inner in value]
    return value
