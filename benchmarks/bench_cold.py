"""How long people wait for whole commands, against only importing torch and open_clip.

    python -m benchmarks.bench_cold [--library LIBRARY] [--random ViT-B-32-256]

Whole commands in processes of their own, in turns; the files they read are in the system's cache,
the converted models in the cache. The library is that of the sample photos, unless another is
named; with ``--random`` the same is measured with an architecture of open_clip with random weights,
whose first use (conversion, and encoding what labels need) takes minutes. Where the environment
variable RCLIP names a program, its search in the same photos is measured beside them.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.bench_encode import random_model
from benchmarks.samples import index_photos, sample_library, sample_photos

CLIPSEARCH = "from app.start import main; main()"
QUERY = "a cup of coffee"


# Small, since a process begins with the peak memory of the one that started it.
LAUNCHER = """
import json, os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
wall = time.perf_counter() - start
peak = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
code = os.waitstatus_to_exitcode(status)
print(json.dumps([code, wall, used.ru_utime + used.ru_stime, peak]))
"""


def measured(command: list[str], folder: Path | None = None) -> tuple[float, float, float]:
    """Seconds of one run, its processor seconds, and its peak memory in MB (POSIX only)."""
    launcher = [sys.executable, "-S", "-c", LAUNCHER, *command]
    done = subprocess.run(launcher, capture_output=True, text=True, check=True, cwd=folder)
    code, wall, processor, peak = json.loads(done.stdout)
    if code:
        raise SystemExit(f"{command} ended with {code}")
    return wall, processor, peak


def commands_of(libraries: dict[str, Path]) -> dict[str, list[str]]:
    clipsearch = [sys.executable, "-c", CLIPSEARCH]
    commands = {
        "import torch, open_clip": [sys.executable, "-c", "import torch, open_clip"],
        "clipsearch --help": [*clipsearch, "--help"],
    }
    for model, library in libraries.items():
        place = ["--library", str(library)]
        commands |= {
            f"clipsearch search, {model}": [*clipsearch, "search", QUERY, *place],
            f"clipsearch status, {model}": [*clipsearch, "status", *place],
            f"clipsearch index, nothing new, {model}": [*clipsearch, "index", *place],
        }
    if rclip := os.environ.get("RCLIP"):
        commands["rclip"] = [rclip, "--no-indexing", QUERY]
    return commands | {"python -c pass": [sys.executable, "-c", "pass"]}


def main() -> None:
    parser = report.parser(__doc__, rounds=7)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--random", help="an architecture of open_clip, beside the starter")
    options = parser.parse_args()
    # With it, each command would compile anew what everybody's second command finds compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        sample_library(options.library, place)  # made, and the model converted
        libraries = {"starter": options.library or place / "samples"}
        if options.random:
            (place / "model").mkdir()
            model = random_model(options.random, place / "model")
            os.environ["CLIPSEARCH_CACHE"] = str(place / "cache")  # removed with its large model
            libraries[options.random] = place / "random"
            index_photos(place / "random", sample_photos(), model)
        commands = commands_of(libraries)
        folder = sample_photos()[0]
        if "rclip" in commands:  # indexes, and loads its model for the first time
            subprocess.run([commands["rclip"][0], QUERY], cwd=folder, check=True)
        for line in commands.values():  # what a first run derives is kept
            measured(line, folder if line == commands.get("rclip") else None)
        runs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, line in commands.items():
                runs[name].append(measured(line, folder if name == "rclip" else None))
    base = statistics.median(run[0] for run in runs["import torch, open_clip"])
    rows: list[dict[str, Any]] = [
        {
            "command": name,
            "median s": statistics.median(run[0] for run in taken),
            "least s": min(run[0] for run in taken),
            "ratio": statistics.median(run[0] for run in taken) / base,
            "processor s": min(run[1] for run in taken),
            "peak MB": max(run[2] for run in taken),
        }
        for name, taken in runs.items()
    ]
    report.show("bench_cold: whole commands", rows, options)


if __name__ == "__main__":
    main()
