"""What every benchmark prints: a small table, the machine, and the same as JSON on request."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_MOST_COLUMNS = 8  # of a table that is read upright
PACKAGES = ("torch", "openvino", "faiss-cpu", "numpy", "pillow", "sqlalchemy")


def parser(doc: str | None, rounds: int | None = None) -> argparse.ArgumentParser:
    """A command line with ``--json``, described by the first paragraph of ``doc``.

    Args:
        rounds: how often everything is timed, unless the user says otherwise.
    """
    made = argparse.ArgumentParser(description=(doc or "").split("\n\n")[0])
    made.add_argument("--json", action="store_true", help="print JSON instead of a table")
    if rounds:
        made.add_argument("--rounds", type=int, default=rounds, help="of which medians are taken")
    return made


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    cpu = platform.processor() or platform.machine()
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        names = [line for line in facts.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
    }


def show(title: str, rows: Sequence[dict[str, Any]], options: argparse.Namespace) -> None:
    """Print ``rows``, all with the same keys, as a Markdown table or as one JSON object."""
    if options.json:
        print(json.dumps({"benchmark": title, "machine": machine(), "rows": rows}))
        return
    facts = machine()
    packages = ", ".join(f"{name} {facts[name]}" for name in PACKAGES)
    print(f"{title}\n{facts['cpu']}, {facts['cores']} cores, {facts['system']}; {packages}\n")
    columns = list(rows[0])
    cells = [columns, *([_text(row[column]) for column in columns] for row in rows)]
    if len(columns) > _MOST_COLUMNS:
        cells = [list(line) for line in zip(*cells, strict=True)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    for number, line in enumerate(cells):
        padded = [
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print(f"| {' | '.join(padded)} |")
        if number == 0:
            print(f"| {' | '.join('-' * width for width in widths)} |")


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def alternating(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each, taken in turns, so that a noisy moment hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(seconds(work))
    return {name: statistics.median(values) for name, values in taken.items()}
