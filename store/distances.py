"""How far places on earth are from each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EARTH_KM = 6371.0088  # mean radius


def distance_km(
    latitude: float,
    longitude: float,
    latitudes: NDArray[np.float64],
    longitudes: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Great-circle distances (n,) in kilometres from one place to others, all in degrees."""
    one, others = np.radians(latitude), np.radians(latitudes)
    across = np.radians(longitudes) - np.radians(longitude)
    half = np.sin((others - one) / 2) ** 2 + np.cos(one) * np.cos(others) * np.sin(across / 2) ** 2
    distances: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return distances
