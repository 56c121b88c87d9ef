"""How long the first answer takes: `clipsearch search` against only importing torch and open_clip.

    python -m benchmarks.bench_cold [--library LIBRARY]

Whole commands in processes of their own, in turns; the files they read are in the system's cache,
the converted model in the user's. The library is that of the sample photos, unless another is
named.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks import report
from benchmarks.samples import sample_library

SEARCH = "from app.cli import cli; cli()"


def main() -> None:
    parser = report.parser(__doc__, rounds=7)
    parser.add_argument("--library", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        sample_library(options.library, Path(place))  # made, and the model converted
        library = str(options.library or Path(place, "samples"))
        search = ["-c", SEARCH, "search", "a cup of coffee", "--library", library]
        commands = {
            "import torch, open_clip": ["-c", "import torch, open_clip"],
            "clipsearch search": search,
            "clipsearch --help": ["-c", SEARCH, "--help"],
            "python -c pass": ["-c", "pass"],
        }
        run = partial(subprocess.run, check=True, stdout=subprocess.DEVNULL)
        times = report.alternating(
            {name: partial(run, [sys.executable, *line]) for name, line in commands.items()},
            options.rounds,
        )
    base = times["import torch, open_clip"]
    rows = [{"command": n, "s": s, "ratio": s / base} for n, s in times.items()]
    report.show("bench_cold: wall time of whole commands", rows, options)


if __name__ == "__main__":
    main()
