"""Make ``app/gallery/land.json``, the map of the page, from Natural Earth's countries.

    pip download --no-deps geopandas==0.14.4 && python tools/outline.py geopandas-*.whl

That version of geopandas was the last to bring "naturalearth_lowres" (Natural Earth 1:110m, public
domain, https://www.naturalearthdata.com). Its shapefile holds polygons only, which takes little to
read (ESRI Shapefile Technical Description, 1998).
"""

from __future__ import annotations

import json
import struct
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

SHAPES = "geopandas/datasets/naturalearth_lowres/naturalearth_lowres.shp"
TARGET = Path(__file__).parent.parent / "app" / "gallery" / "land.json"
_HEADER, _RECORD, _POLYGON = 100, 8, 5


def rings(data: bytes) -> Iterator[list[float]]:
    """Each ring as longitude, latitude, longitude, ... in degrees."""
    at = _HEADER
    while at < len(data):
        (length,) = struct.unpack(">i", data[at + 4 : at + 8])
        at += _RECORD
        (kind,) = struct.unpack("<i", data[at : at + 4])
        if kind == _POLYGON:
            parts, points = struct.unpack("<ii", data[at + 36 : at + 44])
            starts = struct.unpack(f"<{parts}i", data[at + 44 : at + 44 + 4 * parts])
            begin = at + 44 + 4 * parts
            numbers = struct.unpack(f"<{2 * points}d", data[begin : begin + 16 * points])
            for start, end in zip(starts, (*starts[1:], points), strict=True):
                yield [round(number, 2) for number in numbers[2 * start : 2 * end]]
        at += 2 * length


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        outlines = list(rings(wheel.read(SHAPES)))
    TARGET.write_text(json.dumps(outlines, separators=(",", ":")))
    print(f"{len(outlines)} rings, {TARGET.stat().st_size:,} bytes")
