"""Pins without those of some packages: ``python tools/lowest.py PINS [PACKAGE ...]`` prints them.

For ``make test-lowest`` where the lowest version of a package can't be had: torch brings gigabytes
for GPUs with it, for one. Those packages, and what nothing else needs, come in their newest version
then:

    make test-lowest NEWEST="torch torchvision"
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path


def without(lines: Iterable[str], packages: set[str]) -> Iterator[str]:
    """The pins of a file by ``uv pip compile``, except for ``packages`` and what only they need."""
    pins: dict[str, str] = {}
    needed_by: dict[str, set[str]] = {}
    name = ""
    for line in lines:
        if match := re.match(r"([\w.-]+)==\S+", line):
            name = match[1]
            pins[name], needed_by[name] = match[0], set()
        elif match := re.match(r"    # +(?:via +)?(?!via$)(\S+)", line):
            needed_by[name].add(match[1])
    left_out = set(packages)
    while more := {n for n, by in needed_by.items() if by and by <= left_out} - left_out:
        left_out |= more
    return (pin for name, pin in pins.items() if name not in left_out)


if __name__ == "__main__":
    pins = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    print("\n".join(without(pins, set(sys.argv[2:]))))
