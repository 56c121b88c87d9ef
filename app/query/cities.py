"""What cities are called in other languages: "Rom", "Roma" and 罗马 are Rome.

``tools.city_names`` makes the file, of GeoNames (https://www.geonames.org, CC BY 4.0) and Unicode
CLDR (``countries.LICENSE.txt``): cities with 15,000 people or more.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

WORDS = frozenset({"bada", "canton", "cologne", "frankenstein", "genes", "mira", "tartar"})
"""Names in other languages that are words of English, too rare to be ordinary ones; folded."""
PEOPLE = frozenset(
    {
        *("adelaide", "austin", "carolina", "charlotte", "chelsea", "constance", "dallas", "diego"),
        *("florence", "florencia", "georgia", "jackson", "lincoln", "lourdes", "madison", "nancy"),
        *("olympia", "phoenix", "regina", "salvador", "savannah", "sidney", "sydney", "valencia"),
        *("verona", "victoria"),
    }
)
"""Names of cities that people have, too; folded."""
_END, _BETWEEN = "\n", "|"


class City(NamedTuple):
    """A city.

    Attributes:
        country: its English name, as places have it.
        names: what the city is called, as ``countries.plain_name`` has it.
    """

    country: str
    names: tuple[str, ...]


def cities_called(name: str) -> Iterator[City]:
    """The cities that have ``name`` in some language, as ``countries.plain_name`` has it."""
    return _cities_with(f"{_BETWEEN}{name}{_BETWEEN}")


def cities_with_word(word: str) -> Iterator[City]:
    """The cities that have a name which begins or ends with ``word``, or is that."""
    for before, behind in ((_BETWEEN, " "), (" ", _BETWEEN), (_BETWEEN, _BETWEEN)):
        yield from _cities_with(f"{before}{word}{behind}")


def _cities_with(part: str) -> Iterator[City]:
    text = _text()
    at = -1 if _END in part else text.find(part)
    while at >= 0:
        start, end = text.rfind(_END, 0, at) + 1, text.index(_END, at)
        country, *names = text[start:end].strip(_BETWEEN).split(_BETWEEN)
        yield City(country, tuple(names))
        at = text.find(part, end)


@functools.cache
def _text() -> str:
    """The whole file, a line for each city: it takes less to look through than to part."""
    return (files("app.query") / "cities.txt").read_text(encoding="utf-8")
